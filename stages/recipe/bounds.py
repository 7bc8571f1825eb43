"""bounds.yaml: the bounds of the gates, where neither flags nor settings give others.

Knows limits and no gate.  Invariant: every bound is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stages.gates.bounds import Bounds, limits
from stages.gates.wording import Wording
from stages.recipe.nodes import Node


def read_bounds(root: Node, wording: Wording) -> Bounds:
    """The bounds of a file, with the words of the gates; raises RecipeError."""
    found = root.fields(*limits())
    _check(found)
    figures: dict[str, Any] = {name: node.value for name, node in found.items()}
    return Bounds(**figures, wording=wording)


def _check(found: Mapping[str, Node]) -> None:
    for name, limit in limits().items():
        if problem := limit.problem(found[name].value):
            raise found[name].wrong(problem)
