"""What an object of a record says: the headline over its details, and the text that it wraps.

Knows the shapes of OSV, GitHub and of XML that became JSON.  Objects come by the plain names of
their fields.  Invariant: nothing here raises, whatever an object holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONGEST_HEADLINE = 120  # characters


def headline(plain: Mapping[str, Any]) -> str:
    """The summary over `details`, where it is a title in all but name; else empty."""
    summary, details = plain.get("summary"), plain.get("details")
    if not (isinstance(summary, str) and isinstance(details, str) and details.strip()):
        return ""
    title = summary.strip()
    short = len(title) <= LONGEST_HEADLINE and "\n" not in title
    return title if short and not title.endswith((".", "!", "?")) else ""


def told_in(plain: Mapping[str, Any]) -> Any:
    """Its description, value or name, or what is the only thing in it: {"mitigation": []}."""
    for name in ("description", "value", "name", "impact"):
        if plain.get(name) is not None:
            return plain[name]
    (only,) = plain.values() if len(plain) == 1 else (None,)
    return only if isinstance(only, dict | list) else plain.get("text")
