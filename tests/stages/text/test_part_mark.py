"""A record that says of itself that it is a part is cleaned all the same."""

from __future__ import annotations

from stages.base import Result
from stages.data_filter.options import FilterOptions
from stages.data_filter.stage import DataFilter
from stages.text.part_mark import as_given
from stages.text.record_text import read_record
from tests.stage_help import run


def test_what_a_record_says_of_itself_saves_it_no_cleaning() -> None:
    part = {"number": 1, "of": 1, "heading": "", "begins": "A flaw."}
    record = {"text": "<p>A <b>flaw</b>.</p>", "original": {}, "kind": "other", "part": part}
    given = as_given(record)
    assert read_record(record).bodies == ("<p>A <b>flaw</b>.</p>",)
    assert read_record(given).bodies == ("A flaw.",) and given["own_part"] == part
    assert as_given({"text": "x", "part": 1}) == {"text": "x", "part": 1}


def test_the_first_stage_believes_no_record() -> None:
    text = "<p>A <b>buffer overflow</b> in Foo lets remote attackers run their own code on it.</p>"
    part = {"number": 1, "of": 1, "heading": "", "begins": "A flaw."}
    record = {"id": "CVE-2031-10001", "text": text, "original": {}, "kind": "other", "part": part}
    outcome = run(DataFilter(FilterOptions(use_model=False)), record)
    assert isinstance(outcome, Result)
    assert "<" not in outcome.records[0]["technical_description"]
    assert outcome.records[0]["own_part"] == part and "part" not in outcome.records[0]
