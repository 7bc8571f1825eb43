"""What the stages find out about a model before they process records, found once and kept.

A trial is held when it is needed: other stages' records need not wait for it.  Knows a run's
folder and the user's cache; knows nothing of what a stage asks.  Invariant: all workers of a run
go by the same findings, those in the run folder, whoever wrote them first.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import orjson

from stages.base import Findings, LanguageModel, Stage
from workers.core.cache import cache_dir, lock_beside
from workers.core.files import publish
from workers.queue.locks import KernelLock
from workers.run.run_folder import RunFolder

FORMAT = 1  # of the kept files
_READABLE = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_POLL = 0.5  # seconds between two looks at whether another worker has finished the trial

Tell = Callable[[str], None]  # people, in one line


def _nobody(line: str) -> None:
    """Tells nobody."""


class Trials:
    """The trials of a worker's stages, held beside the work once somebody begins them.

    Parameters
        model: identity of the model and of what else its answers depend on.
        tell: is told what was found, in the one worker that writes it down for the run.
    """

    def __init__(
        self,
        stages: Iterable[Stage],
        llm_for: Callable[[str], LanguageModel],
        model: str,
        run: RunFolder,
        tell: Tell = _nobody,
    ) -> None:
        self._stages = {stage.name: stage for stage in stages if stage.trial_key()}
        self._llm_for = llm_for
        self._model = model
        self._run = run
        self._tell = tell
        self._open = set(self._stages)
        self._task: asyncio.Task[None] | None = None

    @property
    def pending(self) -> bool:
        """Whether some stage has still to learn what its trial finds."""
        return bool(self._open)

    def is_over(self, stage: str) -> bool:
        """Whether this stage has learnt all there is for it to learn."""
        return stage not in self._open

    def begin(self) -> None:
        """Hold them, one after the other; raises what went wrong in one of them."""
        if self._task is None:
            self._task = asyncio.create_task(self._hold_all())
        if self._task.done():
            self._task.result()

    async def close(self) -> None:
        """Give up what is not over."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _hold_all(self) -> None:
        for name, stage in self._stages.items():
            await try_out([stage], self._llm_for, self._model, self._run, self._tell)
            self._open.discard(name)


async def try_out(
    stages: Iterable[Stage],
    llm_for: Callable[[str], LanguageModel],
    model: str,
    run: RunFolder,
    tell: Tell = _nobody,
) -> None:
    """Let each stage with a trial learn what it found about a model.

    Parameters
        model: identity of the model and of what else its answers depend on.
        tell: is told what was found, if it was written down for the run just now.
    """
    for stage in stages:
        if key := stage.trial_key():
            kept = run.trial_file(stage.name)
            if not kept.is_file():
                found = await _found(stage, llm_for(stage.name), f"{FORMAT}\0{model}\0{key}")
                if _keep(kept, found) and (line := told_by(found)):
                    tell(line)
            stage.learn(orjson.loads(kept.read_bytes()) if kept.is_file() else found)


def _keep(file: Path, found: Findings) -> bool:
    """Write the findings down for the run, unless another worker is doing so, or has: they are the
    same.  Returns whether they were."""
    lock = KernelLock.try_acquire(file.with_suffix(".lock"))
    if lock is None:
        return False
    with lock:
        if file.is_file():
            return False
        publish(file, [orjson.dumps(found, option=_READABLE)])
    return True


def told_by(found: Findings) -> str:
    """What findings tell people; "" for nothing."""
    return str(found.get("told", ""))


async def keep_trial(stage: Stage, llm: LanguageModel, model: str) -> str:
    """Hold a stage's trial for runs to come, unless its findings are kept already; returns what
    they tell people."""
    key = stage.trial_key()
    return told_by(await _found(stage, llm, f"{FORMAT}\0{model}\0{key}")) if key else ""


async def _found(stage: Stage, llm: LanguageModel, key: str) -> Findings:
    """The kept findings, or those of a trial held now; one worker at a time holds it.

    A cache that can't be written to costs time, no more, and a damaged file is made anew.
    """
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    file = cache_dir() / "trials" / f"{stage.name}-{digest}.json"
    while (found := _kept(file)) is None:
        with lock_beside(file, blocking=False) as free:
            if free:
                found = _kept(file)
                return await _held(stage, llm, file) if found is None else found
        await asyncio.sleep(_POLL)
    return found


async def _held(stage: Stage, llm: LanguageModel, file: Path) -> Findings:
    """The findings of a trial that is held now, kept where they can be."""
    found = await stage.trial(llm)
    with suppress(OSError):
        publish(file, [orjson.dumps(found)])
    return found


def _kept(file: Path) -> Findings | None:
    try:
        found: Findings = orjson.loads(file.read_bytes())
    except (OSError, ValueError):
        return None
    return found
