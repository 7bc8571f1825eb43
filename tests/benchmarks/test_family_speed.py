"""Every way that a model can be run in answers the same requests, and is timed."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from benchmarks import family_speed
from benchmarks.family_speed import BATCHES, ONE_BY_ONE, PACKED, EngineTiming, table


def test_ways_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(family_speed, "_LARGER", {})
    written = tmp_path / "speed.json"
    flags = ["--rows", "2", "--tokens", "3", "--rounds", "2", "--alone", "1", "-o", str(written)]
    assert family_speed.main(["--shape", "lfm2", *flags]) == 0
    found = {way["name"]: way for way in orjson.loads(written.read_bytes())["ways"]}
    assert len(found) == 5 and all(len(way["seconds"]) == 2 for way in found.values())
    assert (found[ONE_BY_ONE]["requests"], found[PACKED]["requests"]) == (1, 2)
    assert all(way["failed"] == [0, 0] for way in found.values())


def test_answers_that_are_none_are_told(
    tiny_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One token can't close what the schema wants, whichever way it is written."""
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path))
    flags = ["--rows", "2", "--tokens", "1", "--rounds", "1", "--alone", "1"]
    out = ["-o", str(tmp_path / "speed.json")]
    assert family_speed.main(["--model", str(tiny_model), *flags, *out]) == 1
    said = capsys.readouterr().err
    assert f"{ONE_BY_ONE}: 1 of 1 answers are unusable" in said
    assert f"{PACKED}: 2 of 2 answers are unusable" in said


def test_a_line_says_how_many_times_as_fast() -> None:
    made = table(
        [EngineTiming(ONE_BY_ONE, 1, [8.0]), EngineTiming(BATCHES, 4, [16.0, 8.0, 99.0])], "x"
    )
    assert made.rows[1] == [BATCHES, "4.00", "2.00", "1.00"]
