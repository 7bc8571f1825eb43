"""Things that an answer speaks of with "the", and that only the rest of the record brings in.

Knows articles and the words that stand for something known to everybody; no record's names.
Invariant: what the question or the answer itself has named is never missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from stages.data_structurer.reading import Reading
from stages.gates.unwrapped import pieces
from stages.gates.words import FUNCTION_WORDS, stem

# What needs no introduction, or stands behind "the" in other senses.
_KNOWN = frozenset(
    """user users password passwords attacker attackers system systems update updates version
    versions network internet vendor customer customers time day week month year issue problem flaw
    vulnerability incident attack fix patch same first second third other following next latest new
    current old rest end number way case fact use need default world police public press team staff
    management people person company organisation organization product software device devices
    computer computers machine report note text question source site page full whole main
    stack heap memory process kernel browser disk server servers host hosts""".split()
)
_THE = re.compile(r"\bthe ([a-z][\w'’-]*(?: [a-z][\w'’-]*)?)", re.IGNORECASE)
_FIRST = re.compile(r"(?:[A-Z][\w ]{1,40}: )?The ([a-z][\w'’-]*)")
_COUNTED = re.compile(r"\bthe (\d[\d,]* ([a-z][\w-]+))", re.IGNORECASE)  # "the 63 tenants"
# "both hosts", and "the same key" of one that was spoken of.
_EITHER = re.compile(
    r"\b(?:(?:either|neither|both) (?:of (?:the|these|those) )?"
    r"|the same (?=\w+(?:[.,;]|$| (?:at|in|to|with|from|by|again|there|here)\b)))"
    r"(?P<what>[a-z]\w{2,})\b",
    re.IGNORECASE | re.MULTILINE,
)
_BETWEEN = r"(?!(?:of|the|in|on|for|to|and|or|with|from|by|at|that|which|who|is|was|as)\b)"
_WORD = re.compile(r"[\w'’-]+")
_LABEL = re.compile(r"^[A-Z][\w ’'-]{1,40}:\s+")
SHORTEST = 4  # letters of a word that may name a thing


def unnamed(said: str, reading: Reading, first: bool = True) -> list[str]:
    """The words behind "the" in an answer that the record introduces elsewhere, "a driver", and
    that neither the answer before them nor the record's name has.

    first: the word behind "The" at its very beginning counts wherever else it stands.
    """
    rest = _rest(said, reading.source.text)
    missed: list[str] = []
    for at, words in _spoken_of(said):
        known = f"{reading.subject.name} {said[:at]}"
        if not any(has_word(known, word) for word in words):
            missed += [word for word in words if _may_name(word) and _brings_in(word, rest)]
    counted = (one for one in _COUNTED.finditer(said) if one[1] in rest)
    missed += [one[2] for one in counted if one[1] not in said[: one.start()]]
    missed += [one for one in _pointed_to(said) if has_word(rest, one)]
    begins = _FIRST.match(said) if first else None
    if begins and begins[1] not in _KNOWN and not has_word(reading.subject.name, begins[1]):
        missed += [begins[1]] if has_word(rest, begins[1]) else []
    return list(dict.fromkeys(missed))


def _spoken_of(said: str) -> Iterator[tuple[int, list[str]]]:
    """The words right behind each "the", up to one that tells of nothing, with the place of it."""
    for found in _THE.finditer(said):
        words = takewhile(lambda word: word not in FUNCTION_WORDS, found[1].split())
        yield found.start(), list(words)


def _pointed_to(said: str) -> Iterator[str]:
    """What an answer calls "either" or "the same" without having spoken of it."""
    for found in _EITHER.finditer(said):
        what = found["what"]
        if what not in FUNCTION_WORDS | _KNOWN and not has_word(said[: found.start()], what):
            yield what


def _may_name(word: str) -> bool:
    """Whether a word may stand for something that not everybody knows."""
    return len(word) >= SHORTEST and word not in _KNOWN


def _brings_in(word: str, rest: str) -> bool:
    """Whether a text has the word behind "a", with others between."""
    new = rf"\b(?:an?|one) (?:{_BETWEEN}[\w'’-]+ ){{0,3}}?{re.escape(word)}\b(?!-)"
    return re.search(new, rest, re.IGNORECASE) is not None


def has_word(text: str, word: str) -> bool:
    """Whether a text has a word, in whatever form."""
    own = stem(word.lower())
    return any(stem(one) == own for one in _WORD.findall(text.lower()))


def _rest(said: str, text: str) -> str:
    """A text without the sentences of an answer."""
    for one in pieces(said):
        words = _LABEL.sub("", one.text.lstrip("-•* ")).rstrip(".").split()
        text = re.sub(r"\s+".join(map(re.escape, words)), " ", text) if words else text
    return text
