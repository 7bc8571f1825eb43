"""The language of a record: as it states it, else as its text shows.

Knows names of fields.  Invariant: a code of two letters, or an empty string for a text without
words; what is stated counts only where the text is in doubt.
"""

from __future__ import annotations

from stages.base import Record
from stages.text.language import (
    ENGLISH,
    KNOWN,
    detected,
    is_in_another,
    is_surely_english,
    short_code,
)
from stages.text.record_text import plain_key, without_original


def language_of(record: Record, text: str) -> str:
    """The language that a record states for itself, else that of its text.

    A text in plain English is English whatever is stated: "cs" may be C#, and "pl" Perl.  A text
    in plain Spanish is none because "en" is stated, as feeds and templates do of every text.
    """
    plain = {plain_key(key): value for key, value in without_original(record).items()}
    for name in ("language", "lang"):
        stated = plain.get(name)
        if isinstance(stated, str) and (code := short_code(stated)) in KNOWN:
            if code == ENGLISH:
                return detected(text) or code
            return ENGLISH if is_surely_english(text) else code
    return detected(text)


def is_foreign(text: str, record: Record) -> bool:
    """Whether a field's passage is in another language than the filter has found of its record."""
    language = record.get("language") if isinstance(record.get("fields_from"), dict) else None
    return isinstance(language, str) and language in KNOWN and is_in_another(text, language)
