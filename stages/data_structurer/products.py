"""Products and their versions as a sentence names them: "Lark Mail from 2.0 up to 2.4".

Feeds write names in small letters with the vendor in front, and ranges by signs.  Invariant: every
number stays, and a name is changed only into one that the record's text has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_RANGES = re.compile(
    r"(?:,? ?(?:from|after|before|through|up to|except|[<>=]=?) ?v?\d|,? \d[\w.]*(?:,|$))"
)
_SIGNS = (
    (re.compile(r">= ?(\S+?), ?<(?!=) ?(\S+)"), r"from \1 before \2"),
    (re.compile(r">= ?(\S+?), ?<= ?(\S+)"), r"from \1 through \2"),
    (re.compile(r"(?<![<>])>(?!=) ?(\S+?), ?<(?!=) ?(\S+)"), r"after \1 before \2"),
    (re.compile(r"(?<![<>])>(?!=) ?(\S+?), ?<= ?(\S+)"), r"after \1 up to \2"),
    (re.compile(r"<= ?(?=v?\d)"), "up to "),
    (re.compile(r">= ?(?=v?\d)"), "from "),
    (re.compile(r"< ?(?=v?\d)"), "before "),
    (re.compile(r"> ?(?=v?\d)"), "after "),
    (re.compile(r"(?<= )= ?(?=v?\d)"), ""),
    (re.compile(r"\b(from \S+) before "), r"\1 to before "),
    (re.compile(r"\b(from \S+) through "), r"\1 up to "),
    (re.compile(r", (from (?!.*, from ))"), r" and \1"),
    (re.compile(r"^,? ?except (?=v?\d)"), " in all versions except "),
    (re.compile(r"(?<=except )(.*), (?=[^,]*$)"), r"\1 and "),
)

_NO_BEGINNING = re.compile(r" (?:before|up to|through) ")


def in_words(affected: Sequence[str], text: str) -> list[str]:
    """Products with their versions as people write them, each product once; `text` is where their
    names may stand."""
    found: dict[str, list[str]] = {}
    for one in affected:
        name, versions = _parted(one)
        found.setdefault(_called(name, text), []).append(versions)
    return [f"{name}{_listed(versions)}" for name, versions in found.items()]


def _parted(affected: str) -> tuple[str, str]:
    """The name of a product, and its versions in words."""
    found = _RANGES.search(affected)
    end = found.start() if found else len(affected)
    versions = affected[end:]
    for signs, words in _SIGNS:
        versions = signs.sub(words, versions)
    return affected[:end], versions


def _listed(versions: Sequence[str]) -> str:
    """All versions of a product, behind its name; those without a beginning last."""
    told = list(dict.fromkeys(filter(None, versions)))
    whole = [one for one in told if _NO_BEGINNING.match(one)]
    bounded = [one for one in told if one not in whole]
    if whole and bounded:
        return ",".join([*bounded, *(f" and all{one}" for one in whole)])
    return " and".join(filter(None, [",".join(told[:-1]), *told[-1:]]))


def _called(name: str, text: str) -> str:
    """A name in small letters as the text writes it, if need be without its first word."""
    if name != name.lower():
        return name
    words = name.split()
    for begin in range(len(words)):
        called = " ".join(words[begin:])
        if len(called) < 3:
            break
        found = re.search(rf"(?<![\w-]){re.escape(called)}(?![\w-])", text, re.IGNORECASE)
        if found and not (begin and _is_part(called, text[: found.start()])):
            return found[0]
    return name


_ECOSYSTEM = re.compile(r" \([^()]*\)$")
LONGEST_PRODUCT = 60  # characters


def product_of(affected: Sequence[str], text: str) -> str:
    """The only product of a record's, without its versions and its registry; else empty."""
    names = {_called(_parted(one)[0].strip(), text) for one in affected}
    name = _ECOSYSTEM.sub("", next(iter(names))) if len(names) == 1 else ""
    return name if 2 < len(name) <= LONGEST_PRODUCT and "(" not in name else ""


def is_named(product: str, said: str) -> bool:
    """Whether a text has a word of a product's name."""
    words = re.findall(r"\w{3,}", product.lower())
    return any(re.search(rf"\b{re.escape(one)}", said.lower()) for one in words)


_GENERIC = frozenset("server client firmware software router driver plugin app web core os".split())


def _is_part(called: str, before: str) -> bool:
    """Whether a name without its first word is that of another product, or of a kind of them."""
    return called in _GENERIC or re.search(r"(?<![.!?] )\b[A-Z][\w-]* $", before) is not None
