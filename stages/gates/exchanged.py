"""Words that stand in an answer where its source has others, or where it has them for another.

An answer's sentence that follows one of the source's is laid beside it, word by word: "two million"
beside "two thousand", "from A to B" beside "from B to A".  Knows words and their places, and
nothing of what they mean.  Invariant: a text that is its own source has exchanged nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from difflib import SequenceMatcher
from os.path import commonprefix

from stages.gates.numbers import is_number_word
from stages.gates.unwrapped import pieces
from stages.gates.words import FUNCTION_WORDS, stem

FOLLOWS = 0.7  # share of a sentence's words that stand in the one it follows
FEWEST = 3  # words that they have in common
MOST_OF_ITS_OWN = 3  # words: with more, a sentence is put in other words
_LONGEST = 400  # words of a sentence that is laid beside others
_MOST = 8  # sentences of the source that one is laid beside
_AROUND = ".,;:!?()[]{}<>\"'`*-\u201c\u201d\u2018\u2019\u2026\u2013\u2014"
_PROSE = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_BLANK = re.compile(r"\s+|(?<=[A-Za-z]{2}):(?=[A-Za-z])")  # "Phase:Design" are two words
_PARTED = re.compile(r"\s*[,;]\s*(?:and |or )?|\s+(?:and|or|&)\s+")
_MEMBER = 4  # words of a list's member
_NAME = ""  # what stands for a name or a literal, or for several in a row
Place = tuple[int, int]


class _Sentence:
    """A sentence as what stands between its blanks; words of one stem are one."""

    def __init__(self, text: str) -> None:
        both = ((run, run.strip(_AROUND)) for run in _BLANK.split(text))
        found = [(run, word) for run, word in both if word]
        self.words = [_as_compared(word) for _, word in found]
        self.distinct = frozenset(self.words)
        self.capitals = {_as_compared(word) for _, word in found[1:] if word[0].isupper()}
        self._runs = [run for run, _ in found]

    def shown(self, words: Sequence[str]) -> str:
        """Words of it as they stand there."""
        at = (self._runs[self.words.index(word)].strip(_AROUND) for word in words)
        return " ".join(at)

    def is_list(self, one: Place, other: Place) -> bool:
        """Whether two places are the ends of a list, whose order says nothing: "A, B and C"."""
        start, end = min(one[0], other[0]), max(one[1], other[1])
        members = _PARTED.split(" ".join(self._runs[start:end]).strip(_AROUND))
        return len(members) > 1 and all(len(one.split()) <= _MEMBER for one in members)

    def named(self, names: Set[str]) -> tuple[list[str], list[Place]]:
        """The words with _NAME for names and literals in a row, and where each stands."""
        kept: list[str] = []
        places: list[Place] = []
        for at, word in enumerate(self.words):
            is_name = word in names or not _PROSE.fullmatch(word)
            if is_name and kept and kept[-1] == _NAME and places[-1][1] == at:
                places[-1] = (places[-1][0], at + 1)
                continue
            kept.append(_NAME if is_name else word)
            places.append((at, at + 1))
        return kept, places


def _as_compared(word: str) -> str:
    plain = word.lower().replace("\u2019", "'")
    if not _PROSE.fullmatch(plain) or plain in FUNCTION_WORDS:
        return plain
    return stem(plain) if len(plain) > _SHORT else plain.removesuffix("s")


_SHORT = 5  # characters of a word without an ending but "s"


def exchanged(answer: str, text: str, allowed: str = "") -> list[str]:
    """What stands in an answer in another's place: "memcpy for strcpy".

    A pronoun may become a name, a word one of its stem, and the members of a list may stand in
    another order.  allowed: words that may stand in any place, such as the record's name.
    """
    plain = " ".join(_Sentence(text).words)
    told: list[_Sentence] = []
    free = set(_Sentence(allowed).words)
    found: list[str] = []
    for said in (_Sentence(one.text) for one in pieces(answer)):
        if FEWEST <= len(said.words) <= _LONGEST and " ".join(said.words) not in plain:
            told = told or [_Sentence(one.text) for one in pieces(text)]
            found += _least(said, told, free)
    return list(dict.fromkeys(found))


def _least(said: _Sentence, told: Sequence[_Sentence], free: Set[str]) -> list[str]:
    """What is exchanged beside a sentence that is followed; the least, where there are several."""
    least = max(FEWEST, FOLLOWS * len(said.distinct))
    alike = [(len(said.distinct & one.distinct), one) for one in told if len(one.words) <= _LONGEST]
    near = sorted((one for one in alike if one[0] >= least), key=lambda one: -one[0])[:_MOST]
    shown = [[*_replaced(said, one, free), *_turned(said, one)] for _, one in near]
    return min(shown, key=len, default=[])


def _replaced(said: _Sentence, one: _Sentence, free: Set[str]) -> Iterator[str]:
    """What stands in a sentence in the place of another one's words."""
    laid = _laid(one.words, said.words)
    own = [word for how, _, (c, d) in laid if how != "equal" for word in said.words[c:d]]
    if len(
        [word for word in own if word not in free - FUNCTION_WORDS]
    ) > MOST_OF_ITS_OWN or _gets_a_subject(said, one):
        return
    left_out = {word for how, (a, b), _ in laid if how == "delete" for word in one.words[a:b]}
    for how, (a, b), (c, d) in laid:
        mine, theirs = _weighing(said.words[c:d], free), _weighing(one.words[a:b])
        new = [word for word in mine if not any(_is_form_of(word, other) for other in theirs)]
        old = [word for word in theirs if not any(_is_form_of(word, other) for other in mine)]
        moved = set(new) <= left_out - said.capitals and all(map(_PROSE.fullmatch, new))
        is_one = how == "replace" and new and 0 < len(old) <= MOST_OF_ITS_OWN
        if is_one and not moved and not _is_of_the_list(new, one, (a, b)):
            yield f"{said.shown(new)} for {one.shown(old)}"


def _gets_a_subject(said: _Sentence, one: _Sentence) -> bool:
    """Whether a note becomes a sentence: "It looks for ..." of "Detects ..."."""
    return said.words[0] == "it" != one.words[0]


def _is_of_the_list(words: Sequence[str], one: _Sentence, place: Place) -> bool:
    """Whether words have only changed their place in a list."""
    at = [one.words.index(word) for word in words if word in one.distinct]
    return len(at) == len(words) and all(one.is_list(place, (n, n + 1)) for n in at)


def _turned(said: _Sentence, one: _Sentence) -> Iterator[str]:
    """Names and literals each of which stands where the other one stood."""
    names = said.capitals | one.capitals
    read, places = one.named(names)
    words, at = said.named(names)
    stands: dict[tuple[str, ...], tuple[tuple[str, ...], Place]] = {}
    for how, (a, b), (c, _) in _laid(read, words):
        for n in (n for n in range(a, b) if how == "equal" and read[n] == _NAME):
            start, end = at[c + n - a]
            place = places[n]
            now, was = tuple(said.words[start:end]), tuple(one.words[place[0] : place[1]])
            stands[now] = (was, place)
    for now, (was, place) in stands.items():
        there, other = stands.get(was, (was, place))
        if now != was and there == now and not one.is_list(place, other):
            yield f"{said.shown(now)} for {one.shown(was)}"


def _laid(one: list[str], two: list[str]) -> list[tuple[str, Place, Place]]:
    """How one becomes two: what is equal, replaced, put in or left out."""
    laid = SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    return [(how, (a, b), (c, d)) for how, a, b, c, d in laid]


def _weighing(words: Sequence[str], free: Set[str] = frozenset()) -> list[str]:
    """Those of the words that say what a sentence is about."""
    return [
        word
        for word in words
        if word not in free
        and (word not in FUNCTION_WORDS or is_number_word(word))
        and (len(word) > 1 or not word.isalpha())
    ]


def _is_form_of(word: str, other: str) -> bool:
    """Whether two words are one but for their endings, as "written" and "writes" are."""
    size = len(commonprefix((word, other)))
    is_prose = _PROSE.fullmatch(word) and _PROSE.fullmatch(other)
    return word == other or bool(is_prose and size > 2 and {word[size:], other[size:]} <= _ENDINGS)


_ENDINGS = frozenset({"", *"s es e ed d ing en n ten ies y ied er t al ly an".split()})
