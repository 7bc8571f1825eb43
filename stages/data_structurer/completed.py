"""What a flaw's record says on a question besides its fields, told behind them.

Fields seldom say all: that something is not affected, that a branch gets no fix or that a
workaround has its price stands in prose.  Invariant: an answer that would leave out a part of it
is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from stages.data_structurer.answers import Answer
from stages.data_structurer.antecedents import points_away
from stages.data_structurer.conditions import conditions
from stages.data_structurer.lines import as_lines, is_code, with_code
from stages.data_structurer.notes import told_plainly
from stages.data_structurer.orders import besides, parted, with_product
from stages.data_structurer.passages import MARKER, Sentence, heading_in, sentences_of
from stages.data_structurer.reading import Reading
from stages.data_structurer.repeats import is_denied_already
from stages.data_structurer.subjects import NAMED
from stages.data_structurer.targets import with_targets
from stages.gates.words import content_words
from stages.recipe.asks import KindQuestion
from stages.recipe.role_names import AFFECTED, RESPOND
from stages.text.no_remedy import denies_remedy
from stages.text.own_values import find_own_values
from stages.text.sentences import is_whole
from stages.text.workarounds import as_workaround

_STATEMENT = "statement"  # a vendor's remarks, which are no part of the description
LONGEST = 1_600  # characters of an answer with all that belongs to it

_STATE = r"(?:affected|vulnerable(?! to)|exposed|exploitable|impacted|at risk)"
_SCOPE = re.compile(
    rf"\b(?:(?:not|never|only|also|still|always|all|equally)\b|n't|(?:is|are|was|were|remains?))"
    rf" (?:be |known to be |considered )?{_STATE}\b"
    r"|\bunaffected\b|^Only\b|\bonly affects?\b|\baffects? only\b"
    r"|\b(?:does not|doesn't|do not|don't) (?:affect|(?:contain|include|ship|have)"
    r" (?:the|this|that|these)\b)"
    r"|^(?:The |This )?(?:flaw|bug|issue|vulnerability|problem|code|regression) was introduced in\b"
    r"|\b(?:exploit\w*|attack\w*|vulnerab\w+) (?:[\w-]+ ){0,4}only (?:if|when|where|with)\b"
    r"|^Whether\b.* is (?:not known|unknown|under investigation)",
    re.IGNORECASE,
)
# Of a product's part, which is where a flaw is, and not what has it.
_PART = re.compile(
    r"\baffected (?:by this [a-z]+ )?(?:is|are) (?:an? |the |some )?(?:[\w-]+ ){0,2}"
    r"(?:function|element|file|processing|part|code|component|argument)\b",
    re.IGNORECASE,
)
_REMEDY = re.compile(
    r"\bwork-?arounds?\b|\bmitigat(?:e[sd]?|ing|ions?)\b|\bunsupported\b|\bend[- ]of[- ](?:life"
    r"|support)\b"
    r"|\b(?:no|not|never|without|won't|isn't|aren't|hasn't|haven't)\b[^.;]{0,40}?"
    r"\b(?:fix(?:ed|es)?|patch(?:ed|es)?|backport\w*|updates?|maintained|supported|plan(?:ned|s))\b"
    r"|\b(?:upgrad|updat)(?:e|ing) (?:alone|does|to|is)\b|\b(?:fix(?:ed)?|patched|repaired"
    r"|backported)"
    r" (?:in|by|with|to)\b"
    r"|^(?:After|Before|Once) (?:the |an? )?(?:updat|upgrad|patch|install)\w*"
    r"|\b(?:does|do|is|are)(?: not|n't) (?:help|enough|sufficient|protect)\b"
    r"|\b(?:should|must|need to|have to) (?:also |then |immediately )?(?:rotat|revok|reset"
    r"|chang|restart|disabl|remov|invalidat|regenerat|renew|delet|check|review)\w*",
    re.IGNORECASE,
)
# "This is not the issue that was fixed in 2.1": on how another flaw was repaired.
_ANOTHER = re.compile(
    r"\bis not the (?:same )?(?:flaw|issue|vulnerability|bug|problem) (?:that|which|as)\b", re.I
)
_MEASURES = re.compile(
    r"(?:available |temporary |suggested )?(?:patch(?:es)?|(?:bug ?)?fix(?:es)?|work-?arounds?"
    r"|mitigations?"
    r"|remediations?|solutions?|recommendations?|resolution|patched versions?|fixed versions?"
    r"|countermeasures?|what to do|patches and work-?arounds?)",
    re.IGNORECASE,
)
_AROUND = re.compile(r".*(?:work-?around|mitigation).*", re.IGNORECASE)
# What any order to update or note on versions says.
_PLAIN = frozenset(
    content_words(
        "version before prior affected vulnerable fixed patch patched update updated upgrade"
        " release"
        " released issue vulnerability flaw problem user later through addressed resolved repaired"
        " newer recommended available backported corrected earlier include included contain"
    )
)


@dataclass(frozen=True)
class _Topic:
    """What is told besides an answer: the field that readers keep notes of it in, what sentences on
    it say, and the headings of its sections."""

    field: str
    says: re.Pattern[str]
    headings: re.Pattern[str] | None = None
    spares: re.Pattern[str] | None = None


_TOPICS = {
    AFFECTED: _Topic("scopenotes", _SCOPE, spares=_PART),
    RESPOND: _Topic("fixnotes", _REMEDY, _MEASURES, spares=_ANOTHER),
}


def completed(answer: Answer | None, reading: Reading, question: KindQuestion) -> Answer | None:
    """An answer with all else that the record says on its question; None where a part of that can't
    be told."""
    topic = _TOPICS.get(question.asks)
    if answer is None or topic is None or not question.whole:
        return answer
    if reading.subject.kind in NAMED:
        return with_targets(answer, reading)
    cases = [] if topic.headings else conditions(reading.text, topic.says)
    sections = [*_sections(reading.text, topic), *cases]
    prose = _in_prose(reading, topic, answer.text)
    if prose is None:
        return None
    sections = with_product(sections, answer.text)
    said = besides(answer.text, sections)
    denied = _denied(reading.text) if topic.headings else []
    prose += [one for one in denied if not (_NO_ACTION.match(one) and _NO_ACTION.search(said))]
    for new in (*sections, *prose):
        if not _is_told(new, said, reading):
            said = _behind(said, new)
    noted = find_own_values(reading.record, topic.field)
    noted = [one for one in noted if not _is_told(one, said, reading)]
    if topic.headings and any(_DENIES.search(one) for one in (*prose, *sections)):
        noted = [one for one in noted if not one.startswith("No repaired version")]
    for one in noted:
        said = said if is_denied_already(one, said) else _behind(said, one)
    allowed = " ".join([answer.allowed, *noted]).strip()
    return replace(answer, text=said, allowed=allowed) if len(said) <= LONGEST else None


_DENIES = re.compile(
    r"\b(?:no|not|never|won't|no longer)\b[^.]*\b(?:fix|patch|maintain|support)", re.I
)


def _behind(said: str, new: str) -> str:
    """Lists and commands stand in lines of their own."""
    if not said:
        return new
    last = said.rpartition("\n")[2]
    listed = MARKER.match(new) or "\n" in new or last.startswith("- ") or not is_whole(said)
    return f"{said}\n{new}" if listed else f"{said} {new}"


_RELEASE = re.compile(r"\b(?!Versions? )[A-Z][a-z]+ \d+\b(?!\.\d)")  # "Linux 7"


def _is_told(new: str, said: str, reading: Reading) -> bool:
    """Whether all that a sentence says is said already."""
    if new in said or not all(one in said for one in _RELEASE.findall(new)):
        return new in said
    known = {*content_words(f"{said} {reading.subject.name}"), *_PLAIN}
    return not set(content_words(new)) - known and not _DENIES.search(new)


def _sections(text: str, topic: _Topic) -> Iterator[str]:
    """What stands under each heading of the topic: its sentences, or its list."""
    if topic.headings is None:
        return
    under, lines = "", list[str]()
    parts: list[tuple[str, str]] = []
    for line in [*text.split("\n"), "End:"]:
        heading = heading_in(line)
        if heading and under:
            parts.append((under, as_lines("\n".join(lines))))
        if heading:
            under, lines = heading if topic.headings.fullmatch(heading) else "", []
        elif under:
            lines.append(line)
    for heading, told in parts:
        told = "\n".join(one for one in told.split("\n") if not _ROW.match(one))
        if told.strip() and not is_code(told):
            yield from _of_section(heading, told)


# A row of a table of versions, which the fields state.
_ROW = re.compile(r"\s*(?:\||\w[\w #/()-]{0,30}: [^;\n]{1,200}; [A-Z#][\w #/()-]{0,30}: )")


def _of_section(heading: str, told: str) -> Iterator[str]:
    """The paragraphs of a section, a list in one piece."""
    around = _AROUND.fullmatch(heading) is not None
    lines = with_code([one for one in told.split("\n") if one and not _THANKS.match(one)])
    marked = False
    for listed, some in groupby(lines, lambda one: bool(MARKER.match(one))):
        shown = list(some)
        if listed:
            marked = True
            yield "\n".join([f"{heading}:", *shown])
        elif around:
            said = shown[0]
            for before, one in pairwise(shown):
                said += f"\n{one}" if "\n" in before + one else f" {one}"
            denied = denies_remedy(said.lower().rstrip("."))
            yield _NO_WAY if denied else said if marked else as_workaround(said)
        else:
            pieces = (one for line in shown for one in ([line] if "\n" in line else parted(line)))
            yield from filter(None, (_VERSION.sub("", one) for one in pieces))


_THANKS = re.compile(r"(?:Many |Special )?[Tt]hanks to |We (?:would like to )?thank |Credits?: ")
_VERSION = re.compile(r"\A[vV]?\d+(?:\.\d+)+\.(?:\s+|\Z)")  # which the order to update names
_NO_WAY = "There is no known workaround."
_NO_ACTION = re.compile(
    r"No (?:further )?(?:customer|user|tenant) actions? (?:is|are) (?:needed|required)\.", re.I
)
_DENIED = re.compile(
    r"(?:There (?:is|are) (?:\w+ ){0,2}?no|No) (?:\w+ ){0,2}?work-?arounds?\b[^.]{0,60}\."
    rf"|{_NO_ACTION.pattern}",
    re.IGNORECASE,
)


def _denied(text: str) -> list[str]:
    """That nothing works around a flaw, or is to be done, which says little alone."""
    told = (one for line in text.split("\n") for one in parted(line))
    return [one for one in told if _DENIED.fullmatch(one)]


def _in_prose(reading: Reading, topic: _Topic, said: str) -> list[str] | None:
    """The sentences of a text on the topic that stand under no heading of it; None where one of
    them can't be understood behind the answer."""
    told: list[str] = []
    stated = [
        one for text in find_own_values(reading.record, _STATEMENT) for one in sentences_of(text)
    ]
    for at, one in enumerate([*reading.sentences, *stated]):
        if topic.headings and topic.headings.fullmatch(one.heading):
            continue
        spared = (topic.spares is not None and topic.spares.search(one.text)) or _LEANS.search(
            one.text
        )
        if not topic.says.search(one.text) or spared or (one.item and not one.ended):
            continue
        text = told_plainly(one.text)
        if text in said or text in told or _is_told(text, said, reading):
            continue
        front = _front([*reading.sentences, *stated], at, told)
        if front is None or points_away(text):
            return None
        told += [*front, text]
    return told


# Of something that only what stands before it has told: "do not have this protection".
_LEANS = re.compile(
    r"\b(?:have|has|get|gets|offer|offers|lack|lacks|need|needs|enjoy) (?:this|that|these|those) "
    r"(?!flaw|vulnerab|issue|problem|bug|weakness|code)\w+",
    re.IGNORECASE,
)


def _front(sentences: Sequence[Sentence], at: int, told: Sequence[str]) -> list[str] | None:
    """The sentence before one that leans on it, if it isn't told; None where it isn't enough."""
    one = sentences[at]
    if not one.points_back:
        return []
    before = sentences[at - 1] if at else None
    if before is None or one.gap or before.paragraph != one.paragraph:
        return None
    if before.text in told:
        return []
    return None if before.points_back else [before.text]
