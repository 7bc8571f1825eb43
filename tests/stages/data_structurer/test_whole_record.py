"""What the fields of a long entry say is asked once, of the entry and not of a part of it."""

from __future__ import annotations

import asyncio

from stages.base import Record, Result
from stages.data_structurer.stage import DataStructurer
from stages.text.parts import part_records
from stages.text.record_text import read_record

ABOUT = (
    "The message service of Gull Mail keeps the keys of guests in a file that the other guests of"
    " room {n} can read. Whoever opens it while a bell rings gets the key of the last guest."
)
ENTRY: Record = {
    "text": "\n\n".join(ABOUT.format(n=n) for n in range(80)),
    "kind": "vulnerability",
    "id": "CVE-2099-0007",
    "severity": "critical",
    "cwes": ["CWE-732"],
    "affected": ["Gull Mail before 2.4.1"],
    "mitigations": ["Update Gull Mail to 2.4.1."],
    "original": {"id": "CVE-2099-0007"},
}


def pairs_of(record: Record) -> list[Record]:
    outcome = asyncio.run(DataStructurer().process(record, None))
    return list(outcome.records) if isinstance(outcome, Result) else []


def test_fields_are_told_once_and_of_the_whole_entry() -> None:
    """Each of five parts would be rated else, "part 3 of 5 has a base score", or none."""
    first, *later = (pairs_of(one) for one in part_records(ENTRY, read_record(ENTRY)))
    said = {one["type"]: one for one in first}
    for kind in ("vulnerability_rating", "vulnerability_scope", "vulnerability_response"):
        assert "part 1" not in said[kind]["instruction"] + said[kind]["response"]
    assert (
        said["vulnerability_scope"]["response"] == f"{ENTRY['id']} affects {ENTRY['affected'][0]}."
    )
    assert later
    assert {one["type"] for some in later for one in some} == {"vulnerability_explanation"}
