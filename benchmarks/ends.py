"""`python -m benchmarks.ends`: what reading, looking for duplicates and assembling cost.

A generated NVD document is split to chunks; made-up records and pairs are in `ends_duplicates`.

The document is written to a temporary folder and read by a process of its own, pinned to one
core, so that its memory and time are nobody else's.  Invariant: the figures come with the size
and the settings that they were measured at.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.ends_duplicates import tables
from benchmarks.run import machine
from benchmarks.tables import TextTable

_WORDS = (
    "buffer overflow in the parser lets a remote attacker run code through crafted requests to"
    " the component service because session tokens database queries upload paths are not checked"
).split()
_SPLIT = """
import os, resource, sys, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from workers.run.splitter import split
begun, cpu, records = time.perf_counter(), time.process_time(), 0
cut = split([sys.argv[1]], 64)
for chunk in cut:
    records += len(chunk.lines)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
peak_mb = peak / 2**20 if sys.platform == "darwin" else peak / 2**10
print(records, time.perf_counter() - begun, time.process_time() - cpu, peak_mb)
"""


@dataclass(frozen=True)
class ReadCost:
    """One document read: its size, and what the process took."""

    megabytes: float
    records: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


def entry(number: int, draw: random.Random) -> dict[str, Any]:
    """An entry of the size and shape of NVD's: two languages, ratings, CPE names, references."""
    text = " ".join(draw.choices(_WORDS, k=60))
    data = {
        "version": "3.1",
        "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "baseScore": 9.8,
        "baseSeverity": "CRITICAL",
    }
    matches = [
        {
            "vulnerable": True,
            "criteria": f"cpe:2.3:a:acme:shoplane:4.2.{part}:*:*:*:*:*:*:*",
            "versionEndExcluding": f"4.2.{part}",
            "matchCriteriaId": f"{number:08X}-{part:04X}",
        }
        for part in range(5)
    ]
    return {
        "cve": {
            "id": f"CVE-2030-{number:06}",
            "sourceIdentifier": "psirt@vendor.example",
            "published": "2030-03-01T10:15:00.123",
            "lastModified": "2030-03-04T01:00:00.000",
            "vulnStatus": "Analyzed",
            "descriptions": [{"lang": "en", "value": text}, {"lang": "es", "value": text}],
            "metrics": {"cvssMetricV31": [{"source": "nvd@nist.gov", "type": "Primary",
                                           "cvssData": data, "exploitabilityScore": 3.9}]},
            "weaknesses": [{"description": [{"lang": "en", "value": "CWE-89"}]}],
            "configurations": [{"nodes": [{"operator": "OR", "cpeMatch": matches}]}],
            "references": [{"url": f"https://vendor.example/{part}"} for part in range(4)],
        }
    }  # fmt: skip


def document(megabytes: int, indent: int | None) -> Iterator[str]:
    """One document of about that size."""
    draw, size, number = random.Random(7), 0, 0
    yield '{"format": "NVD_CVE", "version": "2.0", "vulnerabilities": ['
    while size < megabytes * 2**20:
        number += 1
        piece = json.dumps(entry(number, draw), indent=indent)
        piece = piece if number == 1 else f",\n{piece}"
        size += len(piece)
        yield piece
    yield "]}"


def measure(megabytes: int, indent: int | None, folder: Path) -> ReadCost:
    """Write a document, split it, and take it away again."""
    path = folder / "nvd.json"
    with path.open("w") as file:
        file.writelines(document(megabytes, indent))
    ended = subprocess.run(
        [sys.executable, "-c", _SPLIT, str(path)], capture_output=True, text=True, check=True
    )
    records, seconds, cpu, peak = map(float, ended.stdout.split())
    size = path.stat().st_size / 2**20
    path.unlink()
    return ReadCost(size, int(records), seconds, cpu, peak)


def main() -> int:
    """Measure both ways in which such documents are written, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ends", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1024, help="default 1024; 0: none")
    parser.add_argument("--scratch", type=Path, help="where documents are written")
    parser.add_argument(
        "--items", type=int, nargs="*", default=[10_000, 100_000, 1_000_000], metavar="N",
        help="records and pairs (default: 10000 100000 1000000)",
    )  # fmt: skip
    options = parser.parse_args()
    columns = ["document", "MB", "records", "MB/s", "MB/s of CPU time", "peak memory, MB"]
    rows = []
    with tempfile.TemporaryDirectory(prefix="ends-", dir=options.scratch) as folder:
        for name, indent in (("compact", None), ("indented by 2", 2)) * bool(options.megabytes):
            found = measure(options.megabytes, indent, Path(folder))
            rows.append([name, *_cells(found)])
        if rows:
            print(TextTable("One NVD document, split on one core", columns, rows).text())
        for table in tables(options.items, Path(folder)) if options.items else ():
            print(f"\n{table.text()}", flush=True)
    print(f"\n{machine()}")
    return 0


def _cells(found: ReadCost) -> list[str]:
    return [
        f"{found.megabytes:,.0f}",
        f"{found.records:,}",
        f"{found.megabytes / found.seconds:.1f}",
        f"{found.megabytes / found.cpu_seconds:.1f}",
        f"{found.peak_mb:.0f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
