"""Words speak for the side whose examples hold them, each once, and long texts no louder."""

from __future__ import annotations

import pytest

from stages.text.word_odds import READ_AT_MOST, WordOdds, words_of

ODDS = WordOdds(["The worm encrypts files.", "A worm spreads."], ["The cake is sweet.", "A tart."])


def test_words_of_one_side_speak_for_it_and_those_of_both_for_none() -> None:
    assert ODDS.of("worm") > 0 > ODDS.of("cake")
    assert ODDS.of("a worm") == pytest.approx(ODDS.of("worm"))
    assert ODDS.of("unheard of") == 0.0


def test_a_word_of_the_near_side_speaks_louder_against_than_one_of_the_far_side() -> None:
    """Or pages of packages stay, whose words are half those of security."""
    odds = WordOdds(["the worm", "the key"], ["parser tables"], ["cake"])
    assert odds.of("tables") < odds.of("cake") < 0 < odds.of("worm")


def test_a_word_is_known_by_its_beginning_and_counts_once() -> None:
    assert ODDS.of("encryption") == ODDS.of("encrypted") > 0
    assert ODDS.of("worm worm worm") == ODDS.of("worm")


def test_a_pair_of_words_says_what_neither_does() -> None:
    odds = WordOdds(["root access", "paper tiger"], ["tiger root", "access paper"])
    assert odds.of("root") == odds.of("access") == 0.0 == odds.of("root of access")
    assert odds.of("root access") > 0 > odds.of("access paper")


def test_many_examples_of_one_side_alone_say_nothing() -> None:
    many = WordOdds(["the worm", "the file", "the key", "the lock"], ["the cake"])
    assert abs(many.of("the")) < 0.3


def test_only_the_beginning_of_a_text_is_read() -> None:
    far = "cake " * READ_AT_MOST + "worm"
    assert ODDS.of(far) == ODDS.of("cake") and len(words_of("x" * 10**7)) <= 1
