"""Row 33: archives and documents that attack, each refused before a run exists.

Knows how the attacks are made, not how they are found out.  Invariant: what an attack would
leave behind is looked for, inside the rig's folder and outside it.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.faults.feeds import TEXTS
from tests.faults.processes import peak_mb
from tests.faults.rig import Job, Rig
from tests.faults.tally import Tally

_MOST_MEMORY_MB = 400
_FEW = 5  # of the attacks, in a share


@dataclass(frozen=True)
class _Attack:
    """A file that attacks, and the words with which it must be refused."""

    name: str
    data: bytes
    told: str


def _attacks(megabytes: int) -> list[_Attack]:
    record = json.dumps({"text": TEXTS[0]}).encode() + b"\n"
    spaces = b'{"items": [' + b" " * (megabytes << 20)
    entities = b'<!DOCTYPE a [<!ENTITY b "c">]><rss><channel><item>&b;</item></channel></rss>'
    outside = (
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><rss><channel></channel></rss>'
    )
    nested = record
    for _ in range(8):
        nested = gzip.compress(nested)
    return [
        _Attack("bomb.json.gz", gzip.compress(spaces), "decompression bomb"),
        _Attack("bomb.zip", _zipped([("a.json", spaces)]), "decompression bomb"),
        _Attack("bomb.tar.gz", _tarred([("a.json", spaces)]), "decompression bomb"),
        _Attack("bomb.gz", gzip.compress(_zipped([("a.json", spaces)])), "decompression bomb"),
        _Attack("deep.gz", nested, "within one another"),
        _Attack("up.zip", _zipped([("../up.jsonl", record)]), "a path that leaves it"),
        _Attack("abs.zip", _zipped([("/tmp/abs.jsonl", record)]), "a path that leaves it"),
        _Attack("up.tar.gz", _tarred([("../../up.jsonl", record)]), "a path that leaves it"),
        _Attack("twice.zip", _zipped([("a.jsonl", record)] * 2), "two members of one name"),
        _Attack("twice.tar.gz", _tarred([("a.jsonl", record)] * 2), "two members of one name"),
        _Attack("locked.zip", _locked(record), "password-protected"),
        _Attack("entities.xml", entities, "declares entities"),
        _Attack("outside.xml", outside, "declares entities"),
        _Attack("outside.zip", _zipped([("a.xml", outside)]), "declares entities"),
    ]


def _zipped(members: list[tuple[str, bytes]]) -> bytes:
    import warnings

    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of two members of one name
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members:
                archive.writestr(name, data)
    return file.getvalue()


def _tarred(members: list[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def _locked(record: bytes) -> bytes:
    data = bytearray(_zipped([("a.jsonl", record)]))
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def hostile_archives(rig: Rig, times: int) -> Tally:
    """Row 33: each is refused with the reason, in bounded memory, and leaves nothing behind."""
    tally = Tally()
    folder = rig.root / "attacks"
    folder.mkdir()
    most = 0
    attacks = _attacks(100 if times == 1 else 1000)
    for attack in rig.random.sample(attacks, _FEW) if times == 1 else attacks:
        source = folder / attack.name
        source.write_bytes(attack.data)
        before = _tree(rig.root)
        run = rig.run(Job(source, [], ("--disable-llm",)), workers=1)
        with run.started() as process:
            while process.poll() is None:
                most = max(most, peak_mb(process.pid))
                time.sleep(0.005)
        said = run.said()
        run.log.unlink()
        tally.injected += 1
        told = process.returncode == 1 and attack.told in said and "Traceback" not in said
        tally.expect(told, f"{attack.name}: exit {process.returncode}: {said[-200:]}")
        tally.expect(attack.name in said, f"{attack.name}: not named in {said[-200:]}")
        left = sorted(set(_tree(rig.root)) - set(before))
        tally.expect(not left, f"{attack.name} left {left[:3]}")
        source.unlink()
    tally.note = f"memory at most {most} MB"
    tally.expect(most < _MOST_MEMORY_MB, f"the coordinator took {most} MB")
    return tally


def _tree(root: Path) -> list[str]:
    """Everything below the rig's folder, and what an absolute path would have made."""
    outside = [str(path) for path in (Path("/tmp/abs.jsonl"), root.parent / "up.jsonl")]
    found = [str(path) for path in root.rglob("*")]
    return found + [path for path in outside if Path(path).exists()]
