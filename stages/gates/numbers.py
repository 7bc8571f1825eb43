"""Numbers and what they count: "12 hospitals" is not "30 hospitals", and "March" is not "April".

Knows numbers in digits and in English words, and looks at the word behind them; months and days
of the week are numbers, too.  Invariant: a text that is its own source has moved no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stages.gates.words import READ_AT_MOST, content, stem, tokens

_WORDS = {
    word: str(number)
    for number, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty""".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70",
     "eighty": "80", "ninety": "90", "third": "3rd", "fourth": "4th", "fifth": "5th",
     "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th",
     "tenth": "10th"}  # fmt: skip
_MOSTLY_NO_NUMBER = frozenset({"zero", "one", "third"})  # "zero-day", "no one", "third party"
_COUNTING = frozenset(_WORDS) - _MOSTLY_NO_NUMBER
_MAGNITUDE = re.compile(r"\b(dozen|hundred|thousand|(?:m|b|tr)illion)s?\b", re.IGNORECASE)
_NEAR = 3  # content words behind a number among which is what it counts
_NUMBER = re.compile(r"\W?(\d[\d,]*(?:\.\d+|st|nd|rd|th)?)%?")
_AROUND = ".,;:!?()[]\"'\u201c\u201d"
# Of dates, by their first three letters.  "May" is one only beside a number.
_DATED = re.compile(
    r"\b(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|May(?=,? \d)|(?<=\d )May"
    r"|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?)\b"
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_IN_DIGITS = re.compile(r"\b\d{4}[-/](0[1-9]|1[0-2])\b")
_BREAK = ""  # where a sentence, a clause or a literal parts a number from what stands behind


def is_number_word(word: str) -> bool:
    """Whether a word in small letters is a number, as "one" may be."""
    return word in _WORDS


def moved_numbers(answer: str, text: str) -> list[str]:
    """Numbers in words that a text does not have, and those that count in an answer what another
    number counts in the text."""
    said, read = _words(answer), _words(text)
    known = set(read)
    counted: dict[str, set[str]] = {}
    counting: dict[str, set[str]] = {}  # the numbers that stand before a word
    for number, behind in _counts(read):
        counted.setdefault(number, set()).update(behind)
        counting.setdefault(next(iter(behind), ""), set()).add(number)
    moved = [word for word in tokens(answer) if word in _COUNTING and _WORDS[word] not in known]
    for number, behind in _counts(said):
        what = next(iter(behind), "")
        others = counting.get(what, set()) - {number}
        if what and others and number in counted and what not in counted[number]:
            moved.append(f"{number} {what}")
    return list(dict.fromkeys([*moved, *_magnitudes(answer, text), *_moved_dates(answer, text)]))


def _magnitudes(answer: str, text: str) -> list[str]:
    """Words such as "million" that a text does not have."""
    known = {found[1].lower() for found in _MAGNITUDE.finditer(text)}
    said = (found[1].lower() for found in _MAGNITUDE.finditer(answer[:READ_AT_MOST]))
    return [word for word in said if word not in known]


def _moved_dates(answer: str, text: str) -> list[str]:
    """Months and days of the week that a text does not name."""
    known = {found[1][:3] for found in _DATED.finditer(text)} | set(re.findall(r"\bMay\b", text))
    known |= {_MONTHS[int(found[1]) - 1] for found in _IN_DIGITS.finditer(text)}
    said = (found[1] for found in _DATED.finditer(answer[:READ_AT_MOST]))
    return [word for word in said if word[:3] not in known]


def _words(text: str) -> list[str]:
    """The words of a text, numbers in digits; what else has digits is a literal of another kind."""
    found: list[str] = []
    for run in text[:READ_AT_MOST].split():
        shown = run.strip(_AROUND)
        if number := _NUMBER.fullmatch(shown):
            found.append(number[1].replace(",", ""))
        elif any(map(str.isdigit, shown)):
            found.append(_BREAK)
        else:
            found += (_WORDS[word] if word in _COUNTING else word for word in tokens(shown))
        if run[-1:] in _AROUND:
            found.append(_BREAK)
    return found


def _counts(words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each number with the stems of the words behind it, up to the next number or break."""
    for at, word in enumerate(words):
        if not word[:1].isdigit():
            continue
        rest = words[at + 1 : at + 2 * _NEAR + 1]
        end = next((n for n, one in enumerate(rest) if not one or one[0].isdigit()), len(rest))
        yield word, [stem(one) for one in content(rest[:end])][:_NEAR]
