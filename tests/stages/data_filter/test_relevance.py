"""Relevance grows with keywords, words of examples and a model's probability."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stages.data_filter.relevance import RelevanceRules
from stages.recipe.recipe import shipped

RULES = RelevanceRules(shipped())

STEPS = [0.0, 0.25, 0.5, 0.75, 1.0]


@pytest.mark.parametrize("fixed", STEPS)
def test_it_grows_with_either(fixed: float) -> None:
    by_words = [RULES.combined(score, 0.0, fixed) for score in STEPS]
    by_examples = [RULES.combined(fixed, odds, 0.5) for odds in STEPS]
    by_model = [RULES.combined(fixed, 0.0, probability) for probability in STEPS]
    alone = [RULES.by_words(score, 0.0) for score in STEPS]
    by_odds = [RULES.by_words(fixed, odds) for odds in STEPS]
    for found in (by_words, by_examples, by_model, alone, by_odds):
        assert found == sorted(set(found)) and 0 < found[0] and found[-1] < 1


def test_a_model_is_not_believed_without_end() -> None:
    assert RULES.combined(0.5, 0.0, 1.0) == RULES.combined(0.5, 0.0, 0.999)


def test_words_and_a_model_that_agree_decide() -> None:
    assert RULES.combined(1.0, 1.0, 0.95) > 0.9 and RULES.combined(0.0, -1.0, 0.05) < 0.1


def test_without_weights_for_words_alone_the_rule_score_counts() -> None:
    recipe = shipped()
    weights = replace(recipe.relevance.weights, by_words=None)
    rules = RelevanceRules(replace(recipe, relevance=replace(recipe.relevance, weights=weights)))
    assert [rules.by_words(score, odds) for score, odds in ((0.3, -5), (0.3, 5))] == [0.3, 0.3]


def test_words_speak_for_the_side_whose_examples_have_them() -> None:
    assert RULES.word_odds("An attacker runs malware by a crafted file.") > 1
    assert RULES.word_odds("Bake the bread for forty minutes in the oven.") < -1
    assert RULES.word_odds("Qwx zrtp vvbn") == 0.0


def test_more_is_demanded_where_no_word_speaks_for_it() -> None:
    with_words, without = RULES.demanded(0.9, False, True), RULES.demanded(0.0, False, True)
    assert 0 < with_words < without < 1
    assert RULES.demanded(0.0, trusted=True, with_model=True) == with_words


def test_of_an_entry_of_a_feed_little_is_demanded() -> None:
    with_model, without = (RULES.demanded(0.5, False, model, True) for model in (True, False))
    assert 0 < with_model == without < RULES.demanded(0.5, trusted=True, with_model=True)


def test_of_a_trusted_source_less_is_demanded_of_rules_alone() -> None:
    strangers, trusted = (RULES.demanded(0.5, known, with_model=False) for known in (False, True))
    assert 0 < trusted < strangers < 1


def test_most_is_demanded_where_a_text_speaks_of_software_and_of_nothing_else() -> None:
    """Or a model's guess keeps pages of libraries for charts and dates."""
    page = "A toolkit for tide tables in pure Python. Bindings for C are in a package of their own."
    assert RULES.speaks_of_software(page) and not RULES.speaks_of_software("They sell tea.")
    software = RULES.demanded(0.0, False, True, of_software=True)
    assert RULES.demanded(0.0, False, True) < software < 1
    with_words = RULES.demanded(0.9, False, True, of_software=True)
    assert with_words == RULES.demanded(0.9, False, True)


def test_passages_in_a_row_and_all_words_decide_and_no_passage_alone() -> None:
    """Or a sentence on passwords keeps the minutes of a meeting about carpets."""
    row, alone = [0.02, 0.02, 0.95, 0.95, 0.95, 0.02], [0.95, 0.02, 0.02, 0.9, 0.02, 0.02]
    assert RULES.of_passages(0.0, alone) < 0.2 < 0.9 < RULES.of_passages(0.0, row)
    assert RULES.of_passages(-1.0, row) < RULES.of_passages(0.0, row) < RULES.of_passages(1.0, row)
    assert RULES.of_passages(0.0, [0.5]) == pytest.approx(0.5, abs=0.1)


def test_without_weights_for_long_texts_the_beginning_decides() -> None:
    recipe = shipped()
    weights = replace(recipe.relevance.weights, long=None)
    rules = RelevanceRules(replace(recipe, relevance=replace(recipe.relevance, weights=weights)))
    assert rules.of_passages(5.0, [0.99] * 8) == 0.0
