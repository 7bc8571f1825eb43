"""Whether a record is something of its own, such as a ticket, so that it only cites other ids.

Reads names of fields and the form of ids, never prose.  Invariant: the entry of a feed whose only
id is the one that its field `cve` names stays that entry, numbered rows of a table among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

# Fields that name an entry of a feed: its own id there, a reference in a ticket or a report.
CITING = frozenset("cveid cvenumber cve ghsaid techniqueid attackid capecid cweid".split())

_NOUN = (
    r"ticket|case|incident|report|alert|task|request|servicerequest|change|finding"
    r"|bulletin|notice"
)
# The id of something that cites: {"Ticket": "OPS-7"}, {"case_number": 12}.
_NAMED = re.compile(_NOUN)
_NUMBERED = re.compile(
    rf"(?:{_NOUN}|issue|story|event|article|post|document|sample|rule|test|exercise|playbook"
    r"|advisory|bulletin)(?:id|key|no|nr|num|number|ref|reference|uid)"
)
# Fields that only what somebody works on has, or who tells of an attack.
WORKED_ON = frozenset(
    "assignee assignedto assignedgroup assignmentgroup openedby openedat closedby closedat"
    " closeddate resolvedby resolvedat worklog worknotes closenotes resolutionnotes slabreached"
    " incidenttype incidentdate incidentsummary lessonslearned actionstaken responseactions"
    " victim victims analyst analysts".split()
)
_GENERIC = ("id", "key", "number", "ref", "reference")
# An id in letters and digits; a bare number may be a row's, and a UUID anybody's.
_ID = re.compile(r"(?![\da-fA-F]{8}-)(?=\D*\d)[A-Za-z][\w.#/-]{1,40}")
_SHORT = re.compile(r"[\w.#/-]{1,40}")
_ENTRY_FIELDS = re.compile(r"cvss\w*|basescore|vectorstring|cwes?|cweids?|affected\w*|epss\w*")
_FEWEST_OF_AN_ENTRY = 2


def is_its_own(
    names: Collection[str], texts: Callable[..., list[str]], is_of_a_feed: Callable[[str], bool]
) -> bool:
    """Whether a record has an id of its own, or fields of a ticket, an incident or a report.

    names: its fields, by plain name.  texts: the short values of some.  is_of_a_feed: whether an id
    is one that a feed gives.
    """
    generic = texts(*_GENERIC)
    if {"ghsaid", "vulnerabilities"} <= set(names):
        return False  # GitHub's advisories are opened and closed as tickets are
    if any(map(is_of_a_feed, generic)):
        return False
    if any(name in WORKED_ON or _NUMBERED.fullmatch(name) for name in names):
        return True
    told = "problem" in names  # as people write; a table of flaws has a description of each
    nouns = texts(*(one for one in names if _NAMED.fullmatch(one) or (told and one == "advisory")))
    if any(_SHORT.fullmatch(one) and any(map(str.isdigit, one)) for one in nouns):
        return True
    rated = sum(_ENTRY_FIELDS.fullmatch(name) is not None for name in names)
    return rated < _FEWEST_OF_AN_ENTRY and any(map(_ID.fullmatch, generic))
