"""Rows 35 to 42: other machines of a run, over a scheduler on loopback, come and go in all ways.

Knows how a cluster is started and ended; knows nothing of how a run uses it.  Invariant: every
machine is gone at the end of a row.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.cluster_tools import Cluster
from tests.faults.confine import Unable
from tests.faults.networks import Network
from tests.faults.poison import SIGNS, harmful
from tests.faults.processes import wait_for
from tests.faults.recount import fates, sealed, stages_of
from tests.faults.rig import FINISHED, Process, Rig, Run
from tests.faults.tally import Tally

INJECTED = Path(__file__).parent / "injected"
MACHINES = ("alpha", "beta")
TIMEOUT = ("--worker-timeout", "3")  # how long a machine may say nothing
_RECORDS = 600
# Each record takes a while, as with a model: a run is long enough for some faults, at little CPU.
SLOWLY = {"PYTHONPATH": str(INJECTED), "SLOW_RECORDS": "0.1"}


@contextmanager
def some_cluster(
    rig: Rig,
    network: Network | None = None,
    environ: Mapping[str, str] | None = None,
    first_inside: Sequence[str] = (),
) -> Iterator[Cluster]:
    """Two machines of one worker process each; the first in a network or a command of its own."""
    folder = rig.root / f"cluster-{time.monotonic_ns()}"
    started = Cluster(
        folder, rig.project, environ or {}, network.address if network else "127.0.0.1"
    )
    try:
        started.start_scheduler()
        for name in MACHINES:
            inside = (network.inside if network else first_inside) if name == MACHINES[0] else ()
            started.start_machine(name, "--workers", "1", wait=False, inside=inside)
        yield started
    finally:
        started.close()


def over(rig: Rig, cluster: Cluster, records: int = _RECORDS) -> Run:
    return rig.run(rig.job(records, 8), 0, (*cluster.flags, *TIMEOUT))


def at_work(run: Run, name: str | None = None) -> bool:
    """Whether some machine, or this one, has records in hand."""
    try:
        view = json.loads((run.folder / "workers" / "cluster.view").read_bytes())
    except (OSError, ValueError):
        return False
    return any(m["in_flight"] for m in view["machines"] if name in (None, m["name"]))


def wait_for_work(run: Run, process: Process, name: str | None = None) -> bool:
    """Whether it came, before the run was over."""
    wait_for(lambda: at_work(run, name) or process.poll() is not None)
    return process.poll() is None and at_work(run, name)


def _storm(rig: Rig, times: int, number: int, pause: float = 0.0) -> Tally:
    """A random machine gets a signal while it has records; after a pause, it goes on."""
    tally = Tally()
    with some_cluster(rig, environ=SLOWLY) as cluster:
        while tally.injected < times:
            run = over(rig, cluster)
            with run.started() as process:
                while tally.injected < times and process.poll() is None:
                    name = rig.random.choice(MACHINES)
                    if not wait_for_work(run, process, name):
                        break
                    # Long enough for some results: who never makes any is left alone for a while.
                    time.sleep(rig.random.uniform(0, 2.5))
                    tally.injected += cluster.signal(name, number)
                    if pause:
                        time.sleep(pause)
                        cluster.signal(name, signal.SIGCONT)
                end(run, process, tally)
            expect_nobody_blamed(run, tally)
            tally.add(run.check())
    return tally


def end(run: Run, process: Process, tally: Tally) -> None:
    """The run has to come to its end by itself."""
    took = wait_for(lambda: process.poll() is not None, 180)
    tally.expect(took is not None, f"it hangs: {run.said()[-300:]}")
    if took is not None:
        tally.expect(process.returncode in FINISHED, run.said()[-300:])
        tally.recovery.append(took)


def expect_nobody_blamed(run: Run, tally: Tally) -> None:
    deaths = run.folder / "deaths.jsonl"
    text = deaths.read_text() if deaths.exists() else ""
    tally.expect('"counts":true' not in text, "a lost machine was counted against a record")


def machines_killed(rig: Rig, times: int) -> Tally:
    """Row 35: a machine is gone at once; its command starts it again, and it joins anew."""
    return _storm(rig, times, signal.SIGKILL)


def machines_stopped(rig: Rig, times: int) -> Tally:
    """Row 36: stopped for longer than is waited for; what comes after that is late, and dropped."""
    return _storm(rig, times, signal.SIGSTOP, pause=5.0)


def machines_paused(rig: Rig, times: int) -> Tally:
    """Row 37: stopped and continued in time: nothing is done twice."""
    return _storm(rig, times, signal.SIGSTOP, pause=0.5)


def scheduler_killed(rig: Rig, times: int) -> Tally:
    """Row 38: the scheduler is killed and started again; the machines come back by themselves."""
    tally = Tally()
    with some_cluster(rig) as cluster:
        while tally.injected < times:
            run = over(rig, cluster)
            with run.started() as process:
                wait_for_work(run, process)
                cluster.kill_scheduler()
                tally.injected += 1
                time.sleep(rig.random.uniform(0.1, 1))
                cluster.start_scheduler()
                end(run, process, tally)
            expect_nobody_blamed(run, tally)
            tally.add(run.check())
    return tally


def coordinator_killed(rig: Rig, times: int) -> Tally:
    """Row 39: the coordinator is killed and resumed, with the machines in the middle of it."""
    tally = Tally()
    with some_cluster(rig) as cluster:
        while tally.injected < times:
            run = over(rig, cluster)
            with run.started() as process:
                wait_for_work(run, process)
                time.sleep(rig.random.uniform(0, 1))
                process.kill()
                tally.injected += 1
            expect_nobody_blamed(run, tally)
            tally.add(run.check())
    return tally


def poison_there(rig: Rig, times: int) -> Tally:
    """Row 40: a record that hangs or kills its process over there; only that one is
    dead-lettered, with how its process ended."""
    tally, kinds = Tally(), ("hang", "abort", "segv", "exit")
    environ = {"PYTHONPATH": f"{INJECTED}:{rig.project}"}
    with some_cluster(rig, environ=environ) as cluster:
        for number in range(times):
            index, kind = rig.random.randrange(60), kinds[number % len(kinds)]
            run = harmful(rig, 60, {index: kind}, 16)
            run.workers, run.flags = 0, (*cluster.flags, *TIMEOUT)
            ended = run.once(300)
            tally.injected += 1
            tally.recovery.append(ended.seconds)
            tally.expect(ended.status in FINISHED, f"exit {ended.status}: {ended.text[-300:]}")
            expect_only(run, f"0:{index + 1}", rig, tally, SIGNS[kind])
    return tally


def expect_only(run: Run, poison: str, rig: Rig, tally: Tally, sign: str) -> None:
    """Exactly the harmful record failed for killing, by this sign; the rest ended as ever."""
    told = {line["id"]: str(line.get("error")) for line in sealed(stages_of(run.folder)[0])}
    killers = {i: error for i, error in told.items() if "killed its worker" in error}
    tally.expect([*killers] == [poison], f"dead-lettered: {killers}, not {poison}")
    why = f"killed its worker 3 times: {sign}"
    tally.expect(told.get(poison, "").startswith(why), f"{told.get(poison)}, not {why}")
    calm = rig.job(60, 16).calm or {}
    for stage, ends in fates(run.folder).items():
        healthy = {i: fate for i, fate in ends.items() if i.split(".")[0] != poison}
        known = {i: fate for i, fate in calm[stage].items() if i.split(".")[0] != poison}
        tally.lost += len(known.keys() - healthy.keys())
        tally.misfiled += sum(known.get(i) != fate for i, fate in healthy.items())


def machines_cut_off(rig: Rig, times: int) -> Tally:
    """Row 42: the cable of a machine in a network of its own is pulled, and put back."""
    tally = Tally()
    try:
        network = Network.make()
    except Unable as reason:
        return Tally(skipped=str(reason))
    with network, some_cluster(rig, network, SLOWLY) as cluster:
        while tally.injected < times:
            run = over(rig, cluster)
            with run.started() as process:
                while tally.injected < times and wait_for_work(run, process, "alpha"):
                    time.sleep(rig.random.uniform(0, 0.5))
                    network.cut(rig.random.uniform(0.5, 6))
                    tally.injected += 1
                end(run, process, tally)
            expect_nobody_blamed(run, tally)
            tally.add(run.check())
    return tally


def machines_come_late(rig: Rig, times: int) -> Tally:
    """Row 41: nobody is there at first; one machine comes, another takes its place."""
    tally = Tally()
    for _ in range(times):
        with some_cluster(rig) as cluster:
            for name in MACHINES:
                cluster.kill_machine(name)
            run = over(rig, cluster)
            with run.started() as process:
                time.sleep(rig.random.uniform(0, 2))
                cluster.start_machine("alpha", "--workers", "1")
                wait_for_work(run, process, "alpha")
                cluster.kill_machine("alpha")
                cluster.start_machine("beta", "--workers", "1")
                tally.injected += 1
                end(run, process, tally)
            expect_nobody_blamed(run, tally)
            tally.add(run.check())
    return tally
