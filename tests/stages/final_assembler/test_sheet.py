"""The sheet that a person judged."""

from __future__ import annotations

import pytest

from stages.final_assembler.sheet import read_sheet, wilson

BLOCK = "=== {number} | reports\nsource: x\nQ: q\nA: judged: nothing\njudged: {word}\n"


def sheet(*words: str) -> str:
    return "Judge each pair\n\n" + "\n".join(
        BLOCK.format(number=number, word=word) for number, word in enumerate(words, 1)
    )


def test_judgements_are_counted_with_their_intervals() -> None:
    judged = read_sheet(sheet("good", "Good", "bad because", "usable"))
    assert judged.total == 4
    assert [(word, count) for word, count, _ in judged.rows] == [
        ("good", 2),
        ("usable", 1),
        ("bad", 1),
    ]
    assert judged.rows[0][2] == "50% (15% to 85%)"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (sheet("good", ""), "pair 2: judged is ''"),
        (sheet("fine"), "pair 1: judged is 'fine'"),
        ("", "no pairs"),
    ],
)
def test_one_that_is_not_filled_in_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_sheet(text)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 100, 0.0, 0.037), (50, 100, 0.404, 0.596)],
)
def test_wilson(count: int, of: int, low: float, high: float) -> None:
    interval = wilson(count, of)
    assert interval.low == pytest.approx(low, abs=0.001)
    assert interval.high == pytest.approx(high, abs=0.001)
