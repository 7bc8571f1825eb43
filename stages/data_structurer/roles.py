"""The role that each sentence of a record plays: what something is, how it works, what it does.

Cues in its words always count; a model's hidden states are asked as well where there is one.
Knows nothing of questions or answers.  Invariant: every sentence gets one role with a
probability, and the same sentence the same, but for rounding.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stages.base import LanguageModel
from stages.data_structurer.passages import Sentence
from stages.recipe.role_names import ROLES
from stages.recipe.roles import Cue, Roles

MODEL_COUNTS = 0.8  # weight of a model's log probabilities beside the cues' log odds
LEAST = 0.02  # probability of a role that a model gives none
HEADING = 1.5  # log odds of the role that a heading names
LIKELY = 0.4  # probability of a role from which a sentence with a cue is taken for it
LIKELY_WITHOUT_CUE = 0.6


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


async def roles_of(
    sentences: Sequence[Sentence], roles: Roles, llm: LanguageModel | None
) -> list[Role]:
    """The role of each sentence, in order."""
    if llm is None:
        return [by_cues(one.text, roles, heading=one.heading) for one in sentences]
    chosen = await asyncio.gather(*(llm.choose(roles.question, one.text) for one in sentences))
    return [
        by_cues(one.text, roles, choice.probabilities, one.heading)
        for one, choice in zip(sentences, chosen, strict=True)
    ]


def by_cues(
    text: str, roles: Roles, model: Mapping[str, float] | None = None, heading: str = ""
) -> Role:
    """The role that a sentence's words and its heading speak for, together with a model's
    probabilities."""
    cues = {role: _cue_score(roles.cues[role], text) for role in ROLES}
    for role in ROLES:
        under = roles.headings.get(role)
        cues[role] += HEADING if under and under.fullmatch(heading) else 0.0
    scores = {
        role: cues[role] + (MODEL_COUNTS * math.log(max(model[role], LEAST)) if model else 0.0)
        for role in ROLES
    }
    shares = _softmax(scores)
    cued = frozenset(role for role in ROLES if cues[role])
    return Role(max(shares, key=lambda role: shares[role]), shares, cued)


def _cue_score(cues: Sequence[Cue], text: str) -> float:
    return sum(cue.weight for cue in cues if cue.pattern.search(text))


def _softmax(scores: Mapping[str, float]) -> dict[str, float]:
    top = max(scores.values())
    odds = {role: math.exp(score - top) for role, score in scores.items()}
    total = sum(odds.values())
    return {role: odd / total for role, odd in odds.items()}
