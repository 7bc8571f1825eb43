"""What a model is told when it is to answer a question, and the shape of its answer.

Data only.  The shots show a small model what a plain answer is.  Nothing in them is about a
real product, and none begins as an answer to a question does: a small model would go on with
the shot.
"""

from __future__ import annotations

import json
import re
from typing import Any

from stages.base import Prompt, Shot
from stages.text.sentences import PLAIN

_SHOWN = (
    "Text: Unlimited Window Titles\nThe program shows the title that a document gives itself"
    " without a limit on its length or its characters. A document from outside can take a title"
    " that looks like a message of the system."
)
ANSWER_PROMPT = Prompt(
    system="You answer questions about security texts in one or two plain sentences."
    " You use only what the text says.",
    # The text comes before the question, so that a record's questions share its KV.
    user="Text: {text}{facts}\n\nQuestion: {question}",
    max_tokens=130,  # room for the longest answer the schema allows, and for closing it
    shots=(
        Shot(
            f"{_SHOWN}\n\nQuestion: What do users see?",
            '{"answer":"Users see a title that looks like a message of the system, although a'
            ' document from outside has given it to itself."}',
        ),
        Shot(
            f"{_SHOWN}\nFix: Cut titles at forty characters. Remove control characters."
            "\n\nQuestion: How was it fixed?",
            '{"answer":"Titles are cut at forty characters, and control characters are removed'
            ' from them."}',
        ),
    ),
)
LONGEST_ANSWER = 260  # characters after the opening
SHORTEST_ANSWER = 20
SHOWN = tuple(
    text
    for shot in ANSWER_PROMPT.shots
    for text in (shot.user.partition("\n\n")[0], json.loads(shot.answer)["answer"])
)


def answer_schema(opening: str) -> dict[str, Any]:
    """An answer of one line that begins with these words, or with a capital letter or digit."""
    first = re.escape(opening) if opening else "[A-Z0-9]"
    pattern = f"^{first}{PLAIN}{{{SHORTEST_ANSWER},{LONGEST_ANSWER}}}$"
    return {
        "type": "object",
        "properties": {"answer": {"type": "string", "pattern": pattern}},
        "required": ["answer"],
        "additionalProperties": False,
    }
