"""Sentences in another script between English ones, which say again what those say.

Knows scripts by their letters, and no language but English.  Invariant: only whole sentences go,
from lines that have English ones too, and what is quoted or announced stays.
"""

from __future__ import annotations

import re

from stages.text.language import is_surely_english

_LETTERS = r"\u0370-\u1dff\u2e80-\u2fff\u3040-\ud7ff\uf900-\ufaff"  # of other scripts than Latin
_FEW = re.compile(rf"(?:[{_LETTERS}][^\n.!?]{{0,3}}){{4}}")
_ENDS = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*")
_OTHER = re.compile(rf"[{_LETTERS}]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_QUOTED = re.compile(r"[\"'\u2018-\u201e\u00ab\u00bb\u300c-\u300f`]")


def without_foreign_sentences(text: str) -> str:
    """An English text without sentences that stand between English ones in another script."""
    if not _FEW.search(text):
        return text
    kept = "\n".join(_kept(line) for line in text.split("\n"))
    return kept if 2 * len(kept) > len(text) and is_surely_english(kept) else text


def _kept(line: str) -> str:
    if not _FEW.search(line):
        return line
    said = [one for one in _ENDS.split(line) if one]
    own = [one for one in said if not _is_foreign(one)]
    return " ".join(own) if own and len(own) < len(said) else line


def _is_foreign(sentence: str) -> bool:
    """Whether it is a whole sentence that begins in another script and is mostly in it."""
    whole = _OTHER.match(sentence) and sentence[-1] in ".!?。！？"
    if not whole or _QUOTED.search(sentence):
        return False
    return len(_OTHER.findall(sentence)) > len(_LATIN.findall(sentence))
