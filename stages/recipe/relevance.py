"""relevance.yaml: what tells security from other topics, by words and by examples.

Knows the three labels by their names, and between which limits bounds and weights lie.  A file
of before a weight or a bound was there goes without, and counts as it did then.
Invariant: every label has examples, and bounds are in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from stages.base import Label
from stages.recipe.keyword_lists import Keywords, keyword_list, keywords
from stages.recipe.labels import label_of_kinds
from stages.recipe.nodes import Node
from stages.text.keywords import KeywordTable
from stages.text.word_odds import WordOdds

_LABELS = {"security": "security", "software": "software", "everyday": "life"}  # and their words
_NESTED = ("by_words", "long")  # weights of their own
_LATER = ("odds", *_NESTED)  # weights that a file of an earlier version lacks
_LATER_BOUNDS = ("entry", "of_software")
HEAVIEST = 100.0  # a weight, either way


@dataclass(frozen=True)
class RelevanceBounds:
    """From which relevance, 0 to 1, a record stays, and from which it is not in doubt.

    `words` is the rule score from which words speak for a text; without them it has to reach
    `without_words` instead of `doubtful`, and `of_software` where it speaks of itself as software
    does.  An entry of a feed has to reach `entry`.  Those `by_words` are for when no model is
    asked, and `entry` holds then, too.
    """

    sure: float
    doubtful: float
    without_words: float
    of_software: float
    words: float
    entry: float
    sure_by_words: float
    doubtful_by_words: float


@dataclass(frozen=True)
class WordWeights:
    """A logistic regression on the rule score and the log odds of the words by the examples."""

    bias: float
    rules: float
    odds: float


@dataclass(frozen=True)
class LongWeights:
    """A logistic regression on the log odds of a long text's words, all together, and on the mean
    log odds of the passages in a row that speak most for it."""

    bias: float
    odds: float
    in_a_row: float


@dataclass(frozen=True)
class RelevanceWeights:
    """What a keyword counts, what the form of a feed's entry does, and how they are weighed.

    A total of `scale` is a rule score of 0.63.  `bias`, `rules`, `odds` and `model` are a logistic
    regression on the rule score, the log odds of the words by the examples, and those of a model;
    `by_words` is the one for where no model is asked: None, the rule score alone.  `long` is
    for the passages of a text whose beginning does not keep it: None, nothing else does.
    """

    strong: float
    weak: float
    faint: float
    entry: float
    scale: float
    bias: float
    rules: float
    odds: float
    model: float
    by_words: WordWeights | None
    long: LongWeights | None


@dataclass(frozen=True)
class Relevance:
    """The labels of the choice, the keywords that speak for security, bounds and weights.

    faint: words of any text about computers, which count by their share of a text.
    of_software: words that pages of libraries and tools have and texts about security hardly.
    """

    labels: tuple[Label, ...]
    keywords: Keywords
    faint: tuple[str, ...]
    of_software: tuple[str, ...]
    bounds: RelevanceBounds
    weights: RelevanceWeights

    def table(self) -> KeywordTable:
        """The strong and weak keywords with their weights."""
        return self.keywords.table(self.weights.strong, self.weights.weak, self.weights.scale)

    def word_odds(self) -> WordOdds:
        """How much words speak for security, by the examples; software is the nearer of others."""
        return WordOdds(*(label.examples for label in self.labels))

    def faint_table(self) -> KeywordTable:
        """The faint words, each counting one."""
        return KeywordTable(dict.fromkeys(self.faint, 1.0), scale=1.0)

    def software_table(self) -> KeywordTable | None:
        """The words of software; None where there are none."""
        words = dict.fromkeys(self.of_software, 1.0)
        return KeywordTable(words, scale=1.0) if words else None


def read_relevance(root: Node) -> Relevance:
    """The relevance of a file; raises RecipeError."""
    needed = ("bounds", "weights", "strong", "weak", "faint", *_LABELS)
    found = root.fields(*needed, optional=("of_software",))
    return Relevance(
        tuple(label_of_kinds(name, word, found[name]) for name, word in _LABELS.items()),
        keywords(found["strong"], found["weak"]),
        keyword_list(found["faint"]),
        keyword_list(found["of_software"]) if "of_software" in found else (),
        _bounds(found["bounds"]),
        _weights(found["weights"]),
    )


def _bounds(node: Node) -> RelevanceBounds:
    needed = [name for name in _names(RelevanceBounds) if name not in _LATER_BOUNDS]
    found = node.fields(*needed, optional=_LATER_BOUNDS)
    figures = _numbers(found, 0.0, 1.0)
    before = {
        "entry": figures["doubtful_by_words"] / 2,
        "of_software": figures["without_words"],
    }
    bounds = RelevanceBounds(**{**before, **figures})
    for low, high in (("doubtful", "sure"), ("doubtful_by_words", "sure_by_words")):
        if getattr(bounds, low) > getattr(bounds, high):
            raise found[low].wrong(f"{low} must not be above {high}")
    return bounds


def _weights(node: Node) -> RelevanceWeights:
    needed = [name for name in _names(RelevanceWeights) if name not in _LATER]
    found = dict(node.fields(*needed, optional=_LATER))
    by_words, long = (found.pop(name, None) for name in _NESTED)
    figures = {"odds": 0.0, **_numbers(found, -HEAVIEST, HEAVIEST)}
    if figures["scale"] <= 0:
        raise found["scale"].wrong("must be above 0")
    return RelevanceWeights(
        **figures,
        by_words=WordWeights(**_weighed(by_words, WordWeights)) if by_words else None,
        long=LongWeights(**_weighed(long, LongWeights)) if long else None,
    )


def _weighed(node: Node, kind: type) -> dict[str, float]:
    return _numbers(node.fields(*_names(kind)), -HEAVIEST, HEAVIEST)


def _names(kind: type) -> list[str]:
    return [one.name for one in fields(kind)]


def _numbers(found: Mapping[str, Node], low: float, high: float) -> dict[str, float]:
    return {name: one.number(low, high) for name, one in found.items()}
