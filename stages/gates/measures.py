"""What the gates measure of an answer against its source; figures only, no bounds.

Knows words and sentences; knows nothing of records or models.  Invariant: a text that is its
own source is grounded and verbatim throughout, and has no negation and no literal of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from stages.gates.opposites import turned_words
from stages.gates.unwrapped import Piece, pieces
from stages.gates.words import WORD, content, content_words, negated, rouge_l, tokens
from stages.text.literals import VERSION, Literal, literals, missing
from stages.text.sentences import sentence_ends

RUN = 4  # words in a row that count as taken over from the source
COVERED = 0.5  # share of a source's sentence that an answer says when it is about that sentence
_BEFORE = re.compile(r"([^\W\d_]+)[^\w.!?\n]*$")  # within the sentence


@dataclass(frozen=True)
class Span:
    """A stretch of the source, in characters: source[start:end]."""

    start: int
    end: int


@dataclass(frozen=True)
class SourceText:
    """The text an answer is measured against, and the words that it may use besides.

    `allowed` are words that are known without standing in the text: the record's name, and the
    fixed words of a form.
    """

    text: str
    allowed: str = ""

    @property
    def known(self) -> str:
        """All that an answer's words and literals may come from."""
        return f"{self.text}\n{self.allowed}"


def sentences(text: str) -> list[str]:
    """The sentences of a text; what stands behind the last full stop is one too."""
    ends = [0, *sentence_ends(text), len(text)]
    pieces = (text[a:b].strip() for a, b in zip(ends, ends[1:], strict=False))
    return [line.strip() for piece in pieces for line in piece.split("\n") if line.strip()]


def grounded_share(answer: str, source: SourceText) -> float:
    """The share of an answer's words that are known or carry no meaning; 1 without any words."""
    words = tokens(answer)
    known = set(content_words(source.known))
    unknown = sum(word not in known for word in content(words))
    return 1 - unknown / len(words) if words else 1.0


def new_words(answer: str, instruction: str) -> int:
    """How many content words an answer has that its instruction has not."""
    return len(set(content_words(answer)) - set(content_words(instruction)))


def verbatim_spans(answer: str, text: str) -> list[Span]:
    """The stretches of a text that an answer takes over, RUN words or more each."""
    return [span for _, span in _runs(answer, text)]


def verbatim_share(answer: str, text: str) -> float:
    """The share of an answer's words that stand in such stretches, 0 to 1."""
    count = len(WORD.findall(answer))
    return sum(size for size, _ in _runs(answer, text)) / count if count else 0.0


def _runs(answer: str, text: str) -> list[tuple[int, Span]]:
    """Number of words and place in the text of each run, from left to right in the answer."""
    said = [match.group().lower() for match in WORD.finditer(answer)]
    places = list(WORD.finditer(text))
    read = [match.group().lower() for match in places]
    index: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(read) - RUN + 1):
        index.setdefault(tuple(read[at : at + RUN]), []).append(at)
    found, at = [], 0
    while at <= len(said) - RUN:
        starts = index.get(tuple(said[at : at + RUN]), [])
        size, start = max(((_common(said, at, read, s), s) for s in starts), default=(0, 0))
        if size:
            found.append((size, Span(places[start].start(), places[start + size - 1].end())))
        at += max(size, 1)
    return found


def _common(one: list[str], at: int, two: list[str], start: int) -> int:
    size = 0
    while at + size < len(one) and start + size < len(two) and one[at + size] == two[start + size]:
        size += 1
    return size


def other_negations(answer: str, source: SourceText) -> list[str]:
    """Negations and opposites by which a sentence turns round what the source says.

    A sentence is held against those of the source that it mostly covers.  A negation of its own
    counts if they have none left for it; one of theirs, if its verb is said without it; a word, if
    they say the opposite of it.  One that stands in the source in a row turns nothing round, even
    where a line of the source ends within it, unless what introduces it there negates it.
    """
    spoken = frozenset(tokens(answer))
    read = [_Told(one) for one in pieces(source.known, spoken)]
    text = _Told(Piece(source.known))
    fixed = set(tokens(source.allowed))
    return [
        word
        for said in (one.full for one in pieces(answer))
        if not (_stands(said, fixed, read, text) and not any(one.negates(said) for one in read))
        for word in _turned(said, read)
    ]


def _stands(said: str, fixed: set[str], read: list[_Told], text: _Told) -> bool:
    """Whether the source has a sentence as it is said, but for fixed words in front of it."""
    return _goes_on_in_full(said, fixed, read) or text.holds_all(said)


def _goes_on_in_full(said: str, fixed: set[str], read: list[_Told]) -> bool:
    """Whether a sentence is one of the source's behind fixed words such as "It looks for"."""
    rest = list(dropwhile(lambda word: word in fixed or word in _ARTICLES, tokens(said)))
    return len(rest) >= RUN and any(one.goes_on(" ".join(rest)) for one in read)


_ARTICLES = frozenset({"a", "an", "the"})


class _Told:
    """A sentence of the source with what it is compared by."""

    def __init__(self, piece: Piece) -> None:
        self.read = tokens(piece.full)
        self.plain = " ".join(self.read)
        self.words = set(content_words(piece.full))
        self.negated = negated(piece.full)
        self._lead = " ".join(tokens(piece.lead))

    def holds(self, plain: str) -> bool:
        """Whether words stand in it in a row, with no negation left out before them."""
        before, found, _ = self.plain.partition(plain)
        led = bool(self._lead) and len(before) > len(self._lead)
        return bool(found) and not led and not negated(" ".join(before.split()[-1:]))

    def negates(self, said: str) -> bool:
        """Whether words stand in it behind what introduces them by a negation."""
        if not self._lead:
            return False
        before, found, _ = self.plain.partition(" ".join(tokens(said)))
        return bool(found) and len(before) > len(self._lead)

    def holds_all(self, said: str) -> bool:
        """Whether a sentence of RUN words or more stands in it in a row, and is not negated."""
        words = tokens(said)
        whole = f" {self.plain} ".find(f" {' '.join(words)} ") >= 0
        return len(words) >= RUN and whole and self.holds(" ".join(words))

    def goes_on(self, plain: str) -> bool:
        """Whether it is these words, but for a few in front of which none negates."""
        before, found, _ = self.plain.partition(plain)
        return bool(found) and len(before.split()) < RUN and not negated(before)

    def covered_by(self, words: set[str]) -> float:
        return len(self.words & words) / len(self.words) if self.words else 0.0


def _turned(said: str, read: list[_Told]) -> list[str]:
    plain, words = " ".join(tokens(said)), set(content_words(said))
    if not plain or not read or any(one.holds(plain) for one in read):
        return []
    nearest = max(read, key=lambda one: len(words & one.words))
    told = [one for one in read if one is nearest or one.covered_by(words) >= COVERED]
    mine = negated(said)
    theirs = [one for sentence in told for one in sentence.negated]
    added = Counter(word for word, _ in mine) - Counter(word for word, _ in theirs)
    heads = {head for _, head in mine}
    lost = {word for word, head in theirs if head in words and head not in heads}
    turned = turned_words(tokens(said), [one.read for one in told])
    return sorted([*added.elements(), *lost, *turned])


def loops(answer: str, text: str) -> bool:
    """Whether an answer goes round in circles: a run of words twice in a sentence, or a sentence
    that says again what an earlier one said.  What stands in the source like that is no loop, but
    for one sentence that begins as another goes on; nor are quotes and heads of letters."""
    kept: list[list[str]] = []
    known = " ".join(tokens(text))
    for sentence in sentences(_QUOTES.sub("", answer)):
        words = tokens(sentence)
        runs = [tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)]
        if any(says_again(words, one) or says_again(one, words) for one in kept):
            return True
        if " ".join(words) not in known:
            if len(set(runs)) < len(runs) or any(rouge_l(words, one) > 0.75 for one in kept):
                return True
        kept.append(words)
    return False


_QUOTES = re.compile(
    r"^(?:(?:[^:\n]{1,60}: )?>|(?:From|To|Cc|Date|Sent|Subject): )[^\n]*\n?", re.MULTILINE
)


def says_again(words: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a sentence of RUN words or more is another's beginning, or all of it."""
    return len(words) >= RUN and list(other[: len(words)]) == list(words)


def echoed_share(answer: str, instruction: str, name: str = "") -> float:
    """How much of an instruction, without the name it asks about, comes again in the answer."""
    frame = tokens(instruction.replace(name, " ") if name else instruction)
    if len(frame) < 6:
        return 0.0
    said = tokens(answer.replace(name, " ") if name else answer)[: 2 * len(frame)]
    return rouge_l(frame, said) * (len(frame) + len(said)) / 2 / len(frame)


def invented_literals(answer: str, source: SourceText) -> list[Literal]:
    """The literals of an answer that its source does not have, character by character."""
    return missing(answer, source.known)


_SHORTEST_CODE = 12  # characters of a line without its marks


def unquoted_code(answer: str, source: SourceText) -> list[str]:
    """Lines of an answer that were code with backticks in its source, as in a query, and have lost
    them: a macro has become the name of a field."""
    found = []
    for line in map(str.strip, source.text.split("\n") if "`" in source.text else ()):
        bare = line.replace("`", "")
        if len(line) > len(bare) >= _SHORTEST_CODE and bare in answer and line not in answer:
            found.append(bare)
    return found


def moved_versions(answer: str, source: SourceText) -> list[Literal]:
    """Versions that stand behind another word than anywhere in the source: "in 2.0.8" is not
    "before 2.0.8"."""
    return [
        literal
        for literal in literals(answer)
        if literal.kind == VERSION and _word_before(answer, literal.start)
        not in {_word_before(source.known, at) for at in _places(literal.text, source.known)}
    ]  # fmt: skip


def _places(text: str, within: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(text), within)]


def _word_before(text: str, at: int) -> str:
    match = _BEFORE.search(text[max(0, at - 40) : at])
    return match[1].lower() if match else ""


def leaked_run(answer: str, shown: Collection[str], text: str) -> str:
    """Six words in a row that an answer has from what a prompt shows, and not from its source."""
    said, known = tokens(answer), " ".join(tokens(text))
    of_prompt = [" ".join(tokens(one)) for one in shown]
    for at in range(len(said) - 5):
        run = " ".join(said[at : at + 6])
        if run not in known and any(run in one for one in of_prompt):
            return run
    return ""
