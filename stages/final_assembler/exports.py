"""The forms in which training tools read pairs, and files of them written as they come.

Knows one pair at a time.  Invariant: a file exists only if it has a pair, so that no tool
meets an empty one; and it holds the pairs of its side in the order in which they came.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import orjson

from stages.base import Record
from stages.final_assembler.pairs import AssemblyError, Origin, PairFacts
from stages.final_assembler.sides import SIDES

_ROW_GROUP = 5000


@dataclass(frozen=True)
class ExportedPair:
    """A pair of the dataset: `id` names it in every file."""

    id: str
    pair: PairFacts
    origin: Origin
    system: str = ""


def _messages(row: ExportedPair) -> list[Record]:
    system = [{"role": "system", "content": row.system}] if row.system else []
    user = {"role": "user", "content": row.pair.instruction}
    return [*system, user, {"role": "assistant", "content": row.pair.response}]


def _labels(row: ExportedPair) -> Record:
    pair = row.pair
    return {"id": row.id, "domain": pair.domain, "kind": pair.kind, "type": pair.type,
            "source": pair.source}  # fmt: skip


def _with_labels(row: ExportedPair) -> Record:
    return {**_labels(row), "messages": _messages(row)}


def _chat(row: ExportedPair) -> Record:
    return {"messages": _messages(row)}


def _prompt_completion(row: ExportedPair) -> Record:
    prompt = f"{row.system}\n\n{row.pair.instruction}" if row.system else row.pair.instruction
    return {"prompt": prompt, "completion": row.pair.response}


def _alpaca(row: ExportedPair) -> Record:
    said = {"instruction": row.pair.instruction, "input": "", "output": row.pair.response}
    return {**said, "system": row.system} if row.system else said


def _sharegpt(row: ExportedPair) -> Record:
    names = {"system": "system", "user": "human", "assistant": "gpt"}
    turns = [{"from": names[m["role"]], "value": m["content"]} for m in _messages(row)]
    return {"conversations": turns}


def _columns(row: ExportedPair) -> Record:
    pair, origin = row.pair, row.origin
    where = {"run": origin.run, "file": origin.file, "record": origin.record}
    said = {"instruction": pair.instruction, "response": pair.response, "system": row.system}
    return {**_labels(row), **said, "url": pair.url, "licence": pair.licence, **where}


class Writer(Protocol):
    """A file of one side, being written."""

    def write(self, row: ExportedPair) -> None: ...

    def close(self) -> None:
        """Make it durable."""
        ...


class JsonLines:
    """One JSON object a line."""

    def __init__(self, path: Path, form: Callable[[ExportedPair], Record]) -> None:
        self._file: BinaryIO = path.open("wb")
        self._form = form

    def write(self, row: ExportedPair) -> None:
        self._file.write(orjson.dumps(self._form(row)) + b"\n")

    def close(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


class Parquet:
    """Columns, a few thousand rows at a time."""

    def __init__(self, path: Path, form: Callable[[ExportedPair], Record]) -> None:
        self._path = path
        self._form = form
        self._rows: list[Record] = []
        self._writer: Any = None

    def write(self, row: ExportedPair) -> None:
        self._rows.append(self._form(row))
        if len(self._rows) >= _ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow
        from pyarrow import parquet

        table = pyarrow.Table.from_pylist(self._rows)
        if self._writer is None:
            self._writer = parquet.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table)
        self._rows = []

    def close(self) -> None:
        if self._rows:
            self._flush()
        self._writer.close()
        with self._path.open("rb") as file:
            os.fsync(file.fileno())


@dataclass(frozen=True)
class Export:
    """A way to write a dataset; `folder` within it is "" for files at its top."""

    name: str
    form: Callable[[ExportedPair], Record]
    folder: str
    ending: str = "jsonl"
    writer: Callable[[Path, Callable[[ExportedPair], Record]], Writer] = JsonLines

    def file(self, side: str) -> Path:
        """The file of a side, relative to the dataset."""
        return Path(self.folder, f"{side}.{self.ending}")


EXPORTS = {
    export.name: export
    for export in (
        Export("messages", _with_labels, "messages"),
        Export("mlx", _chat, ""),
        Export("prompt-completion", _prompt_completion, "prompt-completion"),
        Export("alpaca", _alpaca, "alpaca"),
        Export("sharegpt", _sharegpt, "sharegpt"),
        Export("openai", _chat, "openai"),
        Export("parquet", _columns, "parquet", "parquet", Parquet),
    )
}
DEFAULT_EXPORTS = ("messages", "mlx")


def parse_exports(names: list[str]) -> tuple[Export, ...]:
    """Exports by name, each once; raises ValueError for one that is unknown or can't be written."""
    for name in names:
        if name not in EXPORTS:
            raise ValueError(f"{name}: no such export; the exports are {', '.join(EXPORTS)}")
    if not names:
        raise ValueError(f"name at least one of {', '.join(EXPORTS)}")
    if "parquet" in names:
        try:
            import pyarrow  # noqa: F401
        except ImportError:
            raise ValueError(
                "parquet: needs pyarrow: pip install 'cyberllm-pool[sources]'"
            ) from None
    return tuple(EXPORTS[name] for name in dict.fromkeys(names))


class ExportFiles:
    """The files of all exports and sides below a folder; those that get a pair come to be."""

    def __init__(self, folder: Path, exports: tuple[Export, ...]) -> None:
        self._folder = folder
        self._exports = exports
        self._open: dict[Path, Writer] = {}

    def write(self, side: int, row: ExportedPair) -> None:
        """Write a pair to its side's file of every export."""
        for export in self._exports:
            relative = export.file(SIDES[side])
            if relative not in self._open:
                path = self._folder / relative
                path.parent.mkdir(exist_ok=True)
                self._open[relative] = export.writer(path, export.form)
            try:
                self._open[relative].write(row)
            except TypeError as error:
                raise AssemblyError(f"{row.origin.place}: can't be written: {error}") from error

    def close(self) -> list[str]:
        """Make them durable; the files there are, relative to the folder."""
        for writer in self._open.values():
            writer.close()
        return sorted(map(str, self._open))
