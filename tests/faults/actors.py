"""Small programs that use the queue of the copy under test, for the harness to disturb.

Each is started as a process of its own with that copy first on its path.  Invariant: what
an actor prints was true when it printed it, and holds for ever after.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from stages.base import Result
from workers.core.errors import QueueError
from workers.queue.chunk_queue import ChunkQueue

RECORDS = 3


def say(*words: object) -> None:
    print(*words, flush=True)


def live(folder: str, by: str, chunks: str) -> None:
    """Publish, claim, work and seal chunks; say what is acknowledged: outcomes and seals."""
    queue = ChunkQueue(Path(folder) / "2_data_filter")
    queue.create()
    queue.recover()
    for number in range(int(chunks)):
        name = f"chunk-{number + 1:06}"
        first = number * RECORDS
        ids = [f"0:{n}" for n in range(first + 1, first + RECORDS + 1)]
        queue.publish(name, [{"id": i, "record": {"i": i}} for i in ids])
        say("published", name)
        work(queue, by)


def work(queue: ChunkQueue, by: str) -> None:
    """Work off what can be claimed."""
    while chunk := queue.claim(by):
        for group in chunk.groups():
            chunk.begin(group)
            for record_id in group:
                chunk.record(record_id, Result({"by": by}))
                chunk.sync()
                say("outcome", record_id, by)
        chunk.seal()
        say("sealed", chunk.name)


def split(name: str, source: str, chunk_size: str) -> None:
    """Make a run of the first two stages and split its input; nobody works on it yet."""
    from stages.recipe.recipe import shipped
    from workers.control.flow import Flow
    from workers.control.intake import Intake
    from workers.run import prepare
    from workers.run.input_files import inspect_inputs
    from workers.run.run_folder import RunFolder
    from workers.settings.sources import load_config

    stages = ("2_data_filter", "3_data_structurer")
    config = load_config({"disable_llm": True, "chunk_size": int(chunk_size), "stages": stages})
    run = RunFolder.named(name)
    run.path.mkdir(parents=True)
    prepare.create(run, config, inspect_inputs([source]), {}, shipped())
    intake = Intake(run, Flow(run.queues).stages[0])
    while not intake.complete:
        intake.advance(1.0)


def race(folder: str, claims: str) -> None:
    """Claim one chunk again and again; a marker file shows whether anybody else has it."""
    queue = ChunkQueue(Path(folder) / "2_data_filter")
    marker = Path(folder) / "held"
    tally = os.open(Path(folder) / "tally", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    while os.fstat(tally).st_size < int(claims):
        chunk = queue.claim(f"pid-{os.getpid()}")
        if chunk is None:
            time.sleep(random.uniform(0.0, 0.004))
            continue
        try:
            os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            say("two holders")
        else:
            time.sleep(0.0001)
            marker.unlink(missing_ok=True)
        os.write(tally, b".")
        # The journal would grow and grow.
        (queue.folder / "claimed" / "chunk-000001.journal").write_bytes(b"")
        chunk.release(clean=False)


def take(*folders: str) -> None:
    """Claim and finish what is in each; say which chunks are refused, and why."""
    for folder in folders:
        queue = ChunkQueue(Path(folder) / "2_data_filter")
        while True:
            try:
                work(queue, "second")
                break
            except QueueError as error:
                say("refused", error)


def measure(folder: str, claims: str) -> None:
    """Claim and seal chunks of a big queue; print milliseconds of each, and of counting."""
    queue = ChunkQueue(Path(folder) / "2_data_filter")
    begun = time.perf_counter()
    queue.counts()
    say("counts", (time.perf_counter() - begun) * 1000)
    for _ in range(int(claims)):
        begun = time.perf_counter()
        chunk = queue.claim("measure")
        claimed = time.perf_counter()
        if chunk is None:
            break
        for record_id in chunk.remaining():
            chunk.record(record_id, Result({}))
        recorded = time.perf_counter()
        chunk.seal()
        say("claim", (claimed - begun) * 1000)
        say("seal", (time.perf_counter() - recorded) * 1000)


if __name__ == "__main__":
    actors: dict[str, Callable[..., None]] = {
        "live": live,
        "split": split,
        "race": race,
        "take": take,
        "measure": measure,
    }
    actors[sys.argv[1]](*sys.argv[2:])
