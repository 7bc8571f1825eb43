"""The weaknesses of a record by number and name: "CWE-22 (Path Traversal)".

Knows how feeds write them; the names of numbers that a record leaves bare are the recipe's.
Invariant: a name that the record states goes before the recipe's, and each number is told once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from stages.base import Record
from stages.text.record_text import find_values, record_text

NAMES = "weaknesses"  # the field in which readers keep numbers with their names

_STATED = re.compile(
    r"\W?(?P<id>CWE-\d{1,5})(?:\W{1,3}(?P<name>(?!CWE-\d)[A-Za-z][^\n]*))?", re.IGNORECASE
)
# "CWE-20->CWE-787": one leads to the next.
_CHAIN = re.compile(r"CWE-\d{1,5}(?: ?-> ?CWE-\d{1,5})+", re.IGNORECASE)
_LEADS_TO = ", which leads to "
_ID = re.compile(r"CWE-\d{1,5}", re.IGNORECASE)
# The common name behind a catalog's long one: "... ('SQL Injection')".
_CALLED = re.compile(r"\(['\"‘]([^'\"’]{3,60})['\"’]\)$")
_ABBREVIATED = re.compile(r" \([A-Z][A-Z-]{1,7}\)$")  # "Server-Side Request Forgery (SSRF)"
LONGEST_NAME = 90  # characters: more is a description


def weaknesses_of(record: Record, fields: Sequence[str], known: Mapping[str, str]) -> list[str]:
    """Each weakness with its name, if one is known; none where the text names others only."""
    names = _names(record, fields, known)
    told = {one.upper() for one in _ID.findall(record_text(record))}
    return _in_words(record, fields, names) if not told or told & names.keys() else []


def named_weaknesses(record: Record, fields: Sequence[str], known: Mapping[str, str]) -> list[str]:
    """Each weakness with its name; none where one has no name."""
    names = _names(record, fields, known)
    return _in_words(record, fields, names) if all(names.values()) else []


def _names(record: Record, fields: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """The record's weaknesses in its order, each with a name or an empty one."""
    values = [*find_values(record, *fields), *find_values(record, NAMES)]
    found: dict[str, str] = dict.fromkeys(_chain(values), "")
    for stated in filter(None, map(_STATED.fullmatch, values)):
        own_id = stated["id"].upper()
        found[own_id] = found.get(own_id) or _short(stated["name"] or "")
    return {own_id: name or known.get(own_id, "") for own_id, name in found.items()}


def _chain(values: Sequence[str]) -> list[str]:
    """The weaknesses of the first chain that is stated; empty without one."""
    return next((_ID.findall(one.upper()) for one in values if _CHAIN.fullmatch(one)), [])


def _in_words(record: Record, fields: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """Each weakness as it is called, those of a chain in one."""
    chain = _chain([*find_values(record, *fields), *find_values(record, NAMES)])
    told = [_LEADS_TO.join(_called(one, names[one]) for one in chain)] if chain else []
    return told + [_called(*one) for one in names.items() if one[0] not in chain]


def _short(name: str) -> str:
    """A catalog's name without its brackets, or what it is called there."""
    name = _ABBREVIATED.sub("", name.strip(" ."))
    called = _CALLED.search(name)
    short = called[1] if called else name
    return short if len(short) <= LONGEST_NAME else ""


def _called(own_id: str, name: str) -> str:
    return f"{own_id} ({name})" if name else own_id
