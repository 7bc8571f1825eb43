"""questions.yaml: what is asked about a record of each kind, and how the record answers.

Knows kinds, roles and forms by their names; asks nothing.  Files of questions in other languages
may leave kinds out, and have neither forms nor a model's part: both are in English.  Invariant:
each question can be answered in some way that exists, and every kind has a noun.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from stages.gates.instructions import is_instruction
from stages.gates.wording import Wording
from stages.recipe.asks import (
    AS_WRITTEN,
    CLAUSE,
    FIELDS,
    FIRST_PARAGRAPH,
    FIRST_PARAGRAPHS,
    FIX,
    FORM,
    HARM,
    LEAD,
    LEANED_ON,
    NOTES,
    OWN_WORK,
    PROBLEM,
    PURPOSE,
    RATING,
    ROLE,
    TOLD,
    WAYS,
    WHOLE,
    KindQuestion,
    Way,
)
from stages.recipe.nodes import Node
from stages.recipe.role_names import ROLES
from stages.recipe.templates import named_patterns, pattern, searched, with_placeholders
from stages.text import kinds
from stages.text.facts import FACTS
from stages.text.field_names import CAUSE, IMPACT, MEASURES, SIGNS

KINDS = (
    *(kinds.VULNERABILITY, kinds.WEAKNESS, kinds.TECHNIQUE, kinds.PATTERN, kinds.ADVISORY),
    *(kinds.INCIDENT, kinds.PAPER, kinds.CTF, kinds.OTHER, kinds.REPORT, kinds.MALWARE),
    *(kinds.TOOL, kinds.GROUP, kinds.CAMPAIGN, kinds.MITIGATION, kinds.DETECTION),
)
MOST_SENTENCES = 12  # of an answer
MOST_NEW_WORDS = 100
LONGEST_OPENING = 80  # characters
_NAME = r"[a-z][a-z0-9_]{0,63}"
_NAME_IN_WORDS = "lower-case letters, digits and underscores, 64 at most"


@dataclass(frozen=True)
class Naming:
    """What a record without a title is called: by what it mentions, its first words, its name."""

    mentions: str
    begins: str
    about: str


@dataclass(frozen=True)
class Questions:
    """The questions of each kind, what a record of it is called, and patterns of introductions.

    A first sentence that matches `only_introduces`, and does not hold `tells_more`, is passed
    over if a later one holds it.
    """

    of_kind: Mapping[str, tuple[KindQuestion, ...]]
    nouns: Mapping[str, str]
    naming: Naming
    only_introduces: str
    tells_more: str


def read_questions(root: Node, forms: Collection[str], wording: Wording) -> Questions:
    """The English questions, which may be answered by these forms; raises RecipeError."""
    found = root.fields("kinds", "naming", "introduction", optional=("patterns",))
    return _questions(found, found["kinds"].fields(*KINDS), WAYS, tuple(forms), wording)


def read_questions_in(root: Node, wording: Wording) -> Questions:
    """The questions of a file in another language, of some kinds; raises RecipeError."""
    found = root.fields("kinds", "naming", optional=("introduction", "patterns"))
    entries = found["kinds"].fields(optional=KINDS)
    if not entries:
        raise found["kinds"].wrong("must not be empty")
    return _questions(found, entries, _IN_ANY_LANGUAGE, (), wording)


_IN_ANY_LANGUAGE = (LEAD, ROLE, FIELDS)  # forms and clauses are English


def _questions(
    found: Mapping[str, Node],
    entries: Mapping[str, Node],
    ways: tuple[str, ...],
    forms: tuple[str, ...],
    wording: Wording,
) -> Questions:
    patterns = named_patterns(found["patterns"]) if "patterns" in found else {}
    reader = _QuestionParser(patterns, ways, forms, wording)
    read = {kind: entries[kind].fields("noun", optional=_LISTS) for kind in entries}
    own = {kind: reader.questions(one["questions"]) for kind, one in read.items()
           if "questions" in one}  # fmt: skip
    return Questions(
        {kind: own[kind] if kind in own else own[_borrowed(entries[kind], one, own)]
         for kind, one in read.items()},
        {kind: one["noun"].text() for kind, one in read.items()},
        _naming(found["naming"]),
        *_introduction(found.get("introduction"), patterns),
    )  # fmt: skip


def _naming(node: Node) -> Naming:
    found = node.fields("mentions", "begins", optional=("about",))
    mentions = with_placeholders(found["mentions"], ("noun", "name"))
    return Naming(
        mentions,
        with_placeholders(found["begins"], ("noun", "words")),
        with_placeholders(found["about"], ("noun", "name")) if "about" in found else mentions,
    )


def _introduction(node: Node | None, patterns: Mapping[str, str]) -> tuple[str, str]:
    """Two patterns; of a file without them, such as no sentence matches."""
    if node is None:
        return _NOTHING, _NOTHING
    found = node.fields("only_introduces", "tells_more")
    return searched(found["only_introduces"], patterns), searched(found["tells_more"], patterns)


_NOTHING = r"(?!)"


_LISTS = ("questions", "questions_of")


def _borrowed(node: Node, found: Mapping[str, Node], own: Mapping[str, object]) -> str:
    """The kind whose questions another one has too."""
    if "questions_of" not in found:
        raise node.wrong("questions is missing (or questions_of, another kind)")
    return found["questions_of"].one_of(tuple(own), "kind with questions of its own")


@dataclass(frozen=True)
class _QuestionParser:
    """What questions may name: patterns, ways to answer, and forms; and how they may begin."""

    patterns: Mapping[str, str]
    ways: tuple[str, ...]
    forms: tuple[str, ...]
    wording: Wording

    def questions(self, node: Node) -> tuple[KindQuestion, ...]:
        return tuple(self._question(one) for one in node.list(0))

    def _question(self, node: Node) -> KindQuestion:
        found = node.fields(
            *("type", "asks", "wordings", "answered"),
            optional=(
                "joined",
                "whole",
                "fits",
                "about",
                "new_words",
                *(_OF_A_MODEL if CLAUSE in self.ways else ()),
            ),
        )
        return KindQuestion(
            found["type"].matching(_NAME, _NAME_IN_WORDS),
            tuple(self._wording(one) for one in found["wordings"].list()),
            tuple(self._way(one) for one in found["answered"].list()),
            found["asks"].one_of((*ROLES, PURPOSE, RATING), "role or purpose"),
            found["joined"].flag() if "joined" in found else False,
            _labels(found["facts"]) if "facts" in found else (),
            _opening(found["opening"]) if "opening" in found else "",
            found["by_model"].flag() if "by_model" in found else True,
            self._pattern(found, "fits"),
            self._pattern(found, "about"),
            found["new_words"].whole(1, MOST_NEW_WORDS) if "new_words" in found else 0,
            found["whole"].flag() if "whole" in found else False,
        )

    def _wording(self, node: Node) -> str:
        """A wording that the gates take for a question or an order, as they will be asked."""
        text = with_placeholders(node, ("name",))
        if not is_instruction(text.replace("{name}", "CVE-2030-1000"), self.wording):
            raise node.wrong(f"{text!r}: is no question or order by the words of wording.yaml")
        return text

    def _way(self, node: Node) -> Way:
        found = node.fields("by", optional=("of", "most", "each"))
        by = found["by"].one_of(self.ways, "way to answer")
        if by in (ROLE, FIELDS, FORM, TOLD) and "of" not in found:
            raise node.wrong(f"of is missing: which {_OF[by]}?")
        return Way(
            by,
            found["of"].one_of(self._known(by), _OF[by]) if "of" in found else "",
            found["most"].whole(1, MOST_SENTENCES) if "most" in found else Way.most,
            self._pattern(found, "each"),
        )

    def _known(self, by: str) -> tuple[str, ...]:
        texts = (WHOLE, FIRST_PARAGRAPH, FIRST_PARAGRAPHS)
        return {
            LEAD: (*texts, OWN_WORK, NOTES, AS_WRITTEN, LEANED_ON),
            ROLE: ROLES,
            FIELDS: tuple(FACTS),
            FORM: self.forms,
            CLAUSE: (HARM, FIX),
            TOLD: (MEASURES, SIGNS, CAUSE, IMPACT, PROBLEM),
        }[by]

    def _pattern(self, found: Mapping[str, Node], key: str) -> str:
        return pattern(found[key], self.patterns) if key in found else ""


_OF_A_MODEL = ("facts", "opening", "by_model")
_OF = {
    LEAD: "part of a text",
    ROLE: "role",
    FIELDS: "label of a field",
    FORM: "form",
    CLAUSE: "thing that a clause says",
    TOLD: "meaning of a field",
}


def _labels(node: Node) -> tuple[str, ...]:
    return tuple(one.one_of(tuple(FACTS), "label of a field") for one in node.list())


def _opening(node: Node) -> str:
    """Words on one line, as a grammar takes them."""
    return node.matching(
        rf"[A-Z0-9][\w ,;:'()-]{{0,{LONGEST_OPENING - 1}}}",
        f"words on one line that begin with a capital letter, {LONGEST_OPENING} characters at most",
    )
