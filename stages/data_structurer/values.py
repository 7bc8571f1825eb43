"""How the value of a field is written: as text, as lines of a list, as the fields of an object.

Knows queries and rules, which stay as they are; names no section.  Invariant: a value is written
whole, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from stages.data_structurer.entries import entry, is_said, item_of, short, sign
from stages.data_structurer.lines import STAMP
from stages.text import field_names
from stages.text.clean import clean_text, verbatim
from stages.text.field_names import label_of
from stages.text.objects import is_reference, name_of_reference
from stages.text.record_text import as_scalar, plain_fields
from stages.text.sentences import is_whole

MOST_ITEMS = 24  # of a list; more is an appendix
MOST_IN_LINE = 6  # short items that stand on one line,
LONGEST_IN_LINE = 32  # characters each


def written(value: Any, meaning: str) -> str:
    """A value as text or in lines; empty where it can't be written so, or holds nothing."""
    if isinstance(value, str):
        return verbatim(value) if is_code(value, meaning) else clean_text(value)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        if all(is_code(one, meaning) for one in value):
            return "\n\n".join(map(verbatim, value)) if _fits(value) else ""
    if isinstance(value, list):
        of_one = sign if meaning == field_names.SIGNS else item_of
        items = (of_one(one) if isinstance(one, dict) else item_of(one) for one in value)
        return _list([one for one in items if one]) if _fits(value) else ""
    if isinstance(value, dict):
        plain = plain_fields(value)
        named = name_of_reference(plain)
        if named or is_reference(plain):
            return named
        said = meaning == field_names.OTHER and is_said(value)
        return entry(value) if said else _fields(value, meaning)
    return as_scalar(value)


def _fits(items: Sequence[Any]) -> bool:
    flat = all(isinstance(one, str | int | float | dict) for one in items)
    return flat and len(items) <= MOST_ITEMS


def _list(items: Sequence[str]) -> str:
    """Items, a line each; on one line where there are few and none says more than a name."""
    if len(items) < 2:
        return "".join(items)
    names = all(len(one) <= LONGEST_IN_LINE and not re.search("[,;:]", one) for one in items)
    if names and len(items) <= MOST_IN_LINE and not any(is_whole(one) for one in items):
        return f"{', '.join(items[:-1])} and {items[-1]}"
    return "\n".join(f"- {one}" for one in items)


def _fields(value: Mapping[str, Any], meaning: str) -> str:
    """The fields of an object, a line each; those of a rule as they are written in one."""
    if meaning in (field_names.SIGNS, field_names.CODE) and any(
        isinstance(one, dict) for one in value.values()
    ):
        return _as_yaml(value)
    if any(map(_says_several, value.values())):
        told = ((_named(key), written(one, meaning)) for key, one in value.items())
        parts = [
            f"{name}:{chr(10) if chr(10) in text else ' '}{text}" for name, text in told if text
        ]
        return "\n".join(parts) if len(parts) == len(value) <= MOST_ITEMS else ""
    lines = [f"- {_named(key)}: {text}" for key, one in value.items() if (text := short(one))]
    return "\n".join(lines) if len(lines) == len(value) <= MOST_ITEMS else ""


def _says_several(value: Any) -> bool:
    """Whether a value is several sentences in a list, which keep a line each."""
    texts = value if isinstance(value, list) and len(value) > 1 else []
    return any(isinstance(one, str) and is_whole(one) for one in texts)


def _named(key: str) -> str:
    """What an entry of an object is called: in words, but for a time and the name of a thing."""
    kept = STAMP.match(key) or re.search(r"[A-Z]{2}|\w-\d|\d\.\d", key)
    return key if kept else label_of(key)


def _as_yaml(value: Mapping[str, Any]) -> str:
    try:
        dumped: str = yaml.safe_dump(dict(value), sort_keys=False, allow_unicode=True, width=1000)
    except yaml.YAMLError:
        return ""
    return dumped.rstrip()


# What begins as a query, a rule or a script does, whatever its field is called.
_QUERY = re.compile(
    r"\s*(?:\| ?\w+ |`\w+(?:\([^`\n]*\))?`\s*(?:\||\w+ ?=)|(?:search )?(?:index|sourcetype) ?="
    r"|\w+\s+\| ?(?:where|project|summarize|extend|join|take|stats|search|distinct|count)\b"
    r"|(?:private |global )?rule \w+[^\n{]{0,80}\{"
    r"|(?:alert|drop|reject) (?:tcp|udp|http|dns|tls|ip) "
    r"|SELECT\b[^.]{1,400}?\bFROM\b|let \w+ ?=|#!/|\$\w+ ?= )"
)


def is_query(value: Any) -> bool:
    return isinstance(value, str) and _QUERY.match(value) is not None


def is_code(value: str, meaning: str) -> bool:
    """Whether a value is a query, a rule or a command, in which marks of markup mean something
    else; a field of that name may hold prose."""
    return is_query(value) or (meaning == field_names.CODE and not is_whole(value))
