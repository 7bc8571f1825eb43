"""Titles: whether one says what a text is about."""

from __future__ import annotations

from stages.data_structurer.titles import is_telling, quotable


def test_a_title_is_telling_by_two_words_of_its_own_or_an_id() -> None:
    titles = ("Incident report 7", "Gravelrope", "Ropes cut", "Bulletin ABC-2091-17")
    assert [is_telling(one) for one in titles] == [False, False, True, True]


def test_a_title_of_which_one_of_several_says_nothing() -> None:
    assert not any(map(is_telling, ("Second preliminary", "Third interim report", "rev. 4")))


def test_a_name_can_stand_between_quotation_marks() -> None:
    assert quotable('Ropes of\n "`Foo`":') == "Ropes of 'Foo'"
