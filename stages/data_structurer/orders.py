"""An order to update that an answer gives and a section of the text gives with more: told once.

Asks nothing.  Invariant: the version that repairs a flaw stays in what is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from stages.gates.words import content_words
from stages.text.sentences import sentence_ends

_UPDATE = re.compile(r"(?:Update|Install|In) .*\d|.* is (?:fixed|patched|resolved|corrected) in ")
_ORDER = re.compile(r"Up(?:date|grade) (?P<name>\S+) to (?P<version>\d\S*?)(?:[.,](?: .*)?)?")
# "Upgrade to 2.1, or remove the label": more than "Upgrade to 2.1 or later".
_MORE = re.compile(
    r"(?P<up>Up(?:date|grade) )(?P<rest>to (?:version )?v?(?P<version>\d[\w.-]*\w)"
    r"(?!(?: or (?:later|newer|above|higher))?\.(?:\s|$)).*)",
    re.DOTALL,
)


def with_product(sections: Sequence[str], said: str) -> list[str]:
    """Sections whose order to update says more than the only one of an answer, with the name of the
    package that the answer has."""
    orders = [
        one for line in said.split("\n") for told in parted(line) if (one := _ORDER.fullmatch(told))
    ]
    if len({one["name"] for one in orders}) != 1:
        return [*sections]
    found = ((one, _MORE.match(one)) for one in sections)
    versions = {one["version"] for one in orders}
    return [
        f"{more['up']}{orders[0]['name']} {more['rest']}"
        if more and versions == {more["version"]}
        else one
        for one, more in found
    ]


def besides(said: str, sections: Sequence[str]) -> str:
    """An answer without the sentences that the sections tell in their own order; an order to update
    stays in front, but for one that a section gives with more."""
    known = {*content_words(" ".join(sections)), *content_words("As a workaround")}
    if not sections:
        return said
    kept = (
        [
            one
            for one in parted(line)
            if _UPDATE.match(one) or not set(content_words(one)) <= known
            if not _is_told_again(one, sections)
        ]
        for line in said.split("\n")
    )
    return "\n".join(" ".join(line) for line in kept if line)


def _is_told_again(order: str, sections: Sequence[str]) -> bool:
    """Whether a section begins with all that an order to update says."""
    bare = re.escape(order.removeprefix("Update ").rstrip("."))
    again = re.compile(rf"Up(?:date|grade) {bare}(?![.\w]*\w)")
    return order.startswith("Update ") and any(map(again.match, sections))


def parted(line: str) -> list[str]:
    """The sentences of a line."""
    ends = [0, *sentence_ends(line), len(line)]
    return [one for a, b in pairwise(ends) if (one := line[a:b].strip())]
