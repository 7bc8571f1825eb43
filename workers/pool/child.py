"""One worker process: started, looked at, signalled with its whole group, its death explained.

Knows the command line and exit statuses of `workers.worker`; knows nothing of restarts.
Invariant: no signal is ever sent to a process that has been reaped.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psutil

from workers.core.terminal import plain_text
from workers.queue.deaths import Death

EXIT_USAGE = 2
EXIT_NO_MODEL = 3
EXIT_QUEUE = 4
EXIT_FULL_DISK = 5
EXIT_NO_MEMORY = 6
# The worker found out by itself why it can't go on, and it was no record.
_REPORTED = {EXIT_USAGE, EXIT_NO_MODEL, EXIT_QUEUE, EXIT_FULL_DISK, EXIT_NO_MEMORY}
_OWN_SIGNALS = {
    signal.SIGSEGV,
    signal.SIGABRT,
    signal.SIGBUS,
    signal.SIGILL,
    signal.SIGFPE,
}
_LOG_TAIL_BYTES = 8192
_KERNEL_COUNTS = Path("/proc/vmstat")
_PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Launch:
    """How to start a worker of one role."""

    run: str
    role: str
    logs_dir: Path
    environ: Mapping[str, str]
    command: tuple[str, ...] = (sys.executable, "-m", "workers.worker")
    workers: int = 1


@dataclass(frozen=True)
class Ended:
    """A worker that is gone: its wait status, and the death as records are judged by it."""

    status: int
    death: Death
    no_memory: bool = False


class Child:
    """A running worker, its own process group, tied to us by the pipe on its stdin."""

    def __init__(self, launch: Launch, slot: int) -> None:
        self.spawn_id = f"w{slot}-{secrets.token_hex(4)}"
        self.log_path = launch.logs_dir / f"{self.spawn_id}.log"
        self.signalled = False
        self.started = time.monotonic()
        self._hung: str | None = None
        self._ended: Ended | None = None
        self._process = self._start(launch)

    def _start(self, launch: Launch) -> subprocess.Popen[bytes]:
        arguments = ["--run", launch.run, "--role", launch.role]
        arguments += ["--worker-id", self.spawn_id, "--parent-pipe"]
        arguments += ["--workers", str(launch.workers)]
        with self.log_path.open("ab") as log:
            return subprocess.Popen(
                [*launch.command, *arguments],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=dict(launch.environ),
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ended(self) -> Ended | None:
        """None while it lives; once dead, its group is killed before the leader is reaped."""
        if self._ended is None and self._has_exited():
            self._signal_group(signal.SIGKILL)
            status = self._process.wait()
            self._close_pipe()
            death = explain(self.spawn_id, self.pid, status, self.signalled)
            if self._hung:
                death = Death(self.spawn_id, self.pid, self._hung, counts=True)
            self._ended = Ended(status, death)
        return self._ended

    def drain(self) -> None:
        """Ask it to end after the batch in flight."""
        self.signalled = True
        self._signal_group(signal.SIGTERM)

    def kill(self) -> None:
        self.signalled = True
        self._signal_group(signal.SIGKILL)

    def kill_hung(self, how: str, own_doing: bool) -> None:
        """Kill it for `how` it hangs; `own_doing` when a record may be to blame."""
        self._hung = how if own_doing else None
        self.kill()

    def is_stopped(self) -> bool:
        """Whether somebody stopped the process."""
        return self._state() == psutil.STATUS_STOPPED

    def waits_for_disk(self) -> bool:
        """Whether the kernel holds it in a wait for a device."""
        return self._state() == psutil.STATUS_DISK_SLEEP

    def _state(self) -> str:
        try:
            return str(psutil.Process(self.pid).status())
        except psutil.Error:
            return "gone"

    def last_words(self) -> str:
        """The last line it wrote to stderr, safe to print."""
        try:
            with self.log_path.open("rb") as log:
                log.seek(max(0, self.log_path.stat().st_size - _LOG_TAIL_BYTES))
                lines = log.read().decode("utf-8", "replace").strip().splitlines()
        except OSError:
            lines = []
        return (
            plain_text(lines[-1].removeprefix("error: "), 400)
            if lines
            else f"no message (see {self.log_path})"
        )

    def _has_exited(self) -> bool:
        if not hasattr(os, "waitid"):  # macOS before Python 3.13
            return self._process.poll() is not None
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._process.pid, flags) is not None

    def _signal_group(self, number: int) -> None:
        if self._ended:
            return
        # A zombie leader still reserves the group's id, so this can't hit a stranger.
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            pass  # nobody is left in it; macOS says EPERM for a group of zombies

    def _close_pipe(self) -> None:
        if self._process.stdin:
            try:
                self._process.stdin.close()
            except OSError:
                pass


def explain(worker: str, pid: int, status: int, signalled: bool) -> Death:
    """Turn a wait status into a cause; only a crash of its own making counts."""
    if status < 0:
        number = -status
        cause = _signal_name(number)
        own = number in _OWN_SIGNALS
    else:
        cause = f"exit {status}"
        own = status != 0 and status not in _REPORTED
    return Death(worker, pid, cause, own and not signalled)


def kernel_kills() -> int:
    """Processes that the kernel ended for want of memory since it started; 0 where it won't say."""
    try:
        lines = _KERNEL_COUNTS.read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    counts = (line.partition(" ") for line in lines)
    return next((int(count) for name, _, count in counts if name == "oom_kill"), 0)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def child_environment(workers: int, cores: int, environ: Mapping[str, str]) -> dict[str, str]:
    """Our environment, with the cores shared out among the workers' BLAS threads."""
    threads = str(max(1, cores // max(1, workers)))
    paths = [str(_PROJECT), *filter(None, [environ.get("PYTHONPATH")])]
    shared = dict.fromkeys(("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads)
    return {**shared, **environ, "PYTHONPATH": os.pathsep.join(paths)}


def read_heartbeat(path: Path) -> dict[str, Any]:
    """A worker's last heartbeat; empty while it hasn't written one."""
    try:
        value = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
