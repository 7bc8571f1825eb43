"""The sentences that a text begins with, as an answer to what it is about.

Passes over what only introduces a product, what is about something else, and what can't be
understood alone; asks nothing.  Invariant: what is taken stands together in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from stages.data_structurer.answers import LONGEST, Answer, fitting, quoted
from stages.data_structurer.antecedents import beginning
from stages.data_structurer.evidence import is_under
from stages.data_structurer.passages import Sentence
from stages.data_structurer.reading import Reading
from stages.data_structurer.roles import LIKELY, LIKELY_WITHOUT_CUE, Role
from stages.data_structurer.subjects import TITLED
from stages.recipe.asks import FIRST_PARAGRAPH, OWN_WORK, Way
from stages.recipe.questions import Questions
from stages.recipe.role_names import ASIDE, DETECT, EFFECT, RESPOND
from stages.text.kinds import (
    ADVISORY,
    INCIDENT,
    OTHER,
    PATTERN,
    TECHNIQUE,
    VULNERABILITY,
    WEAKNESS,
)

MOST_ITEMS = 6  # of a list
LONG, A_SENTENCE = 5, 160  # sentences of a long lead, and characters for each
LONGEST_LEAD = 850  # characters of a flaw's description that is told whole
MOST_OF_A_FLAW = 5  # sentences, up to the one that says what comes of it
SURELY_ASIDE = 0.4  # probability from which a sentence is about something else

_Told = Sequence[tuple[Sentence, Role]]

_OWN_WORK = re.compile(
    r"\b(?:we|our|this (?:paper|work|study|article|survey|thesis|report|research))\b", re.IGNORECASE
)


def lead(reading: Reading, way: Way) -> Answer | None:
    """The sentences a text begins with, from the first that stands on its own."""
    if whole := _short_description(reading, way):
        return quoted(whole)
    told = _beginning(reading, way)
    taken = _opening(told, reading, way)
    behind = bool(taken) and (taken[0] is not told[0][0] or taken[0].paragraph > 0)
    if behind and any(role.name == RESPOND for one, role in told if one is taken[0]):
        taken = []  # what was done about it, behind a list or so, is not what it is about
    elif reading.subject.kind == ADVISORY and _only_introduce(taken, reading.questions):
        taken = _first_list(told) or taken
    return quoted(fitting(taken, LONGEST if way.most < LONG else A_SENTENCE * way.most))


def _short_description(reading: Reading, way: Way) -> list[Sentence]:
    """All of a flaw's description that is one paragraph of sentences; empty for any other."""
    sentences = list(reading.sentences)
    if reading.subject.kind != VULNERABILITY or way.most < LONG or OF_A_COMMIT.search(reading.text):
        return []
    if any(map(_is_measure, reading.roles)) or any(_ANEW.match(one.text) for one in sentences[1:]):
        return []
    prose = len(reading.passages) == 1 and not any(
        one.item or one.heading or one.gap or not one.ended for one in sentences
    )
    told = " ".join(one.text for one in sentences)
    whole = (
        prose and told == " ".join(reading.passages[0].split()) and "\n" not in reading.passages[0]
    )
    fits = len(sentences) > 1 and len(told) <= LONGEST_LEAD and not sentences[0].points_back
    named = not any(_OF_ANOTHER.match(one.text) for one in sentences)
    return sentences if whole and fits and named else []


# A commit of a kernel orders its own code about, and nobody else.
OF_A_COMMIT = re.compile(r"\bthe following vulnerability has been resolved:", re.IGNORECASE)
_OF_THE_REPAIR = re.compile(
    r"(?:(?:So|Therefore|Thus|Instead|Hence|Then|Also|To (?:fix|avoid|prevent|address"
    r"|solve)\b[^,]*),? )?"
    r"(?:(?:[Jj]ust|[Ss]imply|[Aa]lso) )?"
    r"(?i:move|fix|add|clear|check|make|use|set|drop|remove|avoid|call|do|don't|ensure|prevent"
    r"|initiali[sz]e|free|take|hold|return|replace|switch|convert|change|let|skip|reject"
    r"|validate|disable"
    r"|enable|only|bail|cancel|flush|grab|guard|handle|increase|limit|lock|unlock|mark|pass|protect"
    r"|put|reorder|require|reset|restore|revert|stop|store|test|track|verify|wait|zero|allocate|cap"
    r"|clamp|defer|delay|destroy|get|give|introduce|keep|refuse|release|reject|rework|serialize"
    r"|split)"
    r" (?!of\b|in\b|by\b|is\b|was\b|may\b|can\b|could\b)"
    r"|Note that|This (?:patch|commit|change)|The (?:patch|fix|commit)\b|Fixes?:"
)


def _opening(told: _Told, reading: Reading, way: Way) -> list[Sentence]:
    """What stands together at the beginning, up to what is about something else or a measure."""
    taken: list[Sentence] = []
    guide = reading.subject.kind in TITLED and bool(told) and _is_measure(told[0][1])
    told_of = way.most > 3 and reading.subject.kind in _MEASURES_COUNT
    cataloged = reading.subject.kind in _CATALOGS
    for sentence, role in told:
        aside = is_aside(role) and not cataloged
        listed = _LISTS.search(sentence.text) is not None
        skipped = aside or sentence.item or listed or _is_elsewhere(sentence, reading)
        if not taken and (skipped or not _can_begin(reading, sentence)):
            continue
        respond = _is_measure(role) and not (guide or told_of or cataloged)
        lost = sentence.gap and (sentence.points_back or cataloged or _is_unknown(sentence, taken))
        repaired = _OF_THE_REPAIR.match(sentence.text) and OF_A_COMMIT.search(reading.text)
        ends = skipped or respond or lost or not sentence.ended or repaired is not None
        ends = ends or (_ANEW.match(sentence.text) is not None and not _introduce(taken, reading))
        ends = ends or bool(_LEANS.match(sentence.text) or _OF_ANOTHER.match(sentence.text))
        ends = ends or (len(taken) >= way.most and not _is_still_due(taken, told, role, reading))
        if taken and ends:
            break
        taken.append(sentence)
    return taken


# A name in code, of which a sentence says no more than what it is: "Scope::Base refers to ...".
_IDENTIFIER = re.compile(
    r"([\w.]*(?:::|\w_\w|\w\(\)|[a-z][A-Z])[\w:.()]*)"
    r" (?:(?:resolves|refers|defaults|maps|points|evaluates) to|means|stands for|raises)\b"
)


def _is_unknown(sentence: Sentence, taken: Sequence[Sentence]) -> bool:
    """Whether a sentence explains a name in code that none of those taken has."""
    name = _IDENTIFIER.match(sentence.text)
    return name is not None and not any(name[1].rstrip("().") in one.text for one in taken)


# Sections of an entry that say how to try or find a flaw, and not what it is.
_TRIES = re.compile(
    r"(?:a |the )?(?:poc|proofs?[- ]of[- ]concepts?|(?:steps to )?repro(?:duce|duction(?: steps)?)"
    r"|how to reproduce|example|exploit(?:ation)?|(?:am i|are you|is my \w+|who is) \w+"
    r"|how (?:do|can) (?:i|you|we) (?:know|tell|check|see)\b.*|references?|credits?"
    r"|for more information|timeline)\??",
    re.IGNORECASE,
)


def _is_elsewhere(sentence: Sentence, reading: Reading) -> bool:
    """Whether a sentence stands in a section of an entry on a flaw that doesn't describe it."""
    how = reading.recipe.roles
    aside = is_under(sentence, RESPOND, how) or is_under(sentence, DETECT, how)
    entry = reading.subject.kind == VULNERABILITY
    return entry and (aside or _TRIES.fullmatch(sentence.heading) is not None)


# Where a second description of the same begins, and what is to be done about it.
_ANEW = re.compile(
    r"(?:A|An) (?:[\w-]+ ){0,2}(?:flaw|vulnerability|issue|weakness|problem)"
    r" (?:was|has been) (?:found|discovered|identified|reported) in\b|As a workaround\b"
)


def _introduce(taken: Sequence[Sentence], reading: Reading) -> bool:
    return _only_introduce(taken, reading.questions)


def _is_still_due(taken: list[Sentence], told: _Told, role: Role, reading: Reading) -> bool:
    """Whether a flaw's sentence says at last what comes of it, right behind those taken."""
    due = reading.subject.kind == VULNERABILITY and len(taken) < MOST_OF_A_FLAW
    said = any(one.name == EFFECT for sentence, one in told if sentence in taken)
    return due and role.name == EFFECT and EFFECT in role.cued and not said


_OF_ANOTHER = re.compile(r"CVE-\d{4}-\d{4,}(?:[:,]| [A-Z])")  # the next flaw of an advisory
# What a sentence without a subject begins with, or one that concedes what nobody has said.
_LEANS = re.compile(
    r"(?:Needs|Requires|Allows|Affects|Leads|Causes|Results|Happens|Exists|Fixed|Patched|Tested) "
    r"|Even (?:if|though) |Various "
)
# What begins a list whose items have lost their lines: "These occur when: The reader ...".
_LISTS = re.compile(
    r"\b(?:when|if|where|as follows|(?:the following|these)(?: (?:cases|conditions|ways|situations"
    r"|steps|circumstances|reasons))?)(?: (?:is|are|holds?|appl(?:y|ies)|occurs?|true|met))*"
    r": [A-Z][a-z]*\b "
)
_CATALOGS = frozenset({TECHNIQUE, PATTERN, WEAKNESS})  # whose entries digress nowhere
_MEASURES_COUNT = frozenset({ADVISORY, INCIDENT})  # in what they are summarized by
_OF_THE_TITLE = re.compile(r"(?:This|These) (?:was|is|were|are) ")


def _can_begin(reading: Reading, sentence: Sentence) -> bool:
    """Whether a summary may begin with a sentence.  The first one of a text speaks of its title;
    what is passed over must not be what a later one speaks of."""
    at = reading.sentences.index(sentence)
    if at:
        return beginning(reading.sentences, at) == at
    first = sentence.start <= len(reading.identity.name) + 1
    of_title = first and reading.subject.kind in TITLED and _OF_THE_TITLE.match(sentence.text)
    return bool(of_title) or not sentence.points_back


def _first_list(told: _Told) -> list[Sentence]:
    """The first list of a text that says in nothing else what it tells of, or fixes."""
    first = next((at for at, (one, _) in enumerate(told) if one.item), len(told))
    items = takewhile(lambda one: one[0].item, told[first:])
    return [one for one, role in items if not (one.points_back or is_aside(role))][:MOST_ITEMS]


def _is_measure(role: Role) -> bool:
    return role.name == RESPOND and role.probability >= LIKELY


def _beginning(reading: Reading, way: Way) -> list[tuple[Sentence, Role]]:
    """The sentences that a lead is taken from, with their roles."""
    told = list(zip(reading.sentences, reading.roles, strict=True))
    if way.of == OWN_WORK:
        first = next((at for at, (one, _) in enumerate(told) if _OWN_WORK.search(one.text)), 0)
        led = first > 0 and beginning(reading.sentences, first) != first
        return told[first - 1 if led else first :]
    if way.of == FIRST_PARAGRAPH:
        return [one for one in told if one[0].paragraph == 0]
    subject = reading.subject
    untitled = subject.kind == VULNERABILITY and subject.name == subject.short
    speaks_of_products = subject.kind in _SPEAKS_OF_PRODUCTS and not untitled
    return told[_introduction(told, reading.questions) :] if speaks_of_products else told


_SPEAKS_OF_PRODUCTS = frozenset({ADVISORY, VULNERABILITY, OTHER})


def _introduction(told: Sequence[tuple[Sentence, Role]], how: Questions) -> int:
    """How many sentences at the beginning only say what a product is, if more is said then."""
    if len(told) < 2 or not only_introduces(told[0][0], how):
        return 0
    more = any(_tells_more(one, how) for one, _ in told[1:])
    # What stands for the product, such as "it", can't do without the introduction.
    return int(more and not told[1][0].points_back)


def _only_introduce(taken: Sequence[Sentence], how: Questions) -> bool:
    return all(only_introduces(one, how) for one in taken)


def _tells_more(sentence: Sentence, how: Questions) -> bool:
    """Whether a sentence says anything of a flaw or an attack."""
    return re.search(how.tells_more, sentence.text, re.IGNORECASE) is not None


def only_introduces(sentence: Sentence, how: Questions) -> bool:
    """Whether a sentence says what a product is, and nothing of a flaw or an attack."""
    introduces = re.match(how.only_introduces, sentence.text, re.IGNORECASE) is not None
    return introduces and not _tells_more(sentence, how)


def is_aside(role: Role) -> bool:
    """Whether a sentence is about something else, surely where no word of it says so."""
    likely = SURELY_ASIDE if ASIDE in role.cued else LIKELY_WITHOUT_CUE
    return role.probabilities[ASIDE] >= likely
