"""A worker process: claims chunks, runs their records as coroutines, journals, seals.

Knows one run and one role; the coordinator may have started it, or a person by hand.
Invariant: whatever way it ends, each chunk it held is sealed or stays claimed with its
journal and a free lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from stages.base import LanguageModel
from workers.core.errors import EngineError, ModelError, PoolError, QueueError, damage_report
from workers.generation.steps import Step
from workers.run.heartbeat import Heartbeat, WorkerState
from workers.run.kept_recipe import kept_recipe
from workers.run.run_folder import RunFolder
from workers.worker.chunks_in_hand import WITHOUT_MODEL, ChunksInHand
from workers.worker.heartbeat import HeartbeatFile
from workers.worker.metrics import log_chunk, worker_logger
from workers.worker.questions import StageQuestions
from workers.worker.roles import stages_for
from workers.worker.trials import Trials

if TYPE_CHECKING:
    from workers.generation.stage_model import Generating


_POLL = 0.2  # seconds between looks for a chunk, and the longest time between two turns
_SYNC = 1.0  # seconds between two fsyncs of the journals, and of the log
_DRAIN = 2.0  # seconds that records in flight get when the worker is told to stop


@contextlib.contextmanager
def _blaming_model() -> Iterator[None]:
    """Whatever goes wrong before the first record is in flight is no record's fault."""
    try:
        yield
    except (PoolError, OSError, MemoryError):
        raise
    except Exception as error:
        traceback.print_exc()
        raise ModelError(f"the model can't be used: {type(error).__name__}: {error}") from error


def _state(idle: bool, trying: bool) -> WorkerState:
    if trying:
        return WorkerState.CALIBRATING
    return WorkerState.IDLE if idle else WorkerState.WORKING


class Worker:
    """Works on a run until told to stop, or, started by hand, until nothing is left.

    `workers` is how many there are in all, itself included: it takes an even share of the
    memory, and of the last chunks.
    """

    def __init__(
        self,
        run: RunFolder,
        role: str,
        worker_id: str,
        more_may_come: Callable[[], bool],
        workers: int = 1,
    ) -> None:
        self._run = run
        self._config = run.config
        self._more_may_come = more_may_come
        self._stages = stages_for(self._config, role, kept_recipe(run))
        self._logger = worker_logger(run.logs_dir, worker_id, role)
        beat = Heartbeat(worker_id, role, os.getpid())
        self._heartbeat = HeartbeatFile(run.heartbeat_file(worker_id), beat)
        self._worker_id = worker_id
        self._role = role
        self._workers = workers
        self._generator: Generating | None = None
        self._questions: StageQuestions | None = None
        self._trials: Trials | None = None
        self._hand = ChunksInHand(
            run, self._stages, worker_id, workers, self._llm_for, self._is_ready
        )
        self._stop = asyncio.Event()
        self._synced = time.monotonic()
        self._others_follow = True  # records, once those in flight make room

    def stop(self) -> None:
        """Finish what is nearly done, let go of the rest."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    async def work(self) -> None:
        """The whole life of the worker, after its process was set up.

        Raises QueueError when nothing is left but chunks that are damaged, and whatever went
        wrong for all records: EngineError, ModelError, OSError or MemoryError.
        """
        failure: BaseException | None = None
        self._heartbeat.start()
        try:
            await self._live()
        except BaseException as error:
            failure = error
            raise
        finally:
            self._end(failure)

    async def _live(self) -> None:
        async with contextlib.AsyncExitStack() as stack:
            with self._logger.in_phase("load"), _blaming_model():
                await self._load(stack)
            while not self._stop.is_set() and await self.turn():
                pass
            await self._drain()
        if self._hand.damaged and not self.stopped:
            raise QueueError(damage_report(self._hand.damaged))

    def _end(self, failure: BaseException | None) -> None:
        """Let go of everything; a failure of the engine may be the fault of what is in flight."""
        self._hand.abandon(suspect=isinstance(failure, EngineError))
        self._logger.event("end")
        self._logger.close()
        self._note_results(self._heartbeat.beat.state)
        self._heartbeat.stop(keep=failure is not None)

    async def _load(self, stack: contextlib.AsyncExitStack) -> None:
        asking = [stage for stage in self._stages.values() if stage.needs_model]
        if not asking:
            return
        self._generator = generator = await self._opened(stack)
        self._heartbeat.update(self._heartbeat.beat.state, note=generator.note)
        self._questions = StageQuestions(asking, generator, self._run)
        self._questions.prepare(self._questions.next)
        llm_for, model = generator.for_stage, generator.identity
        self._trials = Trials(asking, llm_for, model, self._run, self._tell)
        stack.push_async_callback(self._trials.close)

    async def _opened(self, stack: contextlib.AsyncExitStack) -> Generating:
        """The run's endpoint, or its model in this process."""
        if self._config.endpoint:
            from workers.endpoint.load import load_endpoint

            return await stack.enter_async_context(load_endpoint(self._run, self._logger))
        from workers.generation import linux_cpu

        linux_cpu.prepare(self._begin)  # before anything imports mlx
        from workers.worker.load import load_generator

        generator = load_generator(
            *(self._run, self._logger, self._workers, self._role),
            more_expected=lambda: self._hand.has_more,
            others_follow=lambda: self._others_follow,
            begin=self._begin,
        )
        return await stack.enter_async_context(generator)

    def _begin(self, step: Step, what: str) -> None:
        """Say what is done before work can start: in the heartbeat, the log, and the output."""
        self._logger.event("preparing", step=step.value, what=what)
        self._tell(f"{step.value} {what}", WorkerState(step.value))

    def _tell(self, line: str, state: WorkerState | None = None) -> None:
        """Say something once: in the heartbeat, with a new state if any, and the output."""
        beat = self._heartbeat.beat
        self._heartbeat.update(state or beat.state, steps=(*beat.steps, line))
        print(line, file=sys.stderr, flush=True)

    def _llm_for(self, stage: str) -> LanguageModel | None:
        if self._generator is None or not self._stages[stage].needs_model:
            return None
        return self._generator.for_stage(stage)

    def _is_ready(self, stage: str) -> bool:
        """Whether its records may be started; what that takes is begun when there are some."""
        if self._trials is None or self._questions is None:
            return True
        if self._trials.is_over(stage) and not self._questions.is_open(stage):
            return True
        if self._run.queue(stage).count_open(1):
            self._prepare(stage)
        return self._trials.is_over(stage)

    def _prepare(self, stage: str | None = None) -> bool:
        """Begin what this stage, or, for an idle worker, some stage needs before it starts.

        Returns whether something is still open.
        """
        if self._trials is None or self._questions is None:
            return False
        with self._logger.in_phase("load"), _blaming_model():
            self._questions.prepare(stage or self._questions.next)
            if self._trials.pending:
                self._trials.begin()
        return self._trials.pending or bool(self._questions.next)

    async def turn(self) -> bool:
        """Claim if there is room, start records, wait a moment, journal, seal.

        Returns False when a worker started by hand has nothing left to do.
        """
        with self._logger.in_phase("journal"):
            self._hand.fill(self._most)
            self._others_follow = self._hand.has_more or self._hand.may_hold_more()
        idle = not self._hand.chunks
        trying = idle and self._prepare()
        self._say(WorkerState.PAUSED if self._trouble else _state(idle, trying))
        if idle and not trying and not self._more_may_come():
            return self._hand.fill(self._most)  # the coordinator may have published before it went
        if idle:
            with self._logger.in_phase("wait"):
                await self._wait()
        else:
            await (asyncio.sleep(0) if self._hand.finished else self._wait())
        self._collect()
        return True

    @property
    def _trouble(self) -> str:
        """Why no answers come now, though records wait for them."""
        return self._generator.trouble if self._generator else ""

    @property
    def _most(self) -> int:
        """Records that may be in flight."""
        if self._config.no_batching:
            return 1
        return self._generator.batch_limit if self._generator else WITHOUT_MODEL

    async def _wait(self) -> None:
        tasks: list[asyncio.Task[Any]] = self._hand.tasks
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait(
                [*tasks, stopping], timeout=_POLL, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            stopping.cancel()

    def _collect(self) -> None:
        with self._logger.in_phase("journal"):
            sealed = self._hand.collect()
        for run in sealed:
            log_chunk(self._logger, run)
        if time.monotonic() - self._synced >= _SYNC:
            with self._logger.in_phase("journal"):
                self._hand.sync()
            self._logger.flush()
            self._synced = time.monotonic()

    async def _drain(self) -> None:
        """Give records in flight a moment; what is not done then is left to the next worker."""
        self._say(WorkerState.DRAINING)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _DRAIN
        while (tasks := self._hand.tasks) and loop.time() < deadline:
            await asyncio.wait(
                tasks, timeout=deadline - loop.time(), return_when=asyncio.FIRST_COMPLETED
            )
            self._collect()

    def _note_results(self, state: WorkerState) -> None:
        self._heartbeat.update(state, results=self._hand.results, proved=self._hand.proved)

    def _say(self, state: WorkerState) -> None:
        first = self._hand.chunks[0] if self._hand.chunks else None
        limit = self._generator.batch_limit if self._generator else 0
        if 0 < limit < self._heartbeat.beat.batch_size:  # an allocation failed
            self._run.lower_batch_ceiling(limit)
        self._heartbeat.update(
            state,
            stage=first.stage.name if first else None,
            chunk=first.chunk.name if first else None,
            progress=self._hand.steps + (self._generator.progress if self._generator else 0),
            results=self._hand.results,
            proved=self._hand.proved,
            batch_size=limit,
            damaged=self._hand.damaged,
            note=self._trouble or (self._generator.note if self._generator else ""),
        )
