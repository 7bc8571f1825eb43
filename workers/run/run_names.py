"""Names of runs: what one may look like, one made of a file's name, and which there are.

Knows names and the folders that runs and their logs are in; opens no run.  Invariant: what
`name_from` gives is a run's name, with room for an ending.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from workers.run.manifest import MANIFEST, created_in

LONGEST = 64
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_OTHER = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_STEM = 40


def is_run_name(text: str, longest: int = LONGEST) -> bool:
    """Whether a run may have this name: it is a folder's name too, and goes into commands."""
    return len(text) <= longest and _NAME.fullmatch(text) is not None


def name_from(text: str, default: str) -> str:
    """A name of at most 40 characters that reads like `text`; `default` where nothing is left."""
    return _OTHER.sub("-", text).strip("._-")[:_LONGEST_STEM] or default


def queues_root() -> Path:
    """Where runs are: CYBERLLM_QUEUES, or queues/ in the current folder."""
    return Path(os.environ.get("CYBERLLM_QUEUES") or "queues")


def logs_root() -> Path:
    """Where logs are: CYBERLLM_LOGS, or performance_logs/ in the current folder."""
    return Path(os.environ.get("CYBERLLM_LOGS") or "performance_logs")


def run_names() -> list[str]:
    """The runs under the queues root, oldest first."""
    root = queues_root()
    found = [path for path in root.glob(f"*/{MANIFEST}") if is_run_name(path.parent.name)]
    times = {path.parent.name: _created(path) for path in found}
    return sorted(times, key=lambda name: (times[name], name))


def _created(path: Path) -> str:
    try:
        return created_in(path.read_bytes())
    except OSError:
        return ""
