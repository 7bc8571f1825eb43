"""What tests of batch files share: requests with long beginnings, and real runs of them.

Knows the command line and the output.  Invariant: nothing is left running by `answer`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.in_process import run_here
from tests.run_tools import PROJECT
from workers.batch_file.command import main

GUIDES = [f"The {name} reads memory outside the buffer. " * 6 for name in ("server", "library")]


def requests(count: int) -> list[dict[str, Any]]:
    """Two long beginnings by turns."""
    return [
        {
            "custom_id": f"r{n}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {
                "messages": [
                    {"role": "system", "content": GUIDES[n % 2]},
                    {"role": "user", "content": f"Question {n}?"},
                ],
                "max_tokens": 24,
            },
        }
        for n in range(count)
    ]


class Batches:
    """A folder to answer batch files in."""

    def __init__(self, root: Path, model: Path) -> None:
        self.root = root
        flags = ["--model", str(model), "--workers", "1", "--chunk-size", "4"]
        self._flags = [*flags, "--batch-size", "4"]

    def write(self, lines: list[Any]) -> None:
        text = "".join(x if isinstance(x, str) else json.dumps(x) + "\n" for x in lines)
        (self.root / "in.jsonl").write_text(text)

    def _arguments(self, run: str, *more: str) -> list[str]:
        return ["in.jsonl", "-o", f"{run}.jsonl", "--run", run, *self._flags, *more]

    def start(self, run: str, *more: str) -> subprocess.Popen[str]:
        """The command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "workers.batch_file", *self._arguments(run, *more)],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def answer(self, run: str, *more: str) -> tuple[int, str]:
        """The command to its end: its status, and what it printed."""
        ended = run_here(main, self._arguments(run, *more), self.root, seconds=90)
        return ended.returncode, ended.stdout + ended.stderr

    def output(self, run: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.root / f"{run}.jsonl").open()]

    def texts(self, run: str) -> list[str]:
        bodies = [line["response"]["body"] for line in self.output(run)]
        return [body["choices"][0]["message"]["content"] for body in bodies]

    def sealed(self, run: str) -> int:
        return len(list((self.root / "queues" / run / "requests" / "done").glob("*.jsonl")))
