"""Products and their versions as a sentence names them: "Lark Mail from 2.0 up to 2.4".

Feeds write names in small letters with the vendor in front, and ranges by signs.  Invariant: every
number stays, and a name is changed only into one that the record's text has.
"""

from __future__ import annotations

import re

_RANGES = re.compile(
    r"(?:,? ?(?:from|after|before|through|up to|except|[<>=]=?) ?v?\d|,? \d[\w.]*(?:,|$))"
)
_SIGNS = (
    (re.compile(r">= ?(\S+?), ?< ?(\S+)"), r"from \1 before \2"),
    (re.compile(r">= ?(\S+?), ?<= ?(\S+)"), r"from \1 through \2"),
    (re.compile(r"(?<![<>])> ?(\S+?), ?< ?(\S+)"), r"after \1 before \2"),
    (re.compile(r"<= ?(?=v?\d)"), "up to "),
    (re.compile(r">= ?(?=v?\d)"), "from "),
    (re.compile(r"< ?(?=v?\d)"), "before "),
    (re.compile(r"> ?(?=v?\d)"), "after "),
    (re.compile(r"(?<= )= ?(?=v?\d)"), ""),
    (re.compile(r"\b(from \S+) before "), r"\1 to before "),
    (re.compile(r"\b(from \S+) through "), r"\1 up to "),
    (re.compile(r", (from (?!.*, from ))"), r" and \1"),
)


def in_words(affected: str, text: str) -> str:
    """A product with its versions as people write them; `text` is where its name may stand."""
    found = _RANGES.search(affected)
    end = found.start() if found else len(affected)
    versions = affected[end:]
    for signs, words in _SIGNS:
        versions = signs.sub(words, versions)
    return _called(affected[:end], text) + versions


def _called(name: str, text: str) -> str:
    """A name in small letters as the text writes it, if need be without its first word."""
    if name != name.lower():
        return name
    words = name.split()
    for begin in range(len(words)):
        called = " ".join(words[begin:])
        if len(called) < 3:
            break
        if found := re.search(rf"(?<![\w-]){re.escape(called)}(?![\w-])", text, re.IGNORECASE):
            return found[0]
    return name
