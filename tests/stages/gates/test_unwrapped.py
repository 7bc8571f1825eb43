"""Sentences over the ends of lines, and items with what introduces and negates them."""

from __future__ import annotations

import pytest

from stages.gates.unwrapped import Piece, pieces


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It is not\nexploitable. It is old.", ["It is not exploitable.", "It is old."]),
        ("What we can\nDo now.", ["What we can Do now."]),
        ("What we did not\nWe slept.", ["What we did not", "We slept."]),
        ("Ropes of the pier\nThe crew made them.", ["Ropes of the pier", "The crew made them."]),
        (f"{'The crew of the pier made ropes ' * 2}\nIn May of wool.",
         [f"{'The crew of the pier made ropes ' * 2}In May of wool."]),
        ("It is not\n\nexploitable.", ["It is not", "exploitable."]),
        ("Open to un-\nauthenticated users.", ["Open to unauthenticated users."]),
        ("Scripts are run-\nonly.", ["Scripts are run-only."]),
        ("- It is not\n  exploitable\n- It is old", ["- It is not exploitable", "- It is old"]),
    ],
)  # fmt: skip
def test_a_sentence_goes_on_in_the_next_line(text: str, said: list[str]) -> None:
    assert [one.full for one in pieces(text)] == said


def test_a_word_is_whole_if_it_is_spoken() -> None:
    assert pieces("It is ex-\nploitable.", {"exploitable"}) == [Piece("It is exploitable.")]
    assert pieces("It is ex-\nploitable.") == [Piece("It is ex-ploitable.")]


def test_items_stand_behind_what_negates_them() -> None:
    lead = "You should not:"
    found = pieces(f"{lead}\n- reboot it\n\n- pay them\nAll is well.\nSteps:\n- call us")
    assert found == [
        Piece(lead),
        Piece("- reboot it", lead),
        Piece("- pay them", lead),
        Piece("All is well."),
        Piece("Steps:"),
        Piece("- call us"),
    ]
