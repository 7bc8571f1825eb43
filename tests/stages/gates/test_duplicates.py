"""Duplicates: the same question about the same thing, or the same answer, once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stages.base import Record
from stages.gates.bounds import Bounds
from stages.gates.duplicates import Duplicates
from stages.recipe.recipe import shipped


def pair(asked: str, said: str, **source: Any) -> Record:
    return {"instruction": asked, "response": said, "source_data": source}


def kept(*pairs: Record, bounds: Bounds | None = None) -> list[bool]:
    seen = Duplicates(bounds or shipped().bounds)
    return [seen.check(one) is None for one in pairs]


def test_one_question_about_two_things_is_no_duplicate() -> None:
    asked = "What can an attacker achieve by exploiting {}?"
    assert kept(
        pair(asked.format("CVE-1"), "Read files.", id="CVE-1"),
        pair(asked.format("CVE-2"), "Write files.", id="CVE-2"),
    ) == [True, True]


def test_two_wordings_about_one_thing_are() -> None:
    assert kept(
        pair("What can attackers do with CVE-1?", "Read files.", id="CVE-1"),
        pair("What can an attacker do with CVE-1?", "Run code.", id="CVE-1", name="Foo"),
        pair("How is CVE-1 fixed?", "Update it.", id="CVE-1"),
    ) == [True, False, True]


def test_a_long_name_does_not_make_questions_alike() -> None:
    name = "Improper Restriction of Operations within the Bounds of a Memory Buffer"
    source = {"id": "CWE-119", "name": name}
    assert kept(
        pair(f"How can CWE-119 ({name}) be detected?", "With fuzzing.", **source),
        pair(f"How can CWE-119 ({name}) be prevented?", "With checks.", **source),
    ) == [True, True]


def test_an_answer_is_kept_once_whatever_name_stands_in_it() -> None:
    assert kept(
        pair("What is CVE-1?", "CVE-1 is a flaw in Foo.", id="CVE-1"),
        pair("What is CVE-2?", "CVE-2 is a flaw in Foo!", id="CVE-2"),
        pair("What is CVE-3?", "CVE-3 is a flaw in Bar.", id="CVE-3"),
    ) == [True, False, True]


def test_what_a_form_or_a_few_words_with_a_version_say_of_two_things_is_kept_twice() -> None:
    for said in ("{} is rated high.", "Upgrade to 2.1."):
        two = [pair(f"What of CVE-{n}?", said.format(f"CVE-{n}"), id=f"CVE-{n}") for n in (1, 2)]
        of_a_form = [one | {"quality": {"written_by": "form"}} for one in two]
        assert kept(*of_a_form) == [True, True]
        assert kept(*two) == [True, "2.1" in said]


def test_questions_of_two_types_ask_for_two_things() -> None:
    asked = ("What does the report CVE-1 describe?", "Which risk does the report CVE-1 describe?")
    two = [pair(one, f"{n} of them.", id="CVE-1") for n, one in enumerate(asked)]
    assert kept(*two) == [True, False]
    assert kept(two[0] | {"type": "summary"}, two[1] | {"type": "risk"}) == [True, True]


def test_a_name_that_holds_the_id_is_no_part_of_the_question() -> None:
    source = {"id": "T1", "name": "T1 Cloud Printer Hijack of All Jobs"}
    asked = ("Who uses {}?", "What stops {}?")
    two = [pair(one.format(source["name"]), f"{one} it.", **source) for one in asked]
    assert kept(*two) == [True, True]


def test_without_a_source_the_whole_instruction_counts() -> None:
    bare = [
        {"instruction": q, "response": f"{n}."} for n, q in enumerate(["Why A?", "Why A?", "B?"])
    ]
    assert kept(*bare) == [True, False, True]


def test_the_reason_says_what_it_repeats() -> None:
    seen = Duplicates(shipped().bounds)
    one = pair("What is CVE-1?", "A flaw in Foo.", id="CVE-1")
    assert seen.check(one) is None
    again = seen.check(one)
    assert again is not None
    assert (again.reason, again.details) == ("duplicate", {"of": "instruction", "similarity": 1.0})


def test_the_bound_can_be_moved() -> None:
    asked = [
        pair("How is CVE-1 fixed?", "A.", id="CVE-1"),
        pair("How was CVE-1 fixed?", "B.", id="CVE-1"),
    ]
    assert kept(*asked) == [True, False]
    assert kept(*asked, bounds=replace(shipped().bounds, max_similarity=1.0)) == [True, True]


def test_what_is_no_pair_is_never_a_duplicate() -> None:
    assert kept({"text": "x"}, {"text": "x"}, {"instruction": 5, "response": None}) == [True] * 3
