"""A label from an endpoint: by the probabilities of its first token, or by the word it writes.

Knows labels and answers; asks nothing itself.  Invariant: every label has a probability from 0 to
1, and those of an exclusive question sum to 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from stages.base import Choice, Label, Question
from stages.completions import TokenLogprob

TOPS = (20, 5)  # tokens that are asked for: some servers tell of fewer
_LEAST = 0.05  # of the probability that has to be on labels, or words tell more
_NAMED, _FIRST_NAMED, _OTHER = 0.8, 0.9, 0.05  # what a label's word in an answer is worth


def by_probability(question: Question, top: Sequence[TokenLogprob]) -> Choice | None:
    """A choice by the first token's likeliest values; None where they say nothing of the labels."""
    mass = {label.name: 0.0 for label in question.labels}
    for one in top:
        meant = _meant(one.token, question.labels)
        for label in meant:
            mass[label.name] += math.exp(min(0.0, one.logprob)) / len(meant)
    whole = sum(mass.values())
    if whole < _LEAST:
        return None
    if question.exclusive:
        mass = {name: share / whole for name, share in mass.items()}
    return _best(mass)


def by_words(question: Question, answer: str) -> Choice:
    """A choice by the labels' words in an answer, the first of which counts most."""
    found = sorted(
        (place, label.name)
        for label in question.labels
        if (place := answer.casefold().find(label.word.casefold())) >= 0
    )
    if not found:
        return _best({label.name: 1 / len(question.labels) for label in question.labels})
    named = [name for _, name in found]
    mass = {label.name: _OTHER for label in question.labels}
    if question.exclusive:
        others = (1 - _FIRST_NAMED) / max(1, len(mass) - 1)
        mass = dict.fromkeys(mass, others if len(mass) > 1 else 1.0)
        mass[named[0]] = 1 - others * (len(mass) - 1)
        return _best(mass)
    mass |= dict.fromkeys(named, _NAMED) | {named[0]: _FIRST_NAMED}
    return _best(mass)


def words_schema(question: Question) -> Mapping[str, Any]:
    """What an answer in words is to fit: one label's word, or several."""
    words = {"enum": [label.word for label in question.labels]}
    if question.exclusive:
        return _object(words)
    return _object({"type": "array", "items": words, "minItems": 1, "maxItems": 3})


def _object(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": {"answer": answer},
        "required": ["answer"],
        "additionalProperties": False,
    }


def _meant(token: str, labels: Sequence[Label]) -> list[Label]:
    """The labels whose word begins with a token, or the token with it."""
    text = token.strip(" \t\r\n\"'*_.:\u2581\u0120").casefold()
    words = [(label, label.word.casefold()) for label in labels]
    return [label for label, word in words if text and (word.startswith(text) or text == word)]


def _best(mass: Mapping[str, float]) -> Choice:
    name = max(mass, key=lambda one: mass[one])
    return Choice(name, mass[name], dict(mass))
