"""Results that one process works out for all: made once, waited for, and never in the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from tests.forked import Child
from workers.core.cache import CachedResult, cache_dir


def kept(path: Path, make: Callable[[], dict[str, int]]) -> CachedResult[dict[str, int]]:
    return CachedResult(path, make, dump=orjson.dumps, load=lambda data: {**orjson.loads(data)})


def test_it_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "result.json"
    assert kept(path, lambda: {"n": 1}).get() == {"n": 1}
    assert kept(path, lambda: {"n": 2}).get() == {"n": 1}


@pytest.mark.parametrize("damage", [b"", b"{", b'"text"', b"7"])
def test_a_file_that_says_nothing_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "result.json"
    path.write_bytes(damage)
    assert kept(path, lambda: {"n": 2}).get() == {"n": 2}
    assert orjson.loads(path.read_bytes()) == {"n": 2}


def test_what_fails_is_raised_and_tried_again(tmp_path: Path) -> None:
    def fails() -> dict[str, int]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept(tmp_path / "result.json", fails).get()
    assert kept(tmp_path / "result.json", lambda: {"n": 1}).get_now() == {"n": 1}


def test_others_wait_for_the_one_that_makes_it(tmp_path: Path) -> None:
    path, begun = tmp_path / "result.json", tmp_path / "begun"

    def slow() -> dict[str, int]:
        begun.touch()
        time.sleep(0.5)
        return {"n": 1}

    other = Child(lambda say: say(str(kept(path, slow).get()["n"])))
    while not begun.exists():
        time.sleep(0.01)
    mine = kept(path, lambda: pytest.fail("made twice"))
    assert mine.get_now() is None
    waited: list[bool] = []
    assert mine.get(lambda: waited.append(True)) == {"n": 1}
    assert waited == [True] and other.said() == ["1"]
    other.wait()


def test_a_maker_that_dies_leaves_the_work_to_the_next(tmp_path: Path) -> None:
    path, begun = tmp_path / "result.json", tmp_path / "begun"

    def stuck() -> dict[str, int]:
        begun.touch()
        time.sleep(60)
        return {}

    other = Child(lambda say: say(str(kept(path, stuck).get())))
    while not begun.exists():
        time.sleep(0.01)
    threading.Timer(0.2, other.kill).start()
    assert kept(path, lambda: {"n": 3}).get() == {"n": 3}


def test_a_cache_that_can_not_be_written_to_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    counted: list[int] = []

    def make() -> dict[str, int]:
        counted.append(1)
        return {"n": 4}

    nowhere = kept(tmp_path / "file" / "cache" / "result.json", make)
    assert nowhere.get() == nowhere.get() == {"n": 4}
    assert len(counted) == 2


def test_the_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path))
    assert cache_dir() == tmp_path
    monkeypatch.delenv("CYBERLLM_CACHE_DIR")
    assert cache_dir() == Path.home() / ".cache" / "cyberllm-pool"
