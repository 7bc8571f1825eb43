"""What the data filter asks the model about a record: the schema of its answer.

The prompt is the recipe's.  Only a description in the model's words is asked for; severity,
systems and mitigations are stated by a record or not there at all.  Invariant: the schema bounds
everything it allows.
"""

from __future__ import annotations

from typing import Any

from stages.text.sentences import PLAIN

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
