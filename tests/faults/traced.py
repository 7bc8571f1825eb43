"""A command whose every system call on some files can be spoilt, by strace, from outside.

Knows strace and one command at a time; what the command does, and what must hold after it,
it is told.  Invariant: what recovers afterwards runs without strace.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.confine import Unable
from tests.faults.recount import Count
from tests.faults.rig import Rig

CALLS = ("openat", "write", "fsync", "rename", "unlink", "ftruncate", "mkdir")
_PATH = re.compile(r'"(/[^"]*)"')

Point = tuple[str, int]


@dataclass
class Subject:
    """A command under strace, the files it makes, and how to see that all is well after it.

    `reset` brings its files to where the command finds them.
    """

    name: str
    command: list[str]
    folder: Path
    rig: Rig
    check: Callable[[], Count]
    reset: Callable[[], None]
    calls: dict[str, int] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)

    def learn(self) -> None:
        """Which of its paths it touches, and how often, when nothing disturbs it."""
        self.reset()
        self._strace(["-e", f"trace={','.join(CALLS)}"])
        found = {path for line in self._seen() for path in _PATH.findall(line)}
        self.paths = sorted(path for path in found if path.startswith(str(self.folder)))
        self.reset()
        self._strace([*self._only_ours(), "-e", f"trace={','.join(CALLS)}"])
        counts = Counter(line.partition("(")[0] for line in self._seen() if "(" in line)
        self.calls = {call: counts[call] for call in CALLS if counts[call]}

    def points(self) -> list[Point]:
        """Every call of every kind."""
        return [(call, n) for call, count in self.calls.items() for n in range(1, count + 1)]

    def inject(self, call: str, what: str, number: int) -> tuple[int, str, list[str]]:
        """Run it with the `number`-th call of a kind spoilt; exit status, output, calls seen."""
        spoil = ["-y", "-e", f"trace={call}", "-e", f"inject={call}:{what}:when={number}"]
        ended = self._strace([*self._only_ours(), *spoil])
        return ended.returncode, ended.stdout, self._seen()

    def _only_ours(self) -> list[str]:
        return [word for path in self.paths for word in ("-P", path)]

    @property
    def _log(self) -> Path:
        return self.rig.root / f"{self.name}.strace"

    def _seen(self) -> list[str]:
        return self._log.read_text(errors="replace").splitlines()

    def _strace(self, options: list[str]) -> subprocess.CompletedProcess[str]:
        if not shutil.which("strace"):
            raise Unable("there is no strace")
        return subprocess.run(
            ["strace", "-qq", "-e", "signal=none", "-o", str(self._log), *options, *self.command],
            cwd=self.rig.root,
            env=self.rig.environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
