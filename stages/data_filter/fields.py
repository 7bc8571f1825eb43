"""The fields that the filter adds to a record: described, rated, affected, mitigated.

Severity, systems and mitigations are the record's own or named in its text; only the
description may be a model's, and only where it passes the gates.  Invariant: every field says
in `fields_from` where it is from; what nothing states is `unknown` or an empty list.
"""

from __future__ import annotations

import re

from stages.base import LanguageModel, Record, RecordError
from stages.data_filter.platforms import PROSE, decided_platforms
from stages.enhancement import ENHANCEMENT, LONGEST_DESCRIPTION
from stages.gates.gates import Pair, is_clean, judge
from stages.gates.measures import SourceText
from stages.gates.wording import Wording
from stages.recipe.prompts import shown
from stages.recipe.recipe import Recipe
from stages.recipe.systems import Systems
from stages.text.affected import named_systems, stated_systems
from stages.text.blobs import SHORTENED
from stages.text.facts import facts_of, stated_actions
from stages.text.kinds import TECHNIQUE, identify
from stages.text.language import ENGLISH, is_in_another
from stages.text.nothing_said import says_nothing
from stages.text.record_text import RecordText
from stages.text.sentences import first_sentences, sentence_ends, tidy
from stages.text.severity import severity_of

OWN_FIELDS = "own_fields"  # where a record's own values of the enhancement's names are kept
FIELDS_FROM = "fields_from"
FIELDS = ("technical_description", "risk_level", "affected_systems", "mitigations")
LEAST_PROSE = 3  # words in small letters of a line that a sentence begins with
LONGEST_OWN = 600  # characters of a description in the record's own words
_ASKED = "What is described?"
# What stands below a heading, and not below what announces code or a list.
_HEADED = re.compile(r"(?:By [A-Z][^\n]{1,60}\n+)?[A-Z][^\n]*(?: [a-z]+){3}[^\n]*")


def stated_fields(
    record: Record, read: RecordText, how: Systems, language: str = ENGLISH
) -> Record:
    """Risk level, affected systems, and mitigations in the language of the text; where each is
    from."""
    severity = severity_of(record)
    actions = [one for one in stated_actions(record) if not is_in_another(one, language)]
    systems = stated_systems(record)
    origin: Record = {"risk_level": severity.basis()}
    if systems:
        origin["affected_systems"] = {"from": "stated"}
    else:
        systems, origin["affected_systems"] = _decided(record, read, how)
    if actions:
        origin["mitigations"] = {"from": "stated"}
    fields = {"risk_level": severity.level, "affected_systems": systems, "mitigations": actions}
    return {**fields, FIELDS_FROM: {name: told for name, told in origin.items() if told}}


def _decided(record: Record, read: RecordText, how: Systems) -> tuple[list[str], Record]:
    """The systems that are named, and of a technique those that its words speak for."""
    systems, origin = all_named(record, read, how)
    if identify(record).kind != TECHNIQUE:
        return systems, origin
    chances = decided_platforms(record, read.text, how)
    added = {name: round(chance, 2) for name, chance in chances.items() if name not in systems}
    decided = {"from": "decision", "probabilities": added} if added else {}
    return systems + list(added), origin | decided


def all_named(record: Record, read: RecordText, how: Systems) -> tuple[list[str], Record]:
    """The systems that the text names, and where, and those that only its fields' prose does."""
    in_text = named_systems(read.text, how.names)
    names = [one.name for one in in_text]
    advice = named_systems(facts_of(record, PROSE), how.names)
    in_fields = [one.name for one in advice if one.name not in names]
    if not names and not in_fields:
        return [], {}
    spans: Record = {"spans": [[one.start, one.end] for one in in_text]} if names else {}
    origin = {"from": "text", **spans} | ({"in_fields": in_fields} if in_fields else {})
    return names + in_fields, origin


async def described(read: RecordText, recipe: Recipe, llm: LanguageModel | None) -> Record:
    """A description: the model's where it passes the gates, else the record's own sentence."""
    if llm is not None and (text := await _by_model(read, recipe, llm)):
        return {"technical_description": text}
    return {"technical_description": own_description(read, recipe.bounds.wording)}


async def _by_model(read: RecordText, recipe: Recipe, llm: LanguageModel) -> str:
    prompt = recipe.prompts.description
    try:
        answer: Record = await llm.generate(prompt.fill(text=read.text), schema=ENHANCEMENT)
    except RecordError:  # no answer, or a prompt over the window: the record has its own words
        return ""
    text = tidy(answer["technical_description"], LONGEST_DESCRIPTION)
    pair, source = Pair(_ASKED, text, read.title), SourceText(read.text, read.title)
    passed = text and judge(pair, source, recipe.bounds, shown(prompt)).passed
    return text if passed else ""


def own_description(read: RecordText, wording: Wording) -> str:
    """The first sentence of the record that says something and gives no orders to a model; empty
    if none does."""
    for body in read.bodies or (read.title,):
        ends = sentence_ends(body) or [len(body)]
        for start, end in zip([0, *ends], ends, strict=False):
            sentence = first_sentences(_without_heads(body[start:end]), 1, LONGEST_OWN)
            empty = sentence.endswith("?") or says_nothing(sentence) or SHORTENED.search(sentence)
            if not empty and is_clean(sentence, wording):
                return sentence
    return ""


def _without_heads(piece: str) -> str:
    """A sentence without the lines above it that are none: headings, bylines, lists of contents."""
    lines = piece.strip().split("\n")
    if lines[0].endswith(":") and _HEADED.fullmatch("\n".join(lines[1:])):
        lines = lines[1:]  # what stands there announces no code and no list
    while len(lines) > 1 and lines[0].isascii() and _prose_words(lines[0]) < LEAST_PROSE:
        lines = lines[1:]
    return "\n".join(lines)


def _prose_words(line: str) -> int:
    return sum(word.isalpha() and word.islower() for word in line.split())


def with_fields(record: Record, added: Record) -> Record:
    """The record with the fields; values of its own under their names are set aside."""
    own = {name: record[name] for name in FIELDS if name in record and record[name] != added[name]}
    return record | ({OWN_FIELDS: own} if own else {}) | added
