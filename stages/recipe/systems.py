"""systems.yaml: what names a system in a text, and from when a platform is decided.

Knows patterns and bounds; reads no record.  Invariant: every system has a pattern, and all of them
together make one that `re` takes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from stages.recipe.nodes import Node
from stages.recipe.templates import searched
from stages.text.affected import SystemNames

MOST_SYSTEMS = 99  # groups of one pattern


@dataclass(frozen=True)
class Systems:
    """What names systems, and the bounds by which platforms of a technique are decided."""

    names: SystemNames
    bound: float
    fewest_words: int


def read_systems(root: Node) -> Systems:
    """The systems of a file; raises RecipeError."""
    found = root.fields("names", "cues", "decided")
    decided = found["decided"].fields("bound", "fewest_words")
    names, cues = _patterns(found["names"]), _patterns(found["cues"])
    if len({**names, **cues}) > MOST_SYSTEMS:
        raise found["names"].wrong(f"more than {MOST_SYSTEMS} systems")
    each = {name: "|".join(filter(None, (names.get(name), cues.get(name))))
            for name in {**names, **cues}}  # fmt: skip
    return Systems(
        SystemNames(each), decided["bound"].number(0, 1), decided["fewest_words"].whole(1, 100)
    )


def _patterns(node: Node) -> Mapping[str, str]:
    return {name: "|".join(map(_plain, one.list())) for name, one in node.entries().items()}


def _plain(node: Node) -> str:
    """A pattern without groups by name or number, which others would be told by."""
    text = searched(node, {})
    if not node.known and re.compile(text).groups:
        raise node.wrong("holds a group that captures; write (?:...)")
    return text
