"""prompts.yaml: what a model is told, and how its answers look in the shots.

Knows which placeholders each prompt has and which keys its answers; nothing of who asks.
Invariant: a shot's answer is JSON that has exactly the keys of the answers to come.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from stages.base import Prompt, Shot
from stages.recipe.nodes import Node
from stages.recipe.templates import PLACEHOLDER, with_placeholders

MOST_TOKENS = 4096  # of an answer


@dataclass(frozen=True)
class Prompts:
    """The prompts by what they are for; `domains` holds the words of the domains already."""

    answer: Prompt
    description: Prompt
    rewording: Prompt
    relevance: Prompt
    domains: Prompt
    role: Prompt


@dataclass(frozen=True)
class _PromptSpec:
    """What a prompt has to hold: its placeholders, and the keys of the answers in its shots."""

    placeholders: tuple[str, ...]
    answers: tuple[str, ...] = ()


_SPECS: Mapping[str, _PromptSpec] = {
    "answer": _PromptSpec(("text", "facts", "question"), ("answer",)),
    "description": _PromptSpec(("text",), ("technical_description",)),
    "rewording": _PromptSpec(("instruction", "response"), ("instruction", "response")),
    "relevance": _PromptSpec(("text",)),
    "domains": _PromptSpec(("words", "text")),
    "role": _PromptSpec(("text",)),
}


def read_prompts(root: Node, domain_words: tuple[str, ...]) -> Prompts:
    """The prompts of a file; raises RecipeError."""
    found = root.fields(*_SPECS)
    prompts = {name: _prompt(found[name], shape) for name, shape in _SPECS.items()}
    domains = prompts["domains"]
    user = domains.user.replace("{words}", ", ".join(domain_words))
    prompts["domains"] = Prompt(domains.system, user, domains.max_tokens)
    return Prompts(**prompts)


def _prompt(node: Node, shape: _PromptSpec) -> Prompt:
    found = node.fields(
        "system", "user", "max_tokens", optional=("shots",) if shape.answers else ()
    )
    shots = found["shots"].list(0) if "shots" in found else ()
    return Prompt(
        with_placeholders(found["system"], ()),
        with_placeholders(found["user"], shape.placeholders),
        found["max_tokens"].whole(1, MOST_TOKENS),
        tuple(_shot(one, shape.answers) for one in shots),
    )


def _shot(node: Node, keys: tuple[str, ...]) -> Shot:
    found = node.fields("user", "answer")
    answers = found["answer"].fields(*keys)
    said = {key: answers[key].text() for key in keys}
    return Shot(
        with_placeholders(found["user"], ()),
        json.dumps(said, ensure_ascii=False, separators=(",", ":")),
    )


def own_words(prompt: Prompt) -> tuple[str, ...]:
    """The recipe's words in a prompt, without its shots."""
    told = (prompt.system, *PLACEHOLDER.split(prompt.user)[::2])
    return tuple(text for text in told if text.strip())


def shown(prompt: Prompt) -> tuple[str, ...]:
    """All that a prompt shows a model, which no answer may copy."""
    shots = (text for shot in prompt.shots for text in (shot.user, shot.answer))
    return (*own_words(prompt), *shots)
