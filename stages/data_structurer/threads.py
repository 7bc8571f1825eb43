"""A question that a record asks, and the answer that was accepted: a pair as it stands.

Knows the fields of threads, pages of questions and chats, and which question can stand alone.
Invariant: both are the record's own words, whole, and an answer that nobody has accepted is none
where there are several.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stages.data_structurer.own_fields import own_fields
from stages.data_structurer.pointers import points_back
from stages.data_structurer.reading import Reading
from stages.gates.gates import is_clean
from stages.text.chats import question_of, turns_of
from stages.text.clean import clean_text
from stages.text.objects import ACCEPTED_MARK, mark_of
from stages.text.parts import MOST_CHARACTERS
from stages.text.record_text import as_scalar, plain_fields

_ASKS = "question questiontitle q title subject topic".split()
_ANSWERS = "acceptedanswer bestanswer answer a reply".split()
_LISTS = "answers replies responses".split()
_SAID = "text body answer content message said reply".split()
WORDS = range(5, 31)  # of a question, and
LEAST_WORDS = 8  # of an answer
# A question that can stand alone: of one line, in general, and not on the asker's own affairs.
_GOOD = re.compile(
    r"(?:(?:how|what|which|why|when|where|who|is|are|can|could|does|do|should|may|must|will)\b"
    r"|(?:in|on|for|at|by|to|with|under|from) (?:what|which|whom)\b)[^\n?]*\?",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:I|me|my|mine|we|us|our|ours|you|your|here)\b|\b(?:this|that|these|those)\b", re.I
)
# An answer that speaks to the asker, or to those who have answered before.
_TO_SOMEBODY = re.compile(
    r"\b(?:you (?:said|say|wrote|posted|asked|mention\w*|describe\w*|show\w*)|your (?:own|code"
    r"|logs?|screenshot|snippet|question|post|case|example|output|config\w*)|as (?:\w+ )?"
    r"(?:said|above|noted)|(?:answer|comment|post|reply) (?:above|below)|OP)\b|(?<!\w)@\w"
    r"|^(?:thanks|same|me too|\+1)\b",
    re.IGNORECASE,
)


def asked_and_answered(reading: Reading) -> tuple[str, str] | None:
    """The record's question and the answer to it that was accepted, if both can stand alone."""
    plain = plain_fields(own_fields(reading.record))
    asked = next((one for key in _ASKS if _is_good(one := as_scalar(plain.get(key)))), "")
    said = _accepted(plain) if asked else ""
    if not asked:
        chats = (turns_of(one) for one in plain.values() if isinstance(one, list))
        asked, said = question_of(next(filter(None, chats), []))
    said = clean_text(said) if _is_good(asked) else ""
    wording = reading.recipe.bounds.wording
    fits = LEAST_WORDS <= len(said.split()) and len(said) <= MOST_CHARACTERS
    if not fits or _TO_SOMEBODY.search(said) or not is_clean(asked, wording):
        return None
    return " ".join(asked.split()), said


def _is_good(asked: str) -> bool:
    alone = _GOOD.fullmatch(asked) and not _OWN.search(asked) and not points_back(asked)
    return bool(alone) and len(asked.split()) in WORDS


def _accepted(plain: Mapping[str, Any]) -> str:
    """The accepted answer as it stands, or the only one; empty where nobody has accepted any."""
    lists = [one for key in _LISTS if isinstance(one := plain.get(key), list)]
    alone = [text for key in _ANSWERS if (text := _text_of(plain.get(key)))]
    if len(alone) == 1 and not lists:
        return alone[0]
    stated = [text for key in _ANSWERS[:2] if (text := _text_of(plain.get(key)))]
    entries = [plain_fields(one) for answers in lists for one in answers if isinstance(one, dict)]
    stated += [_text_of(one) for one in entries if mark_of(one) == ACCEPTED_MARK]
    return stated[0] if len(stated) == 1 else ""


def _text_of(value: Any) -> str:
    if isinstance(value, Mapping):
        plain = plain_fields(value)
        return next((one for key in _SAID if (one := _text_of(plain.get(key)))), "")
    return value.strip() if isinstance(value, str) else ""
