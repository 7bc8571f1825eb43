"""The manifest of a run, run.json: what made it, and everything needed to go on with it.

Knows the fields and their JSON; does not know where the file lies.  Invariant: a Manifest
that was parsed holds a valid config and known inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from workers.core.errors import QueueError, UsageError
from workers.run.chunk_size import LARGEST
from workers.run.input_lines import InputFile
from workers.settings.config import RunConfig


@dataclass(frozen=True)
class SplitState:
    """How the inputs are cut into chunks, and how far they were.

    chunk_size: records in a chunk where the settings leave that open; the same for the whole
    life of the run.
    """

    complete: bool = False
    records: int = 0
    chunks: int = 0
    chunk_size: int = LARGEST


@dataclass(frozen=True)
class Manifest:
    """What run.json says: everything needed to go on with the run, and to know what made it."""

    run: str
    created: str
    config: RunConfig
    inputs: tuple[InputFile, ...]
    split: SplitState = SplitState()
    model: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0

    @property
    def chunk_size(self) -> int:
        """Records in a chunk: as asked for, else as decided when the run was made."""
        return self.config.chunk_size or self.split.chunk_size

    def to_bytes(self) -> bytes:
        """The file's text: indented, for people."""
        values = {**asdict(self), "config": self.config.to_json()}
        return orjson.dumps(values, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def parse(cls, data: bytes, source: str) -> Manifest:
        """The inverse; raises QueueError naming `source` when it is damaged."""
        try:
            values = orjson.loads(data)
            return cls(
                run=values["run"],
                created=values["created"],
                config=RunConfig.from_json(values["config"]),
                inputs=tuple(InputFile(**source) for source in values["inputs"]),
                split=SplitState(**values["split"]),
                model=values["model"],
                versions=values["versions"],
                seed=values["seed"],
            )
        except (ValueError, KeyError, TypeError, UsageError) as error:
            raise QueueError(f"{source}: damaged, or of another version: {error}") from error
