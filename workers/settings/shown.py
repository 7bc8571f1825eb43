"""Settings as messages and command lines show them.

Knows their names and values, not what they mean.  Invariant: no password is shown.
"""

from __future__ import annotations

import re
from typing import Any


def flag_of(name: str) -> str:
    """The command-line flag that sets a field: batch_size -> --batch-size."""
    return "--" + name.replace("_", "-")


_PASSWORD = re.compile(r"//[^/@\s]+@")  # and the name before it, in an address


def without_password(text: str) -> str:
    """Text as messages may show it: an address in it keeps neither name nor password."""
    return _PASSWORD.sub("//...@", text)


def shown_as(name: str, value: Any) -> str:
    """A setting and its value in a message: `--batch-size 0`, `--model ''`."""
    text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = without_password(text)
    plain = text and text.isprintable() and " " not in text
    return f"{name} {text if plain else repr(text)}"
