"""relevance.yaml: what tells texts about security from others.

Knows keywords and examples; reads no record and no bounds.  Invariant: both sides have examples.
"""

from __future__ import annotations

from dataclasses import dataclass

from stages.base import Label
from stages.recipe.keyword_lists import Keywords, keywords
from stages.recipe.labels import label_of_kinds
from stages.recipe.nodes import Node

SECURITY, OTHER = "security", "other"


@dataclass(frozen=True)
class Relevance:
    """The two labels of the choice, and the keywords that speak for security."""

    labels: tuple[Label, ...]
    keywords: Keywords


def read_relevance(root: Node) -> Relevance:
    """The relevance of a file; raises RecipeError."""
    found = root.fields("strong", "weak", SECURITY, OTHER)
    labels = tuple(label_of_kinds(name, name, found[name]) for name in (SECURITY, OTHER))
    return Relevance(labels, keywords(found["strong"], found["weak"]))
