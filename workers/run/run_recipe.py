"""The recipe of a run, as its manifest names it: by the hashes of its contents.

Knows hashes; opens no file of a recipe.  Invariant: one that was parsed is written the same again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workers.core.json_fields import JsonFields


@dataclass(frozen=True)
class RunRecipe:
    """What prompted and bounded a run: the sha256 of the whole recipe, and of each file by name."""

    sha256: str
    files: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"sha256": self.sha256, "files": dict(self.files)}

    @classmethod
    def parse(cls, fields: JsonFields) -> RunRecipe | None:
        """The inverse; None for a run from before there were recipes.

        Raises the error of `fields` for a value of another type.
        """
        if not fields.values:
            return None
        return cls(fields.read("sha256", str), fields.mapping_of("files", str))
