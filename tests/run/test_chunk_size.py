"""Chunks that fit the input and the workers: small for few records, never read twice for many."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from stages.recipe.recipe import shipped
from workers.run.chunk_size import CHUNKS_PER_WORKER, LARGEST, fitting_size
from workers.run.input_files import inspect_inputs
from workers.run.prepare import create
from workers.run.run_folder import RunFolder
from workers.settings.values import build_config


def file_of(folder: Path, records: int, name: str = "in.jsonl", text: str = "x" * 50) -> Path:
    path = folder / name
    path.write_text(f'{{"text": "{text}"}}\n' * records)
    return path


@pytest.mark.parametrize(
    ("records", "workers", "size"),
    [
        (1, 2, 1),
        (24, 2, 1),
        (48, 2, 2),
        (100, 2, 4),
        (220, 2, 7),
        (1000, 2, 32),
        (5000, 2, LARGEST),
        (24, 1, 2),
        (100, 16, 1),
        (100_000, 16, LARGEST),
    ],
)
def test_every_worker_gets_several_chunks(
    tmp_path: Path, records: int, workers: int, size: int
) -> None:
    found = fitting_size(inspect_inputs([file_of(tmp_path, records)]), workers)
    assert found == size
    assert records < 24 or -(-records // found) >= workers * min(CHUNKS_PER_WORKER, 6)


def test_a_limit_and_several_files_count(tmp_path: Path) -> None:
    inputs = inspect_inputs([file_of(tmp_path, 200, "a"), file_of(tmp_path, 200, "b")])
    assert fitting_size(inputs, 2) == 13
    assert fitting_size(inputs, 2, limit=64) == 2
    assert fitting_size(inputs, 2, limit=10_000) == 13


def test_blank_lines_and_a_last_line_without_its_end(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'\n\r\n{"n":1}\n\n' + b'{"n":2}\n' * 62 + b'{"n":3}')
    assert fitting_size(inspect_inputs([path]), 1) == 4  # of 64 records


def test_of_a_large_file_only_the_beginning_is_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, 20_000)
    with path.open("r+b") as file:
        file.truncate(10 * 2**30)  # a hole: as large as any, and quick to make
    inputs, begun = inspect_inputs([path]), time.monotonic()
    assert fitting_size(inputs, 16) == LARGEST
    assert time.monotonic() - begun < 1


def test_records_count_not_lines(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    notes = [{"id": n, "body": f"A worm of kind {n}."} for n in range(64)]
    for indent in (None, 2):
        path.write_text(json.dumps({"items": notes}, indent=indent))
        assert fitting_size(inspect_inputs([path]), 1) == 4


def made(folder: Path, **settings: object) -> RunFolder:
    run = RunFolder(folder / "queues" / "run")
    config = build_config({"model": "m", **settings})
    create(run, config, inspect_inputs([file_of(folder, 100)]), {}, shipped(), workers=2)
    return RunFolder(run.path).open()


def test_a_run_keeps_the_size_that_it_was_made_with(tmp_path: Path) -> None:
    manifest = made(tmp_path).manifest
    assert (manifest.config.chunk_size, manifest.split.chunk_size, manifest.chunk_size) == (
        None,
        4,
        4,
    )


def test_a_size_that_was_asked_for_wins(tmp_path: Path) -> None:
    assert made(tmp_path, chunk_size=30).manifest.chunk_size == 30


def test_without_a_model_a_chunk_costs_more_than_its_records(tmp_path: Path) -> None:
    assert made(tmp_path, disable_llm=True).manifest.chunk_size == LARGEST
