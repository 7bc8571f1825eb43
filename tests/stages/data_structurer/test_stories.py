"""Where a story begins and ends: asides at its ends go, but none that what is told leans on."""

from __future__ import annotations

import pytest

from tests.stages.data_structurer.test_wholes import ROPES, told


@pytest.mark.parametrize(
    "second", ["One of the four who came saw a thief.", "Some of them saw him."]
)
def test_a_text_does_not_begin_with_one_of_those_whom_nobody_named(second: str) -> None:
    """It began with "One of the four who came", and the call before it was left out."""
    text = f"Four sailors sent us their terminology. {second} He took ropes from four ships."
    assert told(text) == text


def test_a_first_sentence_stays_where_the_next_one_leans_on_it() -> None:
    text = f"Solved, see the end of it. Leaving it here in case it helps.\n\n{ROPES}"
    assert told(text) == text
    behind = text.replace(". Leaving it here in case it helps", "")
    assert told(behind) == ROPES


def test_a_story_ends_before_its_signature() -> None:
    assert told(f"{ROPES}\n\n--\nJo of the pier. Ask me for ropes of any length.") == ROPES


@pytest.mark.parametrize(
    "text",
    [
        f"(1) Foo Ropes has 30 ropes. {ROPES}\n\n(2) It may ask the court for ropes.",
        f"{ROPES}\n\nRO-1: the lamp broke in the storm.\n\n"
        "RO-2 to RO-4: old ropes, see the full report.",
    ],
)
def test_numbered_paragraphs_are_no_asides(text: str) -> None:
    """Its first sentence was left out, so that nobody knew whom a tenant had told it, and the
    last of the findings that it promises."""
    assert told(text) == text
