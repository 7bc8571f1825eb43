"""RustSec's advisories as its database keeps them: Markdown behind a head in TOML.

Knows the tables of the head.  Invariant: versions are told as the head states them; a requirement
that is no plain bound is told nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stages.sources.cvss import from_vector
from stages.sources.entry import WITHDRAWN, Entry
from stages.sources.structures.osv import NO_REPAIR, database
from stages.sources.structures.reading import links_of, look_up, strings_at, text_at
from stages.sources.structures.updates import updates
from stages.text.kinds import VULNERABILITY

_REGISTRY = "crates.io"
_FROM = re.compile(r"(?:>=|\^|~)\s*(\d[\w.+-]*)(?:\s*,\s*<\s*\d[\w.+-]*)?")
_BELOW = re.compile(r"<\s*(\d[\w.+-]*)")


def is_head(head: Any) -> bool:
    return bool(text_at(head, "advisory", "id") and text_at(head, "advisory", "package"))


def read_advisory(head: dict[str, Any], text: str, title: str) -> Entry:
    told: dict[str, Any] = head["advisory"]
    own_id, package = text_at(told, "id"), text_at(told, "package")
    source, licence = database(own_id)
    fixed = [found[1] for one in strings_at(head, "versions", "patched")
             if (found := _FROM.fullmatch(one))]  # fmt: skip
    unfixed = look_up(head, "versions", "patched") == []
    return Entry(
        text=text,
        title=title,
        kind=VULNERABILITY,
        id=own_id,
        source=source,
        links=links_of([told.get("url"), *strings_at(told, "references")]),
        licence=text_at(told, "license") or licence,
        language="en",
        cvss=from_vector(told.get("cvss"), primary=True),
        affected=tuple(_affected(head, package, fixed)),
        mitigations=tuple(updates((package, _REGISTRY, version) for version in fixed)),
        fix_notes=(NO_REPAIR.format(package),) if unfixed else (),
        aliases=strings_at(told, "aliases"),
        status=WITHDRAWN if told.get("withdrawn") else "",
        published=text_at(told, "date"),
    )


def _affected(head: dict[str, Any], package: str, fixed: list[str]) -> Iterator[str]:
    """The package, with its range where one release repairs it and at most one bound begins it."""
    sound = strings_at(head, "versions", "unaffected")
    begins = [found[1] for one in sound if (found := _BELOW.fullmatch(one))]
    parts = [f"{package} ({_REGISTRY})"]
    if len(fixed) == len(strings_at(head, "versions", "patched")) == 1 and (
        len(begins) == len(sound) < 2
    ):
        parts += [f"from {one}" for one in begins] + [f"before {fixed[0]}"]
    yield " ".join(parts)
