"""One worker process: started, looked at, signalled with its whole group, reaped.

Knows the command line of `workers.worker`; knows nothing of restarts.
Invariant: no signal is ever sent to a process that has been reaped.
"""

from __future__ import annotations

import errno
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import psutil

from workers.core.terminal import plain_text
from workers.pool.ending import Ended, explain

_LOG_TAIL_BYTES = 8192
_LONGEST_WORDS = 400
CLUSTER_ROLE = "cluster"  # of the process that has other machines at work
_PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Launch:
    """How to start a worker of one role; `workers` of them share memory and chunks.

    patience: seconds that it may go without a step of work at least, whatever the pool's is.
    """

    run: str
    role: str
    logs_dir: Path
    environ: Mapping[str, str]
    command: tuple[str, ...] = (sys.executable, "-m", "workers.worker")
    workers: int = 1
    patience: float = 0.0


_NO_PLACE = (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR)


def _log(path: Path) -> BinaryIO:
    """What keeps a worker's output: its log, or nothing where no log can be."""
    try:
        return path.open("ab")
    except OSError as error:
        if error.errno not in _NO_PLACE:
            raise
        return open(os.devnull, "ab")  # noqa: SIM115 - the caller closes it


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
        with _log(self.log_path) as log:
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
            self._ended = self._explained(status)
        return self._ended

    def _explained(self, status: int) -> Ended:
        ended = explain(
            self.spawn_id, self.pid, status, self.last_words(), self.signalled, self.log_path
        )
        if not self._hung:
            return ended
        return replace(ended, death=replace(ended.death, cause=self._hung, counts=True))

    def drain(self) -> None:
        """Ask it to end after the batch in flight."""
        self.signalled = True
        self._signal_group(signal.SIGTERM)

    def kill(self) -> None:
        """End it and its group at once."""
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
        """Whether it is in uninterruptible sleep, waiting for a device."""
        return self._state() == psutil.STATUS_DISK_SLEEP

    def _state(self) -> str:
        try:
            return str(psutil.Process(self.pid).status())
        except psutil.Error:
            return "gone"

    def last_words(self) -> str:
        """The last error that it printed, or else its last line, safe to show."""
        lines = self._log_tail()
        # Libraries may print more while the process exits.
        errors = [line for line in lines if line.startswith("error: ")]
        if not lines:
            return "no message"
        return plain_text((errors or lines)[-1].removeprefix("error: "), _LONGEST_WORDS)

    def _log_tail(self) -> list[str]:
        try:
            with self.log_path.open("rb") as log:
                log.seek(max(0, self.log_path.stat().st_size - _LOG_TAIL_BYTES))
                return log.read().decode("utf-8", "replace").strip().splitlines()
        except OSError:
            return []

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


def child_environment(workers: int, cores: int, environ: Mapping[str, str]) -> dict[str, str]:
    """Our environment, with the cores shared out among the workers' BLAS threads."""
    threads = str(max(1, cores // max(1, workers)))
    paths = [str(_PROJECT), *filter(None, [environ.get("PYTHONPATH")])]
    shared = dict.fromkeys(("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads)
    return {**shared, **environ, "PYTHONPATH": os.pathsep.join(paths)}
