"""The process of one engine: loads a model once, then answers jobs that come through a pipe.

`python -m benchmarks.engine_process NAME` is started by the driver only.  Invariant: the
pipe carries nothing but messages; whatever a library prints goes to standard error.
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import Any, BinaryIO, Protocol

from benchmarks.messages import CannotRun, Go, Job, Ready, Report, Unable


class BenchmarkEngine(Protocol):
    """Answers jobs."""

    def prepare(self, job: Job) -> None:
        """Get ready for a job, warm-up included; raises CannotRun."""
        ...

    def answers(self) -> list[str]:
        """Answer the prepared job's requests, in order.  This is what is timed."""
        ...


def make_engine(name: str, model: str) -> BenchmarkEngine:
    """The engine of a name; raises CannotRun when its package is not installed."""
    if name == "llama.cpp":
        from benchmarks.llama_cpp import LlamaCpp

        return LlamaCpp(model)
    from workers.generation import linux_cpu

    fast = linux_cpu.prepare()  # the same BLAS for both, and before mlx comes in
    if name == "ours":
        from benchmarks.ours import Ours

        return Ours(model)
    if name == "requests":
        from benchmarks.ours_requests import OursRequests

        return OursRequests(model)
    from benchmarks.mlx_lm_peers import MlxLm

    if fast is not None:
        fast.settle_products()  # our product for few rows counts as BLAS: the peers have it too
    return MlxLm(model)


def serve(name: str, model: str, incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer messages until the pipe closes."""
    engine: BenchmarkEngine | None = None
    message: Any = None
    while True:
        try:
            if engine is None:
                engine = make_engine(name, model)
                reply: Ready | Report | Unable = Ready(getattr(engine, "note", ""))
            elif isinstance(message, Job):
                engine.prepare(message)
                reply = Ready()
            else:
                assert isinstance(message, Go)
                reply = Report(tuple(engine.answers()))
        except CannotRun as error:
            reply = Unable(str(error))
        pickle.dump(reply, outgoing)
        outgoing.flush()
        try:
            message = pickle.load(incoming)
        except EOFError:
            return


def main() -> None:
    """Serve on a private copy of standard output."""
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.argv[1], sys.argv[2], sys.stdin.buffer, outgoing)


if __name__ == "__main__":
    main()
