"""An answer to a letter is told where it can do without the letter."""

from __future__ import annotations

import asyncio

import pytest

from stages.data_structurer.letters import LEAST_OF_AN_ANSWER, leans_on_a_letter, quoted_lines
from stages.data_structurer.reading import read
from stages.recipe.recipe import shipped
from tests.stages.data_structurer.own_answers_help import answer

LONG = "A thief took ropes from four ships by night. " * (LEAST_OF_AN_ANSWER // 40)


@pytest.mark.parametrize(
    ("title", "text", "leans"),
    [
        ("Re: ropes", "A thief took ropes from four ships.", True),
        ("Re: ropes", LONG, False),
        ("Re: ropes", f"Yes, they are gone. {LONG}", True),
        ("Re: ropes", f"That is what we saw as well. {LONG}", True),
        ("Re: ropes", f"It's not what we saw. {LONG}", True),
        ("Re: ropes of the old pier", f"It's not what we saw. {LONG}", False),
        ("AW: Seile", "A thief took ropes from four ships.", True),
        ("Ropes", "A thief took ropes from four ships.", False),
    ],
)
def test_an_answer_leans_on_a_letter(title: str, text: str, leans: bool) -> None:
    reading = asyncio.run(read({"title": title, "text": text}, shipped(), None))
    assert leans_on_a_letter(reading) is leans


def test_a_letter_says_who_writes_to_whom() -> None:
    """Its "you" was nobody for a reader who has the answer alone."""
    told = "A thief took ropes from four ships by night. Nobody saw him, as it was dark."
    letter = {"issued_by": "Office of Ropes", "addressee": "The Crew of the Foo", "text": told}
    said = answer({**letter, "text": f"You have cut our ropes. {told}"}, "text_summary")
    assert said is not None
    assert said.startswith("The Office of Ropes writes to the Crew of the Foo:\n\nYou have cut")
    assert answer(letter, "text_summary") == told


def test_a_quote_has_one_mark() -> None:
    """A line that had kept its ">" got a second one, as of what the other letter quotes."""
    text = "> 212 ropes were cut\n\nNo, 9.\n\n> by thieves of the pier\n\nBy rats."
    assert quoted_lines({"text": text}) == {"by thieves of the pier"}
