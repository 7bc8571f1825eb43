"""Chats with a language model, as training files and exports of services keep them.

Knows the roles of those formats; knows no record.  Invariant: a turn is told without its role, so
that no data becomes a mark of a prompt, and what the model was set up with is no turn;
what a tool gave it is one, for an attack may stand there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_BY_MODEL = frozenset("assistant gpt chatgpt model bot ai".split())
_ROLES = _BY_MODEL | frozenset("user human prompter system developer tool function".split())
_TOOLS = frozenset({"tool", "function"})
_UNTOLD = frozenset({"system", "developer"})
# Where the role stands, and where what is said; the second pair is that of ShareGPT.
_FORMS = (("role", "content"), ("from", "value"))


@dataclass(frozen=True)
class Turn:
    """What somebody says in a chat, as it stands."""

    by_model: bool
    text: str


def turns_of(items: Sequence[Any]) -> list[Turn]:
    """The turns of a chat that say something in words; none if it is no chat with a model."""
    turns: list[Turn] = []
    for item in items:
        form = next(
            (one for one in _FORMS if isinstance(item, Mapping) and item.keys() >= {*one}), None
        )
        role = item[form[0]] if form else None
        role = role.strip().lower() if isinstance(role, str) else ""
        if not form or role not in _ROLES:
            return []
        text = _text_of(item[form[1]])
        says = any(map(str.isalpha, text)) if role in _TOOLS else text
        if says and role not in _UNTOLD:
            turns.append(Turn(role in _BY_MODEL, text))
    return turns if any(one.by_model for one in turns) else []


def question_of(turns: Sequence[Turn]) -> tuple[str, str]:
    """What is asked and answered in a chat of one question and one answer; empty for any other."""
    one_each = [one.by_model for one in turns] == [False, True]
    return (turns[0].text, turns[1].text) if one_each else ("", "")


def _text_of(content: Any) -> str:
    """A text, or the parts of one that are texts: beside them may stand images and calls."""
    if isinstance(content, str):
        return content.strip()
    parts = content if isinstance(content, list) else []
    texts = (one.get("text") for one in parts if isinstance(one, Mapping))
    return "\n\n".join(one.strip() for one in texts if isinstance(one, str) and one.strip())
