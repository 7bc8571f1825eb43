"""The chunks a worker has in hand: claimed as its batch has room, their records started.

Knows queues and stages; does not know what a batch costs.  Invariant: a record that may
have killed a worker is tried with nothing beside it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from math import ceil

from stages.base import LanguageModel, Outcome, Stage
from workers.core.errors import QueueError
from workers.core.terminal import plain_text
from workers.queue.claimed_chunk import ClaimedChunk
from workers.run.run_folder import RunFolder
from workers.worker.chunk_run import ChunkRun
from workers.worker.known_result import known_result

# Of the chunks of the last stage that costs something a worker takes less than its even share
# at once: the rest goes to whoever is done first, for nothing comes after to even things out.
_SHARE_OF_LAST = 0.8
WITHOUT_MODEL = 64  # records in flight where no model is asked
_MOST_FINISHED = 16  # chunks that wait to be sealed: each has files open


class ChunksInHand:
    """What one of `workers` workers works on, of the stages it takes, the first preferred.

    llm_for: gives the model that a stage's records are processed with, by the stage's name.
    is_ready: whether records of a stage may be started already.
    may_try: whether a suspect, as STAGE/CHUNK ID, may be tried alone in this process already.
    steps: records started and ended so far.
    workers: may change, as others come and go; of machines with several each it is how many shares
    of this one's size there are.
    damaged: what is wrong with chunks that were skipped, by STAGE/CHUNK.
    """

    def __init__(
        self,
        run: RunFolder,
        stages: Mapping[str, Stage],
        worker_id: str,
        workers: float,
        llm_for: Callable[[str], LanguageModel | None] = lambda stage: None,
        is_ready: Callable[[str], bool] = lambda stage: True,
        may_try: Callable[[str], bool] = lambda suspect: True,
    ) -> None:
        self.chunks: list[ChunkRun] = []
        self.steps = 0
        self._sealed_results = 0
        self._proved = False
        self.damaged: dict[str, str] = {}
        self._run = run
        self._stages = stages
        self._last_stages = last_stages(run.config.stages, stages)
        self._worker_id = worker_id
        self.workers = workers
        self._llm_for = llm_for
        self._is_ready = is_ready
        self._may_try = may_try

    @property
    def results(self) -> int:
        """Records that became results; where no model is asked, all that have an outcome."""
        return self._sealed_results + sum(run.results for run in self.chunks)

    @property
    def proved(self) -> bool:
        """Whether the model has worked in this process."""
        return self._proved or any(run.proved for run in self.chunks)

    @property
    def has_more(self) -> bool:
        """Whether records at hand wait to be started."""
        return any(run.has_more for run in self.chunks)

    @property
    def finished(self) -> int:
        """Chunks that can be sealed."""
        return sum(run.finished for run in self.chunks)

    @property
    def tasks(self) -> list[asyncio.Task[Outcome]]:
        """The records in flight."""
        return [task for run in self.chunks for task in run.tasks]

    @property
    def lone(self) -> str:
        """STAGE/CHUNK ID of the record in flight where there is exactly one; else ""."""
        flying = ((run, record_id) for run in self.chunks for record_id in run.flying)
        found = list(islice(flying, 2))
        return f"{found[0][0].name} {found[0][1]}" if len(found) == 1 else ""

    def fill(self, most: int, may_claim: bool = True) -> bool:
        """Start records until `most` are in flight, claiming more when those at hand are started.

        Returns whether anything is in hand.
        """
        if not may_claim:
            while self._start(most - sum(run.in_flight for run in self.chunks), most == 1):
                pass
            return bool(self.chunks)
        self._seek_proof()
        while (room := most - sum(run.in_flight for run in self.chunks)) > 0:
            started = self._start(room, one_by_one=most == 1)
            self.steps += started
            if started:
                continue
            if any(run.has_more or run.alone for run in self.chunks):
                break
            if self.finished >= _MOST_FINISHED:  # nothing in them had to be started
                break
            if not self._claim(self._fair_stages()):
                break
            self._seek_proof()
        return bool(self.chunks)

    def _start(self, room: int, one_by_one: bool) -> int:
        """Start records of the first chunk that has some; returns how many."""
        if room <= 0:
            return 0
        counts = (
            run.start(room, one_by_one, self.proved, self._may_try(run.next_alone))
            for run in self._startable()
        )
        return next(filter(None, counts), 0)

    def _startable(self) -> list[ChunkRun]:
        """The chunks that may start records: a suspected one only with nothing beside it."""
        suspected = [run for run in self.chunks if run.alone]
        if not suspected:
            return self.chunks
        chosen = suspected[0] if self._is_time_for(suspected[0]) else self.chunks[-1]
        others = any(run.in_flight for run in self.chunks if run is not chosen)
        return [] if others else [chosen]

    def _is_time_for(self, suspected: ChunkRun) -> bool:
        return self.proved and self._may_try(suspected.next_alone)

    def _seek_proof(self) -> None:
        """Before suspects are tried, take other work that shows whether the model works."""
        if len(self.chunks) != 1:
            return
        (run,) = self.chunks
        waits = run.next_alone and not run.in_flight and not self._may_try(run.next_alone)
        if waits or (not self.proved and run.is_unproved_suspect):
            self._claim(list(self._stages))

    def collect(self) -> list[ChunkRun]:
        """Journal what is done, and seal the chunks that are through; returns those."""
        sealed = []
        for run in list(self.chunks):
            self.steps += run.collect()
            if run.finished:
                run.chunk.seal()
                self._sealed_results += run.results
                self._proved = self._proved or run.proved
                self.chunks.remove(run)
                sealed.append(run)
        return sealed

    def sync(self) -> None:
        """Make the journals last."""
        for run in self.chunks:
            run.chunk.sync()

    def give_back(self) -> ChunkRun | None:
        """Leave the chunk that was claimed last to others, as far as it has come.

        None where there is none, or it holds suspects, which are tried in peace.
        """
        if not self.chunks or any(run.alone for run in self.chunks):
            return None
        run = self.chunks.pop()
        run.abandon()
        self._sealed_results += run.results
        self._proved = self._proved or run.proved
        return run

    def abandon(self, suspect: bool = False) -> None:
        """Let go of everything; the chunks stay claimed, with their journals.

        `suspect`: a record in flight may be to blame.
        """
        for run in self.chunks:
            run.abandon(suspect)

    # Claiming

    def _claim(self, stages: Iterable[str]) -> bool:
        """Claim a chunk of the first of these stages that has one."""
        for name in stages:
            stage = self._stages[name]
            chunk = self._claim_sound(name) if self._is_ready(name) else None
            if chunk is not None:
                known = partial(known_result, self._run, name)
                self.chunks.append(ChunkRun(chunk, stage, self._llm_for(name), known))
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
        if held and self.workers > 1 and stage in self._last_stages:
            return ceil((held + 1) * self.workers / _SHARE_OF_LAST)
        return ceil(held * self.workers) + 1

    def _count_open(self, most: int) -> int:
        """Open chunks of all stages, counted up to `most`."""
        count = 0
        for name in self._stages:
            if count < most:
                count += self._run.queue(name).count_open(most - count)
        return count

    def _claim_sound(self, name: str) -> ClaimedChunk | None:
        """Claim from a stage; a damaged chunk is reported and left for manual repair."""
        queue = self._run.queue(name)
        while True:
            try:
                return queue.claim(self._worker_id)
            except QueueError as error:
                told = {f"{name}/{c}": plain_text(why, 400) for c, why in queue.damaged.items()}
                self.damaged = {**self.damaged, **told}
                print(
                    f"warning: skipped a damaged chunk: {plain_text(error, 400)}", file=sys.stderr
                )


def last_stages(order: Sequence[str], stages: Mapping[str, Stage]) -> frozenset[str]:
    """The last stage of a run that asks a model, and those after it; without one, the last."""
    asking = [i for i, name in enumerate(order) if name in stages and stages[name].needs_model]
    return frozenset(order[asking[-1] :] if asking else order[-1:])
