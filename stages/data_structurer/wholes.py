"""All that a record tells, or the first paragraphs of its text, as an answer to what it says.

A summary with a sentence left out in the middle leans on what is missing, so nothing is: only what
stands at the two ends of the text goes, such as a greeting or a farewell.  What other fields tell
follows under their names.  Knows no question.  Invariant: of the text it is one stretch with its
lines joined, and a field is told whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stages.data_structurer.answers import RECORD, Answer, of_blocks
from stages.data_structurer.beside import ahead_of_text, in_order
from stages.data_structurer.ends import end_of, end_of_part
from stages.data_structurer.formalities import is_formality
from stages.data_structurer.fronts import TextItself, beginning_of
from stages.data_structurer.holes import NEVER_TOLD, NOT_TOLD
from stages.data_structurer.letters import (
    WRITES_TO,
    from_whom,
    leans_on_a_letter,
    quoted_lines,
    without_blanks,
)
from stages.data_structurer.lines import (
    as_lines,
    beside_code,
    has_head,
    is_code,
    is_talk,
    without_rows,
)
from stages.data_structurer.own_fields import own_fields
from stages.data_structurer.passages import MOST, is_line_of_prose, with_capital
from stages.data_structurer.reading import Reading
from stages.data_structurer.remedies import remedy, status
from stages.data_structurer.shorthand import SUBJECTS, is_shorthand, lacks_rule, with_rule
from stages.data_structurer.stories import told_sentences
from stages.data_structurer.telling import ToldSection, is_name
from stages.data_structurer.titles import quotable
from stages.data_structurer.verdicts import verdicts
from stages.gates.gates import is_clean
from stages.recipe.asks import FIRST_PARAGRAPHS, NOTES, OWN_WORK, WHOLE, Way
from stages.text.blobs import without_blobs
from stages.text.code_ends import ends_with_code
from stages.text.field_names import AFFECTED, CODE
from stages.text.literals import PATH, REGISTRY, URL, literals
from stages.text.parts import MOST_CHARACTERS
from stages.text.record_text import as_scalar
from stages.text.sentences import is_whole

LONGEST_WHOLE = MOST_CHARACTERS  # of a text that is told as a whole,
LONGEST_TOLD = 7_000  # with what other fields tell;
_BESIDE = LONGEST_TOLD - LONGEST_WHOLE
SHORTEST_LINES = 240  # of one that is told line by line and is no talk
FRONT = 2  # fields that may say what a document is
LEAST_BESIDE_CODE = 0.3  # share of sentences in a text with code
LEAST_SENTENCES = 0.7  # share of lines that end as sentences do; less is slides or a log

_BELOW = re.compile(r"\A\n|\n\s*\n")  # of a list, or of code
_SUBJECT = re.compile(r"(?:subject|betreff|objet|asunto): +", re.IGNORECASE)


def whole(reading: Reading, way: Way) -> Answer | None:
    """All that a record tells, or the first paragraphs of its text (`of` the way); None of what
    only says who is to be where."""
    told = _whole(reading, way)
    if told is not None and (front := from_whom(reading, told.text)):
        told = replace(told, text=f"{front}\n\n{told.text}", allowed=f"{told.allowed} {WRITES_TO}")
    line = reading.passages[0].partition("\n")[0] if reading.passages else ""
    first = [as_scalar(one) for one in list(own_fields(reading.record).values())[:FRONT]]
    front = " ".join([reading.subject.name, *filter(is_name, [line, *first])])
    return None if told is None or is_formality(front, told.text) else told


def _whole(reading: Reading, way: Way) -> Answer | None:
    quoted = quoted_lines(reading.record)
    if leans_on_a_letter(reading) and not quoted:
        return None
    if way.of == NOTES and len(reading.source.text) > 2 * LONGEST_TOLD:
        return None  # longer than what is told line by line, without a look at each field
    sections = [one for one in reading.sections if way.of != OWN_WORK and _is_fit(one, reading)]
    text = _text_of(reading)
    apart = [one for one in sections if one.label or one.text not in text.passages]
    apart = [one for one in apart if not _is_named(one, reading)]
    if not text.passages:
        return None if way.of in (FIRST_PARAGRAPHS, NOTES) else _answer_of(in_order(apart), reading)
    beside = sum(len(one.shown) + 2 for one in apart)
    said = _body(reading, text, way, beside)
    if not said or way.of == FIRST_PARAGRAPHS:
        return Answer(said, RECORD) if said else None
    said = without_blanks(_without_title(reading, said), reading.text)
    said = "\n".join(f"> {one}" if one in quoted else one for one in said.split("\n"))
    rule = _lacks_rule(reading, said)
    said = with_rule(said) if rule else said
    ahead = ahead_of_text(reading.sections, apart)
    rest = [one for one in apart if one not in ahead]
    blocks = [*(one.shown for one in ahead), said, *(one.shown for one in rest)]
    stated = verdicts(reading, blocks) if way.of in ("", WHOLE) else ""
    stated = stated or "\n".join(status(reading, said))
    behind = [*filter(None, [stated, remedy(reading, said)])]
    behind = behind if len(said) + sum(map(len, behind)) < LONGEST_TOLD else []
    code = bool(rest) and rest[-1].code
    told = of_blocks([of_blocks(blocks, code).text, *behind], code and not behind)
    own = as_lines(reading.text[text.start : text.end])
    prose = [*beside_code(own), *(one.shown for one in apart if one.meaning != CODE)]
    notes = is_shorthand("\n".join(prose)) and not rule
    talks = any(map(is_talk, [own, *(one.text for one in apart)]))
    notes = notes and _has_notes(reading) and not talks
    told = replace(told, allowed=SUBJECTS if rule else stated)
    return told if notes == (way.of == NOTES) else None


def _body(reading: Reading, text: TextItself, way: Way, beside: int) -> str:
    """The text itself in one stretch, or line by line, as notes and talks; empty: neither."""
    by_line = _line_by_line(reading, text, way, beside)
    own = reading.text[text.start : text.end]
    if is_talk(own) and (by_line or is_talk(without_rows(own))):
        return by_line
    if way.of == NOTES and by_line:
        return as_lines(by_line)
    return _stretch(reading, text, way, beside) or by_line


_OF_PRODUCTS = re.compile(r"products|affected|packages", re.IGNORECASE)


def _is_named(section: ToldSection, reading: Reading) -> bool:
    """Whether the question says all that a section does, and not beside others what is affected."""
    apart = section.meaning == AFFECTED and _OF_PRODUCTS.search(section.label) is not None
    return not apart and section.text.replace('"', "'") in reading.subject.name


def _has_notes(reading: Reading) -> bool:
    """Whether a question of its kind asks for the notes as they were written."""
    questions = reading.questions.of_kind[reading.subject.kind]
    return any(way.of == NOTES for one in questions for way in one.ways)


def _without_title(reading: Reading, said: str) -> str:
    """What is said without a first line that the question calls the record by."""
    title = _title(reading)
    first, _, rest = said.partition("\n\n")
    same = title and quotable(_SUBJECT.sub("", first)) == title
    return with_capital(rest.lstrip("\n")) if same and rest else said


def _title(reading: Reading) -> str:
    """The title in a record's name; empty where it is called otherwise."""
    found = _QUOTED.search(reading.subject.name)
    return found[1] if found else ""


_QUOTED = re.compile(r'"([^"]+)"')


def _lacks_rule(reading: Reading, said: str) -> bool:
    code = any(one.meaning == CODE for one in reading.sections)
    return lacks_rule(said, "rule" if code else reading.identity.name or reading.subject.name)


def _is_fit(section: ToldSection, reading: Reading) -> bool:
    """Whether a section may be told; the code of a rule may hold a line such as "User: root"."""
    return is_clean(section.shown, reading.recipe.bounds.wording) or not is_code(section.text)


def _text_of(reading: Reading) -> TextItself:
    """The passages that are the text itself; all of them where no field is told apart."""
    own = {one.text for one in reading.sections if not one.label}
    if not reading.sections:
        own = set(reading.passages)
    found = tuple(one for one in reading.passages if one in own)
    start = reading.text.index(found[0]) if found else 0
    end = start
    for passage in found:
        end = reading.text.index(passage, end) + len(passage)
    return TextItself(start, end, found)


def _answer_of(sections: Sequence[ToldSection], reading: Reading) -> Answer | None:
    """What a record tells without a text: first what it finds on the whole, but behind a talk."""
    blocks = [one.shown for one in sections]
    if not blocks or sum(map(len, blocks)) > LONGEST_TOLD:
        return None
    found, talk, code = verdicts(reading, blocks), is_talk(sections[0].text), sections[-1].code
    said = of_blocks(blocks, code).text
    told = of_blocks([said, found] if talk else [found, said], code and not (talk and found))
    return replace(told, allowed=found)


def _stretch(reading: Reading, text: TextItself, way: Way, beside: int) -> str:
    """What is told of the text itself, in lines; empty where it can't be.

    beside: characters that other fields tell.
    """
    told = told_sentences(reading, text, way)
    if not told:
        return ""
    start = beginning_of(reading, text, told, way.of == OWN_WORK)
    end = end_of(reading, text, told[-1].end)
    slogan = NOT_TOLD.search(reading.text, start, start + (end - start) // 4)
    if slogan:  # a text that begins with advertising begins behind it
        start = next((one.start for one in told if one.start >= slogan.end()), end)
    part = way.of == FIRST_PARAGRAPHS
    long = end - start > LONGEST_WHOLE or end - start + beside > LONGEST_TOLD
    if part != (long or len(reading.sentences) >= MOST):
        return ""
    end = end_of_part(reading.text[:end], start, told) if part else end
    said = without_blobs(_parted(reading, start, end))
    if end <= start or NOT_TOLD.search(said):
        return ""
    lines = as_lines(said)
    lines = with_capital(lines) if start == told[0].start else lines
    last = reading.text[told[-1].end : end]
    lines += "." if last[-1:].isalnum() and not _BELOW.search(last) else ""
    # Most rules say what they detect without a full stop.  A path or a command gets none, so that
    # it can't end an answer.
    bare = "\n" not in said and not is_whole(lines) and _lacks_rule(reading, lines)
    shown = f"{lines}." if bare else lines
    to_copy = bare and _ends_to_copy(lines)
    fits = (beside or not to_copy) and _is_prose(text, shown, part or way.of == OWN_WORK)
    return (lines if to_copy else shown) if fits else ""


def _ends_to_copy(line: str) -> bool:
    """Whether a full stop behind a line would be copied with what it ends with."""
    found = literals(line)
    place = found and found[-1].end == len(line) and found[-1].kind in (PATH, REGISTRY, URL)
    return bool(place) or ends_with_code(line)


def _line_by_line(reading: Reading, text: TextItself, way: Way, beside: int) -> str:
    """A talk, slides or notes from beginning to end, each line as it stands; empty where it is too
    long, or too little of it is said in words."""
    lines = [line.strip() for line in reading.text[text.start : text.end].split("\n")]
    prose = sum(len(one) for one in lines if is_line_of_prose(one))
    length = sum(map(len, lines))
    told = way.of in ("", WHOLE, NOTES) and max(length, length + beside - _BESIDE) <= LONGEST_WHOLE
    said = without_blobs("\n".join(lines).strip())
    least = 0 if (is_talk(said) and "\n- " not in said) or has_head(said) else SHORTEST_LINES
    if not told or 2 * prose < length or length < least or NEVER_TOLD.search(said):
        return ""
    return said


def _parted(reading: Reading, start: int, end: int) -> str:
    """A stretch of the text, with an empty line where one of its passages ends."""
    said, at = reading.text[start:end], 0
    for passage in reading.passages[:-1]:
        at = reading.text.index(passage, at) + len(passage)
        if start < at < end:
            said = said[: at - end] + "\n" + said[at - end :]
    return said


def _is_prose(text: TextItself, said: str, part: bool) -> bool:
    """Whether most lines are sentences, and no more than half of the text stands at its ends."""
    lines = beside_code(said)
    ended = sum(len(line) for line in lines if is_whole(line))
    most = part or 2 * len(said) >= sum(map(len, map(without_blobs, text.passages)))
    least = max(LEAST_SENTENCES * sum(map(len, lines)), LEAST_BESIDE_CODE * len(said))
    return most and ended >= least
