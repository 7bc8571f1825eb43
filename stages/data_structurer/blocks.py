"""Objects that say several things each, as blocks of text: findings of an audit, items of minutes,
a question with its text, flaws by their ids.

Knows how parts of documents are numbered and graded; reads no record.  Invariant: a block holds all
prose of its object.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from stages.data_structurer.entries import WHO, is_told_beside, short
from stages.data_structurer.heads import is_title_key, without_marks
from stages.text import field_names
from stages.text.clean import clean_text
from stages.text.field_names import label_of, meaning_of
from stages.text.public_ids import CVE_ID
from stages.text.record_text import plain_key
from stages.text.sentences import is_whole

MOST_BLOCKS = 24
LEAST_WORDS = 7  # of a value that is prose;
LEAST_ENDED = 4  # of one that is a sentence
LONGEST_HEAD = 120  # characters

_NAMES = "name item topic head section area chapter agendaitem issue finding".split()
_ASKED = ("q", "question")
_REFS = "ref no number nr n id index key reference".split()
_GRADES = (
    "grade level severity rating risk priority status state score cvss owner due duedate deadline"
).split()
_ALONE = "text body content said minute minutes note notes discussion description".split()
_TOLD = "what summary title description problem name text issue note details".split()  # of a flaw
_LETTER = re.compile(r"[b-pr-z]")  # which says nothing, but for "q" and "a"
_DETAILS = "description details summary text".split()
_LISTED = re.compile(r"^\s*(?:[-*•#|]|\d{1,2}[.)]|```| {4})|<", re.MULTILINE)
_IN = "product component package".split()
_NONE = re.compile(r"(?:n/?a|none|null|not available|tb[ad]|[-–—?])", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]")
_SAYS_NOTHING = re.compile(rf"{_NONE.pattern}|yes|no|true|false", re.IGNORECASE)
_RELEASES = (
    "release branch train releasetrain line series product productname affectedrelease"
    " affectedversion affectedversions version versions"
).split()
_FIXED_IN = (
    "fixedin fixed fixedversion fixedversions fixedrelease firstfixed firstfixedrelease"
    " firstfixedversion patchedin patched patchedversion patchedversions fixversion"
).split()


def blocks_of(key: str, items: Sequence[Any], names: Collection[str] = ()) -> str:
    """The objects of a list as blocks, a heading and labelled paragraphs each; empty where most of
    them say nothing in prose.

    names: what the record is called, which no block says again.
    """
    if not 0 < len(items) <= MOST_BLOCKS:
        return ""
    objects = [one for one in items if isinstance(one, Mapping)]
    firsts = {_first_as_name(one) for one in objects}
    first = firsts.pop() if len(firsts) == 1 else ""
    blocks = [_block(key, one, names, first) for one in objects]
    told = [one for one, prose in blocks if one]
    return "\n\n".join(told) if 2 * sum(prose for _, prose in blocks) > len(items) else ""


def say_several(items: Sequence[Any]) -> bool:
    """Whether most objects of a list say two things or more in sentences, so that a line each would
    be too long."""
    told = (
        sum(is_whole(_text(value)) for value in one.values())
        for one in items
        if isinstance(one, Mapping)
    )
    return 2 * sum(count > 1 for count in told) > len(items)


def flaws_of(items: Any) -> str:
    """Flaws by their ids, a line each: "- CVE-1: a rope is cut (score: 7)"; empty where they are
    none."""
    if not isinstance(items, list) or not 0 < len(items) <= MOST_BLOCKS:
        return ""
    lines = [_flaw(one) if isinstance(one, Mapping) else "" for one in items]
    return "\n".join(lines) if all(lines) else ""


def _flaw(item: Mapping[str, Any]) -> str:
    plain = {plain_key(key): (key, text) for key, one in item.items() if (text := short(one))}
    own = next((name for name, (_, text) in plain.items() if CVE_ID.fullmatch(text)), "")
    said = next((name for name in _TOLD if name in plain and name != own), "")
    if not own or not said:
        return ""
    graded = [
        f"{label_of(plain[one][0]).lower()}: {plain[one][1]}" for one in _GRADES if one in plain
    ]
    text = plain[said][1].rstrip(".") if graded else plain[said][1]
    product = next((f" ({plain[one][1]})" for one in _IN if one in plain), "")
    head = f"- {plain[own][1]}{product}: {text}" + (f" ({'; '.join(graded)})" if graded else "")
    details = "" if is_whole(text) else _details(item, said)
    return f"{head}: {details}" if details else head


def _details(item: Mapping[str, Any], title: str) -> str:
    """What a flaw's description says besides its title, in sentences."""
    told = {plain_key(key): one for key, one in item.items() if isinstance(one, str)}
    texts = (told[one] for one in _DETAILS if one in told and one != title)
    whole = (one for one in texts if is_whole(one.strip()) and not _LISTED.search(one))
    return " ".join(clean_text(next(whole, "")).split())


def fixes_of(items: Any) -> str:
    """Releases with what mends them and what is noted of that, a line each: "- 4: fixed in 4.2.
    Needs 4.1."; empty where nothing is noted, or stands behind no release."""
    if not isinstance(items, list) or not 0 < len(items) <= MOST_BLOCKS:
        return ""
    plain = [_lines_of(one) if isinstance(one, Mapping) else {} for one in items]
    lines = [_fix(one) for one in plain]
    noted = all(any(one.keys() & set(names) for one in plain) for names in (_FIXED_IN, _ALONE))
    noted = noted or any(
        _NO_FIX.match(one[name][1]) for one in plain for name in _FIXED_IN if name in one
    )
    told = lines if len(lines) > 1 else [one.removeprefix("- ") for one in lines]
    return "\n".join(told) if noted and all(lines) else ""


def _lines_of(item: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The fields of an object that hold a line, by their plain names, without those that say that
    there is none."""
    lines = {plain_key(key): (key, text) for key, one in item.items() if (text := short(one))}
    return {name: one for name, one in lines.items() if not _NONE.fullmatch(one[1])}


# In the place of a version that mends a flaw.
_NO_FIX = re.compile(
    r"(?:not (?:vulnerable|affected)|(?:migrate|upgrade|update|move) to)\b", re.IGNORECASE
)


def _fix(lines: dict[str, tuple[str, str]]) -> str:
    release, fixed, note = (
        next((name for name in names if name in lines), "")
        for names in (_RELEASES, _FIXED_IN, _ALONE)
    )
    rest = [
        f"{label_of(key).lower()}: {text}"
        for name, (key, text) in lines.items()
        if name not in (release, fixed, note) and is_told_beside(name, key, text)
    ]
    head = lines[release][1] if release else ""
    head += f" ({'; '.join(rest)})" if head and rest else ""
    if not (head or fixed) or not (fixed or note or rest):
        return ""
    version = lines[fixed][1] if fixed else ""
    shown = (
        f"{version[:1].lower()}{version[1:].rstrip('.')}"
        if _NO_FIX.match(version)
        else f"fixed in {version}"
    )
    head = ": ".join(filter(None, [head, shown if fixed else ""]))
    return f"- {head}{'.' if fixed else ':'} {lines[note][1]}" if note else f"- {head}"


def _block(
    key: str, item: Mapping[str, Any], names: Collection[str], first: str
) -> tuple[str, bool]:
    """One object, and whether it says something in prose: what it is called or numbered, its grades
    and other short fields in brackets, what it says.

    first: the field that is the name of each where none is known to be one.
    """
    name, ref, grades, said = "", "", [], []
    for own, value in item.items():
        plain, text = plain_key(own), _text(value)
        sentence = is_whole(text) and not text.endswith("?")
        one_line = "\n" not in text and len(text) <= LONGEST_HEAD and not sentence
        if not text or _NONE.fullmatch(text) or without_marks(text) in names:
            continue
        noted = meaning_of(own) == field_names.NOTED
        asked = plain in _ASKED and text.endswith("?")
        named = plain in _NAMES or asked or is_title_key(own) or own == first
        if not name and one_line and named and _WORD.search(text):
            name = text
        elif not ref and one_line and (plain in _REFS or named):
            ref = text
        elif plain in _GRADES and one_line:
            grades.append(f"{label_of(own).lower()}: {text}")
        elif (noted and plain not in _GRADES) or _SAYS_NOTHING.fullmatch(text):
            continue
        elif is_whole(text) or _is_prose(text):
            said.append((own, text))
        elif one_line and plain not in WHO and is_told_beside(plain, own, text):
            grades.append(f"{label_of(own).lower()}: {text}")
    prose = any(_is_prose(text) for _, text in said)
    head = name or (f"{_singular(label_of(key))} {ref}" if ref else "")
    if head and grades:
        head = f"{head} ({'; '.join(grades)})"
    alone = len(said) == 1 and bool(head) and is_whole(said[0][1])
    lines = [said[0][1]] if alone else [_labelled(*one) for one in said]
    stop = "" if head.endswith("?") else ":"
    if not said:
        return (f"{head}." if grades and head else ""), False
    return "\n".join([f"{head.rstrip(':')}{stop}", *lines] if head else lines), prose


def _first_as_name(item: Mapping[str, Any]) -> str:
    """The first field in words of an object that has none of a known name for what it is called."""
    known = any(plain_key(one) in (*_NAMES, *_ASKED) or is_title_key(one) for one in item)
    worded = ((key, text) for key, one in item.items() if _WORD.search(text := _text(one)))
    first, said = next(worded, ("", ""))
    plain, meaning = plain_key(first), meaning_of(first)
    fits = meaning != field_names.NOTED and plain not in (*_REFS, *_GRADES, *_ALONE)
    return first if fits and not known and not _is_prose(said) else ""


def _text(value: Any) -> str:
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return "\n".join(f"- {clean_text(one)}" for one in value)
    return clean_text(value) if isinstance(value, str) else short(value)


def _labelled(key: str, text: str) -> str:
    if plain_key(key) in _ALONE or _LETTER.fullmatch(plain_key(key)):
        return text
    label = label_of(key)
    stop = "" if label.endswith("?") else ":"
    return f"{label}{stop}{chr(10) if text.startswith('- ') else ' '}{text}"


def _is_prose(text: str) -> bool:
    words = len(text.split())
    long = words >= LEAST_WORDS or (words >= LEAST_ENDED and is_whole(text))
    return long and re.search("[a-z]", text) is not None


def _singular(label: str) -> str:
    """ "Finding" of "Findings", or of "Finding by finding"."""
    label = re.sub(r"\b(\w+) by \1\b", r"\1", label, flags=re.IGNORECASE)
    return label.removesuffix("s") if not label.endswith("ss") else label
