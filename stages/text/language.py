"""The language of a text: as the record states it, else as its words and letters show.

English is told by words that only it has, and in doubt by the detector py3langid, which tells the
other languages; technical English is short and full of names, so in doubt a text of Latin letters
is English.  Invariant: a code of two letters, or an empty string for a text without words.
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
# Words of no neighbour: "in", "of", "is", "for" and "a" are Dutch, Danish or Portuguese, too.
_ENGLISH_ONLY = frozenset(
    "the and to with that this from which not when could they into their before through using"
    " used allows attackers were".split()
)
_ENGLISH = _ENGLISH_ONLY | frozenset(
    "of in is a it for on as by an be are or can may has have was its at via all if will attacker"
    " users user remote arbitrary after any".split()
)
# Languages of security feeds: fewer to choose among is fewer mistakes.
DETECTED = {
    "en": "eng english", "es": "spa spanish español castellano", "fr": "fra fre french français",
    "de": "deu ger german deutsch", "it": "ita italian italiano", "pt": "por portuguese português",
    "nl": "nld dut dutch nederlands", "pl": "pol polish polski", "cs": "ces cze czech čeština",
    "ru": "rus russian русский", "uk": "ukr ukrainian українська", "zh": "zho chi chinese 中文",
    "ja": "jpn japanese 日本語", "ko": "kor korean 한국어", "tr": "tur turkish türkçe",
    "ar": "ara arabic", "fa": "fas persian farsi", "he": "heb hebrew", "hi": "hin hindi",
    "sv": "swe swedish svenska", "da": "dan danish dansk",
    "no": "nor nob nno nb nn norwegian norsk bokmål nynorsk",
    "fi": "fin finnish suomi", "hu": "hun hungarian magyar", "ro": "ron rum romanian română",
    "el": "ell gre greek", "vi": "vie vietnamese", "id": "ind indonesian", "th": "tha thai",
}  # fmt: skip
# Those that only a record's statement tells: of other national teams, and their neighbours'.
_STATED = {
    "lt": "lit lithuanian lietuvių", "lv": "lav latvian latviešu", "et": "est estonian eesti",
    "hr": "hrv croatian hrvatski", "sl": "slv slovenian slovene", "sk": "slk slo slovak",
    "bg": "bul bulgarian български", "sr": "srp serbian srpski", "bs": "bos bosnian",
    "mk": "mkd macedonian", "sq": "sqi alb albanian shqip", "is": "isl icelandic",
    "mt": "mlt maltese", "ga": "gle irish", "ca": "cat catalan català", "gl": "glg galician",
    "eu": "eus baq basque euskara", "be": "bel belarusian",
    "ka": "kat geo georgian", "hy": "hye arm armenian", "az": "aze azerbaijani",
    "kk": "kaz kazakh", "ky": "kir kyrgyz", "uz": "uzb uzbek", "mn": "mon mongolian",
    "ms": "msa malay", "tl": "tgl tagalog filipino", "bn": "ben bengali bangla",
    "ta": "tam tamil", "te": "tel telugu", "ur": "urd urdu", "ne": "nep nepali",
    "si": "sin sinhala", "km": "khm khmer", "lo": "lao", "my": "mya bur burmese",
    "sw": "swa swahili", "af": "afr afrikaans", "am": "amh amharic", "lb": "ltz luxembourgish",
    "cy": "cym wel welsh",
}  # fmt: skip
KNOWN = (*DETECTED, *_STATED)
_NAMES = {name: code for code, names in (DETECTED | _STATED).items() for name in names.split()}

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
            if code == ENGLISH:
                return detected(text) or code
            return ENGLISH if _is_surely_english(text) else code
    return detected(text)


def short_code(name: str) -> str:
    """ "en" of "eng", "en-GB" or "English"; empty for what is no name of a language."""
    first = re.split(r"[-_\s]", name.strip().lower())[0]
    return _NAMES.get(first, first if re.fullmatch(r"[a-z]{2}", first) else "")


def _is_surely_english(text: str) -> bool:
    """Whether both its words and the detector say so; Dutch shares many short words with it."""
    words = _words(text)
    if len(words) < SHORTEST or _share(words, _ENGLISH) < LEAST_ENGLISH:
        return False
    code, probability = _detector().classify(text[:READ_AT_MOST])
    return str(code) == ENGLISH and probability >= SURE


def detected(text: str) -> str:
    """The language of a text by its words; empty without any."""
    words = _words(text)
    if not words:
        return ""
    latin = sum(word[0] < "\u0250" for word in words) / len(words) > 0.5
    if latin and (len(words) < SHORTEST or _share(words, _ENGLISH_ONLY) >= LEAST_ENGLISH):
        return ENGLISH
    code, probability = _detector().classify(text[:READ_AT_MOST])
    return ENGLISH if latin and probability < SURE else str(code)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text[:READ_AT_MOST])]


def _share(words: list[str], among: frozenset[str]) -> float:
    return sum(word in among for word in words) / len(words)


@cache
def _detector() -> LanguageIdentifier:
    """Read once a process, when the first text needs it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(DETECTED))
    return identifier
