"""What a person is told about a run that waits for decisions: how many, and the next command.

Knows names of commands; counts nothing.  Invariant: every notice ends with a command to give.
"""

from __future__ import annotations

from workers.core.program import command_line


def review_notice(run: str, undecided: int) -> str:
    """For a run at rest with open chunks at the manual reviewer."""
    resume = command_line(f"resume {run}")
    if not undecided:
        return f"everything is decided; close the reviewer if it is open, then: {resume}"
    waits = "1 pair waits" if undecided == 1 else f"{undecided} pairs wait"
    return f"{waits} for review: python -m stages.manual_reviewer {run}, and then: {resume}"
