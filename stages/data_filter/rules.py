"""The data filter's rules that need no model: placeholders, shortest length, trusted sources.

Knows record text and source fields only.  Invariant: no text is removed for a word that occurs in
it.
"""

from __future__ import annotations

import re

from stages.base import Record
from stages.gates.words import NO_BLANKS
from stages.text.placeholders import is_placeholder
from stages.text.record_text import RecordText, as_scalar, plain_key

SHORTEST = 40  # characters
SHORTEST_TRUSTED = 20
MORE = 2  # characters that one of a script without blanks counts more

TRUSTED_NAMES = frozenset(
    "nvd; nist; national vulnerability database; mitre; mitre att&ck; mitre attack;"
    "mitre-attack; cwe; capec; cve; cve program; cisa; cisa kev; us-cert; cert/cc; enisa".replace(
        "; ", ";"
    ).split(";")
)
TRUSTED_HOSTS = (
    "nist.gov", "mitre.org", "cve.org", "cisa.gov", "cert.org", "first.org",
    "enisa.europa.eu", "us-cert.gov",
)  # fmt: skip
SOURCE_FIELDS = frozenset(
    "source publisher provider feed origin sourceidentifier assigner url link".split()
)
_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,15}://)?(?:[^/@\s?#\\]{1,200}@)?([a-z0-9.-]{1,253})(?::\d+)?(?:[/?#].*)?",
    re.DOTALL,
)


def fails_rules(text: RecordText, trusted: bool) -> str | None:
    """The reason to remove a text at once, or None."""
    if all(is_placeholder(part) for part in text.bodies or (text.title,)):
        return "placeholder text"
    shortest = SHORTEST_TRUSTED if trusted else SHORTEST
    if _letters(text.text) < shortest:
        if text.title and not text.bodies:
            return "no text besides its title"
        return f"shorter than {shortest} characters"
    return None


def _letters(text: str) -> int:
    """Its length in characters; those of scripts without blanks say as much as a word or half."""
    return len(text) + MORE * len(NO_BLANKS.findall(text))


def is_trusted(record: Record) -> bool:
    """Whether a record names a well-known publisher as its source.

    A record says so itself, so trust lowers demands and never replaces them.
    """
    inner = record.get("cve")
    for node in (record, inner if isinstance(inner, dict) else {}):
        for key, value in node.items():
            if plain_key(key) in SOURCE_FIELDS and _is_trusted_name(as_scalar(value).lower()):
                return True
    return False


def _is_trusted_name(name: str) -> bool:
    if name in TRUSTED_NAMES:
        return True
    match = _HOST.fullmatch(name)
    host = match.group(1) if match else ""
    return any(host == trusted or host.endswith("." + trusted) for trusted in TRUSTED_HOSTS)
