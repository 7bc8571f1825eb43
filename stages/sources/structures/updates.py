"""Orders to update packages to the versions in which a feed says that they are repaired.

Invariant: each package has one order, with all its versions, the lowest first; no commit is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stages.text.commits import COMMIT

_COMMIT = re.compile(COMMIT)
_PART = re.compile(r"\d+|[^\d.]+")


def updates(fixed: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """ "Update lark to 4.1.2 or 5.0.1." of each package, of names, registries and versions; with
    its registry where another has a package of that name that other versions repair."""
    found: dict[tuple[str, str], set[str]] = {}
    for name, registry, version in fixed:
        if name and version and not _COMMIT.fullmatch(version):
            found.setdefault((name, registry), set()).add(version)
    for name in dict.fromkeys(name for name, _ in found):
        ways = {registry: versions for (one, registry), versions in found.items() if one == name}
        alike = len({frozenset(versions) for versions in ways.values()}) == 1
        for registry, versions in [*ways.items()][: 1 if alike else None]:
            called = name if alike or not registry else f"{name} ({registry})"
            yield f"Update {called} to {' or '.join(sorted(versions, key=_order))}."


def _order(version: str) -> list[tuple[bool, int, str]]:
    """Numbers by their size; letters, as in "1.0rc1", before the release that has none."""
    parts = [
        (one.isdigit(), int(one) if one.isdigit() else 0, one) for one in _PART.findall(version)
    ]
    return [*parts, (True, -1, "")]
