"""The soak reads memory as records are answered, and says by its status whether it grew."""

from __future__ import annotations

from pathlib import Path

import orjson
import psutil
import pytest

from benchmarks import soak
from benchmarks.soak import MemorySample, table


class Growing:
    """A process that holds more each time."""

    held = 100 << 20

    def memory_info(self) -> Growing:
        return self

    @property
    def rss(self) -> int:
        Growing.held += 6 << 20
        return Growing.held


@pytest.mark.parametrize("grows", [False, True])
def test_it_answers_all_and_tells_growth(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grows: bool
) -> None:
    monkeypatch.setattr(soak, "EVERY", 4)
    if grows:
        monkeypatch.setattr(psutil, "Process", Growing)
    flags = ["--records", "12", "--rows", "4", "--tokens", "4", "-o", str(tmp_path / "soak.json")]
    assert soak.main(["--model", str(tiny_model), *flags]) == (1 if grows else 0)
    readings = orjson.loads((tmp_path / "soak.json").read_bytes())["readings"]
    assert [reading["records"] for reading in readings] == [4, 8, 12]


def test_no_text_comes_twice() -> None:
    assert len({soak.text(number) for number in range(5000)}) == 5000


def test_lines_compare_with_the_first() -> None:
    made = table([MemorySample(100, 200, 1.0), MemorySample(200, 210, 2.0)])
    assert made.rows[1] == ["200", "210", "1.05", "2"]
