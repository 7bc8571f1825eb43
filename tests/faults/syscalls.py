"""Rows 4, 5 and 9: death, and errors, at every system call that touches a run's files.

Each call of a kind, one after the other, of each subject.  Invariant: a walk says how many
calls it found, and a call that was not reached is not counted as one that was spoilt.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.faults import subjects
from tests.faults.confine import Unable
from tests.faults.rig import Rig
from tests.faults.tally import Tally
from tests.faults.traced import CALLS, Point, Subject

_DEEP = 4
_FEW = 50
_ALL = 10**6
CHANGING = tuple(call for call in CALLS if call != "openat")

Step = tuple[Subject, Point]
Spoil = Callable[[Subject, Point, Tally], None]


def death_at_every_call(rig: Rig, times: int) -> Tally:
    """Row 4: SIGKILL at the entry of each call in turn, then recovery; likewise in recoveries."""
    return _walk(rig, times, _first_lives if times < _FEW else _everything, _die)


def death_while_recovering(rig: Rig, times: int) -> Tally:
    """Row 5: killed at each call in turn, and three times more while it recovers.

    Not at each open: it changes nothing that the next call of the walk doesn't find.
    """
    return _walk(rig, times, _first_lives, _die_deep, CHANGING)


def failing_disk(rig: Rig, times: int) -> Tally:
    """Row 9: EIO from each fsync and rename in turn: it stops, says so, and asks no file twice."""
    return _walk(rig, times, _first_lives, _fail, ("fsync", "rename"))


def _first_lives(rig: Rig) -> list[Subject]:
    """They and their calls are the same for all rows, so they are walked through once."""
    if "first lives" not in rig.kept:
        made = [subjects.coordinator(rig), subjects.worker(rig), subjects.alone(rig)]
        rig.kept["first lives"] = _learned(made)
    found: list[Subject] = rig.kept["first lives"]
    return found


def _everything(rig: Rig) -> list[Subject]:
    return [*_first_lives(rig), *_learned(subjects.recoveries(rig))]


def _learned(walked: list[Subject]) -> list[Subject]:
    for subject in walked:
        subject.learn()
    return walked


def _walk(
    rig: Rig,
    times: int,
    walked: Callable[[Rig], list[Subject]],
    spoil: Spoil,
    calls: tuple[str, ...] = (),
) -> Tally:
    """`times` of all calls of all subjects, or all of them; this lane's share."""
    tally = Tally()
    try:
        steps = [step for step in _steps(walked(rig)) if not calls or step[1][0] in calls]
    except Unable as reason:
        return Tally(skipped=str(reason))
    tally.note = f"{len(steps)} calls"
    if times < _ALL // rig.lane.count:
        steps = rig.random.sample(steps, min(times, len(steps)))
    else:
        steps = steps[rig.lane.index :: rig.lane.count]
    for subject, point in steps:
        subject.reset()
        spoil(subject, point, tally)
        found = subject.check()
        where = f"{subject.name}, {point[0]} {point[1]}"
        found.problems = [f"{where}: {problem}" for problem in found.problems]
        tally.add(found)
    return tally


def _steps(walked: list[Subject]) -> list[Step]:
    return [(subject, point) for subject in walked for point in subject.points()]


def _die(subject: Subject, point: Point, tally: Tally) -> None:
    subject.inject(point[0], "signal=KILL", point[1])
    tally.injected += 1


def _die_deep(subject: Subject, point: Point, tally: Tally) -> None:
    subject.inject(point[0], "signal=KILL", point[1])
    for _ in range(_DEEP - 1):
        call, most = subject.rig.random.choice(list(subject.calls.items()))
        subject.inject(call, "signal=KILL", subject.rig.random.randrange(1, most + 1))
    tally.injected += 1


def _fail(subject: Subject, point: Point, tally: Tally) -> None:
    call, number = point
    where = f"{subject.name}, {call} {number}"
    status, text, log = subject.inject(call, "error=EIO", number)
    tally.injected += 1
    told = "Input/output error" in text and "Traceback" not in text
    # Status and heartbeats are for looking at: what could not be written is written again.
    quiet = any(name in line for line in log if "INJECTED" in line for name in _FOR_SHOW)
    tally.expect(told or quiet, f"{where}: exit {status}, said {text[-200:]!r}")
    tally.expect(status or quiet, f"{where}: went on after an error")
    tally.expect(not _asked_again(log), f"{where}: tried again after it failed")


_FOR_SHOW = ("status.json", "/workers/")


def _asked_again(log: list[str]) -> bool:
    failed: set[str] = set()
    for line in log:
        path = re.search(r"fsync\(\d+<([^>]*)>", line)
        if path and path[1] in failed:
            return True
        if path and "INJECTED" in line:
            failed.add(path[1])
    return False
