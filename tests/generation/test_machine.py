"""What a measurement holds for: this processor, these versions, so many threads."""

from __future__ import annotations

import pytest

from workers.generation import machine
from workers.generation.machine import machine_key, processor


def test_the_same_machine_has_the_same_key() -> None:
    assert machine_key("a", 1) == machine_key("a", 1)
    assert len(machine_key()) == 16
    assert processor()


def test_all_that_changes_a_figure_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {machine_key("a"), machine_key("b"), machine_key("a", "b")}
    monkeypatch.setenv("OMP_NUM_THREADS", "77")
    keys.add(machine_key("a"))
    monkeypatch.setattr(machine, "version", lambda package: "99.0")
    keys.add(machine_key("a"))
    monkeypatch.setattr(machine, "processor", lambda: "another one")
    keys.add(machine_key("a"))
    assert len(keys) == 6
