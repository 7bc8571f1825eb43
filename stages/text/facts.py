"""Facts that a record's own fields state, in short labelled sentences.

Reads plain lists and the marked-up cells of the CWE tables, and cleans prose as a record's text
is cleaned.  Knows nothing of questions but the labels.  Invariant: a fact is quoted from the
record, shortened to whole sentences, without its markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stages.base import Record
from stages.text.affected import names_a_system
from stages.text.clean import clean_text
from stages.text.code_ends import ends_with_code
from stages.text.nothing_said import says_nothing
from stages.text.own_values import find_own_values, own_sources
from stages.text.product_versions import update_of
from stages.text.ratings import rating_of
from stages.text.record_language import is_foreign
from stages.text.record_text import find_values
from stages.text.sentences import first_sentences
from stages.text.severity import UNKNOWN, severity_of

# Label -> names of fields, as `record_text.plain_key` spells them; the first that is there counts.
FACTS: dict[str, tuple[str, ...]] = {
    "Severity": ("baseseverity", "severity"),
    "Base score": ("basescore", "cvssscore"),
    "Affected": (
        "affected",
        "affectedproducts",
        "products",
        "product",
        "vendorproject",
        "packagename",
        "pkgname",
    ),
    "Weakness": ("weaknesses", "cweid", "cwes", "cweids", "cwe"),
    "Solution": (
        *("requiredaction", "solution", "solutions", "remediation"),
        *("recommendations", "recommendation", "recommendedactions", "recommendedaction"),
        *("countermeasures", "advice", "measures", "correctiveactions", "remediationsteps"),
        *("whattodo", "howtofix", "actionitems", "nextsteps"),
    ),
    "Workaround": ("workarounds", "workaround"),
    "Platforms": ("platforms", "xmitreplatforms"),
    "Tactics": ("tactics", "phasename"),
    "Detection": ("detections", "xmitredetection", "detectionmethods", "detection"),
    "Cause": ("rootcause", "rootcauses", "cause", "causes"),
    "Signs": ("observedactivity", "signs", "whattolookfor", "howtodetect"),
    "Consequences": ("commonconsequences", "consequences"),
    "Mitigations": ("mitigations", "potentialmitigations", "coursesofaction"),
    "Likelihood of exploit": ("likelihoodofexploit", "likelihoodofattack"),
    "Prerequisites": ("prerequisites", "xcapecprerequisites"),
    "Authors": ("authors", "author"),
    "Published": ("published", "publicationdate", "year"),
    "Categories": ("categories", "primarycategory"),
    "Format": ("format",),
    "Start": ("start", "startdate"),
    "Finish": ("finish", "enddate"),
    "Weight": ("weight",),
    "Organizers": ("organizers",),
    "Actor": ("threatactor", "threatactors", "actor", "actors", "attacker"),
    "Victim": ("victim", "victims", "target", "targets"),
    "Date": ("incidentdate", "date"),
    "Tags": ("tags", "keywords", "category"),
}

WHOLE = frozenset({"Mitigations", "Detection"})  # what answers tell whole
MOST_VALUES = 5
MOST_SENTENCES = 3  # of values that are sentences themselves, and
MOST_MEASURES = 8  # of a list of advice
LONGEST_VALUE = 300  # characters, where a sentence ends before that
LONGEST_ADVICE = 1_500

_MARKUP = re.compile(r"(?:^|:)(DESCRIPTION|IMPACT):(.*?)(?=:[A-Z][A-Z ]+:|::|$)", re.DOTALL)

_KEYED = re.compile(r"[A-Z][A-Z ]+:")  # a part of a cell that is no description


@dataclass(frozen=True)
class Fact:
    """What a field of the record states, quoted; `prose` values are sentences themselves."""

    label: str
    values: tuple[str, ...]
    prose: bool

    @property
    def line(self) -> str:
        """As text, "Platforms: Linux, macOS."; a command at the end of advice stays."""
        told = f"{self.label}: {(' ' if self.prose else ', ').join(self.values).rstrip('.')}"
        return told if self.label in _ADVICE and ends_with_code(told) else f"{told}."


def facts_of(record: Record, labels: tuple[str, ...], *, whole: bool = False) -> str:
    """The facts with these labels, a line each; empty if the record has none.

    whole: with all that WHOLE labels hold, and not only the beginning of each value.
    """
    return "\n".join(fact.line for fact in facts_about(record, labels, whole=whole))


def facts_about(record: Record, labels: tuple[str, ...], *, whole: bool = False) -> list[Fact]:
    """The facts with these labels that the record's fields state."""
    found = (_fact(record, label, whole and label in WHOLE) for label in labels)
    return [fact for fact in found if fact is not None]


def values_of(record: Record, label: str) -> list[str]:
    """What the fact with this label holds, whole where it is advice or signs; empty where the
    record states none."""
    return [value for fact in facts_about(record, (label,), whole=True) for value in fact.values]


def _fact(record: Record, label: str, whole: bool = False) -> Fact | None:
    if label in _RATED:
        return _RATED[label](record)
    found = find_own_values if label in _OWN else find_values
    source = _advising(record) if label in _ADVICE else record
    for name in FACTS[label]:
        stated = found(source, name)
        advice = label in _ADVICE
        values = [told for value in stated for told in _values(value, whole, advice=advice)]
        values = [value for value in values if not is_foreign(value, record)]
        if label == "Affected":
            values = [value for value in values if names_a_system(value)]
        if values:
            prose = any(value.endswith(".") for value in values)
            listed = label in _ADVICE and not any("::" in one for one in stated)
            most = (MOST_MEASURES if listed else MOST_SENTENCES) if prose else MOST_VALUES
            most = MOST_ACTIONS if whole else most
            return Fact(label, tuple(dict.fromkeys(values))[:most], prose)
    return None


def _severity(record: Record) -> Fact | None:
    """One severity, whatever a record pools: its own word, else its newest rating's."""
    found = severity_of(record)
    if found.level == UNKNOWN:
        return None
    said = found.stated or (found.rating.severity if found.rating else "") or found.level
    return Fact("Severity", (said,), False)


def _base_score(record: Record) -> Fact | None:
    """The score of the newest rating, with the version that it is of."""
    rating = rating_of(record)
    if rating is None:
        return None
    version = f" ({rating.called})" if rating.version else ""
    return Fact("Base score", (f"{rating.score}{version}",), False)


_OWN = frozenset({"Affected", "Platforms"})
_ADVICE = frozenset({"Solution", "Workaround", "Mitigations"})
_RATED = {"Severity": _severity, "Base score": _base_score}

STATED_ACTIONS = (*FACTS["Mitigations"], "mitigation", *FACTS["Solution"], *FACTS["Workaround"])
MOST_ACTIONS = 20


def stated_actions(record: Record) -> list[str]:
    """What a record itself advises against what it describes, each piece of advice whole; where it
    advises nothing, to update to the version that its fields call repaired."""
    source = _advising(record)
    found = [
        " ".join(piece.split())
        for name in STATED_ACTIONS
        for value in find_values(source, name)
        for piece in _pieces(value)
    ]
    found = [one for one in found if not says_nothing(one)]
    updates = map(update_of, own_sources(record)) if not found else ()
    return list(dict.fromkeys([*found, *filter(None, updates)]))[:MOST_ACTIONS]


def _advising(record: Record) -> Record:
    """The first of a record's sources that gives advice: a reader's words, or what it read."""
    advising = (s for s in own_sources(record) if any(find_values(s, n) for n in STATED_ACTIONS))
    return next(advising, record)


def _pieces(value: str) -> list[str]:
    """A value as a reader sees it; of a cell of the CWE tables the descriptions, or its parts."""
    pieces = [value]
    if value.startswith("::"):
        marked = [match.group(2) for match in _MARKUP.finditer(value)]
        pieces = marked or [one for one in value.split("::") if not _KEYED.match(one)]
    return [clean for piece in pieces if (clean := clean_text(piece))]


def _values(value: str, whole: bool, *, advice: bool) -> list[str]:
    """A value's first sentences; all where it is told whole, as advice is, which misleads by
    halves."""
    told = (
        piece
        if whole or (advice and len(piece) <= LONGEST_ADVICE)
        else first_sentences(piece, 2, LONGEST_VALUE)
        for piece in _pieces(value)
    )
    return [one for one in told if not says_nothing(one)]
