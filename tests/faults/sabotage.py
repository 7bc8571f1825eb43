"""Copies of the project whose queue is broken on purpose: the harness must report each.

Knows the lines that keep the promise, and how they look without.  Invariant: an edit that
no longer fits the source is an error, never a copy that is whole after all.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.faults import disks, holders
from tests.faults.rig import PROJECT, Rig
from tests.faults.rows import Inject
from tests.faults.tally import Tally


@dataclass(frozen=True)
class Sabotage:
    """What is broken, by which edits of which file, and the row that must notice."""

    what: str
    file: str
    edits: tuple[tuple[str, str], ...]
    row: Inject
    times: int


_ATTEMPTS = 15

SABOTAGES = (
    Sabotage(
        "nothing is synced",
        "workers/core/files.py",
        (("    os.fsync(fd)\n", "    return\n"),),
        disks.power_cut,
        4,
    ),
    Sabotage(
        "lock files are unlinked while they are held, and there is no second lock",
        "workers/queue/locks.py",
        (
            ("            lock._lock.acquire()\n",
             "            lock._lock.acquire()\n            os.unlink(path)\n"),
            ("        try:\n            status = os.stat(self.path",
             "        return\n        try:\n            status = os.stat(self.path"),
            ("            if flock_now(fd):\n                return cls(path, fd)\n",
             "            return cls(path, fd)\n"),
        ),
        holders.race_for_a_chunk,
        200,
    ),
    Sabotage(
        "outcomes are acknowledged and sealed without being journaled",
        "workers/queue/claimed_chunk.py",
        (("        self._journal.append(OutcomeRecorded(line))\n", ""),),
        disks.power_cut,
        4,
    ),
)  # fmt: skip


def broken_copy(sabotage: Sabotage, target: Path) -> Path:
    """A copy of the sources with the edits made."""
    target.mkdir()
    for name in ("workers", "stages", "coordinator.py"):
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, target / name)
    path = target / sabotage.file
    text = path.read_text()
    for old, new in sabotage.edits:
        assert text.count(old) == 1, f"{sabotage.file}: {old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    path.write_text(text)
    return target


def notice(sabotage: Sabotage, folder: Path, seed: int) -> str | None:
    """What the harness reports of a broken copy; None when it noticed nothing.

    A fault that strikes at random moments meets the broken one only now and then, so the
    row is run again, with other moments, until it does.
    """
    copy = broken_copy(sabotage, folder / "copy")
    for attempt in range(_ATTEMPTS):
        rig = Rig(folder / f"rig-{attempt}", copy, seed=seed + attempt)
        tally = sabotage.row(rig, sabotage.times)
        if tally.skipped:
            return f"skipped: {tally.skipped}"
        if not tally.clean:
            return _report(tally, attempt + 1)
    return None


def _report(tally: Tally, tries: int) -> str:
    counts = f"{tally.lost} lost, {tally.duplicated} duplicated, {tally.misfiled} misfiled"
    problems = (" ".join(problem.split()) for problem in tally.problems)
    return f"reported at try {tries}: {counts}; {next(problems, 'no more')[-120:]}"
