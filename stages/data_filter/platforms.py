"""Which platforms a technique concerns that neither states nor names all of them, by its words.

A logistic regression for each platform of ATT&CK on the presence of some two hundred words; the
weights stand in `platform_weights.json`, fitted by `python -m benchmarks.platforms`.  Knows
techniques only: it has learned nothing of other kinds of record.  Invariant: at the
shipped bound, four of five platforms that it names are right on families that it has not seen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import orjson

from stages.base import Record
from stages.recipe.systems import Systems
from stages.text.facts import facts_of
from stages.text.keywords import logistic
from stages.text.record_text import find_values

PROSE = ("Detection", "Mitigations")  # fields whose prose is read beside the text
_WORD = re.compile(r"[a-z][a-z0-9_+-]+")


@dataclass(frozen=True)
class Weights:
    """For each platform a bias, and for each word a weight for each platform."""

    platforms: tuple[str, ...]
    biases: tuple[float, ...]
    words: dict[str, tuple[float, ...]]


def decided_platforms(record: Record, text: str, how: Systems) -> dict[str, float]:
    """The platforms that a technique's words speak for, with their probability."""
    return likely_platforms(words_of(record, text), _weights(), how)


def likely_platforms(words: Iterable[str], weights: Weights, how: Systems) -> dict[str, float]:
    """The platforms whose probability reaches the bound, likeliest first; by few words none,
    else the commonest platform would be taken."""
    told = set(words) & weights.words.keys()
    chances = probabilities(told, weights) if len(told) >= how.fewest_words else {}
    found = sorted(chances.items(), key=lambda item: -item[1])
    return {name: chance for name, chance in found if chance >= how.bound}


def words_of(record: Record, text: str) -> set[str]:
    """The words of a technique's text, of its prose on detection and defence, and its tactics."""
    tactics = (f"tactic_{name.replace('-', '_')}" for name in find_values(record, "tactics"))
    prose = f"{text}\n{facts_of(record, PROSE)}".lower()
    return {*_WORD.findall(prose), *tactics}


def probabilities(words: Iterable[str], weights: Weights) -> dict[str, float]:
    """The probability of each platform for a text of these words."""
    known = [weights.words[word] for word in set(words) if word in weights.words]
    scale = 1 / math.sqrt(max(1, len(known)))
    return {
        name: logistic(bias + scale * sum(word[at] for word in known))
        for at, (name, bias) in enumerate(zip(weights.platforms, weights.biases, strict=True))
    }


@cache
def _weights() -> Weights:
    raw = orjson.loads(files("stages.data_filter").joinpath("platform_weights.json").read_bytes())
    words = {word: tuple(values) for word, values in raw["words"].items()}
    return Weights(tuple(raw["platforms"]), tuple(raw["biases"]), words)
