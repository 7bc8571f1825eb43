"""Sentences in another language between English ones, which say again what those say.

Knows scripts by their letters, and a sentence of Latin letters by its words.  Invariant: only whole
sentences go, each between English ones of which one has its names or numbers: any other may be what
a victim reads, as is what is quoted or announced.
"""

from __future__ import annotations

import re
from itertools import groupby

from stages.text.language import is_surely_english, surely_another

LEAST = 8  # words of three letters, below which a sentence of Latin letters is English
PER_WORD = 200  # characters of an English text that have one of its commonest words at least
_LETTERS = r"\u0370-\u1dff\u2e80-\u2fff\u3040-\ud7ff\uf900-\ufaff"  # of other scripts than Latin
_ENDS = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*")
_OTHER = re.compile(rf"[{_LETTERS}]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
# Names and numbers, which a translation has as well.
_NAMED = re.compile(
    r"(?<![A-Za-z\d])(?:[A-Z][A-Za-z\d-]{2,40}|[a-z]{0,20}\d(?:[A-Za-z\d.,:/-]{0,40}[A-Za-z\d])?)"
    r"(?![A-Za-z\d])"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_QUOTED = re.compile(r"[\"\u201c-\u201e\u00ab\u00bb\u300c-\u300f`]|(?<!\w)['\u2018\u2019]")
# What a sentence in front of one, or behind it, speaks of as words that were read.
ANNOUNCED = re.compile(
    r"\b(?:messages?|texts?|notes?|screens?|lures?|subjects?|titles?|titled|mails?|e-mails?|letters?"
    r"|banners?|captions?|posts?|phrases?|strings?|reads?|says?|said|writes?|wrote|written|displays?"
    r"|displayed|shows?|shown|quotes?|quoted|following|in (?:Arabic|Chinese|Farsi|French|German"
    r"|Japanese|Korean|Persian|Portuguese|Russian|Spanish|Ukrainian))\b|:\s*$",
    re.IGNORECASE,
)
TAKEN_UP = re.compile(
    r"\s*(?:the|this|that|these|those|its?|such|both) (?:messages?|texts?|notes?|screens?|lures?"
    r"|subjects?|titles?|letters?|banners?|captions?|posts?|phrases?|strings?|words?|sentences?"
    r"|means|reads|says|lines?)\b|.*\b(?:translat|in English\b)",
    re.IGNORECASE,
)
# A sentence of any length has one; no neighbour has many of them.
_ENGLISH = re.compile(
    r"\b(?:the|and|with|that|this|from|for|by|not|which|when|who|are|have|been|could|can|may|into|its"
    r"|they|their|using|used|via|through|if|before|after|or)\b",
    re.IGNORECASE,
)


def without_foreign_sentences(text: str) -> str:
    """An English text without whole sentences of another language between English ones."""
    if len(text) > PER_WORD * len(_ENGLISH.findall(text)):
        return text
    kept = "\n".join(_kept(line) for line in text.split("\n"))
    if kept == text or 2 * len(kept) < len(text) or not is_surely_english(kept):
        return text
    return kept


def _kept(line: str) -> str:
    """The line; what it begins or ends with may be a notice of its own, and stays."""
    said = [one for one in _ENDS.split(line) if one]
    if len(said) < 3:
        return line
    runs = [(foreign, list(run)) for foreign, run in groupby(said, _is_foreign)]
    if len(runs) < 3 or runs[0][0] or runs[-1][0]:
        return line
    kept = list(runs[0][1])
    for at, (foreign, run) in enumerate(runs[1:], 1):
        if not foreign or not _says_again(run, kept[-len(run) :], runs[at + 1][1][0]):
            kept += run
    return line if kept == said else " ".join(kept)


def _says_again(run: list[str], before: list[str], behind: str) -> bool:
    """Whether a run of foreign sentences has a name or number of those around it, which neither
    announce it nor take it up."""
    if ANNOUNCED.search(before[-1]) or _OTHER.search(before[-1]) or TAKEN_UP.match(behind):
        return False
    around = {one for said in (*before, behind) for one in _NAMED.findall(said)}
    return any(one in around for said in run for one in _NAMED.findall(said))


def _is_foreign(sentence: str) -> bool:
    """Whether it is whole, no quotation, and surely in another language."""
    if sentence[-1] not in ".!?。！？" or _ENGLISH.search(sentence) or _QUOTED.search(sentence):
        return False
    if _OTHER.match(sentence):
        return len(_OTHER.findall(sentence)) > len(_LATIN.findall(sentence))
    return len(_WORD.findall(sentence)) >= LEAST and bool(surely_another(sentence))
