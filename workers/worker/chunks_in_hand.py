"""The chunks a worker has in hand: claimed as its batch has room, their records started.

Knows queues and stages; does not know what a batch costs.  Invariant: a record that may
have killed a worker is tried with nothing beside it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from math import ceil

from stages.base import LanguageModel, Outcome, Stage
from workers.core.errors import QueueError
from workers.core.terminal import plain_text
from workers.queue.claimed_chunk import ClaimedChunk
from workers.run.run_folder import RunFolder
from workers.worker.chunk_run import ChunkRun

# Of the last stage's chunks a worker takes less than its even share at once: the rest goes to
# whoever is done first, for nothing comes after them to even things out.
_SHARE_OF_LAST = 0.8


class ChunksInHand:
    """What one of `workers` workers works on, of the stages it takes, the first preferred.

    llm_for: gives the model that a stage's records are processed with, by the stage's name.
    is_ready: whether records of a stage may be started already.
    steps: records started and ended so far.
    damaged: what is wrong with chunks that were skipped, by STAGE/CHUNK.
    """

    def __init__(
        self,
        run: RunFolder,
        stages: Mapping[str, Stage],
        worker_id: str,
        workers: int,
        llm_for: Callable[[str], LanguageModel | None] = lambda stage: None,
        is_ready: Callable[[str], bool] = lambda stage: True,
    ) -> None:
        self.chunks: list[ChunkRun] = []
        self.steps = 0
        self._sealed_results = 0
        self.damaged: dict[str, str] = {}
        self._run = run
        self._stages = stages
        self._last_stage = run.config.stages[-1]
        self._worker_id = worker_id
        self._workers = workers
        self._llm_for = llm_for
        self._is_ready = is_ready

    @property
    def results(self) -> int:
        """Records that became results; where no model is asked, all that have an outcome."""
        return self._sealed_results + sum(run.results for run in self.chunks)

    @property
    def has_more(self) -> bool:
        """Whether records at hand wait to be started."""
        return any(run.has_more for run in self.chunks)

    @property
    def tasks(self) -> list[asyncio.Task[Outcome]]:
        """The records in flight."""
        return [task for run in self.chunks for task in run.tasks]

    def fill(self, most: int) -> bool:
        """Start records until `most` are in flight, claiming more when those at hand are started.

        Returns whether anything is in hand.
        """
        while (room := most - sum(run.in_flight for run in self.chunks)) > 0:
            started = self._start(room, one_by_one=most == 1)
            self.steps += started
            if started:
                continue
            if any(run.has_more or run.alone for run in self.chunks) or not self._claim():
                break
        return bool(self.chunks)

    def _start(self, room: int, one_by_one: bool) -> int:
        """Start records of the first chunk that has some; returns how many."""
        proven = self.results > 0
        counts = (run.start(room, one_by_one, proven) for run in self._startable())
        return next(filter(None, counts), 0)

    def _startable(self) -> list[ChunkRun]:
        """The chunks that may start records: a suspected one only with nothing beside it."""
        suspected = [run for run in self.chunks if run.alone]
        if not suspected:
            return self.chunks
        others = any(run.in_flight for run in self.chunks if run is not suspected[0])
        return [] if others else suspected[:1]

    def collect(self) -> list[ChunkRun]:
        """Journal what is done, and seal the chunks that are through; returns those."""
        sealed = []
        for run in list(self.chunks):
            self.steps += run.collect()
            if run.finished:
                run.chunk.seal()
                self._sealed_results += run.results
                self.chunks.remove(run)
                sealed.append(run)
        return sealed

    def sync(self) -> None:
        """Make the journals last."""
        for run in self.chunks:
            run.chunk.sync()

    def abandon(self, suspect: bool = False) -> None:
        """Let go of everything; the chunks stay claimed, with their journals.

        `suspect`: a record in flight may be to blame.
        """
        for run in self.chunks:
            run.abandon(suspect)

    # Claiming

    def _claim(self) -> bool:
        for name in self._fair_stages():
            stage = self._stages[name]
            chunk = self._claim_sound(name) if self._is_ready(name) else None
            if chunk is not None:
                self.chunks.append(ChunkRun(chunk, stage, self._llm_for(name)))
                return True
        return False

    def may_hold_more(self) -> bool:
        """Whether one more chunk is within an even share of the open ones."""
        return bool(self._fair_stages())

    def _fair_stages(self) -> list[str]:
        """The stages of which one more chunk is within the worker's share of all open ones.

        With many waiting all are; of the last few each worker gets as many, so that none idles
        while another has a batch full of small chunks.
        """
        needed = {name: self._needed(name) for name in self._stages}
        count = self._count_open(max(needed.values(), default=0))
        return [name for name, least in needed.items() if least <= count]

    def _needed(self, stage: str) -> int:
        """How many chunks have to be open for one more of this stage to be fair."""
        held = len(self.chunks)
        if held and self._workers > 1 and stage == self._last_stage:
            return ceil((held + 1) * self._workers / _SHARE_OF_LAST)
        return held * self._workers + 1

    def _count_open(self, most: int) -> int:
        """Open chunks of all stages, counted up to `most`."""
        count = 0
        for name in self._stages:
            if count < most:
                count += self._run.queue(name).count_open(most - count)
        return count

    def _claim_sound(self, name: str) -> ClaimedChunk | None:
        """Claim from a stage; a damaged chunk is told of, and left for a person to mend."""
        queue = self._run.queue(name)
        while True:
            try:
                return queue.claim(self._worker_id)
            except QueueError as error:
                told = {f"{name}/{c}": plain_text(why, 400) for c, why in queue.damaged.items()}
                self.damaged = {**self.damaged, **told}
                print(f"warning: passed over: {plain_text(error, 400)}", file=sys.stderr)
