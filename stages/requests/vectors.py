"""Requests for embeddings: from their body to texts, and from vectors to the response's body.

Knows those two formats; asks nothing.  Invariant: the body has a vector for each text, in their
order.
"""

from __future__ import annotations

import array
import base64
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stages.completions import Embedding
from stages.requests.fields import Fields

EMBEDDINGS = "/v1/embeddings"
_MOST_TEXTS = 2048
_FORMATS = ("float", "base64")


@dataclass(frozen=True)
class AskedVectors:
    """A request for the vectors of texts; `in_base64`: as bytes of float32, not as numbers."""

    custom_id: str
    texts: tuple[str, ...]
    in_base64: bool = False


def read_vectors(custom_id: str, body: Fields) -> AskedVectors:
    """The request of a body; raises BadRequest naming the field at fault."""
    kind = body.take("encoding_format", str) or _FORMATS[0]
    if kind not in _FORMATS:
        raise body.wrong("encoding_format", f"must be {' or '.join(_FORMATS)}")
    return AskedVectors(custom_id, _texts(body), kind == "base64")


def _texts(body: Fields) -> tuple[str, ...]:
    given = body.take_any("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not 1 <= len(texts) <= _MOST_TEXTS:
        raise body.wrong("input", f"must be a text, or a list of up to {_MOST_TEXTS} of them")
    if any(isinstance(one, int | list) for one in texts):
        raise body.unsupported("input", "must be texts: another tokenizer's tokens say nothing")
    if not all(isinstance(one, str) and one for one in texts):
        raise body.wrong("input", "must be texts, none of them empty")
    return tuple(texts)


def body_of_vectors(
    asked: AskedVectors, answers: Sequence[Embedding], model: str
) -> dict[str, Any]:
    """The body of a response."""
    read = sum(answer.prompt_tokens for answer in answers)
    return {
        "object": "list",
        "model": model,
        "data": [
            {"object": "embedding", "index": index, "embedding": _shown(asked, answer.vector)}
            for index, answer in enumerate(answers)
        ],
        "usage": {"prompt_tokens": read, "total_tokens": read},
    }


def _shown(asked: AskedVectors, vector: Sequence[float]) -> list[float] | str:
    if not asked.in_base64:
        return list(vector)
    numbers = array.array("f", vector)
    if sys.byteorder == "big":
        numbers.byteswap()
    return base64.b64encode(numbers.tobytes()).decode()
