"""domains.yaml: the domains of security, by what they are told.

Knows keywords and examples; reads no record.  Invariant: there are two domains at least, and
every name here is that of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stages.base import Label, Prompt, Question
from stages.recipe.keyword_lists import Keywords, keywords
from stages.recipe.labels import examples, word
from stages.recipe.nodes import Node
from stages.recipe.questions import KINDS

SURE, STRONG, WEAK = "sure", "strong", "weak"
_NAME = r"[a-z][a-z0-9_]{0,39}"


@dataclass(frozen=True)
class Domains:
    """Labels and keywords of the domains, what kinds of record say, and from where one is named.

    `kinds`: for a kind of record, SURE, STRONG or WEAK by domain.
    """

    labels: tuple[Label, ...]
    keywords: Mapping[str, Keywords]
    kinds: Mapping[str, Mapping[str, str]]
    shown_above: float
    first_above: float

    @property
    def names(self) -> tuple[str, ...]:
        """The domains, in the order of the file."""
        return tuple(label.name for label in self.labels)

    @property
    def words(self) -> tuple[str, ...]:
        """What a model would write for each."""
        return tuple(label.word for label in self.labels)

    def question(self, prompt: Prompt) -> Question:
        """The choice among the domains."""
        thresholds = (("shown above", self.shown_above), ("first above", self.first_above))
        return Question("domains", prompt, self.labels, exclusive=False, thresholds=thresholds)


def read_domains(root: Node) -> Domains:
    """The domains of a file; raises RecipeError."""
    found = root.fields("shown_above", "first_above", "domains", optional=("kinds",))
    entries = found["domains"].entries()
    if len(entries) < 2:
        raise found["domains"].wrong("must have two domains")
    read = {name: _entry(name, one) for name, one in entries.items()}
    known = tuple(read)
    return Domains(
        tuple(_label(name, one) for name, one in read.items()),
        {name: keywords(one["strong"], one["weak"]) for name, one in read.items()},
        _kinds(found["kinds"], known) if "kinds" in found else {},
        found["shown_above"].number(0, 1),
        found["first_above"].number(0, 1),
    )  # fmt: skip


def _entry(name: str, node: Node) -> Mapping[str, Node]:
    replace_name = Node(name, node.file, node.line)
    replace_name.matching(_NAME, "lower-case letters, digits and underscores, 40 at most")
    return node.fields("strong", "weak", "examples", optional=("word",))


def _label(name: str, found: Mapping[str, Node]) -> Label:
    its_word = word(found["word"]) if "word" in found else name
    return Label(name, its_word, examples(found["examples"]))


def _kinds(node: Node, domains: tuple[str, ...]) -> Mapping[str, Mapping[str, str]]:
    found = node.fields(optional=KINDS)
    return {kind: _evidence(one, domains) for kind, one in found.items()}


def _evidence(node: Node, domains: tuple[str, ...]) -> Mapping[str, str]:
    found = node.fields(optional=domains)
    return {name: one.one_of((SURE, STRONG, WEAK), "evidence") for name, one in found.items()}
