"""Why a worker process ended: its wait status, put into words and judged.

Knows statuses, signals and the kernel's count of processes that it killed; knows no
processes.  Invariant: only a crash of the worker's own making counts against records.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path

from workers.core.exit_status import WorkerExit
from workers.queue.deaths import Death

_OWN_SIGNALS = frozenset(
    {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE}
)
_EXPLAINED = frozenset(WorkerExit)
_KERNEL_COUNTS = Path("/proc/vmstat")


@dataclass(frozen=True)
class Ended:
    """A worker that is gone.

    status: exit status, or minus the number of a signal.
    death: the end as records are judged by it.
    words: the last error that it printed, safe to show.
    log: where the rest of what it printed is.
    signalled: whether we told it to end.
    no_memory: whether it ended because memory ran out.
    """

    status: int
    death: Death
    words: str = ""
    log: Path | None = None
    signalled: bool = False
    no_memory: bool = False

    @property
    def is_explained(self) -> bool:
        """Whether the worker said itself why it could not go on, and that it was no record."""
        return self.status in _EXPLAINED and self.status != WorkerExit.DONE

    @property
    def reason(self) -> str:
        """What to show: the worker's own words for its end if it had some, else the cause."""
        return self.words if self.is_explained and self.words else self.death.cause


def explain(
    worker: str,
    pid: int,
    status: int,
    words: str = "",
    signalled: bool = False,
    log: Path | None = None,
) -> Ended:
    """Judge the wait status of a worker; `words` are the last it printed."""
    if status < 0:
        cause, own = _signal_name(-status), -status in _OWN_SIGNALS
    else:
        cause, own = f"exit {status}", status not in _EXPLAINED
    if status == WorkerExit.ENGINE and words:
        cause = f"{cause}: {words}"
    death = Death(worker, pid, cause, own and not signalled)
    return Ended(status, death, words, log, signalled)


def kernel_kills() -> int:
    """How many processes were OOM-killed since the kernel started; 0 where it won't say."""
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
