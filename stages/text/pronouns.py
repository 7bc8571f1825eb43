"""The "It" that a sentence begins with: what it stands for, if for anything.

Knows words and marks, no records.  Invariant: an "It" that stands for nothing is never given a
name.
"""

from __future__ import annotations

import re

# "It was found that", "It is possible to", "It turns out that".
STANDS_FOR_NOTHING = (
    r"(?:(?:was|is|has been|had been|can be|may be|should be) (?:\w+ )?(?:found|discovered|reported"
    r"|known|believed|thought|assumed|noted|observed|shown|seen|said|claimed|estimated|suspected"
    r"|determined|confirmed|revealed|clear|true|recommended|suggested|advised|understood|expected"
    r"|likely|unlikely)(?: by [^,.]{1,40})? (?:that|whether|how|why)"
    r"|(?:is|was|may be|might be|becomes|became|remains) (?:(?!an? )\w+ )?(?:possible|impossible"
    r"|important|necessary|advisable|advised|recommended|best|good|wise|easy|difficult|hard|common"
    r"|sufficient|enough|essential|crucial|worth|safe|unclear|unknown) (?:to|that|for|practice"
    r"|whether|how|why|if)"
    r"|(?:appears|seems|turns out|turned out|follows) (?:to \w+ )?that|depends on)\b"
)
_IT = re.compile(rf"It (?=[a-z])(?!{STANDS_FOR_NOTHING})")


def is_title(name: str, called: str) -> bool:
    """Whether a name stands as a title in what a question calls a record: it names a text, and not
    what "It" in that text is."""
    return f'"{name}"' in called


def with_name(text: str, name: str) -> str:
    """A text with a name for the "It" it begins with, if that stands for something."""
    it = _IT.match(text) if name else None
    return f"{name} {text[it.end() :]}" if it else text


_ITS = re.compile(r"Its (?!own\b)(?=[a-z])")


def with_owner(text: str, name: str) -> str:
    """A text with "Foo's" for the "Its" it begins with."""
    its = _ITS.match(text) if name else None
    return f"{name}'s {text[its.end() :]}" if its else text
