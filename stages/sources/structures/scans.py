"""Results of scanners: what Trivy has found in a package list or an image.

Knows where the flaws are; each is read by the names of its fields.  Invariant: a place in which
nothing was found gives no record, and no problem either.
"""

from __future__ import annotations

from typing import Any

FLAWS = "Vulnerabilities"


def is_result(value: Any) -> bool:
    """Whether an object is what was found in one target, perhaps nothing."""
    return isinstance(value, dict) and isinstance(value.get("Target"), str) and "Class" in value


def flaws_of(result: dict[str, Any]) -> list[Any]:
    """Its vulnerabilities, as they stand there."""
    found = result.get(FLAWS)
    return found if isinstance(found, list) else []
