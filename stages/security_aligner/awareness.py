"""What a template of security-aware examples is, and how one example is drawn from it.

Knows nothing of the texts, which stand in `awareness_templates`.  Invariant: the same draw
gives the same example, and its text is exactly what the template says.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from stages.base import Record

AWARENESS = "security_awareness"  # the type of these examples
HIGH_RISK = "high_risk"
MEDIUM_RISK = "medium_risk"
COMPLIANCE_CHECK = "compliance_check"


@dataclass(frozen=True)
class Flags:
    """How an example is to be handled before it may be used."""

    risk: str
    review_required: bool
    isolation_required: bool


@dataclass(frozen=True)
class Wording:
    """One way to put a question and its answer, with slots."""

    instruction: str
    response: str


@dataclass(frozen=True)
class Template:
    """One kind of example: wordings, the values of their slots, flags and domains."""

    kind: str
    flags: Flags
    domains: tuple[str, ...]
    wordings: tuple[Wording, ...]
    slots: Mapping[str, tuple[str, ...]]
    cases: tuple[Mapping[str, str], ...] = field(default=({},))


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
