"""A headline stands over details, and an object of one thing says what that says."""

from __future__ import annotations

import time
from typing import Any

import pytest

from stages.text.objects import (
    LONGEST_HEADLINE,
    any_prose,
    headline,
    is_log,
    prose_in,
    text_of_list,
    told_in,
)
from stages.text.record_text import find_values, read_record

LONG = "x " * LONGEST_HEADLINE


@pytest.mark.parametrize(
    ("plain", "title"),
    [({"summary": "Stored XSS in Foo", "details": "It is bad."}, "Stored XSS in Foo"),
     ({"summary": "Foo stores XSS.", "details": "It is bad."}, ""),
     ({"summary": LONG, "details": "It is bad."}, ""), ({"summary": "XSS", "details": " "}, ""),
     ({"summary": "Stored XSS", "description": "It is bad."}, "Stored XSS"),
     ({"shortdescription": "Stored XSS", "description": "It is bad."}, "Stored XSS"),
     # A line over the log of a ticket was all of its text, and the ticket was lost.
     ({"shortdescription": "Foo is slow", "worklog": [{"by": "ida", "note": "It is."}]},
      "Foo is slow"),
     ({"shortdescription": "Foo is slow", "worklog": ["foo"]}, ""),
     ({"summary": "A short form", "narrative": "Foo was slow."}, "A short form"),
     ({"summary": "XSS in Foo"}, ""), ({"summary": ["XSS"], "details": "It is bad."}, "")],
)  # fmt: skip
def test_a_headline_is_short_and_no_sentence(plain: dict[str, Any], title: str) -> None:
    assert headline(plain) == title
    assert read_record(plain).title == title


@pytest.mark.parametrize(
    ("plain", "told"),
    [({"description": "a", "name": "b"}, "a"), ({"phase": "x", "name": "b"}, "b"),
     ({"mitigation": ["a"]}, ["a"]), ({"scope": "x", "impact": "y"}, "y"), ({"a": "b"}, None),
     ({}, None), ({"a": ["b"], "c": 1}, None)],
)  # fmt: skip
def test_what_an_object_says(plain: dict[str, Any], told: Any) -> None:
    assert told_in(plain) == told


def test_values_in_objects_of_xml_are_found() -> None:
    record = {"Mitigations": {"Mitigation": [{"Phase": "Design", "Description": "Check it."}]}}
    assert find_values(record, "mitigations") == ["Check it."]


@pytest.mark.parametrize(
    ("items", "log"),
    [([{"item": 1, "topic": "Tokens", "note": "Rotate them."},
       {"item": 2, "topic": "Staff", "note": "Two left."}], True),
     ([{"t": "14:02", "who": "raj", "m": "what is this app?"},
       {"t": "14:03", "who": "elo", "m": "not ours."}], True),
     ([{"topic": "Tokens", "text": "Rotate them."}, {"topic": "Staff", "text": "Two."}], False),
     ([{"t": "14:02", "who": "raj", "m": "a", "n": "b"},
       {"t": "14:03", "who": "elo", "m": "c", "n": "d"}], False)],
    ids=["minutes", "chat", "topics of texts", "two things said"],
)  # fmt: skip
def test_minutes_and_chats_are_logs(items: list[dict[str, Any]], log: bool) -> None:
    assert is_log(items) is log


def test_a_chat_is_told_with_who_says_what_when() -> None:
    said = [
        {"t": "14:02", "who": "raj", "m": "what is it?"},
        {"t": "14:03", "who": "e", "m": "No."},
    ]
    assert text_of_list(said) == "[14:02] raj: what is it?\n[14:03] e: No."


def test_a_record_whose_objects_alone_say_something_is_read() -> None:
    """Audits, forms and alerts with notes failed as records without a text."""
    answer = "Yes. The ropes of the harbour are counted by a person and written down every evening."
    finding = "Of nine ropes that were looked at in May, three had been cut by somebody unknown."
    form = {"Form": "Ropes", "Answers": {"Do you count?": answer, "owner_name": "Ida", "no": 4}}
    assert read_record(form).bodies == (f"Do you count? {answer}\nOwner name: Ida",)
    audit = {"Findings of May": [{"Condition": finding, "Cause": "Age."}], "links": [{"a": answer}]}
    assert read_record(audit).bodies == (f"Condition: {finding}\nCause: Age.", f"A: {answer}")
    assert read_record({"references": [{"note": answer}]}).bodies == ()
    assert read_record({"alert": {"id": "a-1", "rule": "Ropes (R-1)"}}).bodies == ()


def test_what_the_filter_has_made_of_a_record_is_not_its_text() -> None:
    """A record whose text stands in objects was read as its first sentence once it was filtered."""
    finding = "Of nine ropes that were looked at in May, three had been cut by somebody unknown."
    record = {
        "technical_description": finding, "relevance": {"score": 1.0}, "language": "en",
        "audit": {"findings": [{"Condition": f"{finding} Two were old.", "Cause": "Age."}]},
    }  # fmt: skip
    assert read_record(record).bodies == (f"Condition: {finding} Two were old.\nCause: Age.",)
    assert read_record({"technical_description": finding}).bodies == (finding,)


def test_a_thread_in_which_one_message_has_lines_is_a_thread() -> None:
    """It was no thread, as the message's first line was taken for a heading of all."""
    said = [{"who": "Ida", "when": "9:00", "says": "It broke."},
            {"who": "Suri", "when": "9:05", "says": "Sort of.\n\nIt was cut."}]  # fmt: skip
    assert text_of_list(said) == "[9:00] Ida: It broke.\n\n[9:05] Suri: Sort of.\n\nIt was cut."
    found = [{"no": 1, "head": "Ropes", "body": "Cut."}, {"no": 2, "head": "Why", "body": "Age."}]
    assert text_of_list(found) == "Ropes:\nCut.\n\nWhy:\nAge."


def test_an_accepted_answer_and_one_that_was_voted_down_are_marked() -> None:
    """A bogus answer stood equal to the right one."""
    said = [{"author": {"display_name": "Ida"}, "is_accepted": "yes", "text": "Mend it."},
            {"author": "Bo", "votes": -6, "text": "Burn it."},
            {"author": "Al", "votes": 2, "accepted": False, "text": "Ask Ida."}]  # fmt: skip
    assert text_of_list(said) == (
        "Ida (accepted answer): Mend it.\nBo (voted down): Burn it.\nAl: Ask Ida."
    )


def test_names_over_long_texts_are_headings_and_nobody_who_speaks() -> None:
    long = "The ropes of the pier were cut by night, and nobody on the ships had seen a man there."
    chapters = [{"name": "Way in", "text": long}, {"name": "What was done", "text": long[4:]}]
    assert text_of_list(chapters) == f"Way in:\n{long}\n\nWhat was done:\n{long[4:]}"
    assert text_of_list([{"name": "Ida", "text": "Who?"}, {"name": "Bo", "text": "Me."}]) == (
        "Ida: Who?\nBo: Me."
    )


def test_texts_of_an_object_that_holds_all_of_a_record_are_its_prose() -> None:
    """A record in a wrapper of any name failed as one without a text."""
    told = "Somebody cut the ropes of the pier by night, and nobody on the ships had seen a man."
    assert any_prose({"disclosure": {"technical": told, "by": "Ida"}}, {}, ()) == [told]


def test_a_word_without_end_is_looked_at_once() -> None:
    """A megabyte of one letter held a worker until it was killed, three times."""
    started = time.perf_counter()
    assert [*prose_in({"note": "x" * (1 << 20)}, ())] == []
    assert time.perf_counter() - started < 5


def test_a_chat_of_short_names_says_who_wrote_what() -> None:
    """Its lines were "U: ida", "T: 14:02", "M: not ours.", and no pair passed."""
    items = [{"u": "raj", "t": "14:02", "m": "what is it?"}, {"u": "elo", "t": "14:03", "m": "no."}]
    assert text_of_list(items) == "[14:02] raj: what is it?\n[14:03] elo: no."
