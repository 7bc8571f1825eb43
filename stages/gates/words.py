"""Words of a text as the gates compare them: tokens, content words, stems, negations.

Knows English function words and endings, no grammar; other scripts count by their words or
characters as they come.  Invariant: the same text gives the same words, in reading order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

READ_AT_MOST = 200_000  # characters

# Words that say nothing about what a sentence is about.
FUNCTION_WORDS = frozenset(
    """a about above across after again against all allow allows almost along also although always
    am among an and any anyone anything are aren around as at away be became because become becomes
    been before behind being below between both but by came can could did do does doing done down
    during each either else enough even ever every everyone everything few for from further get
    gets give given go goes going had has have having he hence her here him his how however i if in
    instead into is it its itself just least less let lets like made make makes many may me might
    more moreover most much must my near need needs new now of off often on once one only onto or
    other others our out over own per perhaps put rather same she should since so some something
    still such take taken takes than that the their them themselves then there therefore these they
    thing things this those though through thus to together too toward towards under until up upon
    us use used uses using usually very via was we well were what when where whether which while
    who whole whom whose why will with within would yet you your""".split()
)
_NEGATIONS = frozenset(
    """not no never none nor neither nothing nobody nowhere cannot without don't doesn't didn't
    isn't aren't wasn't weren't won't can't couldn't shouldn't wouldn't haven't hasn't hadn't
    unable avoid avoids avoiding avoided prevent prevents preventing prevented fail fails failed
    failing lack lacks lacking missing only solely non""".split()
)
# Scripts that put no blanks between words: each character counts as one.
_IN_NO_BLANKS = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_IN_WORD = rf"[^\W_{_IN_NO_BLANKS}]"
NO_BLANKS = re.compile(f"[{_IN_NO_BLANKS}]")
WORD = re.compile(rf"{_IN_WORD}+(?:['’]{_IN_WORD}+)*|[{_IN_NO_BLANKS}]")
_ENDINGS = (
    ("ization", "iz"), ("isation", "iz"), ("izations", "iz"), ("ations", "at"), ("ation", "at"),
    ("ities", "it"), ("ity", "it"), ("ments", ""), ("ment", ""), ("ings", ""), ("ing", ""),
    ("ions", ""), ("ion", ""), ("ised", "iz"), ("ized", "iz"), ("ises", "iz"), ("izes", "iz"),
    ("ise", "iz"), ("ize", "iz"), ("ors", ""), ("ers", ""), ("or", ""), ("er", ""), ("ies", "y"),
    ("ied", "y"), ("ated", "at"), ("ates", "at"), ("ate", "at"), ("ed", ""), ("es", ""), ("ly", ""),
    ("al", ""), ("s", ""), ("e", ""),
)  # fmt: skip
_SHORTEST_STEM = 4  # characters


def tokens(text: str) -> list[str]:
    """The words and numbers of a text in lower case."""
    return [found.replace("’", "'") for found in WORD.findall(text[:READ_AT_MOST].lower())]


def content(words: Sequence[str]) -> list[str]:
    """Those of the words that carry meaning, as stems."""
    return [stem(word) for word in words if word not in FUNCTION_WORDS and _counts(word)]


def content_words(text: str) -> list[str]:
    """The stems of a text's words that carry meaning, in reading order."""
    return content(tokens(text))


def _counts(word: str) -> bool:
    return len(word) > 1 or not word.isascii() or word.isdigit()


def stem(word: str) -> str:
    """A word without its ending, so that "injects" and "injection" are one."""
    word = word.removesuffix("'s").removesuffix("s'")
    for ending, left in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(left) >= _SHORTEST_STEM:
            word = word[: -len(ending)] + left
            break
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word


def negated(text: str) -> list[tuple[str, str]]:
    """The negations of a sentence, each with the stem of what it negates, if a word follows.

    Adverbs are passed over: "does not properly check" negates the check.  "Only" counts as one.
    """
    words = tokens(text)
    found = []
    for at, word in enumerate(words):
        if word in _NEGATIONS or word.endswith("n't"):
            rest = (one for one in words[at + 1 : at + 6] if not _passed_over(one))
            plain = "not" if word.endswith("n't") else _PLAIN.get(word, word)
            found.append((plain, next(iter(content(list(rest))), "")))
    return found


def _passed_over(word: str) -> bool:
    return word.endswith("ly") or word == "longer"


_PLAIN = {
    "without": "no", "cannot": "not", "never": "not", "neither": "not", "nor": "not",
    "solely": "only", "non": "not",
}  # fmt: skip


def longest_common(one: Sequence[str], two: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(two) + 1)
    for word in one:
        before = 0
        for at, other in enumerate(two, 1):
            kept = row[at]
            row[at] = before + 1 if word == other else max(row[at], row[at - 1])
            before = kept
    return row[-1]


def rouge_l(one: Sequence[str], two: Sequence[str]) -> float:
    """ROUGE-L of two sequences of words: F1 of their longest common subsequence, 0 to 1."""
    if not one or not two:
        return 0.0
    return 2 * longest_common(one, two) / (len(one) + len(two))
