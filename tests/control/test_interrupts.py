"""Signals are counted between two steps, and outside mean what they meant."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from workers.control.interrupts import Interrupted, Interrupts


def test_signals_are_counted_and_then_mean_what_they_meant() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupts() as interrupts:
        interrupts.check()
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Interrupted):
            interrupts.check()
        assert interrupts.hurried()
    assert signal.getsignal(signal.SIGINT) is before


def test_sleep_ends_with_a_signal() -> None:
    with Interrupts() as interrupts:
        begun = time.monotonic()
        interrupts.sleep(0.05)
        assert 0.05 <= time.monotonic() - begun < 5
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
        interrupts.sleep(30)
    assert time.monotonic() - begun < 10 and interrupts.count == 1 and not interrupts.hurried()


def test_a_run_under_nohup_outlives_its_terminal() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interrupts() as interrupts:
            os.kill(os.getpid(), signal.SIGHUP)
            interrupts.check()
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_closed_terminal_interrupts() -> None:
    with Interrupts() as interrupts:
        os.kill(os.getpid(), signal.SIGHUP)
        with pytest.raises(Interrupted) as asked:
            interrupts.check()
    assert asked.value.exit_status == 130


def test_another_thread_leaves_the_handlers_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen: list[object] = []

    def enter() -> None:
        with Interrupts():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [before]
