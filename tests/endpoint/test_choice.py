"""Labels by probabilities of tokens, and by words."""

from __future__ import annotations

from math import log

import pytest

from stages.base import Label, Prompt, Question
from stages.completions import TokenLogprob
from workers.endpoint.choice import by_probability, by_words

LABELS = tuple(Label(name, name, ()) for name in ("security", "software", "life"))
TOPIC = Question("topic", Prompt("", "{text}"), LABELS)
FIELDS = Question("fields", Prompt("", "{text}"), LABELS, exclusive=False)


def tokens(**shares: float) -> list[TokenLogprob]:
    return [TokenLogprob(token.replace("_", " "), log(share)) for token, share in shares.items()]


def test_a_label_is_known_by_how_its_word_begins() -> None:
    found = by_probability(TOPIC, tokens(_sec=0.5, Soft=0.2, s=0.1, banana=0.2))
    assert found is not None and found.label == "security"
    assert found.probability == pytest.approx(0.55 / 0.8)
    assert sum(found.probabilities.values()) == pytest.approx(1)


def test_tokens_that_are_no_labels_say_nothing() -> None:
    assert by_probability(TOPIC, tokens(banana=0.97, life=0.01)) is None
    assert by_probability(TOPIC, []) is None


def test_words_of_an_answer() -> None:
    found = by_words(TOPIC, '{"answer": "Software"}')
    assert found.label == "software" and sum(found.probabilities.values()) == pytest.approx(1)
    several = by_words(FIELDS, "life, then security").probabilities
    assert several["life"] > several["security"] > 0.5 > several["software"]


def test_an_answer_without_any() -> None:
    assert set(by_words(TOPIC, "?").probabilities.values()) == {1 / 3}
