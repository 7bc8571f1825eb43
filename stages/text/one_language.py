"""Of what a record says in several languages, the one that is read: English, else the first.

Knows how feeds write a language beside a text; reads no text.  Invariant: what states no language
stays.
"""

from __future__ import annotations

import re
from typing import Any

from stages.text.placeholders import is_placeholder

# Names of languages as fields; "id" is an identifier far more often than Indonesian.
_CODE = re.compile(r"(?:en|es|fr|de|pt|it|nl|ru|zh|ja|ko|pl|cs|tr|uk|sv|ar)(?:[-_][A-Za-z]{2,4})?")
_ENGLISH = re.compile(r"en\b|eng\b|en_")


def said(item: dict[str, Any]) -> Any:
    """What an object of a language says: its value, or the first of its languages that is there and
    no placeholder."""
    names = ("value", "en", *(key for key in item if _CODE.fullmatch(key)))
    told = [item[name] for name in names if item.get(name)]
    return next((one for one in told if not _is_placeholder(one)), told[0] if told else None)


def in_one_language(items: list[Any]) -> list[Any]:
    """English, the first variety of it, where there is a choice, else the first language; items
    without one stay.

    A language counts only where it says something; "N/A" says nothing beside another.
    """
    items = [item for item in items if not _language(item) or _says_something(said(item))]
    told = [item for item in items if not _language(item) or not _is_placeholder(said(item))]
    items = told or items
    languages = [language for item in items if (language := _language(item))]
    if not languages:
        return items
    english = [language for language in languages if _ENGLISH.match(language)]
    wanted = (english or languages)[0]
    return [item for item in items if _language(item) in (wanted, "")]


def _language(item: Any) -> str:
    if not isinstance(item, dict):
        return ""
    language = item.get("lang", item.get("language"))
    return language.lower() if isinstance(language, str) else ""


def _is_placeholder(value: Any) -> bool:
    return isinstance(value, str) and is_placeholder(value)


def _says_something(value: Any) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)
