"""One worker process: its group, its pipe, its last words."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.pool_tools import BEAT, Desk
from tests.run_tools import kill, wait_for
from workers.core.exit_status import WorkerExit
from workers.pool.child import Child, child_environment


@pytest.fixture
def started(desk: Desk) -> Iterator[list[Child]]:
    children: list[Child] = []
    yield children
    for child in children:
        child.kill()
        wait_for(child.ended)


def start(desk: Desk, started: list[Child], code: str) -> Child:
    started.append(Child(desk.launch(code), slot=3))
    return started[-1]


def end_of(child: Child) -> str:
    wait_for(child.ended)
    ended = child.ended()
    assert ended
    return ended.reason


def test_it_is_told_who_it_is(desk: Desk, started: list[Child]) -> None:
    child = start(desk, started, "import sys; print(*sys.argv[1:])")
    end_of(child)
    told = child.log_path.read_text().split()
    assert child.spawn_id.startswith("w3-") and child.log_path.name == f"{child.spawn_id}.log"
    assert told == [
        *("--run", "run", "--role", "cpu", "--worker-id", child.spawn_id),
        *("--parent-pipe", "--workers", "1"),
    ]


def test_a_real_abort_counts_and_a_kill_does_not(desk: Desk, started: list[Child]) -> None:
    child = start(desk, started, "import os; os.abort()")
    assert end_of(child) == "SIGABRT"
    ended = child.ended()
    assert ended and ended.death.counts and ended.log == child.log_path
    other = start(desk, started, "import time; time.sleep(60)")
    kill(other.pid)
    assert end_of(other) == "SIGKILL"
    ended = other.ended()
    assert ended and not ended.death.counts


def test_one_that_hung_is_blamed_on_a_record_or_not(desk: Desk, started: list[Child]) -> None:
    for own_doing, cause in ((True, "made no progress"), (False, "SIGKILL")):
        child = start(desk, started, "import time; time.sleep(60)")
        child.kill_hung("made no progress", own_doing)
        assert end_of(child) == cause
        ended = child.ended()
        assert ended and ended.death.counts is own_doing and ended.signalled


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("error: no model", "no model"),
        ("error: first\nerror: second\nleaked 3 objects", "second"),
        ("something else", "something else"),
        ("", "no message"),
        ("error: a \x1b[31mred\x07 one", "a ?[31mred? one"),
        ("error: " + "x" * 5000, "x" * 397 + "..."),
    ],
)
def test_last_words_are_its_last_error(
    desk: Desk, started: list[Child], printed: str, words: str
) -> None:
    child = start(desk, started, f"import sys; sys.stderr.write({printed!r}); sys.exit(3)")
    wait_for(child.ended)
    ended = child.ended()
    assert ended and (ended.status, ended.words) == (WorkerExit.NO_MODEL, words)


def test_its_children_go_with_it(desk: Desk, started: list[Child], tmp_path: Path) -> None:
    code = (
        "import os, pathlib, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "path = pathlib.Path(os.environ['BEATS'], 'grandchild')\n"
        "path.with_suffix('.part').write_text(str(child.pid))\n"
        "path.with_suffix('.part').rename(path)\n"
        "time.sleep(60)"
    )
    child = start(desk, started, code)
    wait_for((tmp_path / "grandchild").exists)
    grandchild = psutil.Process(int((tmp_path / "grandchild").read_text()))
    kill(child.pid)
    wait_for(child.ended)
    wait_for(lambda: not _alive(grandchild))


def _alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_it_learns_that_the_coordinator_is_gone(desk: Desk, started: list[Child]) -> None:
    child = start(desk, started, "import os; os.read(0, 1)")
    assert child.ended() is None
    child._close_pipe()
    assert end_of(child) == "exit 0"


def test_stopped_and_continued_is_seen(desk: Desk, started: list[Child]) -> None:
    child = start(desk, started, BEAT + "beat('idle'); time.sleep(60)")
    wait_for(lambda: list(desk.folder.glob("w3-*.json")))
    assert not child.is_stopped() and not child.waits_for_disk()
    kill(child.pid, signal.SIGSTOP)
    wait_for(child.is_stopped)
    kill(child.pid, signal.SIGCONT)
    wait_for(lambda: not child.is_stopped())


def test_a_drained_one_may_end_by_itself(desk: Desk, started: list[Child]) -> None:
    code = "import signal, sys, time; signal.signal(15, lambda *a: sys.exit(0)); "
    child = start(desk, started, BEAT + code + "beat('idle'); time.sleep(60)")
    wait_for(lambda: list(desk.folder.glob("w3-*.json")))
    begun = time.monotonic()
    child.drain()
    assert end_of(child) == "exit 0" and time.monotonic() - begun < 5
    child.kill()  # nobody is hit


def test_threads_are_shared_out_unless_the_user_did() -> None:
    shared = child_environment(2, 8, {"OMP_NUM_THREADS": "3"})
    assert shared["MKL_NUM_THREADS"] == "4" and shared["OMP_NUM_THREADS"] == "3"
    assert child_environment(16, 8, {})["OPENBLAS_NUM_THREADS"] == "1"
