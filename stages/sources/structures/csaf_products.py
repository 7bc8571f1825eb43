"""What a CSAF product tree calls its products, and which ranges of versions its branches give them.

Knows branches and relationships of a tree; knows no flaw.  Invariant: a product's name is the
tree's own, and a range is told only where the name states none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stages.sources.structures.reading import look_up, objects_at, text_at
from stages.text.product_versions import is_only_versions

_DEEPEST = 30  # branches of a product tree
_VERS = re.compile(r"\bvers:\w+/")
# One end or two of a range: "<V4.8.2", "vers:semver/>=2.0|<2.4".
_BOUND = r"[<>]=? ?[vV]?\d[\w.-]*"
_RANGE = re.compile(rf"(?:vers:\w+/)?(?P<ends>{_BOUND}(?:[|,] ?{_BOUND})?)")
# A single release or a branch in a name, "Wren Door 3.1" or "3.x", is no range.
_STATES_RANGE = re.compile(
    r"[<>*≤≥]|\d\S* (?:-|–|to|and|through) v?\d|\d\.\w+[-–]v?\d+\.\w"
    r"|\d\+|\b(?:versions|before|below|prior|previous|from v?\d|up to|through|until|earlier|older"
    r"|lower|later|newer|higher|above|since|under|less than)\b",
    re.IGNORECASE,
)


def product_names(tree: Any) -> dict[str, str]:
    """The names that a product tree gives to its products' ids."""
    found: dict[str, str] = {}
    for product, of, _ in _products(tree, _DEEPEST):
        _add(product, found, of)
    for relation in objects_at(tree, "relationships"):
        _add(look_up(relation, "full_product_name"), found)
    return found


def bounds_of(tree: Any) -> dict[str, str]:
    """The ranges of versions, "<V4.8.2", that are stated by the branch of a product alone."""
    found: dict[str, str] = {}
    for product, _, versions in _products(tree, _DEEPEST):
        own_id, name = text_at(product, "product_id"), text_at(product, "name")
        stated = _RANGE.fullmatch(versions)
        if own_id and name and stated and not _STATES_RANGE.search(name):
            found.setdefault(own_id, stated["ends"].replace("|", ", "))
    return found


def _products(
    node: Any, depth: int, of: str = "", versions: str = ""
) -> Iterator[tuple[Any, str, str]]:
    """Each product with the one whose versions the branches are, and the range that it is."""
    for product in (*objects_at(node, "full_product_names"), *objects_at(node, "product")):
        yield product, of, versions
    for branch in objects_at(node, "branches") if depth else ():
        name, category = text_at(branch, "name"), text_at(branch, "category")
        ranged = name if category == "product_version_range" else ""
        yield from _products(branch, depth - 1, name if category == "product_name" else of, ranged)


def _add(product: Any, found: dict[str, str], of: str = "") -> None:
    own_id, name = text_at(product, "product_id"), text_at(product, "name")
    if of and is_only_versions(name):
        name = f"{of} {name}"
    name = _VERS.sub("", name.replace("vers:all/*", "(all versions)"))
    if own_id and name:
        found.setdefault(own_id, name)
