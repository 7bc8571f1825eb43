"""The cases in which something is affected, as a text lists them or has them in a table.

Knows a list by the line in front of it, and a table by its last column.  Invariant: what the fields
of an entry state, products and their versions, is no case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LIST = re.compile(
    r"(?:^|\n)(?P<front>[^\n]*:)\n+(?P<items>(?:\s*(?:[-*•]|\d{1,2}[.)]) [^\n]+\n?)+)"
)
_CASE = r"(?:Setup|Deployment|Configuration|Installation|Environment|Mode|Platform|Use)"
_TABLE = re.compile(
    rf"(?:^{_CASE}: [^;\n]{{1,200}}; (?:Affected|Vulnerable|Exploitable)\??: [^;\n]{{1,200}}"
    r"(?:\n|\Z)){2,20}",
    re.MULTILINE | re.IGNORECASE,
)


def conditions(text: str, says: re.Pattern[str]) -> Iterator[str]:
    """Lists whose line in front says what `says` looks for, and tables of what is affected."""
    for found in _LIST.finditer(text):
        if says.search(found["front"]):
            items = [one.strip() for one in found["items"].split("\n") if one.strip()]
            yield "\n".join([found["front"].strip(), *items])
    for table in _TABLE.finditer(text):
        yield table[0].strip().replace("?: ", ": ")
