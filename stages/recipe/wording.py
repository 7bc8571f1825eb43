"""wording.yaml: the words that the gates look for in instructions and answers.

Knows lists and patterns and no gate.  Invariant: every list that is there holds something, and
every pattern finds something, so that no gate is switched off, and none stops every pair.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from stages.gates.wording import NOTHING, Wording
from stages.recipe.nodes import Node
from stages.recipe.templates import named_patterns, searched

_WORD = r"[^\W\dA-Z_]+"
_WORDS = ("question_words", "orders", "polite")
_PATTERNS = ("refusals", "injections", "template_tokens")
_LATER = ("openings", "told_of")  # not in recipes of earlier versions


def read_wording(root: Node) -> Wording:
    """The words of a file; raises RecipeError."""
    found = root.fields(*_WORDS, *_PATTERNS, optional=("patterns", *_LATER))
    parts = named_patterns(found["patterns"]) if "patterns" in found else {}
    words = {name: _words(found[name]) for name in _WORDS}
    patterns = {name: _joined(found[name], parts) for name in _PATTERNS}
    patterns |= {one: _joined(found[one], parts) if one in found else NOTHING for one in _LATER}
    return Wording(**words, **patterns)  # type: ignore[arg-type]


def _words(node: Node) -> frozenset[str]:
    for one in node.list():
        one.matching(_WORD, "one word in lower case")
    return frozenset(node.texts())


def _joined(node: Node, parts: Mapping[str, str]) -> re.Pattern[str]:
    """The patterns of a list as one, their named parts written out."""
    each = (f"(?:{searched(one, parts)})" for one in node.list())
    return re.compile("|".join(each), re.IGNORECASE)
