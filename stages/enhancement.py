"""What the data filter asks the model about a record: prompt and schema.

Only a description in the model's words is asked for; severity, systems and mitigations are
stated by a record or not there at all.  Invariant: the schema bounds everything it allows.
"""

from __future__ import annotations

from typing import Any

from stages.base import (
    Prompt,
    Shot,
)
from stages.text.sentences import PLAIN

# What stands before {text} is computed once per worker.  Nothing in it is a real product.
ENHANCEMENT_PROMPT = Prompt(
    system="You describe security texts briefly and exactly. You use only what the text says.",
    user="Describe: {text}",
    max_tokens=160,  # room for the longest answer the schema allows, and for closing it
    shots=(
        Shot(
            "Describe: Unlimited Window Titles\nThe program shows the title that a document gives"
            " itself without a limit on its length or its characters. A document from outside can"
            " take a title that looks like a message of the system.",
            '{"technical_description":"The program shows titles of documents without a limit on'
            " their length or characters, so that a document from outside can imitate a message of"
            ' the system."}',
        ),
        Shot(
            "Describe: Printer Relay\nAdversaries may use the memory of a network printer to pass"
            " files between hosts that can't reach each other. Many printers keep jobs for days"
            " and ask for no password.",
            '{"technical_description":"Adversaries pass files between separated hosts through the'
            ' memory of a network printer, which keeps jobs for days and asks for no password."}',
        ),
    ),
)
SHOWN = tuple(text for shot in ENHANCEMENT_PROMPT.shots for text in (shot.user, shot.answer))
LONGEST_DESCRIPTION = 240  # characters
ENHANCEMENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "technical_description": {
            "type": "string",
            # Prose from the first character on: no markup, no code, no list.
            "pattern": rf"^[A-Z0-9]{PLAIN}{{19,{LONGEST_DESCRIPTION - 1}}}$",
        },
    },
    "required": ["technical_description"],
    "additionalProperties": False,
}
