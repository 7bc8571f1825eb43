"""The shape of a model's answer to a question, and what its prompt shows it.

Knows the recipe's prompt by its parts only.  Invariant: an answer is one line of plain prose of
bounded length.
"""

from __future__ import annotations

import json
import re
from typing import Any

from stages.base import Prompt
from stages.recipe.prompts import own_words
from stages.text.sentences import PLAIN

LONGEST_ANSWER = 260  # characters after the opening
SHORTEST_ANSWER = 20
# Nothing else may be escaped in the pattern of a schema: servers read it as ECMAScript's.
_SPECIAL = re.compile(r"[\\^$.|?*+(){}\[\]]")


def shown(prompt: Prompt) -> tuple[str, ...]:
    """What a prompt shows and no answer may copy: its words, and the shots' texts and answers."""
    shots = (
        text
        for shot in prompt.shots
        for text in (shot.user.partition("\n\n")[0], json.loads(shot.answer)["answer"])
    )
    return (*own_words(prompt), *shots)


def answer_schema(opening: str) -> dict[str, Any]:
    """An answer of one line that begins with these words, or with a capital letter or digit."""
    first = _SPECIAL.sub(r"\\\g<0>", opening) if opening else "[A-Z0-9]"
    pattern = f"^{first}{PLAIN}{{{SHORTEST_ANSWER},{LONGEST_ANSWER}}}$"
    return {
        "type": "object",
        "properties": {"answer": {"type": "string", "pattern": pattern}},
        "required": ["answer"],
        "additionalProperties": False,
    }
