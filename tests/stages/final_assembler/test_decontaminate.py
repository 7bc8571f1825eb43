"""Runs of words that pairs share with benchmarks."""

from __future__ import annotations

import pytest

from stages.final_assembler.decontaminate import Benchmarks, texts_in

QUESTION = (
    "Which of the following techniques lets an attacker who controls the return address of a"
    " function run code on a stack that is not executable?"
)


def test_thirteen_words_in_a_row_are_found_whatever_is_around_them() -> None:
    known = Benchmarks([QUESTION, "short one"])
    assert (known.texts, known.too_short) == (2, 1)
    words = QUESTION.split()[4:17]
    quoted = f"He asked: {' '.join(words).upper()}, then left."
    assert known.shared(quoted) == " ".join(words).lower()
    assert known.shared(f"He asked: {' '.join(words[:12])}, then left.") == ""
    assert known.shared(" ".join(words[::-1])) == ""


@pytest.mark.parametrize("run", [2, 5, 20])
def test_of_any_length(run: int) -> None:
    words = QUESTION.split()
    known = Benchmarks([QUESTION], run)
    assert known.shared(f"x {' '.join(words[2 : 2 + run])} y")
    assert not known.shared(f"x {' '.join(words[2 : 1 + run])} y")


def test_without_benchmarks_nothing_is_shared() -> None:
    assert Benchmarks().shared(QUESTION) == ""
    assert Benchmarks(["too short"]).shared(QUESTION) == ""


def test_all_texts_of_a_record_count() -> None:
    record = {"q": "one", "choices": ["two", {"text": "three"}], "answer": 3, "none": None}
    assert sorted(texts_in(record)) == ["one", "three", "two"]
