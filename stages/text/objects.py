"""What an object of a record says: the headline over its details, and the text that it wraps.

Knows the shapes of OSV, GitHub and of XML that became JSON.  Objects come by the plain names of
their fields.  Invariant: nothing here raises, whatever an object holds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

LONGEST_HEADLINE = 120  # characters
LEAST_PROSE = 80  # characters of a field whose name says nothing
_SENTENCE = re.compile(r"(?:[A-Za-z][\w'’-]*[,;:]? ){4}[^\n]{0,400}?[a-z)\"'”’][.!?](?:\s|$)")


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


def prose_in(plain: Mapping[str, Any], skipped: Collection[str]) -> Iterator[str]:
    """The values of an object that are sentences, but for those of skipped fields."""
    for key, value in plain.items():
        text = value.strip() if isinstance(value, str) and key not in skipped else ""
        if len(text) >= LEAST_PROSE and _SENTENCE.search(" ".join(text.split())):
            yield text
