"""What state a run is in: the words that status files, logs and reports share.

Knows no files.  Invariant: a state is shown and written under one name everywhere.
"""

from enum import StrEnum


class RunState(StrEnum):
    """What the coordinator of a run is doing, or how it ended."""

    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"  # the disk is full, or an endpoint does not answer
    DRAINING = "draining"
    MERGING = "merging"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    WAITING = "waiting"  # for a person's decisions
    FAILED = "failed"
    UNFINISHED = "unfinished"  # its coordinator was killed

    @property
    def is_live(self) -> bool:
        """Whether a coordinator is at work."""
        return self in _LIVE


_LIVE = frozenset(
    {
        RunState.STARTING,
        RunState.RUNNING,
        RunState.PAUSED,
        RunState.DRAINING,
        RunState.MERGING,
    }
)
