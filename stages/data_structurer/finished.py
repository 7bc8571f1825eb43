"""An answer as it is said: a catalog's prose without its marks, a name as it is written.

Knows kinds of records and what their texts leave out; asks nothing.  Invariant: what a form makes
is left as it is, and no word is changed but for an article, a mark or the letters of a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from stages.base import Record
from stages.data_structurer.answers import Answer
from stages.data_structurer.articles import of_kind, with_article, without_numbers
from stages.data_structurer.reading import Reading
from stages.data_structurer.subjects import NAMED
from stages.recipe.asks import FORM
from stages.text.kinds import VULNERABILITY, WEAKNESS
from stages.text.record_text import as_scalar, plain_fields
from stages.text.small_names import with_small_names


def finished(answer: Answer | None, reading: Reading) -> Answer | None:
    """An answer as it is said: a catalog's prose without its marks, a name as it is written."""
    prose = answer is not None and answer.by != FORM and not answer.text.startswith('"')
    if answer is not None and prose and reading.subject.kind in _OF_CATALOGS:
        answer = replace(answer, text=without_numbers(answer.text))
    if answer is not None and prose and reading.subject.kind == VULNERABILITY:
        answer = _of_others(replace(answer, text=with_article(answer.text)), reading.record)
    if answer is not None and answer.by != FORM and reading.subject.kind in NAMED:
        answer = replace(answer, text=of_kind(answer.text))
    if answer is not None and prose:
        answer = replace(answer, text=with_small_names(answer.text, reading.record, reading.text))
    return _spelled(answer, reading)


_OF_CATALOGS = frozenset({VULNERABILITY, WEAKNESS})


# Those who keep a product speak of themselves in its advisories.
_OURS = (
    (re.compile(r"(?:^|(?<=[.!?] )|(?<=- ))We\b", re.MULTILINE), "The {}"),
    (re.compile(r"\b[Ww]e\b(?!')"), "the {}"),
    (re.compile(r"\bour\b"), "their"),
    (re.compile(r"\bOur\b"), "Their"),
    (re.compile(r"\bus\b"), "them"),
)


_MAKERS = ("manufacturer", "maker", "vendor", "vendorname")


def _of_others(answer: Answer, record: Record) -> Answer:
    """What "we" say as what makers do where a field names them, the maintainers in an advisory of
    their repository, and else whoever has written it: a distribution, a researcher."""
    text, plain = answer.text, plain_fields(record)
    made = any(as_scalar(plain.get(one)) for one in _MAKERS)
    who = "makers" if made else "maintainers" if _is_of_repository(plain) else "advisory's authors"
    if not _OURS[1][0].search(text):
        return answer
    for own, others in _OURS:
        text = own.sub(others.format(who), text)
    return replace(answer, text=text, allowed=f"{answer.allowed} The {who} their them")


def _is_of_repository(plain: Mapping[str, Any]) -> bool:
    """Whether an entry, or an alias of it, is an advisory that maintainers write on GitHub."""
    aliases = plain.get("aliases")
    ids = [plain.get("ghsaid"), plain.get("id"), *(aliases if isinstance(aliases, list) else [])]
    return any(as_scalar(one).startswith("GHSA-") for one in ids)


def _spelled(answer: Answer | None, reading: Reading) -> Answer | None:
    """The answer with the record's name as it is written, if it begins with it: "netpeel"."""
    name = reading.subject.short
    if answer is None or answer.text.startswith(name) or not _is_spelled_small(name):
        return answer
    begins = answer.text.lower().startswith(f"{name.lower()} ")
    return replace(answer, text=name + answer.text[len(name) :]) if begins else answer


def _is_spelled_small(name: str) -> bool:
    """Whether a name itself begins with a small letter, and not only its article."""
    return name[:1].islower() and not name.startswith("the ")
