"""The language of a text, as its words and letters show.

English is told by words that only it has, and in doubt by the detector py3langid, which tells most
other languages; technical English is short and full of names, so in doubt a text of Latin letters
is English.  Invariant: a code of two letters, or an empty string for a text without words.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from stages.text.sentences import is_whole

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

READ_AT_MOST = 2_000  # characters
LEAST_ENGLISH = 0.12  # share of words that are among the commonest English ones
LEAST_ENGLISH_ONLY = 0.05  # of words that only English has
SURE = 0.95  # probability from which the detector is believed for or against English
SHORTEST = 6  # words of three Latin letters or more, below which nothing is detected
_WORD = re.compile(r"[^\W\d_]+")
# Words of no neighbour: "in", "of", "is", "for", "to" and "a" are also Dutch, Danish or Polish.
_ENGLISH_ONLY = frozenset(
    "the and with that this from which not when could they into their before through using used"
    " allows attackers were these those such would should does than then where while because"
    " without within its other about between".split()
)
_ENGLISH = frozenset(
    "the of and to in is a that it for on with as by an be are this from or can may which not"
    " when has have was were into its their at before via allows could all if will they used"
    " using attackers attacker users user remote arbitrary through after any".split()
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
    "lt": "lit lithuanian lietuvių", "lv": "lav latvian latviešu", "et": "est estonian eesti",
    "hr": "hrv croatian hrvatski", "sl": "slv slovenian slovene", "sk": "slk slo slovak",
    "bg": "bul bulgarian български", "sr": "srp serbian srpski", "mk": "mkd macedonian",
    "ca": "cat catalan català", "eu": "eus baq basque euskara", "is": "isl icelandic",
}  # fmt: skip
# Believed where they are stated: they would be taken for a neighbour, or a neighbour for them.
_STATED = {
    "bs": "bos bosnian", "gl": "glg galician", "sq": "sqi alb albanian shqip", "mt": "mlt maltese",
    "ga": "gle irish", "cy": "cym wel welsh", "lb": "ltz luxembourgish", "be": "bel belarusian",
    "ka": "kat geo georgian", "hy": "hye arm armenian", "az": "aze azerbaijani",
    "kk": "kaz kazakh", "ky": "kir kyrgyz", "uz": "uzb uzbek", "mn": "mon mongolian",
    "ms": "msa malay", "tl": "tgl tagalog filipino", "bn": "ben bengali bangla",
    "ta": "tam tamil", "te": "tel telugu", "ur": "urd urdu", "ne": "nep nepali",
    "si": "sin sinhala", "km": "khm khmer", "lo": "lao", "my": "mya bur burmese",
    "sw": "swa swahili", "af": "afr afrikaans", "am": "amh amharic",
}  # fmt: skip
KNOWN = (*DETECTED, *_STATED)
_NAMES = {name: code for code, names in (DETECTED | _STATED).items() for name in names.split()}

ENGLISH = "en"
OTHERS_KNOWN = tuple(code for code in KNOWN if code != ENGLISH)


def short_code(name: str) -> str:
    """ "en" of "eng", "en-GB" or "English"; empty for what is no name of a language."""
    first = re.split(r"[-_\s]", name.strip().lower())[0]
    return _NAMES.get(first, first if re.fullmatch(r"[a-z]{2}", first) else "")


def is_surely_english(text: str) -> bool:
    """Whether both its words and the detector say so; Dutch shares many short words with it."""
    words = _words(text)
    if len(words) < SHORTEST or _share(words, _ENGLISH) < LEAST_ENGLISH:
        return False
    return _chances(text)[ENGLISH] >= SURE


def has_english_words(text: str) -> bool:
    """Whether it has so many words of English alone that no detector needs to be asked."""
    words = _words(text)
    return bool(words) and _share(words, _ENGLISH_ONLY) >= LEAST_ENGLISH_ONLY and _is_latin(words)


def detected(text: str) -> str:
    """The language of a text by its words; empty without any."""
    words = _words(text)
    if not words:
        return ""
    latin, long = _is_latin(words), sum(len(word) > 2 for word in words)
    if latin and (long < SHORTEST or has_english_words(text)):
        return ENGLISH
    chances = _chances(text)
    # Of neighbours, such as Danish and Norwegian, none may be sure, and yet neither is English.
    is_english = latin and chances[ENGLISH] > 1 - SURE
    return ENGLISH if is_english else max(chances, key=lambda code: chances[code])


def is_in_another(text: str, language: str) -> bool:
    """Whether a passage, a sentence or more, is in another language than this one; in doubt not."""
    long = sum(len(word) > 2 for word in _words(text)) >= SHORTEST
    if not language or not (long or is_whole(text)):
        return False
    if language == ENGLISH:
        return detected(text) not in ("", ENGLISH)
    return is_surely_english(text)


def surely_another(text: str) -> str:
    """The language other than English that a text is surely in; else empty."""
    if detected(text) in ("", ENGLISH):
        return ""
    chances = _chances(text)
    best = max(chances, key=lambda code: chances[code])
    return best if chances[best] >= SURE else ""


def _chances(text: str) -> dict[str, float]:
    """The probability of each language that the detector tells."""
    ranked = _detector().rank(text[:READ_AT_MOST])
    return {str(code): float(chance) for code, chance in ranked}


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text[:READ_AT_MOST])]


def _is_latin(words: list[str]) -> bool:
    return sum(word[0] < "\u0250" for word in words) / len(words) > 0.5


def _share(words: list[str], among: frozenset[str]) -> float:
    return sum(word in among for word in words) / len(words)


@cache
def _detector() -> LanguageIdentifier:
    """Read once a process, when the first text needs it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(DETECTED))
    return identifier
