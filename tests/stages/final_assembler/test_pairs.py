"""What is read of a pair, and what its source is told by."""

from __future__ import annotations

import pytest

from stages.awareness import AWARENESS
from stages.base import Record
from stages.final_assembler.pairs import UNKNOWN, AssemblyError, Origin, facts_of, source_key
from tests.dataset_help import pair

NOWHERE = Origin("line 1")


def key(record: Record, origin: Origin = NOWHERE) -> int:
    return source_key(record, facts_of(record), origin)


def changed(**source: object) -> Record:
    record = pair(1)
    return {**record, "source_data": {**record["source_data"], **source}}


def test_the_fields_of_a_pair() -> None:
    facts = facts_of(pair(2))
    assert (facts.kind, facts.source, facts.domain) == ("vulnerability", "feed 2", "web_security")
    assert (facts.source_id, facts.licence, facts.written_by) == (
        "CVE-2030-10002",
        "CC0-1.0",
        "record",
    )


def test_fields_of_a_wrong_type_are_none() -> None:
    odd = {"instruction": "a", "response": "b", "source_data": [1], "quality": 3, "type": {}}
    facts = facts_of(odd)
    assert (facts.source, facts.kind, facts.type, facts.domain) == (UNKNOWN,) * 4
    assert facts.spans == []


@pytest.mark.parametrize("wrong", [{}, {"instruction": " ", "response": "x"}, {"instruction": 3}])
def test_what_is_no_pair_is_refused(wrong: Record) -> None:
    with pytest.raises(AssemblyError, match="no instruction: not a pair"):
        facts_of(wrong)


def test_a_source_without_a_name_is_told_by_its_address() -> None:
    assert facts_of(changed(source="", url="https://Feed.example/x")).source == "feed.example"
    assert facts_of(changed(source="", url="javascript://x/")).source == UNKNOWN


def test_sources_are_told_by_public_ids_else_by_their_text() -> None:
    assert key(changed(text="other words")) == key(pair(1))
    assert key(changed(id="cve-2030-10001")) == key(pair(1))
    assert key(changed(id="7", text="some")) != key(changed(id="7", text="other"))
    assert key(changed(id="7", text="some")) == key(changed(id="8", text="some"))


def test_parts_of_a_record_are_one_source() -> None:
    one, two = (changed(id="", text=text, part={"number": 1}) for text in ("begin", "end"))
    here, there = (Origin("x", file="a.md", record=number) for number in (4, 5))
    assert key(one, here) == key(two, here)
    assert key(one, here) != key(one, there)


def test_examples_of_one_template_are_one_source() -> None:
    one, two = ({**changed(id=f"t-{n}", name="t"), "type": AWARENESS} for n in (1, 2))
    assert key(one) == key(two)
