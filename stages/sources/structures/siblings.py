"""Descriptions that several CVE entries share, cut to what they say of one of them.

Knows the note by which CNAs mark such a description.  Invariant: whole sentences go, and only
behind that note.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from stages.sources.structures.reading import Said
from stages.text.sentences import sentence_ends

# "[This record relates to multiple CVEs; ...] CVE-2031-7 is ... CVE-2031-8 is ..."
_OF_SEVERAL = re.compile(
    r"[ \t]*\[This [\w ]{0,40}record relates to multiple CVEs\b[^\[\]]*\]", re.I
)
_OF_ONE = re.compile(r"\s*(CVE-\d{4}-\d{4,}) ", re.IGNORECASE)


def of_this_flaw(said: Said, own_id: str) -> Said:
    """A description without the note that it is several entries', and without the sentences
    behind the note that begin with the id of another."""
    note = _OF_SEVERAL.search(said.text)
    if note is None:
        return said
    behind = said.text[note.end() :]
    ends = [0, *sentence_ends(behind), len(behind)]
    told = [behind[a:b] for a, b in pairwise(ends)]
    own = [one for one in told if not (of := _OF_ONE.match(one)) or of[1].upper() == own_id.upper()]
    return replace(said, text=f"{said.text[: note.start()]}{''.join(own)}".strip())
