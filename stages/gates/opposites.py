"""Words by which a sentence says the opposite of another: by a prefix, or another word.

Knows prefixes of negation and pairs of verbs and adjectives of the field; no grammar.
Invariant: a word that both sentences have, about the same thing, turns nothing round.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from stages.gates.words import FUNCTION_WORDS, stem

# Letters that have to stand behind a prefix: "inform" is not the opposite of "form".
_PREFIXES = {"un": 4, "non": 4, "in": 5, "im": 5, "ir": 5, "il": 5, "dis": 5, "mis": 6, "de": 6}
_PAIRS = (
    ("enable", "disable"), ("encrypt", "decrypt"), ("encode", "decode"), ("accept", "reject"),
    ("before", "after"), ("above", "below"), ("increase", "decrease"), ("online", "offline"),
    ("upload", "download"), ("internal", "external"), ("local", "remote"), ("always", "never"),
    ("inbound", "outbound"), ("minimum", "maximum"), ("include", "exclude"), ("import", "export"),
    ("public", "private"), ("higher", "lower"), ("strong", "weak"), ("malicious", "benign"),
    ("older", "newer"), ("earlier", "later"), ("fewer", "more"), ("less", "more"),
)  # fmt: skip
_About = dict[str, frozenset[str]]  # the words beside each word, wherever it stands
# Content words on either side that tell what a word is about; fewer where both sentences have it.
NEAR, NEXT = 2, 1


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for one, two in _PAIRS:
        found.setdefault(stem(one), set()).add(stem(two))
        found.setdefault(stem(two), set()).add(stem(one))
    return {word: frozenset(others) for word, others in found.items()}


_OPPOSITES = _opposites()


def turned_words(said: Sequence[str], told: Sequence[Sequence[str]]) -> list[str]:
    """The words of a sentence that say the opposite of what other sentences say.

    Such a word counts if those have its opposite, and not the word, beside what it stands beside
    here.  Sentences are tokens, in lower case.
    """
    plain = [word for sentence in told for word in (*sentence, "")]
    near, far = ((_about(said, most), _about(plain, most)) for most in (NEXT, NEAR))
    stems = {word: stem(word) for word in said}
    return [
        word for word, one in stems.items() if _is_turned(one, *(near if one in near[1] else far))
    ]


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
