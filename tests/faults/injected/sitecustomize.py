"""Loaded by Python itself in worker processes of the harness: what does harm in them.

A record says itself what it does, under "harm"; FAIL_AT_STEP says at which step every engine
raises, SLOW_RECORDS how many seconds and HUNGRY_MB how much memory each record takes, REPEATED in
which file a machine of a cluster counts the outcomes that it sends once more, HUNG_AFTER how many
seconds Dask's process may do nothing.  Invariant: only workers and machines are touched, and only
when this folder is on PYTHONPATH.
"""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import signal
import sys
import time
from typing import Any


def harm(record: dict[str, Any]) -> None:
    """Do what the record says."""
    kind = record.get("harm")
    if kind == "abort":
        os.abort()
    if kind == "segv":
        os.kill(os.getpid(), signal.SIGSEGV)
    if kind == "exit":
        os._exit(7)
    if kind == "hang":
        time.sleep(3600)
    if kind == "machine":  # as the kernel does with a whole group that runs out of memory
        os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "freeze":
        os.kill(os.getppid(), signal.SIGSTOP)
        time.sleep(3600)
    if kind == "fork":
        _fork_once()
    if kind == "engine":
        from workers.core.errors import EngineError

        raise EngineError("generation failed: as this record says")
    if kind == "system" or (kind == "system once" and _first_time()):
        raise OSError(errno.EIO, os.strerror(errno.EIO), "somewhere")


def _first_time() -> bool:
    try:
        os.close(os.open(os.environ["HARM_MARK"], os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def _fork_once() -> None:
    """A child that inherits every lock, as a fork in a C library does."""
    if not _first_time():
        return
    pid = os.fork()
    if pid == 0:
        time.sleep(3600)
        os._exit(0)
    with open(os.environ["HARM_MARK"], "w", encoding="ascii") as file:
        file.write(f"{os.getpid()} {pid}")
    time.sleep(3600)


def _install() -> None:
    from stages.data_filter.stage import DataFilter

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    real, turn = DataFilter.process, asyncio.Lock()

    async def process(self: Any, record: dict[str, Any], llm: Any) -> Any:
        harm(record)
        _ = b"-" * (int(os.environ.get("HUNGRY_MB", 0)) << 20)  # until it has its outcome
        async with turn:
            await asyncio.sleep(float(os.environ.get("SLOW_RECORDS", 0)))
        return await real(self, record, llm)

    DataFilter.process = process  # type: ignore[method-assign]


def _fail_at(number: int) -> None:
    """Let the engine raise at its n-th step, as a bug in it or a lost device would."""
    from workers.generation import linux_cpu

    linux_cpu.prepare()
    from workers.generation.speculative.decoder import SpeculativeDecoder

    real = SpeculativeDecoder.step
    steps = 0

    def step(self: SpeculativeDecoder, *given: Any) -> Any:
        nonlocal steps
        steps += 1
        if steps == number:
            raise RuntimeError(f"step {number} went wrong")
        return real(self, *given)

    SpeculativeDecoder.step = step  # type: ignore[method-assign, assignment]


def _repeat(counts: str) -> None:
    """Let a machine say its outcomes again, at once and later, in whatever session it is."""
    from dataclasses import replace

    from workers.cluster.host import Host
    from workers.cluster.messages import MessagePart, PartKind, Reply

    real, said = Host.answer, list[MessagePart]()

    def answer(self: Host, data: bytes) -> bytes:
        reply = Reply.parse(real(self, data))
        fresh = [part for part in reply.parts if part.kind is PartKind.OUTCOMES]
        again = [*fresh, *said[-5:], *said[:5]]
        said.extend(fresh)
        with open(counts, "a", encoding="ascii") as file:
            file.write("." * sum(part.data.count(b"\n") for part in again))
        return replace(reply, parts=(*reply.parts, *again)).to_bytes()

    Host.answer = answer  # type: ignore[method-assign]


if "workers.cluster_worker" in sys.orig_argv and "HUNG_AFTER" in os.environ:
    from workers.cluster import beats

    beats.HUNG_S = float(os.environ["HUNG_AFTER"])
if "distributed.cli.dask_worker" in sys.orig_argv and "REPEATED" in os.environ:
    _repeat(os.environ["REPEATED"])
if "workers.worker" in sys.orig_argv:
    _install()
    if "FAIL_AT_STEP" in os.environ:
        _fail_at(int(os.environ["FAIL_AT_STEP"]))
