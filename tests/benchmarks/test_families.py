"""The families' benchmark finds right models right, wrong ones wrong, and says so by its status."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from benchmarks import families, family_check
from benchmarks.families import OWN_SHAPES
from benchmarks.family_check import Checked, checked
from benchmarks.family_table import line
from workers.generation.engines.mlx_lm_engines import OneByOneEngine
from workers.generation.packed.cache import PackedCache

SHAPES = {shape["model_type"]: shape for shape in orjson.loads(OWN_SHAPES.read_bytes())}


def test_a_small_share_of_the_shapes_is_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "found.json"
    assert families.main(["--only", "gpt_oss", "qwen3_5", "--json", str(written)]) == 0
    printed = capsys.readouterr().out
    assert "2 shapes, 2 in packed passes, 0 wrong" in printed and "48 of 48" in printed
    for found in orjson.loads(written.read_bytes()):
        assert abs(found["estimate"] / found["true"] - 1) < 0.15


def test_what_can_not_be_made_is_wrong_and_named(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.json"
    shapes.write_bytes(orjson.dumps([{"model_type": "no_such_type"}]))
    assert families.main(["--shapes", str(shapes)]) == 1
    assert "no_such_type" in checked({"model_type": "no_such_type"}).reason


def test_a_wrong_answer_is_no_tie(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows that are too wide: the trial refuses them; without one the answers show it."""
    within = PackedCache._within
    monkeypatch.setattr(
        PackedCache, "_within", lambda cache, group, window: within(cache, group, window + 3)
    )
    shape = SHAPES["gemma3_text"]
    assert "off by" in checked(shape).reason
    monkeypatch.setattr(family_check, "why_not_packed", lambda _: None)
    assert checked(shape).wrong > 10


def test_lines_show_what_was_found() -> None:
    one = Checked("a", "2 full", "packed", "", 47, 0, 1, 90, 100)
    assert line(one) == "| a | 2 full | packed | 47 of 48, 1 WRONG | 0.90 |  |"
    assert "| not compared |" in line(Checked("b", "", "one by one", "why | not"))


def test_shapes_that_run_one_by_one_are_compared_with_mlx_lms_own_generation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("why_not_packed", "why_not_batched"):
        monkeypatch.setattr(family_check, name, lambda _: "no")
    monkeypatch.setattr(family_check, "_SLOW", 0.0)  # two short rows are enough
    found = checked(SHAPES["llama"])
    assert (found.engine, found.equal, found.wrong) == ("one by one", 2, 0)
    monkeypatch.setattr(OneByOneEngine, "_start", lambda *_: iter(()))  # it gives nothing
    assert checked(SHAPES["llama"]).wrong == 2


def test_a_slow_shape_is_compared_all_the_same_in_a_smaller_share(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """jamba: a state so large that time grows with the square of the tokens in a pass."""
    monkeypatch.setattr(family_check, "_SLOW", 0.0)
    longest: list[int] = []
    held = family_check._bytes

    def noted(*given: Any) -> int:
        longest.append(given[-1])
        return held(*given)

    monkeypatch.setattr(family_check, "_bytes", noted)
    found = checked(SHAPES["jamba"])
    assert (found.engine, found.compared, found.wrong, longest) == ("packed", 4, 0, [8])
    assert "two short rows: 8 tokens take " in found.reason
    assert abs(found.estimate / found.true - 1) < 0.25  # of blocks that eight tokens hardly fill


def test_work_beside_makes_no_shape_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a shape would be compared in a small share, or not at all."""
    waits = SimpleNamespace(process_time=lambda: 0.0, perf_counter=count(0, 60).__next__)
    monkeypatch.setattr(family_check, "time", waits)
    assert "two short rows" not in checked(SHAPES["llama"]).reason


def test_what_nobody_compared_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(family_check, "checked", lambda shape: Checked("a", "", "packed", ""))
    assert families.main(["--only", "llama", "--part", "1/2"]) == 1
    assert "not compared: a" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "No such file or directory"),
        ("[", "unexpected end of data"),
        ("{}", "no JSON list of configurations"),
        ('[{"model_type": "llama"}, {"hidden_size": 64}]', "shape 2 names no model_type"),
    ],
)
def test_a_file_without_shapes_is_named_in_one_line(
    text: str | None, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shapes.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(SystemExit) as ended:
        families.main(["--shapes", str(file)])
    printed = capsys.readouterr().err.splitlines()[-1]
    assert ended.value.code == 2 and f"--shapes {file}: " in printed and says in printed


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--only", "llama", "gemma3_txt"], "--only gemma3_txt: no such model type in"),
        (["--part", "0/4"], "'0/4' is not I/N"),
        (["--part", "half"], "'half' is not I/N"),
        (["--only", "gpt_oss", "--part", "99/99"], "leaves none"),
    ],
)
def test_where_no_shape_is_chosen_it_ends_with_2(
    options: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        families.main(options)
    assert ended.value.code == 2 and says in capsys.readouterr().err
