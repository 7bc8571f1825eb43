"""roles.yaml and role_examples.yaml: how the role of a sentence is told.

Knows cues and examples; reads no record.  Invariant: every role has cues and examples, and a cue
is one pattern, compiled when it is first looked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from stages.base import Prompt, Question
from stages.recipe.labels import label_of_kinds, word
from stages.recipe.nodes import Node
from stages.recipe.role_names import ROLES
from stages.recipe.templates import named_patterns, searched

HEAVIEST = 100.0  # weight of a cue, either way


@dataclass(frozen=True)
class Cue:
    """What is found in sentences of a role, and what that adds to its log odds."""

    weight: float
    source: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What is looked for, without regard to case."""
        return re.compile(self.source, re.IGNORECASE)


@dataclass(frozen=True)
class Roles:
    """The question to a model, whose labels are the roles, the cues of each role, and the
    headings under which its sentences stand."""

    question: Question
    cues: Mapping[str, tuple[Cue, ...]]
    headings: Mapping[str, re.Pattern[str]] = field(default_factory=dict)


def read_roles(root: Node, examples: Node, prompt: Prompt) -> Roles:
    """The roles of the two files, with the prompt for them; raises RecipeError."""
    found = root.fields("roles", optional=("patterns",))
    patterns = named_patterns(found["patterns"]) if "patterns" in found else {}
    entries = found["roles"].fields(*ROLES)
    roles = {name: entries[name].fields("word", "cues", optional=("headings",)) for name in ROLES}
    texts = examples.fields(*ROLES)
    labels = tuple(label_of_kinds(name, word(roles[name]["word"]), texts[name]) for name in ROLES)
    cues = {
        name: tuple(_cue(one, patterns) for one in roles[name]["cues"].list()) for name in ROLES
    }
    headings = {
        name: _headings(roles[name]["headings"], patterns)
        for name in ROLES
        if "headings" in roles[name]
    }
    return Roles(Question("role", prompt, labels), cues, headings)


def _headings(node: Node, patterns: Mapping[str, str]) -> re.Pattern[str]:
    """One pattern for the headings of a role, each of which is matched as a whole."""
    return re.compile("|".join(searched(one, patterns) for one in node.list()), re.IGNORECASE)


def _cue(node: Node, patterns: Mapping[str, str]) -> Cue:
    found = node.fields("weight", "patterns")
    each = [searched(one, patterns) for one in found["patterns"].list()]
    return Cue(found["weight"].number(-HEAVIEST, HEAVIEST), _joined(each))


def _joined(patterns: list[str]) -> str:
    """One pattern for all of a cue, each at the beginning of a word or of the sentence."""
    return "|".join(one if one.startswith("^") else rf"(?<!\w){one}" for one in patterns)
