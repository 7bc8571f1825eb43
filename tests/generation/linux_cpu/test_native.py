"""C that is compiled once for all processes, or not at all and without a trace."""

from __future__ import annotations

import ctypes
import shutil
import sys
from pathlib import Path

import pytest

from tests.fresh_process import in_fresh_process
from workers.generation.linux_cpu.native import compiled
from workers.generation.steps import Step

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not any(map(shutil.which, ("cc", "gcc", "clang"))),
    reason="only a Linux CPU with a compiler needs it",
)

SEVEN = "int seven(void) { return 7; }\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "seven.c"
    path.write_text(SEVEN)
    return path


def test_it_is_compiled_once_and_says_so_once(source: Path, tmp_path: Path) -> None:
    said: list[tuple[Step, str]] = []
    for _ in range(2):
        library = compiled(source, tmp_path / "cache", begin=lambda *step: said.append(step))
        assert library is not None
        assert ctypes.CDLL(str(library)).seven() == 7
    assert said == [(Step.COMPILING, "seven.c for this processor")]


def test_another_source_is_another_library(source: Path, tmp_path: Path) -> None:
    first = compiled(source, tmp_path / "cache")
    source.write_text(SEVEN.replace("7", "8"))
    second = compiled(source, tmp_path / "cache")
    assert first != second and second is not None
    assert ctypes.CDLL(str(second)).seven() == 8


COMPILE = """
import subprocess, time
from pathlib import Path
from workers.generation.linux_cpu.native import compiled
run = subprocess.run
def slow(*args, **more):
    time.sleep(1)
    return run(*args, **more)
subprocess.run = slow
def say(step, what):
    print(step, what, flush=True)
assert compiled(Path({source!r}), Path({folder!r}), begin=say)
"""


def test_others_wait_for_the_first(source: Path, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    code = COMPILE.format(source=str(source), folder=str(tmp_path / "cache"))
    with ThreadPoolExecutor(3) as pool:
        said = [done.stdout for done in pool.map(in_fresh_process, [code] * 3)]
    assert sum("compiling" in text for text in said) == 1
    assert all("compiling" in text or "waiting" in text or not text for text in said)


def test_without_a_compiler_there_is_none(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert compiled(source, tmp_path / "cache") is None


def test_a_source_that_does_not_compile_leaves_nothing(tmp_path: Path) -> None:
    source = tmp_path / "broken.c"
    source.write_text("no C at all")
    assert compiled(source, tmp_path / "cache") is None
    assert [p.suffix for p in (tmp_path / "cache").iterdir()] in ([], [".lock"])


def test_a_cache_that_can_not_be_written_to_is_none(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert compiled(source, tmp_path / "file" / "cache") is None


def test_a_source_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert compiled(tmp_path / "none.c", tmp_path / "cache") is None
