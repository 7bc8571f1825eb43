"""The errors a user can meet: one small tree, each naming the file, line or flag at fault.

Invariant: every error carries the exit status its command ends with.
"""

from __future__ import annotations

from collections.abc import Mapping

from workers.core.exit_status import ExitStatus


class PoolError(Exception):
    """Something the user has to know about; the message says what to do."""

    exit_status = ExitStatus.FAILED


class UsageError(PoolError):
    """A flag, setting or run name is wrong."""

    exit_status = ExitStatus.USAGE


class InputError(PoolError):
    """An input file is missing, unreadable, empty, or changed after the split."""


class ModelError(PoolError):
    """A model can't be found, fetched or loaded."""


class QueueError(PoolError):
    """A queue folder violates the protocol, or its file system can't hold one."""


class JournalError(QueueError):
    """A journal is damaged before its tail; names file and line."""


def damage_report(damaged: Mapping[str, str]) -> str:
    """The message for a run whose only open chunks, by name, are damaged."""
    first = next(iter(damaged.values()))
    others = len(damaged) - 1
    more = f" (and {others} more damaged chunk{'s' * (others > 1)}, see verify)" if others else ""
    return f"{first}{more}; everything else is done; repair it, then resume"


class RunLockedError(PoolError):
    """Another coordinator holds the run."""


class EngineError(PoolError):
    """Generation failed for every sequence, and no record is known to be at fault."""
