"""A batch file whose coordinator and workers are killed again and again, until it is answered.

`python -m tests.batch_file.storm --requests 1000 --kills 20` does it at the size of the promise.
Invariant: a kill counts only when it met a living process while requests were open.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.batch_file.batches import Batches, requests
from tests.run_tools import kill, wait_for, worker_pids
from tests.tiny_model import make_tiny_model


def storm(batches: Batches, run: str, kills: int, seed: int) -> Counter[str]:
    """Kill a worker, the coordinator or everything, by turns; then let it end.  What was killed."""
    chance, killed = random.Random(seed), Counter[str]()
    while (left := kills - killed.total()) > 0:
        with batches.start(run) as process:
            before = batches.sealed(run)
            wait_for(lambda: batches.sealed(run) > before or process.poll() is not None, 60)  # noqa: B023
            if process.poll() is not None:
                break
            time.sleep(chance.uniform(0, 0.2))
            workers = worker_pids(run)
            if left % 2 and workers:
                killed["worker"] += _kill_a_worker(batches, run, process, workers[0])
            else:
                kill(process.pid)
                for pid in workers if left % 4 else []:
                    kill(pid)
                killed["everything" if left % 4 else "coordinator"] += 1
            process.kill()
            process.communicate()
        wait_for(lambda: not worker_pids(run), 15)
    status, said = batches.answer(run)
    assert status == 0, said
    return killed


def _kill_a_worker(batches: Batches, run: str, process: subprocess.Popen[str], worker: int) -> int:
    """Kill a worker, and see that another goes on where it stopped."""
    kill(worker)
    sealed = batches.sealed(run)
    wait_for(lambda: batches.sealed(run) > sealed or process.poll() is not None, 60)
    return 1


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tiny").mkdir()
        make_tiny_model(folder / "tiny")
        batches = Batches(folder, folder / "tiny")
        batches.write(requests(options.requests))
        killed = storm(batches, "killed", options.kills, options.seed)
        assert batches.answer("calm")[0] == 0
        ids = [line["custom_id"] for line in batches.output("killed")]
        assert ids == [f"r{n}" for n in range(options.requests)]
        same = batches.texts("killed") == batches.texts("calm")
        print(f"{len(ids)} requests, each once; killed: {dict(killed)}; same answers: {same}")


if __name__ == "__main__":
    main()
