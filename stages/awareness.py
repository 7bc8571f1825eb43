"""How a security-aware example is drawn from a template.

Knows nothing of the texts, which are the recipe's.  Invariant: the same draw
gives the same example, and its text is exactly what the template says.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
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


def is_example(record: Record, templates: Iterable[Template]) -> bool:
    """Whether a pair is an example of one of these templates, word for word."""
    source = record.get("source_data")
    kind = source.get("name") if isinstance(source, dict) else None
    template = next((one for one in templates if one.kind == kind), None)
    return template is not None and any(
        _may_be(str(record.get("instruction")), wording.instruction, template)
        and _may_be(str(record.get("response")), wording.response, template)
        for wording in template.wordings
    )


def _may_be(text: str, wording: str, template: Template) -> bool:
    """Whether a text is a wording with a value of its own in each slot."""
    values = {name: list(given) for name, given in template.slots.items()}
    for case in template.cases:
        for name, value in case.items():
            values.setdefault(name, []).append(value)
    parts = _SLOT.split(wording)
    parts[::2] = map(re.escape, parts[::2])
    parts[1::2] = (f"(?:{'|'.join(map(re.escape, values[name]))})" for name in parts[1::2])
    return re.fullmatch("".join(parts), text, re.IGNORECASE) is not None


def _filled(text: str, values: dict[str, str]) -> str:
    """Fill the slots; a sentence that begins with a slot begins with a capital letter."""
    filled = _SLOT.sub(lambda match: values[match.group(1)], text)
    return filled[:1].upper() + filled[1:]
