"""How a security-aware example is drawn from a template.

Knows nothing of the texts, which are the recipe's.  Invariant: the same draw
gives the same example, and its text is exactly what the template says.
"""

from __future__ import annotations

import random
import re
from dataclasses import asdict

from stages.base import Record
from stages.recipe.awareness import Template

AWARENESS = "security_awareness"  # the type of these examples
_SLOT = re.compile(r"\{([a-z_]+)\}")


def example(template: Template, draw: random.Random, mark: str) -> Record:
    """One example of a template, its slots filled by `draw`."""
    wording = draw.choice(template.wordings)
    values = {name: draw.choice(template.slots[name]) for name in sorted(template.slots)}
    values |= draw.choice(template.cases)
    return {
        "instruction": _filled(wording.instruction, values),
        "response": _filled(wording.response, values),
        "type": AWARENESS,
        "source_data": {
            "kind": AWARENESS,
            "id": f"{template.kind}-{mark}",
            "name": template.kind,
            "source": "template",
            "url": "",
        },
        "domains": [{"domain": name, "confidence": 1.0} for name in template.domains],
        "primary_domain": template.domains[0],
        "security_flags": asdict(template.flags),
    }


def _filled(text: str, values: dict[str, str]) -> str:
    """Fill the slots; a sentence that begins with a slot begins with a capital letter."""
    filled = _SLOT.sub(lambda match: values[match.group(1)], text)
    return filled[:1].upper() + filled[1:]
