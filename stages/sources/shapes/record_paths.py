"""Where the records of a nested document are: names that feeds use, or a path a person gave.

Knows names of keys; nothing of JSON or YAML as text.  Invariant: the same names lead to the
records of a document of any size and of one in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stages.sources.found import NotUnderstood
from stages.text.record_text import plain_key

LIST_KEYS = frozenset(
    "vulnerabilities objects data entries entry papers value values items item results result"
    " records advisories notices events pulses articles posts documents rows hits reports incidents"
    " techniques weaknesses attackpatterns cves cveitems vulns matches nodes edges list"
    " securityadvisories patterns findings bulletins alerts publications issues response".split()
)
WRAPPER_KEYS = LIST_KEYS | frozenset(
    "body payload content message channel embedded search feed pulseinfo".split()
)
DEEPEST = 4  # levels at which lists are looked for
_ID_LIKE = re.compile(
    r"(CVE|EUVD|USN|GHSA|RHSA|RHBA|RHEA|CWE|CAPEC|DSA|DLA|OSV|PYSEC|RUSTSEC|GO)-[\w:.-]+"
    r"|T\d{4}(\.\d{3})?|\d{1,5}-\d{1,4}|\d{4}\.\d{4,5}",
    re.IGNORECASE,
)
_STEP = re.compile(r"""\.?([^.\[\]]+)|\[(?:\*?|"([^"]*)"|'([^']*)')\]""")


def is_list_key(key: str) -> bool:
    """Whether an array of this name is held to be one of records."""
    return plain_key(key) in LIST_KEYS


@lru_cache(4096)  # asked of every record of a list, for the same few names
def is_wrapper_key(key: str) -> bool:
    """Whether an object of this name may hold the records, or the list of them."""
    return plain_key(key) in WRAPPER_KEYS


def is_id(key: str) -> bool:
    """Whether a mapping's key is the id of a record, so that the mapping holds records."""
    return _ID_LIKE.fullmatch(key) is not None


@dataclass(frozen=True)
class RecordsAt:
    """A path such as `data.items`, `$.feed[*].posts` or `["a.b"]`; no steps: the document."""

    steps: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> RecordsAt:
        """Raises NotUnderstood naming the flag when it is no path."""
        rest = text.strip().removeprefix("$")
        steps: list[str] = []
        while rest:
            match = _STEP.match(rest)
            if match is None:
                raise NotUnderstood(f"--records-at {text}: not a path such as data.items")
            steps.append(next((part for part in match.groups() if part), "*"))
            rest = rest[match.end() :]
        while steps and steps[-1] == "*":
            steps.pop()
        return cls(tuple(steps))


def select(value: Any, steps: tuple[str, ...], place: str) -> Iterator[tuple[str, Any]]:
    """What lies at the rest of a path within a value, with its place."""
    if not steps:
        yield place, value
    elif isinstance(value, list):
        rest = steps[1:] if steps[0] == "*" else steps
        for index, item in enumerate(value):
            yield from select(item, rest, f"{place}[{index}]")
    elif isinstance(value, dict) and steps[0] == "*":
        for key, item in value.items():
            yield from select(item, steps[1:], joined(place, key))
    elif isinstance(value, dict) and steps[0] in value:
        yield from select(value[steps[0]], steps[1:], joined(place, steps[0]))


def joined(place: str, key: str) -> str:
    """The place of a member: `data.items`, or `data["a b"]` where a dot would mislead."""
    if re.fullmatch(r"[\w-]+", key):
        return f"{place}.{key}" if place else key
    return f'{place}["{key}"]'
