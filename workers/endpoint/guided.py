"""Which schemas a server takes as a field of the request, and which it has to be told in words.

Knows schemas and what became of requests; asks nothing.  Invariant: one schema that is refused says
nothing of the others, until two were and none was ever taken.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
_MOST = 4096  # schemas that are remembered


class Guided:
    """What is known of a server's schemas."""

    def __init__(self) -> None:
        self._taken: dict[str, None] = {}
        self._refused: dict[str, None] = {}

    def takes(self, schema: Schema) -> bool:
        """Whether to send it as a field."""
        none_at_all = len(self._refused) > 1 and not self._taken
        return not none_at_all and _name(schema) not in self._refused

    def took(self, schema: Schema) -> None:
        """A request with it was answered."""
        _remember(self._taken, schema)

    def refused(self, schema: Schema) -> None:
        """A request with it was refused, and answered once it was in words.

        One that was taken before is no worse for it: it was something else that was refused.
        """
        if _name(schema) not in self._taken:
            _remember(self._refused, schema)


def _name(schema: Schema) -> str:
    return json.dumps(schema)


def _remember(among: dict[str, None], schema: Schema) -> None:
    among[_name(schema)] = None
    if len(among) > _MOST:
        del among[next(iter(among))]
