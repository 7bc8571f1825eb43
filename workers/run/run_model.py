"""A model of a run, as its manifest names it: one of a folder here, or one that a server has.

Knows names and hashes; opens no model.  Invariant: one that was parsed is written the same again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from workers.core.json_fields import JsonFields

if TYPE_CHECKING:
    from workers.model_store import Fingerprint

TARGET, DRAFT = "target", "draft"  # the roles of a run's models


@dataclass(frozen=True)
class RunModel:
    """What made the answers of a run.

    path, files, sha256: its folder when the run was made, how many files count, and their hash;
    chat_template: the text of one that was given for it; endpoint: the address of a server that
    has the model, of which nothing else is known.
    """

    name: str
    path: str | None = None
    files: int | None = None
    sha256: str | None = None
    chat_template: str | None = None
    endpoint: str | None = None

    @classmethod
    def of(cls, name: str, found: Fingerprint, chat_template: str | None = None) -> RunModel:
        """A model of a folder here."""
        return cls(name, found.path, found.files, found.sha256, chat_template)

    def to_json(self) -> dict[str, Any]:
        """Plain values, without those that are not known."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def parse(cls, fields: JsonFields) -> RunModel:
        """The inverse; raises the error of `fields`."""
        return cls(
            name=fields.read("name", str),
            path=fields.read_or("path", str, None),
            files=fields.read_or("files", int, None),
            sha256=fields.read_or("sha256", str, None),
            chat_template=fields.read_or("chat_template", str, None),
            endpoint=fields.read_or("endpoint", str, None),
        )
