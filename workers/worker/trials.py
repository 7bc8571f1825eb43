"""What the stages find out about a model before the work begins, found once and kept.

Knows a run's folder and the user's cache; knows nothing of what a stage asks.  Invariant: all
workers of a run go by the same findings, those in the run folder, whoever wrote them first.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from stages.base import Findings, LanguageModel, Stage
from workers.core.cache import cache_dir
from workers.core.files import publish
from workers.queue.locks import KernelLock
from workers.run.run_folder import RunFolder

FORMAT = 1  # of the kept files
_READABLE = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_POLL = 0.5  # seconds between two looks at whether another worker has finished the trial


async def try_out(
    stages: Iterable[Stage],
    llm_for: Callable[[str], LanguageModel],
    model: str,
    run: RunFolder,
) -> None:
    """Let each stage with a trial learn what it found about a model.

    Parameters
        model: identity of the model and of what else its answers depend on.
    """
    for stage in stages:
        if key := stage.trial_key():
            kept = run.trial_file(stage.name)
            if not kept.is_file():
                found = await _found(stage, llm_for(stage.name), f"{FORMAT}\0{model}\0{key}")
                _keep(kept, found)
            stage.learn(orjson.loads(kept.read_bytes()) if kept.is_file() else found)


def _keep(file: Path, found: Findings) -> None:
    """Write the findings down for the run, unless another worker is doing so: they are the same."""
    lock = KernelLock.try_acquire(file.with_suffix(".lock"))
    if lock is not None:
        with lock:
            if not file.is_file():
                publish(file, [orjson.dumps(found, option=_READABLE)])


async def _found(stage: Stage, llm: LanguageModel, key: str) -> Findings:
    """The kept findings, or those of a trial held now; one worker at a time holds it."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    file = cache_dir() / "trials" / f"{stage.name}-{digest}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(file.with_suffix(".lock"))
    while not file.is_file():
        try:
            with lock.acquire(blocking=False):
                if not file.is_file():
                    publish(file, [orjson.dumps(await stage.trial(llm))])
        except Timeout:
            await asyncio.sleep(_POLL)
    found: Findings = orjson.loads(file.read_bytes())
    return found
