"""The role that each sentence of a record plays: what something is, how it works, what it does.

Cues in its words always count; a model's hidden states are asked as well where there is one.
Knows nothing of questions or answers.  Invariant: every sentence gets one role with a
probability, and the same sentence the same, but for rounding.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stages.base import Label, LanguageModel, Prompt, Question
from stages.data_structurer import more_role_cues, more_role_examples, role_cues, role_examples

WHAT, HOW, EFFECT, CAUSE, DETECT = "what", "how", "effect", "cause", "detect"
RESPOND, AFFECTED, WHO, FINDING, ASIDE = "respond", "affected", "who", "finding", "aside"

_WORDS = {
    WHAT: "definition", HOW: "method", EFFECT: "consequence", CAUSE: "reason", DETECT: "detection",
    RESPOND: "response", AFFECTED: "scope", WHO: "actor", FINDING: "finding", ASIDE: "other",
}  # fmt: skip
_EXAMPLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    WHAT: role_examples.WHAT, HOW: role_examples.HOW, EFFECT: role_examples.EFFECT,
    CAUSE: role_examples.CAUSE, DETECT: more_role_examples.DETECT,
    RESPOND: more_role_examples.RESPOND, AFFECTED: more_role_examples.AFFECTED,
    WHO: more_role_examples.WHO, FINDING: more_role_examples.FINDING,
    ASIDE: more_role_examples.ASIDE,
}  # fmt: skip
_CUES: Mapping[str, role_cues.Cues] = {
    WHAT: role_cues.WHAT, HOW: role_cues.HOW, EFFECT: role_cues.EFFECT, CAUSE: role_cues.CAUSE,
    DETECT: more_role_cues.DETECT, RESPOND: more_role_cues.RESPOND,
    AFFECTED: more_role_cues.AFFECTED, WHO: more_role_cues.WHO,
    FINDING: more_role_cues.FINDING, ASIDE: more_role_cues.ASIDE,
}  # fmt: skip
ROLES = tuple(_CUES)


def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all of a line, each at the beginning of a word or of the sentence."""
    each = (one if one.startswith("^") else rf"(?<!\w){one}" for one in patterns)
    return re.compile("|".join(each), re.IGNORECASE)


_COMPILED = {
    role: tuple((weight, _compiled(patterns)) for weight, patterns in cues)
    for role, cues in _CUES.items()
}
MODEL_COUNTS = 0.8  # weight of a model's log probabilities beside the cues' log odds
LEAST = 0.02  # probability of a role that a model gives none

ROLE = Question(
    name="role",
    prompt=Prompt(
        system="You say what a sentence from a security text is about, with one word.",
        user="Sentence: {text}\nIs it a definition, a method, a consequence, a reason, a"
        " detection, a response, a scope, an actor, a finding, or other?",
        max_tokens=4,
    ),
    labels=tuple(Label.of_kinds(role, _WORDS[role], _EXAMPLES[role]) for role in ROLES),
)


@dataclass(frozen=True)
class Role:
    """The likeliest role of a sentence, and the probability of every role.

    `cued`: the roles that some cue in its words speaks for.
    """

    name: str
    probabilities: Mapping[str, float]
    cued: frozenset[str]

    @property
    def probability(self) -> float:
        """Of the likeliest role."""
        return self.probabilities[self.name]


async def roles_of(texts: Sequence[str], llm: LanguageModel | None) -> list[Role]:
    """The role of each sentence, in order."""
    if llm is None:
        return [by_cues(text) for text in texts]
    chosen = await asyncio.gather(*(llm.choose(ROLE, text) for text in texts))
    return [by_cues(text, choice.probabilities) for text, choice in zip(texts, chosen, strict=True)]


def by_cues(text: str, model: Mapping[str, float] | None = None) -> Role:
    """The role that a sentence's words speak for, together with a model's probabilities."""
    cues = {role: _cue_score(role, text) for role in ROLES}
    scores = {
        role: cues[role] + (MODEL_COUNTS * math.log(max(model[role], LEAST)) if model else 0.0)
        for role in ROLES
    }
    shares = _softmax(scores)
    cued = frozenset(role for role in ROLES if cues[role])
    return Role(max(shares, key=lambda role: shares[role]), shares, cued)


def _cue_score(role: str, text: str) -> float:
    return sum(weight for weight, pattern in _COMPILED[role] if pattern.search(text))


def _softmax(scores: Mapping[str, float]) -> dict[str, float]:
    top = max(scores.values())
    odds = {role: math.exp(score - top) for role, score in scores.items()}
    total = sum(odds.values())
    return {role: odd / total for role, odd in odds.items()}
