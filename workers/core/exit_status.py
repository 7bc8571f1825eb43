"""What an exit status means: of a command that a person starts, and of a worker process.

Knows numbers only.  Invariant: the commands' numbers are the documented ones, and a worker's
say to the coordinator whether a record may be to blame for its end.
"""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """How a command ended: `coordinator.py`, or one stage alone."""

    FINISHED = 0
    """Everything that was asked for is done."""

    FAILED = 1
    """It could not be done; the message says why."""

    USAGE = 2
    """A flag, value or run name is wrong; nothing was changed."""

    DEAD_LETTERS = 3
    """Finished, but some records failed."""

    REVIEW = 4
    """Everything is done but what a person has to decide; review it, then resume."""

    INTERRUPTED = 130
    """Stopped by a signal; can be resumed."""


class WorkerExit(IntEnum):
    """How a worker process ended.  Any other status is a crash that a record may have caused."""

    DONE = 0
    """Nothing was left to do, or it was told to stop."""

    USAGE = 2
    """It was started with wrong flags, or the run's settings do not fit the model."""

    NO_MODEL = 3
    """The model can't be found, loaded or prompted."""

    QUEUE = 4
    """A queue folder is damaged; a restart can't repair it."""

    FULL_DISK = 5
    """The disk, or the user's share of it, is full."""

    NO_MEMORY = 6
    """An allocation failed."""

    ENGINE = 70
    """Generation failed (the number is EX_SOFTWARE of sysexits.h)."""

    SYSTEM = 71
    """The operating system refused something (EX_OSERR of sysexits.h)."""
