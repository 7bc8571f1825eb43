"""Runs a few lines of Python in a process that has imported nothing yet.

Knows the project's folder only.  Invariant: what the lines raise fails the test that ran them.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.run_tools import PROJECT


def in_fresh_process(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run `code` with more in its environment; it has to end well."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT), **environ},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done
