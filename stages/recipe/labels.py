"""Labels of a choice: the word that a model would write, and example texts.

Shared by the files that hold them.  Invariant: every label has examples, in two kinds at least
where they have kinds, so that a calibration can hold some of them out.
"""

from __future__ import annotations

from collections.abc import Mapping

from stages.base import Label
from stages.recipe.nodes import Node

LEAST_EXAMPLES = 2
_WORD = r"[A-Za-z][A-Za-z-]{0,39}"


def word(node: Node) -> str:
    """A word that a model would write for a label."""
    return node.matching(_WORD, "one word of letters and hyphens, 40 at most")


def examples(node: Node) -> tuple[str, ...]:
    """Example texts of a label."""
    return node.texts(LEAST_EXAMPLES)


def examples_by_kind(node: Node) -> Mapping[str, tuple[str, ...]]:
    """Example texts of a label by the kind of text they are, two kinds at least."""
    found = node.entries()
    if len(found) < LEAST_EXAMPLES:
        raise node.wrong(f"must have examples of {LEAST_EXAMPLES} kinds")
    return {kind: one.texts() for kind, one in found.items()}


def label_of_kinds(name: str, its_word: str, node: Node) -> Label:
    """A label with examples by kind."""
    return Label.of_kinds(name, its_word, examples_by_kind(node))
