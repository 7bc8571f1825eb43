"""The errors a user can meet: one small tree, each naming the file, line or flag at fault.

Invariant: every error carries the exit status its command ends with.
"""

from __future__ import annotations

from collections.abc import Mapping

from workers.core.exit_status import ExitStatus


class PoolError(Exception):
    """Something a person has to know about; the message says what to do."""

    exit_status = ExitStatus.FAILED


class UsageError(PoolError):
    """A flag, setting or run name is wrong."""

    exit_status = ExitStatus.USAGE


class InputError(PoolError):
    """An input file is missing, unreadable, empty, or changed after the split."""


class ModelError(PoolError):
    """A model can't be found, fetched or loaded."""


class QueueError(PoolError):
    """A queue folder is not as the protocol demands, or its file system can't serve."""


class JournalError(QueueError):
    """A journal is damaged before its tail; names file and line."""


def damage_report(damaged: Mapping[str, str]) -> str:
    """What to say of a run whose only open chunks, by name, are damaged."""
    first = next(iter(damaged.values()))
    more = f" (and {len(damaged) - 1} more damaged chunks, see verify)" if len(damaged) > 1 else ""
    return f"{first}{more}; all else is done: mend that, then resume"


class RunLockedError(PoolError):
    """Another coordinator holds the run."""


class EngineError(PoolError):
    """Generation broke down for every row, through no fault of a record that is known."""
