"""Words by which a sentence says the opposite of another: by a prefix, another word, or its place.

Knows prefixes of negation, and pairs of verbs, states, settings and modal verbs of the field; no
grammar but what a verb acts on and what comes first.  Invariant: a word that both sentences have,
about the same thing, turns nothing round.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from stages.gates.words import FUNCTION_WORDS, content, stem

# Letters that have to stand behind a prefix: "inform" is not the opposite of "form".
_PREFIXES = {"un": 4, "non": 4, "in": 5, "im": 5, "ir": 5, "il": 5, "dis": 5, "mis": 6, "de": 6}
# What is so, wherever what it says this of stands.
_STATES = (
    ("before", "after"), ("above", "below"), ("online", "offline"), ("internal", "external"),
    ("local", "remote"), ("always", "never"), ("inbound", "outbound"), ("minimum", "maximum"),
    ("public", "private"), ("higher", "lower"), ("strong", "weak"), ("malicious", "benign"),
    ("older", "newer"), ("earlier", "later"), ("fewer", "more"), ("less", "more"),
)  # fmt: skip
# What is done to something: it stands behind the verb, or before it in the passive.
_ACTS = (
    ("enable", "disable"), ("encrypt", "decrypt"), ("encode", "decode"), ("accept", "reject"),
    ("increase", "decrease"), ("upload", "download"), ("include", "exclude"), ("import", "export"),
    ("allow", "block"), ("allow", "deny"), ("allow", "disallow"), ("permit", "deny"),
    ("permit", "block"),
)  # fmt: skip
# What one sentence has of both, of two things: "writes" alone may be a paraphrase of "reads".
_EXCHANGED = (("read", "write"),)
# How something is set: it stands before the word.
_SETTINGS = (("on", "off"), ("true", "false"))
# What is sure, or demanded, of what is only possible.
_SURE = {"will": ("may", "might", "could"), "must": ("may", "might", "could", "can")}

# Content words on either side that tell what a word is about; fewer where both sentences have it.
NEAR, NEXT = 2, 1
MOST_OBJECTS = 3  # content words that tell what a verb acts on, or what comes first
_TO_WITHIN = 6  # words behind "from" among which its "to" stands

_PASSIVE = frozenset("is are was were be been being get gets got stays remains".split())
_DETERMINERS = frozenset("a an the all any each every its their these this those your".split())
_LINKS = frozenset(
    "and or but where when while if unless until because so then before after which who".split()
)
_BEHIND_A_SETTING = frozenset("and or but if when while so then unless until which".split())
_SET = _PASSIVE | frozenset("turned switched turn switch default by to with as".split())

_About = dict[str, frozenset[str]]  # the words beside each word, wherever it stands


def _both_ways(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for one, two in pairs:
        found.setdefault(stem(one), set()).add(stem(two))
        found.setdefault(stem(two), set()).add(stem(one))
    return {word: frozenset(others) for word, others in found.items()}


_OPPOSITES = _both_ways(_STATES)
_DONE = _both_ways((*_ACTS, *_EXCHANGED))
_SET_TO = _both_ways(_SETTINGS)
_ONLY_EXCHANGED = frozenset(_both_ways(_EXCHANGED))
_TURNS = _DONE | _SET_TO | {sure: frozenset(others) for sure, others in _SURE.items()}
_MODALS = frozenset(_SURE).union(*_SURE.values())


@dataclass(frozen=True)
class _Use:
    """A verb, a setting or a modal verb, what it says that of, and where it stands."""

    stem: str
    about: frozenset[str]
    at: int


@dataclass(frozen=True)
class _Order:
    """What comes first and what later: of "before" and "after", or of "from" and "to"."""

    is_range: bool
    first: frozenset[str]
    later: frozenset[str]
    at: int

    def turned(self) -> _Order:
        """The same with its sides exchanged."""
        return replace(self, first=self.later, later=self.first)

    def shares(self, other: _Order) -> int:
        """How many words both have on the same sides."""
        return len(self.first & other.first) + len(self.later & other.later)

    def matches(self, other: _Order) -> int:
        """The same where both sides share some, else 0."""
        both = self.first & other.first and self.later & other.later
        return self.shares(other) if both else 0


def turned_words(said: Sequence[str], told: Sequence[Sequence[str]]) -> list[str]:
    """The words of a sentence that say the opposite of what other sentences say.

    Such a word counts if those have its opposite, and not the word, about what it is about here;
    "before" also where what stands on its sides has changed places.  Sentences are tokens, in
    lower case.
    """
    plain = [word for sentence in told for word in (*sentence, "")]
    orders = [*_orders(plain)]
    kept = {one.at for one in _orders(said) if _is_kept(one, orders)}
    turned = {one.at for one in _orders(said) if _has_changed(one, orders)}
    turned |= {at for at in _turned_states(said, plain) if at not in kept}
    uses = [*_uses(plain)]
    turned |= {one.at for one in _uses(said) if _is_turned_use(one, uses)}
    return list(dict.fromkeys(said[at] for at in sorted(turned)))


def _turned_states(said: Sequence[str], plain: Sequence[str]) -> Iterator[int]:
    """Where a word stands that has a prefix, or names a state, and is turned."""
    near, far = ((_about(said, most), _about(plain, most)) for most in (NEXT, NEAR))
    for at, word in enumerate(said):
        one = stem(word)
        if one not in _DONE and _is_turned(one, *(near if one in near[1] else far)):
            yield at


def _is_turned(word: str, here: _About, there: _About) -> bool:
    beside = here.get(word, frozenset())
    others = (there[other] for other in _opposites_of(word, there))
    return any(beside & other for other in others) and not beside & there.get(word, frozenset())


def _about(words: Sequence[str], most: int) -> _About:
    stems = [stem(word) for word in words if word not in FUNCTION_WORDS or stem(word) in _OPPOSITES]
    found: dict[str, set[str]] = {}
    for at, word in enumerate(stems):
        beside = (*stems[max(0, at - most) : at], *stems[at + 1 : at + 1 + most])
        found.setdefault(word, set()).update(one for one in beside if one)
    return {word: frozenset(beside) for word, beside in found.items()}


def _opposites_of(word: str, known: Collection[str]) -> Iterator[str]:
    """The opposites of a word that are among those known, all as stems."""
    yield from (other for other in _OPPOSITES.get(word, ()) if other in known)
    for prefix, least in _PREFIXES.items():
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) >= least and rest in known:
            yield rest
        if len(word) >= least and prefix + word in known:
            yield prefix + word


def _is_turned_use(use: _Use, told: Sequence[_Use]) -> bool:
    """Whether the opposite of a word is told of more of what it is said of than the word is; of
    "it" and "them" nobody knows."""
    opposite = [len(use.about & one.about) for one in told if one.stem in _TURNS.get(use.stem, ())]
    same = [len(use.about & (one.about or use.about)) for one in told if one.stem == use.stem]
    if use.stem in _ONLY_EXCHANGED and not same:
        return False
    least = min(2, len(use.about)) if use.stem in _SURE else 1
    return max(opposite, default=0) >= max(least, max(same, default=0) + 1)


def _uses(words: Sequence[str]) -> Iterator[_Use]:
    for at, word in enumerate(words):
        if _is_act(words, at):
            about = _objects(words, at, -1 if _is_passive(words, at) else 1)
            yield _Use(stem(word), about, at)
        elif stem(word) in _SET_TO and _is_setting(words, at):
            yield _Use(stem(word), _objects(words, at, -1), at)
        elif word in _MODALS:
            yield _Use(word, _objects(words, at, 1), at)


def _is_act(words: Sequence[str], at: int) -> bool:
    """Whether a word is a verb of a pair, and no noun: "the export"."""
    word = _word_at(words, at)
    noun = not word.endswith("ed") and _word_at(words, at - 1) in _DETERMINERS
    return stem(word) in _DONE and not noun


def _is_passive(words: Sequence[str], at: int) -> bool:
    """Whether what a participle says is said of what stands before it."""
    if not words[at].endswith("ed"):
        return False
    behind = _word_at(words, at + 1)
    ends = not behind or (behind in FUNCTION_WORDS and behind not in _DETERMINERS)
    return ends or not _PASSIVE.isdisjoint(words[max(0, at - 2) : at])


def _is_setting(words: Sequence[str], at: int) -> bool:
    """Whether "on" is what something is, and not where it is."""
    behind = _word_at(words, at + 1)
    return _word_at(words, at - 1) in _SET and (not behind or behind in _BEHIND_A_SETTING)


def _word_at(words: Sequence[str], at: int) -> str:
    return words[at] if 0 <= at < len(words) else ""


def _objects(words: Sequence[str], at: int, step: int) -> frozenset[str]:
    """The content words next to a word on one side, within the clause; a verb beside it has them
    too: "read and write access"."""
    found: list[str] = []
    while (word := _word_at(words, at := at + step)) and len(found) < MOST_OBJECTS:
        shared = not found and (_is_act(words, at) or _is_act(words, at + step))
        if (word in _LINKS or _is_act(words, at)) and not shared:
            break
        found += content([word]) if not _is_act(words, at) else ()
    return frozenset(found)


def _side(words: Sequence[str], at: int, step: int) -> frozenset[str]:
    """The content words next to a word on one side, within the sentence."""
    found: list[str] = []
    while (word := _word_at(words, at := at + step)) and len(found) < MOST_OBJECTS:
        if word in ("before", "after"):
            break
        found += content([word])
    return frozenset(found)


def _orders(words: Sequence[str]) -> Iterator[_Order]:
    for at, word in enumerate(words):
        if word in ("before", "after"):
            sides = _side(words, at, -1), _side(words, at, 1)
            first, later = sides if word == "before" else sides[::-1]
            yield _Order(False, first, later, at)
        elif word == "from" and "to" in (between := words[at + 2 : at + _TO_WITHIN]):
            to = at + 2 + between.index("to")
            if "" not in words[at:to]:
                yield _Order(
                    True, frozenset(content(words[at + 1 : to])), _objects(words, to, 1), at
                )


def _has_changed(order: _Order, told: Sequence[_Order]) -> bool:
    """Whether what comes first here comes later there, and the other way round."""
    alike = [one for one in told if one.is_range == order.is_range]
    crossed = max((order.matches(one.turned()) for one in alike), default=0)
    return crossed > max((order.shares(one) for one in alike), default=0)


def _is_kept(order: _Order, told: Sequence[_Order]) -> bool:
    """Whether the same is told to come first, by whatever word."""
    alike = [one for one in told if one.is_range == order.is_range]
    return not _has_changed(order, alike) and any(order.matches(one) for one in alike)
