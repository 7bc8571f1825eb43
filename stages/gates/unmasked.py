"""A text as a model takes it in: other blanks, look-alike forms and unseen characters undone.

Knows characters and no gate.  Invariant: for searching only; nothing that it gives is ever kept.
"""

from __future__ import annotations

import re
import unicodedata

# Tags spell ASCII that models read and no font shows; apostrophes are one.
_PLAIN = {0xE0000 + code: code for code in range(0x20, 0x7F)} | {0x2018: 0x27, 0x2019: 0x27}


def unmasked(text: str) -> str:
    """A text on one line, in plain letters, without characters that show nothing."""
    if text.isascii():
        return " ".join(text.split())
    plain = unicodedata.normalize("NFKC", text.translate(_PLAIN))
    return " ".join("".join(one for one in plain if unicodedata.category(one) != "Cf").split())


def found(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Where a pattern matches a text, as it stands or unmasked."""
    plain = unmasked(text)
    return pattern.search(text) or (pattern.search(plain) if plain != text else None)
