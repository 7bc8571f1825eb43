"""The language of a text: as the record states it, else as its words and letters show.

English is told by its commonest words, other languages by the detector py3langid; technical
English is short and full of names, so in doubt a text of Latin letters is English.  Invariant:
a code of two letters, or an empty string for a text without words.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from stages.base import Record
from stages.text.record_text import plain_key, without_original

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

READ_AT_MOST = 2_000  # characters
LEAST_ENGLISH = 0.12  # share of words that are among the commonest English ones
SURE = 0.95  # probability from which the detector is believed against English
SHORTEST = 6  # words of Latin letters below which nothing is detected
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    "the of and to in is a that it for on with as by an be are this from or can may which not"
    " when has have was were into its their at before via allows could all if will they used"
    " using attackers attacker users user remote arbitrary through after any".split()
)
_NAMES = {"eng": "en", "english": "en", "jpn": "ja", "spa": "es", "fra": "fr", "deu": "de",
          "ger": "de", "rus": "ru", "chi": "zh", "zho": "zh", "por": "pt", "kor": "ko"}  # fmt: skip
# Languages of security feeds: fewer to choose among is fewer mistakes.
KNOWN = ("en", "es", "fr", "de", "it", "pt", "nl", "pl", "cs", "ru", "uk", "zh", "ja", "ko", "tr",
         "ar", "fa", "he", "hi", "sv", "da", "no", "fi",
         "hu", "ro", "el", "vi", "id", "th")  # fmt: skip

ENGLISH = "en"
OTHERS_KNOWN = tuple(code for code in KNOWN if code != ENGLISH)


def language_of(record: Record, text: str) -> str:
    """The language that a record states for itself, else that of its text.

    A text in plain English is English whatever is stated: "cs" may be C#, and "pl" Perl.  A text
    in plain Spanish is none because "en" is stated, as feeds and templates do of every text.
    """
    plain = {plain_key(key): value for key, value in without_original(record).items()}
    for name in ("language", "lang"):
        stated = plain.get(name)
        if isinstance(stated, str) and (code := short_code(stated)) in KNOWN:
            if code == "en":
                return detected(text) or code
            return "en" if _is_surely_english(text) else code
    return detected(text)


def short_code(name: str) -> str:
    """ "en" of "eng", "en-GB" or "English"; empty for what is no name of a language."""
    first = re.split(r"[-_\s]", name.strip().lower())[0]
    return _NAMES.get(first, first if re.fullmatch(r"[a-z]{2}", first) else "")


def _is_surely_english(text: str) -> bool:
    """Whether both its words and the detector say so; Dutch shares many short words with it."""
    words = [word.lower() for word in _WORD.findall(text[:READ_AT_MOST])]
    common = sum(word in _ENGLISH for word in words)
    if len(words) < SHORTEST or common < LEAST_ENGLISH * len(words):
        return False
    code, probability = _detector().classify(text[:READ_AT_MOST])
    return str(code) == "en" and probability >= SURE


def detected(text: str) -> str:
    """The language of a text by its words; empty without any."""
    words = [word.lower() for word in _WORD.findall(text[:READ_AT_MOST])]
    if not words:
        return ""
    latin = sum(word[0] < "\u0250" for word in words) / len(words)
    if latin > 0.5 and sum(word in _ENGLISH for word in words) >= LEAST_ENGLISH * len(words):
        return "en"
    if latin > 0.5 and len(words) < SHORTEST:
        return "en"
    code, probability = _detector().classify(text[:READ_AT_MOST])
    return str(code) if latin <= 0.5 or probability >= SURE else "en"


@cache
def _detector() -> LanguageIdentifier:
    """Read once a process, when the first text needs it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(KNOWN))
    return identifier
