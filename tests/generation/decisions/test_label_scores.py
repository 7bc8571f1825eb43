"""Label words as a trie: right against the model's own logits, and free of length and bias."""

from __future__ import annotations

from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

from stages.base import Label, Prompt, Question
from workers.generation.decisions import label_scores
from workers.generation.decisions.label_scores import LabelScores, branches
from workers.generation.model.load import LoadedModel, load
from workers.generation.tokens.prompts import PromptEncoder

WORDS = ("network", "net", "web")  # one a beginning of another, in letters and perhaps in tokens
QUESTION = Question(
    "field",
    Prompt("You sort texts by their field.", "Which field is it?\n\nText: {text}\n\nField:"),
    tuple(Label(word, word, ("One.", "Two.")) for word in WORDS),
)
TEXTS = ("The server listens on all ports.", "A page.", "One more text of another length, of words")


@pytest.fixture(scope="module")
def loaded(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


@pytest.fixture(scope="module")
def encoder(loaded: LoadedModel) -> PromptEncoder:
    return PromptEncoder(loaded.tokenizer)


def test_words_branch_only_where_they_part() -> None:
    found = branches([(1, 2, 3, 9), (1, 2, 4, 9), (5, 6, 7, 9)])
    assert [(place.path, place.ways) for place in found] == [
        ((), {1: (0, 1), 5: (2,)}),
        ((1, 2), {3: (0,), 4: (1,)}),
    ]


def test_a_word_that_begins_another_parts_from_it_at_its_end() -> None:
    assert branches([(1, 9), (1, 2, 9)])[0].ways == {9: (0,), 2: (1,)}


def log_shares(loaded: LoadedModel, tokens: list[int], ways: list[int]) -> np.ndarray:
    logits = np.array(loaded.model(mx.array([tokens]))[0, -1], dtype=np.float64)[ways]
    shares: np.ndarray = logits - np.logaddexp.reduce(logits)
    return shares


def test_scores_are_the_models_own_probabilities(
    loaded: LoadedModel, encoder: PromptEncoder
) -> None:
    asking = LabelScores(loaded, encoder)
    places = branches(asking.words(QUESTION))
    assert len(places) > 1, "the words should share tokens, or there is little to test"
    raw = asking.log_probabilities(QUESTION, TEXTS)
    for text, scores in zip(TEXTS, raw, strict=True):
        prompt = list(encoder.encode(QUESTION.prompt.fill(text=text)).tokens)
        expected = np.zeros(len(WORDS))
        for place in places:
            shares = log_shares(loaded, [*prompt, *place.path], list(place.ways))
            for share, labels in zip(shares, place.ways.values(), strict=True):
                expected[list(labels)] += share
        assert np.allclose(scores, expected, atol=1e-3)
        assert np.exp(scores).sum() == pytest.approx(1)


def test_without_a_shared_prefix_it_is_the_same(
    loaded: LoadedModel, encoder: PromptEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = LabelScores(loaded, encoder).scores(QUESTION, TEXTS)
    monkeypatch.setattr(label_scores, "text_layers", lambda *_: None)
    assert np.allclose(LabelScores(loaded, encoder).scores(QUESTION, TEXTS), shared, atol=1e-3)


def test_a_text_without_content_favours_no_label(
    loaded: LoadedModel, encoder: PromptEncoder
) -> None:
    neutral = LabelScores(loaded, encoder).scores(QUESTION, ("N/A", "[MASK]", ""))
    assert np.allclose(neutral.mean(axis=0), 0, atol=1e-3)


def test_equal_words_can_not_be_asked_for(loaded: LoadedModel, encoder: PromptEncoder) -> None:
    twice = Question("q", QUESTION.prompt, (Label("a", "yes", ()), Label("b", "yes", ())))
    assert not LabelScores(loaded, encoder).can_ask(twice)
    assert LabelScores(loaded, encoder).can_ask(QUESTION)
