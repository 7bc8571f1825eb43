"""Safe looks into JSON-like values that strangers wrote: a wrong type is as good as nothing.

Knows no feed.  Invariant: nothing here raises, whatever the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stages.sources.cvss import text_of
from stages.text.placeholders import is_placeholder

_ADDRESSES = ("http://", "https://", "ftp://")
_ENGLISH = re.compile(r"(en|eng)\b|en_|english", re.IGNORECASE)


def named_weakness(own_id: str, name: str) -> str:
    """ "CWE-22 Path Traversal"; empty for a weakness that has no more than its number."""
    name = name if name.startswith(own_id) else f"{own_id} {name}"
    return name if own_id and name.removeprefix(own_id).strip(" :-") else ""


def look_up(value: Any, *path: str) -> Any:
    """What lies at a path of names; None where it leads nowhere."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def text_at(value: Any, *path: str) -> str:
    """The string at a path, stripped; empty where there is none."""
    # Called dozens of times a record, so it walks by itself.
    for name in path:
        if not isinstance(value, dict):
            return ""
        value = value.get(name)
    return value.strip() if isinstance(value, str) else ""


def first_text(value: Any, *names: str) -> str:
    """The first of an object's fields that holds a string with something in it."""
    return next((text for name in names if (text := text_at(value, name))), "")


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list, or the one that stands in its place."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def objects_at(value: Any, *path: str) -> Iterator[dict[str, Any]]:
    return objects(look_up(value, *path))


def strings(value: Any) -> Iterator[str]:
    """The strings of a list, or the one that stands in its place; empty ones are left out."""
    for item in value if isinstance(value, list) else [value]:
        if text := text_of(item):
            yield text


def strings_at(value: Any, *path: str) -> tuple[str, ...]:
    return tuple(strings(look_up(value, *path)))


def links_of(references: Any, name: str = "url") -> tuple[str, ...]:
    """The addresses of a list of references: strings, or objects with a field of that name."""
    found = []
    for item in references if isinstance(references, list) else [references]:
        link = item.get(name) if isinstance(item, dict) else item
        if isinstance(link, str) and link.strip().startswith(_ADDRESSES):
            found.append(link.strip())
    return tuple(found)


@dataclass(frozen=True)
class Said:
    """Prose in one language."""

    text: str = ""
    language: str = ""


def in_one_language(items: Any, name: str = "value") -> Said:
    """English if it says anything, else the first language that does, of {lang, value} objects; of
    its varieties the first.  "N/A" says nothing beside another."""
    said = []
    for item in objects(items):
        if text := first_text(item, name, "text"):
            said.append((text, text_at(item, "lang") or text_at(item, "language")))
    said = [one for one in said if not is_placeholder(one[0])] or said
    english = [one for one in said if _ENGLISH.match(one[1])]
    language = (english or said or [("", "")])[0][1]
    chosen = [one for one in said if one[1].lower() == language.lower()]
    text = chosen[0][0] if len(chosen) == 1 else "\n".join(dict.fromkeys(one[0] for one in chosen))
    return Said(text, short_language(language))


def short_language(name: str) -> str:
    """ "en" of "eng", "en-GB" or "English"; other names in lower case, without a region."""
    if not name:
        return ""
    return "en" if _ENGLISH.match(name) else re.split(r"[-_]", name.lower())[0]


def paragraphs(*texts: str) -> str:
    """Texts one after the other, each once."""
    return "\n".join(dict.fromkeys(text for text in texts if text))
