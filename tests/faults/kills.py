"""Rows 1 to 3, 12, 13 and 22: processes killed, stopped and asked to stop, at any instant."""

from __future__ import annotations

import signal
import time

from tests.faults.patience import RECOVERED_S
from tests.faults.processes import kill, wait_for
from tests.faults.rig import FINISHED, Process, Rig, Run
from tests.faults.tally import Tally

GONE_S = 5.0
_LOADING_S = 60.0  # of several workers' models at once, where one is used
_STORM_S = 60.0
_RECORDS = 3000
_TIMED_EVERY = 20  # kills; in between there is no waiting, so that kills meet recoveries


def _storm(rig: Rig, times: int) -> Run:
    """A run that is long enough for a good many kills."""
    return rig.storm(times, _RECORDS) if times > 50 else rig.storm(times, 600, 8)


def workers_killed(rig: Rig, times: int) -> Tally:
    """Row 1: a random worker, at random instants, several times a second."""
    tally = Tally()
    while tally.injected < times:
        run = _storm(rig, times)
        with run.started() as process:
            wait_for(run.worker_pids)
            while tally.injected < times and process.poll() is None:
                time.sleep(rig.somewhere(0.0, 0.35))
                tally.injected += _kill_one(rig, run)
                if tally.injected % _TIMED_EVERY == 0:
                    # After a storm some wait before they start again: one kill in a calm is timed.
                    _back_or_over(run, process)
                    tally.injected += _kill_one(rig, run)
                    _time_recovery(run, process, tally)
        _expect_no_poison(run, tally)
        tally.add(run.check())
    return tally


def _kill_one(rig: Rig, run: Run) -> bool:
    living = run.worker_pids()
    return bool(living) and kill(rig.random.choice(living))


def _back_or_over(run: Run, process: Process) -> float | None:
    return wait_for(lambda: run.ready() or process.poll() is not None, _STORM_S)


def _time_recovery(run: Run, process: Process, tally: Tally) -> None:
    """How long until every worker is back after the last kill, if the run lasts that long."""
    took = _back_or_over(run, process)
    if process.poll() is None or took is None:
        took = took or _STORM_S
        tally.recovery.append(took)
        most = RECOVERED_S + (_LOADING_S if run.rig.model else 0.0)
        tally.expect(took < most, f"workers were all back after {took:.1f} s only")


def _expect_no_poison(run: Run, tally: Tally) -> None:
    """A storm of kills never counts against a record."""
    deaths = run.folder / "deaths.jsonl"
    text = deaths.read_text() if deaths.exists() else ""
    tally.expect('"counts":true' not in text, "a kill was counted against a record")


def coordinators_killed(rig: Rig, times: int) -> Tally:
    """Row 2: the coordinator; its workers must be gone soon, and it is started again."""
    return _coordinators(rig, times, everybody=False)


def everything_killed(rig: Rig, times: int) -> Tally:
    """Row 3: coordinator and workers at once."""
    return _coordinators(rig, times, everybody=True)


def _coordinators(rig: Rig, times: int, everybody: bool) -> Tally:
    tally = Tally()
    while tally.injected < times:
        run = _storm(rig, times)
        finished = False
        while not finished and tally.injected < times:
            with run.started() as process:
                time.sleep(rig.somewhere(0.05, 1.2))
                finished = process.poll() in FINISHED
                if process.poll() is None:
                    _kill_coordinator(run, process, everybody, tally)
        _time_restart(run, finished, tally)
        tally.add(run.check())
    return tally


def _kill_coordinator(run: Run, process: Process, everybody: bool, tally: Tally) -> None:
    workers = run.worker_pids()
    process.kill()
    for pid in workers if everybody else []:
        kill(pid)
    process.wait()
    tally.injected += 1
    gone = wait_for(lambda: not run.worker_pids(), GONE_S + 1)
    tally.expect(gone is not None and gone <= GONE_S, f"workers lived on for over {GONE_S:.0f} s")


def _time_restart(run: Run, finished: bool, tally: Tally) -> None:
    if finished:
        return
    with run.started() as process:
        _time_recovery(run, process, tally)


def workers_stopped(rig: Rig, times: int) -> Tally:
    """Row 12: a worker is stopped for good; the watchdog must kill and replace it."""
    tally = Tally()
    while tally.injected < times:
        run = _storm(rig, times)
        with run.started() as process:
            wait_for(run.ready)
            victim = _stop_a_busy_one(run)
            if victim and process.poll() is None:
                tally.injected += 1
                _expect_replaced(run, process, victim, tally)
        _expect_no_poison(run, tally)
        tally.add(run.check())
    return tally


def _expect_replaced(run: Run, process: Process, victim: int, tally: Tally) -> None:
    def replaced() -> bool:
        # What it held may have been the last of the run.
        return victim not in run.worker_pids() and (run.ready() or process.poll() is not None)

    took = wait_for(replaced, 30) or 30.0
    tally.recovery.append(took)
    tally.expect(took < RECOVERED_S, f"a stopped worker was replaced after {took:.1f} s only")


def _stop_a_busy_one(run: Run) -> int:
    """Stop a worker that holds a chunk, so that the run can't finish; 0 when none is there."""
    busy = [beat for beat in run.beats() if beat.get("chunk")] or run.beats()
    pid = int(str(busy[0]["pid"])) if busy else 0
    return pid if pid and kill(pid, signal.SIGSTOP) else 0


def workers_paused(rig: Rig, times: int) -> Tally:
    """Row 13: stopped and continued in time: the same worker goes on, nothing is doubled."""
    tally = Tally()
    while tally.injected < times:
        run = _storm(rig, times)
        with run.started() as process:
            wait_for(run.worker_pids)
            while tally.injected < times and process.poll() is None:
                for pid in rig.random.sample(living := run.worker_pids(), min(2, len(living))):
                    kill(pid, signal.SIGSTOP)
                    time.sleep(rig.somewhere(0.01, 0.8))
                    tally.injected += kill(pid, signal.SIGCONT)
                time.sleep(0.05)
            deaths = run.folder / "deaths.jsonl"
            text = deaths.read_text() if deaths.exists() else ""
            tally.expect("SIGKILL" not in text, "a worker that was continued in time was killed")
        tally.add(run.check())
    return tally


def asked_to_stop(rig: Rig, times: int) -> Tally:
    """Row 22: SIGTERM or Ctrl-C in every phase: gone within 5 s, exit 130, resumable."""
    tally = Tally()
    while tally.injected < times:
        run = _storm(rig, times)
        finished = False
        while not finished and tally.injected < times:
            number = rig.random.choice((signal.SIGINT, signal.SIGTERM))
            with run.started() as process:
                time.sleep(rig.somewhere(0.15, 1.6))
                if process.poll() is None:
                    _ask(run, process, number, tally)
                finished = process.poll() in FINISHED
        tally.add(run.check())
    return tally


def _ask(run: Run, process: Process, number: int, tally: Tally) -> None:
    process.send_signal(number)
    seconds = wait_for(lambda: process.poll() is not None, 20) or 20.0
    text = run.said()
    tally.injected += 1
    tally.recovery.append(seconds)
    tally.expect(seconds < GONE_S, f"it took {seconds:.1f} s to stop")
    # One that meets Python's own start, or its end after all is done, ends it in Python's way.
    pythons = not text.startswith("run ") or "dataset: " in text
    known = process.returncode in (130, *FINISHED, *((1, -number) if pythons else ()))
    tally.expect(known, f"exit {process.returncode}: {text[-200:]}")
    tally.expect(pythons or "Traceback" not in text, f"a traceback: {text[-300:]}")
    tally.expect(not run.worker_pids(), "workers outlived it")
