"""What an advisory of a fixed form advises, as a section that stands behind its summary.

Knows the field that readers keep remedies in; asks nothing.  Invariant: sentences stay whole, and
one that the summary tells, or another says in full, is not told again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stages.data_structurer.answers import ended, together
from stages.data_structurer.antecedents import points_away
from stages.data_structurer.forms import form_sentence
from stages.data_structurer.lines import as_lines
from stages.data_structurer.passages import Sentence, sentences_of
from stages.data_structurer.reading import Reading, is_fit
from stages.data_structurer.repeats import is_denied_already
from stages.text.facts import facts_about
from stages.text.kinds import ADVISORY
from stages.text.own_values import find_own_values
from stages.text.ratings import rating_of
from stages.text.severity import in_english, level_of, severity_of
from stages.text.workarounds import MARK

REMEDY = "Mitigations"  # the field's name, and the section's


SCOPE = "affected by what it tells of"  # the form that says what an advisory affects
_AFFECTED = re.compile(r".*?, the following is affected: ")


def status(reading: Reading, said: str) -> list[str]:
    """What an advisory of a feed affects, how severe that is, whether it is exploited and what
    its readers ask, a line each; only what a reader of feeds has found, and `said` has not."""
    if reading.subject.kind != ADVISORY or reading.sections:
        return []
    record, forms = reading.record, reading.recipe.forms
    affected = _AFFECTED.sub("", form_sentence(SCOPE, record, reading.subject, forms))
    rating, stated = rating_of(record), severity_of(record).stated
    several = len(find_own_values(record, "aliases")) > 1
    score = ""
    if rating is not None:
        most = "highest " if several else ""
        level = level_of(rating.severity) or rating.level
        score = f"{most}{rating.called} base score {rating.score:.1f} ({level})"
    same = rating is not None and level_of(stated) == rating.level
    word = "" if same else in_english(stated).capitalize()
    told = (
        ("Affected", affected.rstrip(".")),
        ("Severity", ", ".join(filter(None, [word, score]))),
        ("Exploitation", " ".join(find_own_values(record, "exploitation")).rstrip(".")),
    )
    lines = [f"{label}: {one}." for label, one in told if one and one not in said]
    return [*lines, *(one for one in find_own_values(record, "faq") if one not in said)]


def remedy(reading: Reading, said: str) -> str:
    """The remedy under its name; empty where there is none, or `said` has all of it."""
    if reading.subject.kind != ADVISORY or reading.sections:
        return ""
    values = [value for fact in facts_about(reading.record, (REMEDY,)) for value in fact.values]
    values += find_own_values(reading.record, "fixnotes")
    values = in_lines(values)
    lists = [as_lines(one) for one in values if "\n" in one]
    told = [
        one.text
        for value in values
        if "\n" not in value
        for one in sentences_of(value)
        if _advises(one, reading)
    ]
    new = [one for one in dict.fromkeys(told) if one not in said and not _is_begun(one, told)]
    new = [one for one in new if not is_denied_already(one, said)]
    shown = together([ended(one) for one in new]) if new else ""
    shown = "\n".join(filter(None, [shown, *lists]))
    return f"{REMEDY}: {shown}" if shown and not shown.startswith(MARK) else shown


def in_lines(values: Sequence[str]) -> list[str]:
    """Values without those that another one says in lines, as a stage before this one has joined
    them."""
    lines = {" ".join(one.split()) for one in values if "\n" in one}
    return [one for one in values if "\n" in one or one not in lines]


def _is_begun(sentence: str, told: list[str]) -> bool:
    """Whether another sentence begins with all that this one says."""
    begun = sentence.rstrip(".")
    return any(one.startswith(begun) and len(one) > len(sentence) for one in told)


# "Administrators who have sent a bundle should change the passphrase."
_TO_SOME = re.compile(
    r"(?:(?:Administrators|Users|Operators|Customers|Organi[sz]ations|Owners|People|Sites|Teams|Those"
    r"|Anyone|Anybody|Everyone|Everybody|Whoever|Installations|Members)\b [^.]*?"
    r"\b(?:who|that|whose|with|using|has|have|had)\b|Whoever\b)[^.]*?"
    r"\b(?:should|must|need to|needs to|have to|has to)\b"
)
# "After the update, change all keys.", "Updating alone does not remove them."
_THEN = re.compile(
    r"(?:After|Once|When) (?:the |an? |you |it |everything )?(?:have |has |is |was |been )*"
    r"(?:updat|upgrad|patch|install)\w*[^.,]*, (?:also |then |please )?"
    r"(?:rotat|revok|restart|reset|chang|check|review|run|delet|remov|invalidat|regenerat|renew)"
    r"\w* "
    r"|(?:Please |Also |Then )?(?:Rotate|Revoke|Invalidate|Regenerate) (?:all|any|every|the)\w* "
    r"|(?:Updating|Upgrading|Patching|The (?:update|patch|upgrade)) (?:alone )?"
    r"(?:does not|doesn't|is not|isn't|won't|will not) "
)
_OF_THE_FIX = re.compile(r"\b(?:updat|upgrad|patch|fix|workaround|mitigat)", re.IGNORECASE)


def in_prose(reading: Reading, said: str) -> list[str]:
    """What the text itself advises to some, besides the remedies that fields have: they say
    nothing of it."""
    told = [one for one in reading.sentences if _TO_SOME.match(one.text) and not one.gap]
    told = [one for one in told if not _OF_THE_FIX.search(one.text)]
    told += [one for one in reading.sentences if _THEN.match(one.text) and one not in told]
    new = [one for one in told if one.text not in said]
    return [one.text for one in new if _advises(one, reading) and one.ended]


_AS_ELSEWHERE = re.compile(r"As for CVE-", re.IGNORECASE)


def _advises(sentence: Sentence, reading: Reading) -> bool:
    """Whether a sentence of a remedy can be told beside others."""
    away = points_away(sentence.text) or _AS_ELSEWHERE.match(sentence.text)
    return not away and is_fit(sentence.text, reading.recipe.bounds.wording)
