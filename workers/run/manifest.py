"""The manifest of a run, run.json: what made it, and everything needed to resume it.

Knows the fields and their JSON; does not know where the file is.  Invariant: a Manifest
that was parsed holds a valid config and known inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import orjson

from workers.core.errors import QueueError, UsageError
from workers.core.json_fields import JsonFields
from workers.run.chunk_size import LARGEST
from workers.run.input_files import InputFile
from workers.run.run_model import DRAFT, RunModel
from workers.run.run_recipe import RunRecipe
from workers.run.versions import Versions
from workers.settings.config import RunConfig
from workers.settings.values import config_from_json

MANIFEST = "run.json"  # in the folder of a run


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
    """What run.json says: everything needed to resume the run, and to know what made it.

    created: ISO 8601, UTC; model: by role; recipe: None for a run from before there were any.
    """

    run: str
    created: str
    config: RunConfig
    inputs: tuple[InputFile, ...]
    split: SplitState = SplitState()
    model: Mapping[str, RunModel] = field(default_factory=dict)
    versions: Versions = Versions()
    recipe: RunRecipe | None = None

    @property
    def chunk_size(self) -> int:
        """Records in a chunk: as asked for, else as decided when the run was made."""
        return self.config.chunk_size or self.split.chunk_size

    @property
    def draft_model(self) -> str | None:
        """The name of the run's draft model, if it has one."""
        return self.model[DRAFT].name if DRAFT in self.model else None

    def to_bytes(self) -> bytes:
        """The file's text: indented, for people."""
        values = {
            **asdict(self),
            "config": self.config.to_json(),
            "model": {role: model.to_json() for role, model in self.model.items()},
            "versions": self.versions.to_json(),
            "recipe": self.recipe.to_json() if self.recipe else {},
        }
        return orjson.dumps(values, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def parse(cls, data: bytes, source: str) -> Manifest:
        """The inverse; raises QueueError naming `source` when it is damaged."""
        try:
            return cls._parse(JsonFields(orjson.loads(data), source))
        except (ValueError, TypeError, UsageError) as error:
            problem = str(error).removeprefix(f"{source}: ")
            raise QueueError(f"{source}: damaged, or of another version: {problem}") from error

    @classmethod
    def _parse(cls, fields: JsonFields) -> Manifest:
        return cls(
            run=fields.read("run", str),
            created=fields.read("created", str),
            config=config_from_json(fields.read("config", dict)),
            inputs=tuple(map(_input_file, fields.inner_list("inputs"))),
            split=_split_state(fields.inner("split")),
            model={r: RunModel.parse(f) for r, f in fields.inner_by_key("model").items()},
            versions=Versions.parse(fields.inner("versions")),
            recipe=RunRecipe.parse(fields.inner("recipe")),
        )


def created_in(data: bytes) -> str:
    """When a run was created, by a manifest of any version; empty for a damaged one."""
    try:
        return JsonFields(orjson.loads(data), "").read("created", str)
    except ValueError:
        return ""


def _input_file(fields: JsonFields) -> InputFile:
    return InputFile(
        fields.read("path", str),
        fields.read("size", int),
        fields.read("mtime_ns", int),
        fields.read_or("sha256", str, None),
        fields.read_or("name", str, None),
    )


def _split_state(fields: JsonFields) -> SplitState:
    return SplitState(
        fields.read("complete", bool),
        fields.read("records", int),
        fields.read("chunks", int),
        fields.read_or("chunk_size", int, LARGEST),
    )
