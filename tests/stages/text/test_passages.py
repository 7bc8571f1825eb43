"""Passages are whole paragraphs where they fit, and lose no word."""

from __future__ import annotations

import pytest

from stages.text.passages import passages


def test_paragraphs_stay_whole_and_short_ones_together() -> None:
    """A paragraph cut in two says half of what it says to whoever reads one passage."""
    assert passages("a b\n\nc\n\nd e f\n \ng", 3) == ["a b c", "d e f", "g"]


def test_a_long_paragraph_is_cut_at_sentences_and_lines() -> None:
    assert passages("One two. Three four five.\nSix", 4) == ["One two.", "Three four five. Six"]


def test_a_sentence_without_end_is_cut_at_words() -> None:
    assert passages("a b c d e", 2) == ["a b", "c d", "e"]


@pytest.mark.parametrize("text", ["", " \n\n ", "one", "x. " * 500 + "\n\n" + "y " * 300])
def test_no_word_is_lost_and_none_is_read_twice(text: str) -> None:
    found = passages(text, 60)
    assert " ".join(found).split() == text.split()
    assert all(0 < len(one.split()) <= 60 for one in found)
