"""MachineNames of machines, and what becomes of one whose session ended."""

from __future__ import annotations

import pytest

from workers.cluster.connection import MachineFull, MachineLost, MachineRefused, MachineUnfit
from workers.cluster.seats import MachineNames, seconds_after, state_after

HOST = "ip-10-0-0-12.eu-central-1.compute.internal"


def test_machines_of_one_host_keep_apart() -> None:
    names = MachineNames()
    shown = [names.shown(f"{HOST}-{number}") for number in (4711, 4712)]
    assert len(set(shown)) == 2 and all(len(name) <= 40 for name in shown)
    assert all(name.startswith("ip-10-0-0-12") for name in shown)
    assert names.shown(f"{HOST}-4711") == shown[0]


def test_names_that_would_be_the_same_are_numbered() -> None:
    names = MachineNames()
    same = [names.shown(name) for name in ("a b", "a/b", "a-b", f"{HOST}{'x' * 40}{HOST}")]
    assert same[:3] == ["a-b", "a-b-2", "a-b-3"] and len(same[3]) <= 40
    assert names.shown(f"{HOST}{'y' * 40}{HOST}") == f"{same[3]}-2"


@pytest.mark.parametrize(
    ("error", "state", "seconds"),
    [
        (MachineFull("x"), "full", 5),
        (MachineRefused("x"), "refused", 30),
        (MachineUnfit("x"), "lost", 30),
        (MachineLost("x"), "lost", 1),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else type(value).__name__,
)
def test_how_long_it_is_left_alone(
    error: MachineLost | MachineRefused, state: str, seconds: float
) -> None:
    assert (state_after(error), seconds_after(error)) == (state, seconds)
