r"""Literals of security prose: what has to be copied character by character or not at all.

Paths, registry keys, addresses (defanged ones too), hashes, versions, ids, names of files and
functions, numbers and quoted code, each with its place.  Knows nothing of answers or schemas.
Invariant: literals come in reading order and never overlap; a literal ends before the
punctuation of the sentence around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stages.text.windows_names import EXTENSION, NO_BLANKS, REGISTRY_KEY, WINDOWS_PATH, WORDY

CODE = "code"
PATH = "path"
REGISTRY = "registry"
URL = "url"
EMAIL = "email"
ADDRESS = "address"
HASH = "hash"
ID = "id"
VERSION = "version"
FILE = "file"
FUNCTION = "function"
NUMBER = "number"
OTHER = "other"  # a word with characters that no word of prose has

READ_AT_MOST = 20_000  # characters: no answer is longer


@dataclass(frozen=True)
class Literal:
    """A literal, what kind it is of, and where it stands: text[start:end]."""

    kind: str
    text: str
    start: int
    end: int


_BEGINS, _ENDS = rf"(?<!{WORDY})", rf"(?!{WORDY})"

# A dot, colon or at sign as analysts write it so that nothing can be clicked.
_DOT = r"(?:\.|\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\[\.|\.\])"
_COLON = r"(?::|\[:\]|\(:\))"
_AT = r"(?:@|\[@\]|\(@\)|\[at\]|\(at\))"
# Every repeat is bounded: a hostile text must not cost more than a long one.
_LABEL = r"[A-Za-z0-9][\w-]{0,62}"
_TOP = (
    r"(?:com|net|org|io|gov|edu|mil|info|biz|ru|cn|de|uk|fr|eu|us|ir|kp|kr|jp|br|in|nl|xyz|top"
    r"|site|online|club|onion|example|test|invalid|localhost|local|internal|cc|tk|me|co|app|dev)"
)
_IN_URL = r"[^\s<>\"'`|\u3000-\u303f\uff00-\uff65]{0,2000}"

_QUOTED_CODE = r"```.{1,4000}?```|`[^`\n]{1,400}`|<code>.{1,400}?</code>"
_UNIX_PATH = (
    r"(?<![.:/<])(?:~|\.{1,2})?/(?:[\w.@%+~*$-]{1,80}/){0,24}[\w.@%+~*$-]{0,80}[\w@%+~*$]/?"
    r"|(?:\.\.[\\/]){1,24}[\w./\\-]{0,200}"
)
_WEB = rf"(?:h(?:tt|xx|XX|\*\*)ps?|ftps?|tcp|udp|wss?|ldaps?|file|smb){_COLON}//{_IN_URL}"
_PORT_AND_PATH = rf"(?:{_COLON}\d{{1,5}}{_ENDS})?(?:/{_IN_URL})?"
_DOMAIN = rf"(?<![@.-])(?:{_LABEL}{_DOT}){{1,12}}{_TOP}{_ENDS}{_PORT_AND_PATH}"
_DEFANGED = (
    rf"(?<![@.-])(?:{_LABEL}\.){{0,8}}{_LABEL}(?:\[\.\]|\(\.\)|\[dot\]|\(dot\))"
    rf"[\w.\[\]()-]{{0,200}}\w{_PORT_AND_PATH}"
)
_MAIL = rf"[\w.+-]{{1,64}}{_AT}{_LABEL}(?:{_DOT}{_LABEL}){{1,8}}"
_IPV4 = rf"(?<!\.)\d{{1,3}}(?:{_DOT}\d{{1,3}}){{3}}(?:/\d{{1,2}}|{_COLON}\d{{1,5}})?{_ENDS}"
_GROUP = r"[0-9A-Fa-f]{1,4}"
_IPV6 = (
    rf"(?<!:)(?:(?:{_GROUP}:){{3,7}}{_GROUP}{_ENDS}"
    rf"|(?:{_GROUP}:){{1,7}}:(?:{_GROUP}:){{0,6}}{_GROUP}?)"
)
_HEX = "|".join(f"[0-9A-Fa-f]{{{size}}}" for size in (128, 96, 64, 56, 40, 32))
_DIGEST = rf"(?:{_HEX}){_ENDS}"
_GUID = rf"\{{?[0-9A-Fa-f]{{8}}(?:-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}}{_ENDS}\}}?"
_IDS = (
    r"(?:(?i:CVE)-\d{4}-\d{3,19}|(?i:CWE|CAPEC)-\d{1,5}|(?i:GHSA)(?:-[0-9A-Za-z]{4}){3}"
    r"|(?:PYSEC|RUSTSEC|OSV|GO|GSD|EUVD|CNVD|JVN|JVNDB)-?\d{4}-\d{1,19}"
    r"|(?:RH[SBE]A|CESA|ELSA|ALAS|SUSE-SU|openSUSE-SU)-\d{4}[:-]\d{1,9}(?:[:-]\d{1,9})?"
    r"|(?:USN|DSA|DLA|ADV|ZDI|ICSA|ICSMA|VU|XSA|APSB|TALOS)[-#]?\d[\d-]{0,19}\d"
    r"|MS\d{2}-\d{3}|KB\d{6,7}|TA\d{4}|[TM]\d{4}(?:\.\d{3})?|[SGC]\d{4}|DET\d{4}|AN\d{4}|DC\d{4}"
    r"|APT-?\d{1,3}|FIN\d{1,2}|UNC\d{3,5}|TA\d{3}|DEV-\d{4}|Storm-\d{4}|RFC ?\d{3,5}"
    rf"|cisco-sa-[\w-]{{1,60}}){_ENDS}"
)
_VERSION = (
    r"[vV]?\d{1,19}(?:\.\d{1,19}){1,9}"
    r"(?:[-_.+]?(?:alpha|beta|rc|dev|pre|post|patch|hotfix|sp|p|b|a|r|u|build)[.-]?\d{0,9})?"
    r"(?:[-+~][0-9A-Za-z.]{0,40}[0-9A-Za-z])?(?:\.x)?"
    + _ENDS
    + rf"|[vV]\d{{1,9}}{_ENDS}|\d{{1,19}}(?:\.\d{{1,19}}){{0,9}}\.[xX*]{_ENDS}"
    rf"|\d{{1,4}}u\d{{1,4}}{_ENDS}"
)
_FILE = rf"(?<![./\\-])(?:[\w$%@+~-]{{1,80}}\.){{1,6}}{EXTENSION}{_ENDS}(?!\()"
_CMDLET = (
    r"(?:Get|Set|New|Remove|Invoke|Enable|Disable|Import|Export|ConvertTo|ConvertFrom|Register"
    r"|Unregister|Restart)-[A-Z][A-Za-z0-9]{2,40}"
)
_FUNCTION = (
    rf"(?<![.:])(?:\w{{1,60}}(?:::|->|\.)){{0,6}}\w{{1,60}}\(\)|(?:\w{{1,60}}::){{1,6}}~?\w{{1,60}}"
    rf"{_ENDS}|[a-z][a-z0-9]{{0,60}}(?:_[a-z0-9]{{1,60}}){{1,9}}{_ENDS}|__\w{{1,60}}__{_ENDS}"
    rf"|[A-Z][a-z0-9]{{1,40}}(?:[A-Z][a-z0-9]{{0,40}}){{1,9}}{_ENDS}|{_CMDLET}{_ENDS}"
    rf"|[A-Z][A-Z0-9]{{0,40}}(?:_[A-Z0-9]{{1,40}}){{1,9}}{_ENDS}"
)
_FLAG = r"(?<!-)--?[A-Za-z][\w-]{0,40}=\S{1,200}|(?<!-)--[A-Za-z][\w-]{0,40}"
# With what is glued to it: "40GB", "90min", "3rd".
_NUMBER = (
    rf"0x[0-9A-Fa-f]{{1,32}}{_ENDS}|\d{{1,4}}(?:/\d{{1,2}}/|-\d{{1,2}}-)\d{{1,4}}{_ENDS}"
    rf"|(?<!\.)[$€£]?\d[\d,]{{0,24}}(?:\.\d{{1,9}})?(?:%|[A-Za-z\u00b5\u03bc]{{1,4}})?{_ENDS}"
)

# The first that matches at a place wins, so what contains others stands before them.
_KINDS: tuple[tuple[str, str], ...] = (
    (CODE, _QUOTED_CODE),
    (URL, _WEB),
    (EMAIL, _MAIL),
    (REGISTRY, REGISTRY_KEY),
    (PATH, WINDOWS_PATH),
    (ID, _IDS),
    (HASH, f"{_DIGEST}|{_GUID}"),
    (ADDRESS, f"{_IPV4}|{_IPV6}"),
    (URL, f"{_DOMAIN}|{_DEFANGED}"),
    (FILE, _FILE),
    (FUNCTION, f"{_FUNCTION}|{_FLAG}"),
    (PATH, _UNIX_PATH),
    (VERSION, _VERSION),
    (NUMBER, _NUMBER),
)
_ANY = "|".join(f"({pattern})" for _, pattern in _KINDS)
_PATTERN = re.compile(rf"{_BEGINS}(?:{_ANY})", re.DOTALL)
_AFTER = ".,;:!?'\""  # punctuation of the sentence, not of the literal
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}


def literals(text: str) -> list[Literal]:
    """The literals of a text, in reading order."""
    return list(_found(text[:READ_AT_MOST]))


def ends_with_literal(text: str) -> bool:
    """Whether the last item of a list ends with an address or a path, without a full stop, or the
    last line is one."""
    above, _, last = text.rpartition("\n")
    alone = bool(above) and " " not in last and "/" in last
    found = literals(last) if alone or last.startswith("- ") else []
    return bool(found) and found[-1].end == len(last)


def _found(text: str) -> Iterator[Literal]:
    at = 0
    while match := _PATTERN.search(text, at):
        kind = _KINDS[_group(match) - 1][0]
        end = _end(match.group(), match.start(), kind)
        if end > match.start():
            yield Literal(kind, text[match.start() : end], match.start(), end)
        at = max(end, match.start() + 1)


def _group(match: re.Match[str]) -> int:
    assert match.lastindex is not None, "every way to match is a group"
    return match.lastindex


def _end(found: str, start: int, kind: str) -> int:
    """Where a literal ends, without the full stop, quote or bracket that closes around it."""
    if kind == CODE:
        return start + len(found)
    while found:
        last = found[-1]
        if last in _AFTER or (last in _PAIRS and found.count(last) > found.count(_PAIRS[last])):
            found = found[:-1]
        else:
            break
    return start + len(found)


_CODE_MARKS = re.compile(r"^(?:```\w*\n|`+|<code>)|(?:`+|</code>)$")


def _inside(literal: Literal) -> str:
    """The literal without the marks of code: a clean text has lost them."""
    return _CODE_MARKS.sub("", literal.text).strip() if literal.kind == CODE else literal.text


def stands_in(literal: Literal, source: str) -> bool:
    """Whether a literal stands in a source as it is, and not as a piece of a longer one."""
    text = _inside(literal)
    at = source.find(text)
    while at >= 0:
        if _is_whole(literal, text, source, at) and not _is_cut(literal, source, at):
            return True
        at = source.find(text, at + 1)
    return False


_GOES_ON = re.compile(rf"{WORDY}|\\|(?:{_DOT}|,)\d")
_BEGAN_BEFORE = re.compile(rf"(?:{WORDY}|\\|\d(?:{_DOT}|,))\Z")


# A host or a file's name may go on behind a dot or a hyphen: evil.com is not cdn-evil.com.br.
_NAMES = frozenset({URL, EMAIL, FILE})
_NAME_GOES_ON = re.compile(rf"(?:-|@|{_DOT})\w")
_NAME_BEGAN = re.compile(rf"\w(?:[-+@]|{_DOT})\Z")


def _is_whole(literal: Literal, text: str, source: str, at: int) -> bool:
    """Whether a literal at this place is not a piece of a longer word, number, host or path."""
    before, after = source[max(0, at - 8) : at], source[at + len(text) :][:8]
    is_file = before.endswith("\\") and "." in text
    if text[:1].isalnum() and _BEGAN_BEFORE.search(before) and not is_file:
        return False
    if literal.kind in _NAMES and (_NAME_BEGAN.search(before) or _NAME_GOES_ON.match(after)):
        return False
    return not (text[-1:].isalnum() and _GOES_ON.match(after))


def _is_cut(literal: Literal, source: str, at: int) -> bool:
    """Whether a path or an address ends where the source's own goes on, behind a blank perhaps."""
    if literal.kind not in (PATH, REGISTRY, URL, ADDRESS):
        return False
    match = _PATTERN.match(source, at)
    return match is not None and _end(match.group(), at, literal.kind) > at + len(literal.text)


# Within a word; around it they are the punctuation of the sentence.
_NO_PROSE = re.compile(r"[\\\"$@#^=<>|~{}\[\]_]|:(?=\S)")
_AROUND = "\"'()[]{}<>.,;:!?*`\u201c\u201d\u2018\u2019\u2026\u00ab\u00bb\u061f\u060c\u061b\u0964"
# Characters of scripts without blanks are words of their own, and so end the one before.
_RUN = re.compile(rf"[^\s{NO_BLANKS}]+")


def odd_words(text: str) -> Iterator[Literal]:
    """Words that are no prose: what is left of a literal after a model has spoiled it, too."""
    for match in _RUN.finditer(text[:READ_AT_MOST]):
        word = match.group().strip(_AROUND)
        if word and _NO_PROSE.search(word):
            start = match.start() + match.group().index(word)
            kind = EMAIL if "@" in word else OTHER
            yield Literal(kind, word, start, start + len(word))


_CODE_WORDS = re.compile(rf"{_BEGINS}(?=[^\W\d{NO_BLANKS}]{{0,80}}\d){WORDY}+")
_CASED = 10  # characters from which a word's case counts: "SHA256" is "sha256", a wallet is not


def _unknown_codes(text: str, source: str) -> Iterator[Literal]:
    """Words of letters and digits, as wallets and commits are, that the source does not have."""
    for match in _CODE_WORDS.finditer(text[:READ_AT_MOST]):
        word = match.group()
        known = word in source if len(word) >= _CASED else word.lower() in source.lower()
        if any(map(str.isalpha, word)) and not (known and _is_word_of(word, source)):
            yield Literal(OTHER, word, match.start(), match.end())


def _is_word_of(word: str, source: str) -> bool:
    case = re.IGNORECASE if len(word) < _CASED else re.NOFLAG
    return re.search(f"{_BEGINS}{re.escape(word)}{_ENDS}", source, case) is not None


def _in_a_known_word(literal: Literal, text: str, source: str) -> bool:
    """Whether it is a piece of a word without blanks that stands in the source as a whole."""
    start = max(text.rfind(blank, 0, literal.start) for blank in " \t\n") + 1
    end = re.compile(r"\s|$").search(text, literal.end)
    word = text[start : end.start() if end else len(text)].strip(_AROUND)
    known = Literal(OTHER, word, start, start + len(word))
    return len(word) > len(literal.text) and stands_in(known, source)


def missing(text: str, source: str) -> list[Literal]:
    """The literals of a text that do not stand in its source, character by character."""
    found = [
        literal
        for literal in literals(text)
        if not stands_in(literal, source) and not _in_a_known_word(literal, text, source)
    ]
    odd = [word for word in odd_words(text) if not stands_in(word, source)]
    for one in (*odd, *_unknown_codes(text, source)):
        if all(one.end <= other.start or other.end <= one.start for other in found):
            found.append(one)
    return sorted(found, key=lambda literal: literal.start)
