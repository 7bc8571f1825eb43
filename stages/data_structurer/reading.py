"""A record as the structurer reads it: its text, its sentences with their roles, its fields.

Asks a model for roles only where the words alone don't tell.  Knows nothing of questions.
Invariant: every sentence here is whole, is prose, and gives no orders to a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from stages.base import LanguageModel, Record
from stages.data_structurer.cut_off import first_part
from stages.data_structurer.feed_lines import with_fields
from stages.data_structurer.passages import Sentence, sentences_of, without_link
from stages.data_structurer.roles import Role, by_cues, roles_of
from stages.data_structurer.subjects import ENTRIES, Subject, is_entry, kind_of, subject_of
from stages.data_structurer.telling import ToldSection, sections_of
from stages.gates.gates import is_clean
from stages.gates.measures import RUN, SourceText, says_again
from stages.gates.wording import Wording
from stages.gates.words import tokens
from stages.recipe.questions import Questions
from stages.recipe.recipe import Recipe
from stages.recipe.roles import Roles
from stages.text.facts import FACTS, facts_of
from stages.text.kinds import Identity, identify
from stages.text.nothing_said import says_nothing
from stages.text.own_values import as_written, find_own_values
from stages.text.part_mark import goes_on
from stages.text.record_text import RecordText, read_record, text_of

# What readers keep of a vendor's remarks, and of what is not affected or repaired.
NOTED = ("statement", "scopenotes", "fixnotes", "exploitation", "faq")
SURE = 0.6  # probability from which cues decide a role alone
MOST_ASKED = 16  # sentences of a record that a model is asked about

# An enumeration that a reader of the plain text has lost the lines of.
_LOST_LIST = re.compile(
    r": [A-Z][^.:]*[a-z] [A-Z][a-z]+ (?:the|that|a|an|all|to|user)\b|: (?:\d[.)]|[-*]) "
    r"|: (?:[#$]|//|\{) \S"  # or a file of settings
    # A full stop that was lost: "from a trusted source PRNGs need", "in the house The key is".
    r"|[a-z]{3} (?:The|This|These|Those|If|When|There) [a-z]"
    r"|\ban? (?:(?!(?:of|for|with|to|in|on|by|from|as|and|or|which|that|where|when|if)\b)[a-z-]+ )"
    r"{1,4}[A-Z]{2,}s (?:require|need|are|can|must|should|may|have|do)\b"
)


@dataclass(frozen=True)
class Reading:
    """What there is to answer from, by which recipe and questions; each sentence has a role.

    `passages`: of which the text is made, in its order, behind the title.
    """

    record: Record
    identity: Identity
    text: str
    sentences: tuple[Sentence, ...]
    roles: tuple[Role, ...]
    recipe: Recipe
    questions: Questions
    passages: tuple[str, ...] = ()

    @cached_property
    def subject(self) -> Subject:
        """What questions call the record."""
        return subject_of(self.record, self.identity, self.sentences, self.questions)

    @cached_property
    def facts(self) -> str:
        """The fields that some question of its kind is answered by, a line each."""
        labels = dict.fromkeys(
            label
            for question in self.questions.of_kind[self.subject.kind]
            for label in (*question.facts, *(way.of for way in question.ways))
        )
        return facts_of(self.record, tuple(one for one in labels if one in FACTS), whole=True)

    @cached_property
    def sections(self) -> tuple[ToldSection, ...]:
        """What its fields tell, in their order; none of an entry, or of one in another language."""
        foreign = self.questions is not self.recipe.questions
        return () if foreign or is_entry(self.subject) else sections_of(self.record)

    @cached_property
    def source(self) -> SourceText:
        """All that an answer may be made of."""
        own = self.text
        told = (one.shown for one in self.sections if one.label or one.text not in own)
        noted = (one for name in NOTED for one in find_own_values(self.record, name))
        text = "\n".join(part for part in (self.text, self.facts, *told, *noted) if part)
        return SourceText(text, f"{self.subject.name} {self.identity.id} {self.identity.name}")


async def read(
    record: Record,
    recipe: Recipe,
    llm: LanguageModel | None,
    questions: Questions | None = None,
) -> Reading:
    """Read a record; raises RecordError when it has no text.

    questions: those in the language of the record; the English ones if none are given.
    """
    identity = identify(record)
    entry = kind_of(record, identity) in ENTRIES
    passages = read_record(record if entry else as_written(record))
    text = text_of(passages)
    wording = recipe.bounds.wording
    found = _each_once(_sentences(passages, text))
    fit = [one for one in found if is_fit(one.text, wording)]
    sentences = tuple(replace(one, gap=_is_gap(text, before, one)) for before, one in _pairs(fit))
    if sentences and goes_on(record):
        sentences = (replace(sentences[0], gap=True), *sentences[1:])
    roles = await _roles(sentences, recipe.roles, llm)
    asked = questions or recipe.questions
    known = with_fields(record)
    return Reading(known, identity, text, sentences, tuple(roles), recipe, asked, passages.bodies)


def _sentences(read: RecordText, text: str) -> Iterator[Sentence]:
    """The sentences of each passage; of the title only where there is no passage."""
    at = number = 0
    for body in read.bodies or (text,):
        start = text.index(body, at)
        at = start + len(body)
        found = sentences_of(text, start, at)
        part = first_part(text, found[-1].end if found else start, at)
        number_of_part = found[-1].paragraph if found else 0
        found += [replace(part, paragraph=number_of_part)] if part else []
        yield from (replace(one, paragraph=one.paragraph + number) for one in found)
        number += 1 + max((one.paragraph for one in found), default=0)


def _each_once(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Without those that another says in full, such as a summary's in the text behind it."""
    kept: list[tuple[Sentence, list[str]]] = []
    said: dict[tuple[str, ...], list[list[str]]] = {}  # by how they begin
    for one in sentences:
        words = tokens(one.text)
        alike = said.setdefault(tuple(words[:RUN]), [])
        if any(says_again(words, earlier) for earlier in alike):
            continue
        alike.append(words)
        if kept and says_again(kept[-1][1], words):
            kept.pop()
        kept.append((one, words))
    return [one for one, _ in kept]


def _pairs(found: Sequence[Sentence]) -> Iterator[tuple[Sentence | None, Sentence]]:
    """Each sentence with the one before it."""
    return zip([None, *found], found, strict=False)


_SENTENCE = re.compile(r"\b[A-Za-z]\w*\W{1,3}\w[^.!?]{0,300}[.!?]")
_FIRST_WORD = re.compile(r"\W*(\w+)")


def _is_gap(text: str, before: Sentence | None, one: Sentence) -> bool:
    """Whether a sentence between two was left out, and speaks of something else than the second."""
    between = " ".join(text[before.end : one.start].split()) if before else ""
    if before is None or not _SENTENCE.search(between) or between.endswith(before.text):
        return False  # or a summary's sentence stands in the text again
    first = _FIRST_WORD.match(between)
    return first is None or first[1] != one.text.split()[0]


# What says that there is nothing to say, remarks in brackets, and labels with a value.
_SAYS_NOTHING = re.compile(
    r"^\(|^(?-i:[A-Z]{4,}(?: [A-Z/&]{2,}){0,5})[.:]?$"
    r"|^[A-Z][\w -]{1,24}: \S+(?: \S+)?$|\bmaking detection (?:\w+ ){0,5}difficult\b"
    r"|^(?:detection|mitigation) efforts (?:may|can|should) be (?:better )?focused"
    r"|\b(?:is|are) (?:awaiting|undergoing) (?:re)?analysis|\*\* (?:reserved|reject)"
    r"|^(?:none|not applicable|n/a|unknown|to be determined)"
    r"(?= ?(?:[.,;:(]|$)| (?:at|yet|known|available|provided|so far|as of|for)\b)"
    # A list that lost its lines: nothing parts its last item from what follows.
    r"|[a-z]{3} (?-i:For (?:example|instance)|However|In addition|Additionally|Therefore)\b"
    r"|\bit will (?:usually|often|normally) be (?:detected|found|noticed)\b"
    # An item of a list that has lost its lines: "Two-way (i.e., both can read it)."
    r"|^[\w-]+(?: [\w-]+)? \(i\.e\.,? [^()]*\)\.$"
    # What is said of the text itself, or of a catalog's own entries.
    r"|^this (?:type|kind|class) of (?:error|issue|problem|weakness|flaw) "
    r"(?:should|could|might|may) (?:probably |perhaps )?(?:have|be given|get|deserve)\b"
    r"|^(?:this|here|below) is (?:a summary of )?what we (?:know|have|learned|can say)\b"
    # A line below a title, without a verb of its own.
    r"|^(?:[\w-]+ ){1,3}(?:who|that|which) \w+(?: (?:but|and|or|without) (?:\w+ ){0,3}\w+)?\.$"
    r"|^(?:found|reported|discovered|disclosed) by (?-i:[A-Z])[^.]{0,80}\.?$"
    # A row of a table.
    r"|^[A-Z][\w -]{1,30}\??: [^;]{1,200}; [A-Z][\w -]{1,30}\??: "
    # Advice that stands elsewhere.
    r"|^see (?:also )?(?:the |section|appendix)"
    # What stands behind a question, which is no answer, and can't do without it.
    r"|^(?:yes|no)[,.;] |, (?:yes|no)\.$|^because\b[^,]*$|^(?:[QA]|question|answer) ?\d{0,2}[:.)] "
    r"|\b(?:mirrors?|(?:is|are) (?:the same as|similar to|identical to))"
    r" (?:that|those) (?:of|for)\b",
    re.IGNORECASE,
)


# What a feed has lost characters of, "C:Windows" or "<, , and &", and what speaks of no matter.
_DAMAGED = re.compile(
    r"\b[A-Z]:(?:Program Files|ProgramData|Windows|Users|Documents and Settings|Temp)\b"
    r"|(?<!drive )\b[A-Z]:\.(?=\s|$)|\S, , ?(?:and|or)?\b"
    r"|^(?:An? |The )?(?:\w+ )?(?:handful|number|couple|lot) of (?:others|more)\.?$"
)


def is_fit(sentence: str, wording: Wording) -> bool:
    """Whether a sentence may stand in an answer as it is."""
    empty = _LOST_LIST.search(without_link(sentence)) or _SAYS_NOTHING.search(sentence)
    asks = sentence.rstrip(")]*_ ").endswith(("?", "\uff1f"))
    empty = empty or _DAMAGED.search(sentence)
    return not (empty or asks or says_nothing(sentence)) and is_clean(sentence, wording)


async def _roles(
    sentences: Sequence[Sentence], how: Roles, llm: LanguageModel | None
) -> list[Role]:
    """By cues, and by a model for the first sentences that cues leave open."""
    roles = [by_cues(one.text, how, heading=one.heading) for one in sentences]
    unsure = [at for at, role in enumerate(roles) if role.probability < SURE][:MOST_ASKED]
    asked = await roles_of([sentences[at] for at in unsure], how, llm)
    return [dict(zip(unsure, asked, strict=True)).get(at, role) for at, role in enumerate(roles)]
