"""Answers in the record's own words: whole sentences by their role, prose of its fields, forms.

Nothing here asks a model.  Invariant: an answer is made of whole sentences of the record, or of
values of its fields in a fixed form, and its first sentence can be understood alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from stages.data_structurer.advice import is_told_whole
from stages.data_structurer.analytics import FRAME, with_subjects
from stages.data_structurer.answers import RECORD, Answer, fitting, quoted
from stages.data_structurer.antecedents import beginning
from stages.data_structurer.articles import with_article, with_articles, without_mark
from stages.data_structurer.clauses import clause
from stages.data_structurer.completed import completed
from stages.data_structurer.definitions import are_doubted
from stages.data_structurer.evidence import is_strict, leaves_out_command
from stages.data_structurer.field_prose import field_prose
from stages.data_structurer.finished import finished
from stages.data_structurer.forms import form_sentence
from stages.data_structurer.joint_answers import joint
from stages.data_structurer.leads import MOST_ITEMS, OF_A_COMMIT, is_aside, lead
from stages.data_structurer.naming import is_of_one, named
from stages.data_structurer.notes import (
    CONCERNS,
    is_on_report,
    told_plainly,
    with_verb,
    without_labels,
)
from stages.data_structurer.problems import told_with_problem
from stages.data_structurer.reading import Reading
from stages.data_structurer.remedies import REMEDY
from stages.data_structurer.repairs import fixed_in, was_useless, with_commit
from stages.data_structurer.roles import LIKELY, LIKELY_WITHOUT_CUE
from stages.data_structurer.sections import has_impact, impact, section_answer
from stages.data_structurer.steps import all_steps
from stages.data_structurer.subjects import NAMED, TITLED, Subject, is_entry
from stages.data_structurer.wholes import whole
from stages.recipe.asks import (
    AS_WRITTEN,
    CLAUSE,
    FIELDS,
    FIRST_PARAGRAPHS,
    FORM,
    LEAD,
    NOTES,
    OWN_WORK,
    ROLE,
    TOLD,
    WHOLE,
    KindQuestion,
    Way,
)
from stages.recipe.role_names import DETECT, EFFECT, HOW, RESPOND, WHAT
from stages.text.kinds import ADVISORY, DETECTION, VULNERABILITY
from stages.text.record_text import find_values
from stages.text.sentences import sentence_ends

LONGEST_PROFILE = 1_800  # characters of a text that is told as what something is
SHORTEST_NOTE = 160  # characters of a text on a flaw that says hardly more than a title
NEXT_LIKELY = 0.35  # of a sentence that follows one that was taken


def own_answer(reading: Reading, question: KindQuestion) -> Answer | None:
    """What the record itself answers; None where it doesn't, or the question makes no sense."""
    if not re.search(question.about, reading.text, re.IGNORECASE):
        return None
    if not reading.subject.known and question.asks != WHAT:
        return None  # nobody knows what it is asked about
    answers = ((way, finished(_WAYS[way.kind](reading, way), reading)) for way in question.ways)
    found = ((way, one) for way, one in answers if one and re.search(question.fits, one.text, re.I))
    answer = joint(question, dict(found)) if question.joined else next((a for _, a in found), None)
    return completed(answer, reading, question)


def _role(reading: Reading, way: Way) -> Answer | None:
    """The best sentence of a role with those of the same role that follow it."""
    if is_strict(reading.subject, way.of):
        return section_answer(reading, way)
    chances = [role.probabilities[way.of] for role in reading.roles]
    fits = [_is_likely(reading, at, way, LIKELY) for at in range(len(chances))]
    order = sorted((at for at, fit in enumerate(fits) if fit), key=lambda at: -chances[at])
    for best in order:
        first = _begin(reading, best)
        if first is None:
            continue
        taken = {*range(first, best + 1)}
        for at in (*range(best + 1, len(chances)), *range(best - 1, -1, -1)):
            if len(taken) < way.most and _goes_along(reading, at, way, taken):
                taken.add(at)
        if way.of == RESPOND:
            taken |= _rest_of_list(reading, way, taken)
        steps = all_steps(reading.sentences, taken) if way.of == RESPOND else set()
        if steps is None:
            continue
        taken |= steps
        told = [fixed_in(reading, reading.sentences[at], way) for at in sorted(taken)]
        answer = quoted(told if steps else fitting(told))
        if answer is None or min(taken) != best:
            return answer
        return None if is_of_one(answer, reading) else named(answer, reading.subject)
    return None


def _rest_of_list(reading: Reading, way: Way, taken: set[int]) -> set[int]:
    """The items of a list beside those that were taken: one measure is seldom alone in a list."""
    sentences, found = reading.sentences, set(taken)
    if not all(sentences[at].item for at in taken):
        return set()
    between = range(min(taken), max(taken) + 1)
    if all(sentences[at].item for at in between):
        found.update(at for at in between if _is_of_list(reading, at, way))
    for step in (1, -1):
        at = (max(found) if step > 0 else min(found)) + step
        while 0 <= at < len(sentences) and len(found) < MOST_ITEMS:
            near = abs(sentences[at].paragraph - sentences[at - step].paragraph) <= 1
            if not near or not _is_of_list(reading, at, way):
                break
            found.add(at)
            at += step
    return found


def _is_of_list(reading: Reading, at: int, way: Way) -> bool:
    """Whether a sentence is an item that may stand beside the measures of its list."""
    sentence = reading.sentences[at]
    fits = re.search(way.each, sentence.text, re.IGNORECASE) is not None
    return sentence.item and fits and not is_aside(reading.roles[at])


def _goes_along(reading: Reading, at: int, way: Way, taken: set[int]) -> bool:
    """Whether a sentence of the same role may be said with those that were taken: next to them,
    or anywhere if it can be understood alone."""
    if at in taken:
        return False
    sentences = reading.sentences
    if at - 1 in taken and not (sentences[at].gap and sentences[at].points_back):
        return _is_likely(reading, at, way, NEXT_LIKELY) or _goes_on(reading, at, way)
    return _is_likely(reading, at, way, LIKELY) and beginning(sentences, at) == at


def _goes_on(reading: Reading, at: int, way: Way) -> bool:
    """Whether a sentence says what the one before it did next: how something works is told so."""
    sentence, before = reading.sentences[at], reading.sentences[at - 1]
    told = reading.roles[at].name in (HOW, EFFECT, WHAT) and not is_aside(reading.roles[at])
    follows = sentence.points_back and sentence.paragraph == before.paragraph
    return way.of == HOW and told and follows and sentence.ended


# What says so little that it needs the sentence before it.
_FRAGMENT = re.compile(r"(?:fixed|resolved|patched|corrected) (?:in|by|with) \S+$", re.IGNORECASE)
_NUMBERED = re.compile(r"\(?\d{1,2}[.)] ")  # one of several things that a text lists


def _is_likely(reading: Reading, at: int, way: Way, least: float) -> bool:
    role, sentence = reading.roles[at], reading.sentences[at]
    demanded = least if way.of in role.cued else LIKELY_WITHOUT_CUE
    if role.name != way.of or role.probability < demanded or _NUMBERED.match(sentence.text):
        return False
    fits = re.search(way.each, sentence.text, re.IGNORECASE) is not None
    fragment = _FRAGMENT.match(sentence.text) and reading.subject.kind != VULNERABILITY
    fits = fits and not fragment and not (way.of == RESPOND and was_useless(reading, at))
    fits = fits and not (way.of == DETECT and leaves_out_command(reading.text, sentence))
    return fits and (sentence.ended or sentence.item)


def _begin(reading: Reading, at: int) -> int | None:
    """Where an answer has to begin for a sentence to be understood; None: nowhere."""
    if _is_on_subject(reading, at):
        return at
    first = beginning(reading.sentences, at)
    return None if first is None or (first < at and is_aside(reading.roles[first])) else first


def _is_on_subject(reading: Reading, at: int) -> bool:
    """Whether a sentence says "It" of what the record itself is: malware, a group, a flaw."""
    if reading.subject.kind in TITLED or not reading.sentences[at].text.startswith(("It ", "Its ")):
        return False
    before = reading.sentences[at - 1].text if at else ""
    if at == 0 or reading.subject.kind in NAMED:
        return True
    return before.startswith((reading.subject.short, "It ", "This ", "The "))


def _form(reading: Reading, way: Way) -> Answer | None:
    if "aliases" in way.of and not is_entry(reading.subject):
        names = find_values(reading.record, "aliases", "alias")
        if are_doubted(names, [one.text for one in reading.sentences]):
            return None
    text = form_sentence(way.of, reading.record, reading.subject, reading.recipe.forms)
    return Answer(text, FORM, text) if text else None


def _lead(reading: Reading, way: Way) -> Answer | None:
    """What a text begins with; notes of a detection say in sentences what it looks for, and notes
    on a flaw get their article."""
    answer, subject = _begun(reading, way), reading.subject
    if answer is not None and subject.kind == VULNERABILITY and is_on_report(answer.text):
        return None
    if answer is not None and way.of == AS_WRITTEN:
        return replace(answer, text=f'"{without_mark(answer.text)}"')
    if answer is not None and subject.kind == VULNERABILITY:
        told = told_plainly(answer.text)
        begun = with_article(told)
        noted = _noted(with_articles(begun) if begun != told else begun, subject)
        return with_commit(_with_scope(noted, reading), reading)
    if answer is not None and subject.kind == ADVISORY:
        return replace(
            answer,
            text=without_labels(answer.text, subject.name),
            allowed=f"{answer.allowed} {CONCERNS}",
        )
    if answer is None or subject.kind != DETECTION:
        return answer
    analytic = _ANALYTIC.fullmatch(subject.short) is not None
    if analytic:
        return Answer(with_subjects([answer.text], subject.short, True), answer.by, FRAME)
    end = next(iter(sentence_ends(answer.text)), len(answer.text))  # what follows is prose
    begun = with_subjects([answer.text[:end]], _THE_DETECTION, False)
    return Answer(f"{begun}{answer.text[end:]}", answer.by, FRAME)


def _begun(reading: Reading, way: Way) -> Answer | None:
    """A text as a whole or its first paragraphs, else the sentences that it begins with; what
    something is, by all of a short text on it, and a long one is a report."""
    strict = is_strict(reading.subject, HOW)
    told = strict or way.of in (WHOLE, FIRST_PARAGRAPHS, NOTES, OWN_WORK)
    found = whole(reading, way) if told else None
    if reading.subject.kind in NAMED:
        long = strict and found is not None and len(found.text) > LONGEST_PROFILE
        found = found if long == (way.of == WHOLE) else None
    return found if way.of in (WHOLE, FIRST_PARAGRAPHS, NOTES) else found or lead(reading, way)


def _noted(text: str, subject: Subject) -> Answer:
    """What a note on a flaw says, with the flaw's id in front where the note has no verb."""
    said = with_verb(text, subject.short) if _ID.fullmatch(subject.short) else text
    return Answer(said, RECORD, "" if said == text else CONCERNS)


def _with_scope(answer: Answer, reading: Reading) -> Answer:
    """A note of a few words, which its title says as well, with what is affected."""
    scope = _form(reading, Way(FORM, "affected")) if len(answer.text) <= SHORTEST_NOTE else None
    if answer.allowed != CONCERNS or scope is None:
        return answer
    rest = scope.text.removeprefix(reading.subject.short)
    return replace(answer, text=f"{answer.text} It{rest}", allowed=f"{CONCERNS} It{rest}")


_ID = re.compile(r"[A-Z]{2,8}-\d[\w-]*|GHSA(?:-\w{4}){3}")  # of an entry on a flaw
# An analytic or a rule by its id, and no source of data or strategy.
_ANALYTIC = re.compile(r"(?!D[CS]\d|DET)[A-Z]{1,6}-?\d[\w.-]*")
_THE_DETECTION = "The detection"


def _of_role(reading: Reading, way: Way) -> Answer | None:
    """By a role; what comes of a flaw only where the text has a section on it.  Measures that a
    field of their own tells are not told by some sentence of the text."""
    if way.of == RESPOND and (is_told_whole(reading, REMEDY) or OF_A_COMMIT.search(reading.text)):
        return None
    if way.of == EFFECT and has_impact(reading):
        return impact(reading)
    if way.of == EFFECT and reading.subject.kind == VULNERABILITY:
        return None  # a sentence or two of it are seldom all that comes of a flaw
    return _role(reading, way)


_WAYS: dict[str, Callable[[Reading, Way], Answer | None]] = {
    LEAD: _lead,
    ROLE: _of_role,
    FIELDS: field_prose,
    FORM: _form,
    CLAUSE: clause,
    TOLD: told_with_problem,
}
