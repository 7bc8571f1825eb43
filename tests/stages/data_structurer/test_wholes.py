"""A text as a whole: in one stretch, and only where nothing in it has to be left out."""

from __future__ import annotations

import pytest

from stages.base import Record
from stages.data_structurer.wholes import LONGEST_WHOLE, as_lines
from tests.stages.data_structurer.test_own_answers import answer


def told(text: str, **more: str) -> str | None:
    record: Record = {"title": "Ropes of the harbour", "text": text, **more}
    return answer(record, "text_summary")


ROPES = "A thief took ropes from four ships.\n\nNobody saw him. It was dark. Two ships drifted off."


def test_nothing_is_left_out_between_its_ends() -> None:
    assert (
        told(f"Hi all, {ROPES[:1].lower()}{ROPES[1:]}\n\n--\nThe crew of the pier wrote this.")
        == ROPES
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{ROPES}\n\n- [done] New ropes are in use\n- [rejected] A lamp for each of the piers",
        f"{ROPES} Discover how our ropes hold!",
        "Ida: I saw a thief on the pier.\nBo: Nobody was there at all.\nIda: He took the ropes.",
        "4 ropes, 2 lamps\n\nA thief took ropes.\n\n7 ships / 9 crews\n\n12 cables, no lamp, a dog",
    ],
)
def test_a_text_that_would_need_a_hole_is_not_told(text: str) -> None:
    assert told(text) is None


def test_a_text_begins_behind_advertising() -> None:
    slogan = "Safety is at the heart of everything that we make for you in the port."
    rest = f"{ROPES}\n\nThe harbour bought new ones that no thief can carry. It took four days to"
    rest += " fit them, since they weigh a ton. Nobody has taken one since then."
    assert told(f"{slogan}\n\n{rest}") == rest


def test_an_answer_to_a_letter_is_not_told() -> None:
    assert told(ROPES, title="Re: ropes of the harbour") is None


def test_of_a_long_text_the_first_paragraphs_are_told() -> None:
    nights = [f"On night {n} the thief took all the ropes of {n} more ships." for n in range(40)]
    long = "\n\n".join(" ".join(nights[at : at + 10]) for at in range(0, 40, 10))
    assert len(long) > LONGEST_WHOLE
    said = told(long)
    assert said is not None and said.count("\n\n") == 1 and said.endswith("of 19 more ships.")


def test_broken_lines_are_joined_and_those_of_lists_and_code_are_not() -> None:
    broken = "The thief who took the ropes of all the ships in the port came by\nnight."
    rest = "\n- a rope\n- a lamp\n\nIt ran this:\nrm -rf /srv/ropes"
    assert as_lines(broken + rest) == broken.replace("\n", " ") + rest


def test_an_item_that_a_text_begins_with_keeps_its_mark() -> None:
    steps = "1. Lock the pier at night. Nobody goes there.\n2. Count the ropes. Note their lengths."
    assert told(steps) == steps
