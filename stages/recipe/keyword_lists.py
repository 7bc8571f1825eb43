"""Lists of keywords, as they are written in a recipe and as rules look for them.

Knows two weights and no text.  Invariant: keywords are in lower case, as texts are when they are
looked for.
"""

from __future__ import annotations

from dataclasses import dataclass

from stages.recipe.nodes import Node
from stages.text.keywords import KeywordTable

_KEYWORD = r"[^\sA-Z](?:[^\nA-Z]{0,78}[^\sA-Z])?"


@dataclass(frozen=True)
class Keywords:
    """Words that speak for something by themselves, and those that only do so with others."""

    strong: tuple[str, ...]
    weak: tuple[str, ...]

    def table(self, strong: float, weak: float, scale: float) -> KeywordTable:
        """They with their weights; one in both lists is strong."""
        weights = dict.fromkeys(self.weak, weak) | dict.fromkeys(self.strong, strong)
        return KeywordTable(weights, scale)


def keywords(strong: Node, weak: Node) -> Keywords:
    """The two lists; raises RecipeError."""
    return Keywords(_words(strong), _words(weak))


def _words(node: Node) -> tuple[str, ...]:
    for one in node.list():
        one.matching(_KEYWORD, "in lower case, on one line, 80 characters at most")
    return node.texts()
