"""Makes text from data or from a child process safe to show on a terminal.

Knows nothing of runs.  Invariant: what `plain_text` returns holds no control character.
"""

from __future__ import annotations

import unicodedata
from typing import Any

# Controls, format characters (bidi overrides among them), surrogates and private use.
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def plain_text(value: object, limit: int = 200) -> str:
    """One printable line of at most `limit` characters; unsafe characters become "?"."""
    text = str(value)[: limit + 1]
    safe = "".join("?" if unicodedata.category(c) in _UNSAFE else c for c in text)
    return safe if len(safe) <= limit else safe[: limit - 3] + "..."


def plain_values(value: Any) -> Any:
    """`plain_text` of every string inside JSON-like values."""
    if isinstance(value, str):
        return plain_text(value, 1000)
    if isinstance(value, dict):
        return {plain_text(key): plain_values(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_values(item) for item in value]
    return value


def megabytes(size: float) -> str:
    """Bytes as MiB, whole ones: 1,234 MB."""
    return f"{size / 2**20:,.0f} MB"


def duration(seconds: float | None) -> str:
    """Seconds as 42s, 3m05s or 2h07m; "-" when unknown."""
    if seconds is None:
        return "-"
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}s"
    return f"{whole // 3600}h{whole % 3600 // 60:02d}m"
