"""What a run takes before and between the work, measured on a real run of a tiny model."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import start


def test_a_run_is_measured(tiny_model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--model", str(tiny_model), "--records", "6", "--workers", "1"]
    assert start.main(flags) == 0
    lines = capsys.readouterr().out.splitlines()
    empty, filled = lines[-2].split(), lines[-1].split()
    assert empty[:2] == ["empty", "6"] and filled[:2] == ["filled", "6"]
    assert 0 < float(filled[2]) < float(filled[3])
    assert all(cell.endswith("%") for cell in (*empty[4:], *filled[4:]))


def test_shares_are_of_the_workers_time() -> None:
    one = start.Start(24, 1.0, 10.0, {"load": 1.0, "wait": 1.0, "decode": 8.0})
    assert (one.share("wait"), one.share("prefill")) == (0.1, 0.0)
