"""Texts before which an answer ends, found while it is written.

Knows a tokenizer and one answer.  Invariant: no text that is kept holds one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_BYTES = 4  # most bytes of a character in UTF-8, each of which may be a token
_SPARE = 8  # tokens before them, so that none is decoded without what it goes with


class StopTexts:
    """The stop texts of one request."""

    def __init__(self, tokenizer: Any, texts: Sequence[str]) -> None:
        self._tokenizer = tokenizer
        self._texts = tuple(texts)
        self._tail = _BYTES * max(map(len, texts)) + _SPARE

    def ends(self, tokens: Sequence[int]) -> bool:
        """Whether the last of these tokens completes one of the texts."""
        text = self._tokenizer.decode(list(tokens[-self._tail :]))
        return any(stop in text for stop in self._texts)

    def cut(self, text: str) -> str:
        """The part of a text before the first of them."""
        places = [place for stop in self._texts if (place := text.find(stop)) >= 0]
        return text[: min(places)] if places else text
