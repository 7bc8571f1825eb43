"""Rows 43 to 47: other machines of a run that lack memory or room, are slow, repeat themselves, or
are taken down by a record.

Knows how a cluster is started, and what a run says; knows nothing of how a run uses it.  Invariant:
every machine, mount and control group is gone at the end of a row.
"""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack
from pathlib import Path

from tests.cluster_tools import Cluster
from tests.faults.confine import Unable, memory_group, small_disk
from tests.faults.machines import (
    INJECTED,
    MACHINES,
    SLOWLY,
    TIMEOUT,
    end,
    expect_nobody_blamed,
    expect_only,
    over,
    some_cluster,
    wait_for_work,
)
from tests.faults.poison import harmful
from tests.faults.processes import wait_for
from tests.faults.recount import sealed, stages_of
from tests.faults.rig import FINISHED, Rig, Run
from tests.faults.scarcity import wide_job
from tests.faults.tally import Tally

_LITTLE_MB, _TOO_LITTLE_MB = 400, 150  # with Dask's own process and the command that started it
_OF_A_RECORD_MB = 30  # while it is in work: eight don't fit, four do
_DISK = 8 << 20
_SLOW_S, _FAST_S = 1.0, 0.1  # for a record
_RECORDS = 300
_WINDOWS = 128  # records that a machine has in flight
_HUNG_S = 12  # after so long Dask's process is killed, instead of a minute


def machines_without_memory(rig: Rig, times: int) -> Tally:
    """Row 43: a machine whose limit a full batch does not fit into, or not even the model."""
    tally = Tally()
    for number in range(times):
        fits = number % 2 == 0
        try:
            with memory_group((_LITTLE_MB if fits else _TOO_LITTLE_MB) << 20) as members:
                hungry = ("env", f"HUNGRY_MB={_OF_A_RECORD_MB}")
                inside = (*hungry, "sh", "-c", f'echo $$ > {members}; exec "$@"', "sh")
                environ = {"PYTHONPATH": str(INJECTED)}
                with some_cluster(rig, environ=environ, first_inside=inside) as cluster:
                    _run_out_of_memory(rig, cluster, fits, tally)
        except Unable as reason:
            return Tally(skipped=str(reason))
    return tally


def _run_out_of_memory(rig: Rig, cluster: Cluster, fits: bool, tally: Tally) -> None:
    small = ("--chunk-size", "4", "--batch-size", "8")
    run = rig.run(wide_job(rig, *small), 0, cluster.flags)
    with run.started() as process:
        end(run, process, tally)
    said = run.said()
    if fits:
        ran_out = said.count("ran out of memory: batches of")
    else:
        refusal = "machine alpha refused: workers run out of memory before they start"
        ran_out = said.count(refusal)
    tally.expect(ran_out, f"alpha never ran out of memory: {said[-300:]}")
    tally.injected += ran_out
    expect_nobody_blamed(run, tally)
    tally.add(run.check())
    failed = [s for s in sealed(stages_of(run.folder)[0]) if s["outcome"] == "failed"]
    tally.misfiled += len(failed)


def machines_without_room(rig: Rig, times: int) -> Tally:
    """Row 44: a machine's disk fills up while it works; sometimes there is room again soon."""
    tally = Tally()
    try:
        for number in range(times):
            _fill_up(rig, tally, soon=number % 2 == 1)
    except Unable as reason:
        return Tally(skipped=str(reason))
    return tally


def _fill_up(rig: Rig, tally: Tally, soon: bool) -> None:
    with ExitStack() as stack:
        cluster = stack.enter_context(some_cluster(rig, environ=SLOWLY))
        cluster.kill_machine("alpha")
        disk = stack.enter_context(small_disk(cluster.folder / "alpha", _DISK))
        cluster.start_machine("alpha", "--workers", "1", wait=False)
        run = over(rig, cluster, _RECORDS)
        with run.started() as process:
            found = wait_for_work(run, process, "alpha")
            tally.expect(found, f"alpha never had any: {run.said()[-300:]}")
            filler = disk / "filler"
            _fill(filler)
            tally.injected += found
            told = wait_for(lambda: "machine alpha full: its disk is full" in run.said(), 60)
            tally.expect(told, f"nobody said that alpha is full: {run.said()[-300:]}")
            if soon:
                time.sleep(rig.random.uniform(0, 6))
                filler.unlink()
            end(run, process, tally)
        expect_nobody_blamed(run, tally)
        tally.add(run.check())


def _fill(file: Path) -> None:
    try:
        with file.open("wb", buffering=0) as out:
            while True:
                out.write(bytes(4096))
    except OSError:
        pass


def slow_machines(rig: Rig, times: int) -> Tally:
    """Row 45: one machine is ten times slower; what it has in hand must not hold up the end."""
    tally = Tally()
    slow = {**SLOWLY, "SLOW_RECORDS": str(_FAST_S)}
    for _ in range(times):
        inside = ("env", f"SLOW_RECORDS={_SLOW_S}")
        with some_cluster(rig, environ=slow, first_inside=inside) as cluster:
            run = over(rig, cluster, _RECORDS)
            with run.started() as process:
                found = wait_for_work(run, process, "alpha")
                tally.expect(found, "the slow one never had any")
                tally.injected += found
                end(run, process, tally)
            tally.expect("machine alpha is slow" in run.said(), run.said()[-300:])
            late = tally.recovery[-1] > 0.7 * _WINDOWS * _SLOW_S
            tally.expect(not late, f"it took {tally.recovery[-1]:.0f} s")
            expect_nobody_blamed(run, tally)
            tally.add(run.check())
    return tally


def repeated_outcomes(rig: Rig, times: int) -> Tally:
    """Row 46: outcomes come again, at once and in later sessions, when others have the chunk."""
    tally = Tally()
    counts = rig.root / f"repeated-{time.monotonic_ns()}"
    counts.touch()
    with some_cluster(rig, environ={**SLOWLY, "REPEATED": str(counts)}) as cluster:
        while tally.injected < times:
            run = over(rig, cluster, _RECORDS)
            with run.started() as process:
                for name in rig.random.sample(MACHINES, 2):
                    if wait_for_work(run, process, name):
                        cluster.signal(name, signal.SIGSTOP)
                        time.sleep(rig.random.uniform(3.5, 5))
                        cluster.signal(name, signal.SIGCONT)
                end(run, process, tally)
            before, tally.injected = tally.injected, counts.stat().st_size
            if tally.injected == before:
                tally.problems.append("no machine repeated anything")
                break
            expect_nobody_blamed(run, tally)
            tally.add(run.check())
    return tally


def poison_for_machines(rig: Rig, times: int) -> Tally:
    """Row 47: a record takes down its process and Dask's, or both hang until somebody sees to it;
    only that one is dead-lettered."""
    tally = Tally()
    environ = {"PYTHONPATH": f"{INJECTED}:{rig.project}", "HUNG_AFTER": str(_HUNG_S)}
    with some_cluster(rig, environ=environ) as cluster:
        for number in range(times):
            index, hangs = rig.random.randrange(60), number % 2 == 1
            run = harmful(rig, 60, {index: "freeze" if hangs else "machine"}, 16)
            run.workers, run.flags = 0, (*cluster.flags, *(TIMEOUT if hangs else ()))
            ended = run.once(600)
            tally.injected += 1
            tally.recovery.append(ended.seconds)
            tally.expect(ended.status in FINISHED, f"exit {ended.status}: {ended.text[-300:]}")
            expect_only(run, f"0:{index + 1}", rig, tally, "its machine went down")
            _expect_three_deaths(run, tally)
    return tally


def _expect_three_deaths(run: Run, tally: Tally) -> None:
    deaths = (run.folder / "deaths.jsonl").read_text()
    tally.expect(deaths.count('"counts":true') == 3, "other than three deaths count")
