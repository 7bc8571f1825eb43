"""One claimed chunk being worked on: its records as coroutines, their outcomes journaled.

Knows a stage and a chunk; does not know where the model's answers come from.
Invariant: a record without an outcome is begun in the journal before its work starts, and
every coroutine that ends leaves an outcome, unless it was cancelled.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import deque
from collections.abc import Callable

from stages.base import (
    Failed,
    LanguageModel,
    LeftOut,
    Outcome,
    Record,
    RecordError,
    Removed,
    Result,
    Stage,
)
from stages.own import is_own_name
from workers.core.errors import PoolError
from workers.core.files import NO_ROOM
from workers.queue.claimed_chunk import ClaimedChunk

_SAMPLE = ""  # stands for the id of the record that is done again


class ChunkRun:
    """Starts a chunk's records as room allows, one group of them after the other.

    What was suspected last is tried last: by then its neighbours have shown whether the model
    works at all.  `results` counts the records that became results; where no model is asked,
    all that have an outcome.  `proved` says whether the model has worked.
    """

    def __init__(
        self,
        chunk: ClaimedChunk,
        stage: Stage,
        llm: LanguageModel | None,
        known_result: Callable[[], Record | None] = lambda: None,
    ) -> None:
        self.chunk = chunk
        self.stage = stage
        self.results = 0
        self.proved = False
        self._llm = llm
        self._known_result = known_result
        self._sample: Record | None = None
        self._groups = deque(reversed(chunk.groups()))
        self._tried = not chunk.suspected or llm is None  # whether the model works
        self._todo: deque[str] = deque()
        self._tasks: dict[str, asyncio.Task[Outcome]] = {}
        self._started = time.monotonic()

    @property
    def name(self) -> str:
        """STAGE/CHUNK."""
        return f"{self.stage.name}/{self.chunk.name}"

    @property
    def alone(self) -> bool:
        """Whether suspects of a worker's death are being tried, with nobody beside them."""
        return self.chunk.suspected

    @property
    def in_flight(self) -> int:
        """Records being worked on."""
        return len(self._tasks)

    @property
    def flying(self) -> list[str]:
        """The ids of the records being worked on, without one that is done again."""
        return [record_id for record_id in self._tasks if record_id != _SAMPLE]

    @property
    def open_records(self) -> int:
        """Records without an outcome."""
        return len(self.chunk.remaining())

    @property
    def next_alone(self) -> str:
        """STAGE/CHUNK ID of the suspect that is next, where it is a group of its own; else ""."""
        if not self.alone or self._todo or not self._groups or len(self._groups[0]) != 1:
            return ""
        return f"{self.name} {self._groups[0][0]}"

    @property
    def has_more(self) -> bool:
        """Whether records wait to be started."""
        return bool(self._todo or self._groups)

    @property
    def finished(self) -> bool:
        """Whether every record has its outcome."""
        return not self.has_more and not self._tasks

    @property
    def tasks(self) -> list[asyncio.Task[Outcome]]:
        """The coroutines in flight."""
        return list(self._tasks.values())

    def start(
        self, room: int, one_by_one: bool = False, proven: bool = True, may_try: bool = True
    ) -> int:
        """Start at most `room` records; returns how many.

        one_by_one: the worker never has more than one record in flight.
        proven: the model has worked in this process.  Where it hasn't, a record that became a
        result is done again before suspects are tried: if that fails too, it is the model.
        may_try: a suspect may be tried alone.  Until it may, such a record is done again and again.
        """
        if not self._todo and not self._tasks and self._groups:
            if not may_try and self.next_alone and self._try_model():
                return 1
            if not self._tried and not proven and self._try_model():
                return 1
            self._todo.extend(self._groups.popleft())
        batch = [self._todo.popleft() for _ in range(min(room, len(self._todo)))]
        if batch:
            self.chunk.begin(batch, alone=one_by_one)
        for record_id in batch:
            record = self.chunk.envelope(record_id).record
            assert record is not None, "unreadable lines have their outcome since the claim"
            self._tasks[record_id] = asyncio.create_task(self._process(record))
        return len(batch)

    def _try_model(self) -> bool:
        """Do a record again that became a result, of this chunk or another; False without one."""
        self._tried = True
        self._sample = self._sample or self._find_sample()
        if self._sample is not None:
            self._tasks[_SAMPLE] = asyncio.create_task(self._process(self._sample))
        return self._sample is not None

    def _find_sample(self) -> Record | None:
        ended = self.chunk.outcomes.values()
        done = next((line.id for line in ended if isinstance(line.outcome, Result)), None)
        return self.chunk.envelope(done).record if done else self._known_result()

    async def _process(self, record: Record) -> Outcome:
        try:
            outcome = await self.stage.process(record, self._llm)
            if wrong := _fault_of(outcome):
                raise RecordError(f"stage {self.stage.name} returned {wrong}")
            return outcome
        except RecordError as error:
            return Failed(str(error))
        except (PoolError, MemoryError):
            raise  # not this record's fault
        except OSError as error:
            if error.errno in NO_ROOM or not is_own_name(self.stage.name):
                raise
            return self._failed(f"{type(error).__name__}: {error}")
        except SystemExit as error:  # it would end the worker, and each that comes after it
            return self._failed(f"stage {self.stage.name} called sys.exit({error.code!r})")
        except Exception as error:
            return self._failed(f"{type(error).__name__}: {error}")

    def _failed(self, said: str) -> Failed:
        """A dead letter of an error that somebody has to mend."""
        traceback.print_exc()
        return Failed(said)

    def collect(self) -> int:
        """Journal the outcomes of records that are done, and say how many.

        Raises what went wrong for all.
        """
        done = [(record_id, task) for record_id, task in self._tasks.items() if task.done()]
        for record_id, task in done:
            del self._tasks[record_id]
            outcome = task.result()
            became_result = isinstance(outcome, Result)
            self.proved = self.proved or (became_result and self._llm is not None)
            if record_id != _SAMPLE:
                self.chunk.record(record_id, outcome)
                self.results += became_result or self._llm is None
        return len(done)

    @property
    def is_unproved_suspect(self) -> bool:
        """Whether suspects wait to be tried with a model that is not known to work."""
        return self._llm is not None and self.alone and not self._tasks and not self.proved

    @property
    def seconds(self) -> float:
        """Since the claim."""
        return time.monotonic() - self._started

    def abandon(self, suspect: bool = False) -> None:
        """Stop working on it; the chunk stays claimed, with its journal, for whoever is next.

        `suspect`: what is in flight may be to blame, as after a crash.
        """
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self.chunk.release(clean=not suspect)


def _fault_of(outcome: object) -> str:
    """What is wrong with what a stage returned, which may be anybody's own; empty if nothing is."""
    match outcome:
        case Result(records=records, left_out=left_out):
            if wrong := next((one for one in left_out if not isinstance(one, LeftOut)), None):
                return f"{_kind(wrong)} as left out, not a LeftOut"
            others = [_fault_of(one.why) for one in left_out]
            given = [*records, *(one.record for one in left_out)]
            others += [f"{_kind(one)} as a record" for one in given if not isinstance(one, dict)]
            return next(filter(None, others), "")
        case Removed(reason=said) | Failed(error=said):
            return "" if isinstance(said, str) else f"{_kind(said)} as a reason"
    return f"{_kind(outcome)}, not a Result, Removed or Failed"


def _kind(value: object) -> str:
    return "nothing" if value is None else f"a value of type {type(value).__name__}"
