"""relevance.yaml: what tells texts about security from others.

Knows keywords and examples; reads no record and no bounds.  Invariant: every label has examples.
"""

from __future__ import annotations

from dataclasses import dataclass

from stages.base import Label
from stages.recipe.keyword_lists import Keywords, keyword_list, keywords
from stages.recipe.labels import label_of_kinds
from stages.recipe.nodes import Node
from stages.text.keywords import KeywordTable

_LABELS = {"security": "security", "software": "software", "everyday": "life"}  # and their words


@dataclass(frozen=True)
class Relevance:
    """The labels of the choice, and the keywords that speak for security.

    faint: words of any text about computers, which count by their share of a text.
    """

    labels: tuple[Label, ...]
    keywords: Keywords
    faint: tuple[str, ...]

    def faint_table(self) -> KeywordTable:
        """The faint words, each counting one."""
        return KeywordTable(dict.fromkeys(self.faint, 1.0), scale=1.0)


def read_relevance(root: Node) -> Relevance:
    """The relevance of a file; raises RecipeError."""
    found = root.fields("strong", "weak", "faint", *_LABELS)
    labels = tuple(label_of_kinds(name, word, found[name]) for name, word in _LABELS.items())
    return Relevance(labels, keywords(found["strong"], found["weak"]), keyword_list(found["faint"]))
