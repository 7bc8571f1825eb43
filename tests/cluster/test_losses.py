"""Whether machines that go say something of the record that they had alone."""

from __future__ import annotations

import pytest

from workers.cluster.losses import Loss, Losses, Witness

POISON, OTHER = "2_data_filter/chunk-000001 0:7", "2_data_filter/chunk-000002 0:70"


def blamed(*losses: Loss) -> list[str]:
    """The workers whose deaths count after these losses."""
    noted = Losses()
    deaths = [death for loss in losses for death in noted.note(loss)]
    assert all(death.counts for death in deaths)
    return [death.worker for death in deaths]


def alone(worker: str, record: str = POISON, tells: bool = True, control: float = 30.0) -> Loss:
    return Loss(worker, record, seconds=2.0, control=control, tells=tells)


def test_a_record_is_blamed_for_the_third_machine_that_it_was_alone_on() -> None:
    assert blamed(alone("a"), alone("b")) == []
    assert blamed(alone("a"), alone("b"), alone("c")) == ["a", "b", "c"]
    assert blamed(alone("a"), alone("b"), alone("c"), alone("d")) == ["a", "b", "c"]


def test_two_such_records_are_told_apart() -> None:
    both = [alone(f"{n}", record) for n in range(3) for record in (POISON, OTHER)]
    assert len(blamed(*both)) == 6
    assert blamed(alone("a"), alone("b", OTHER), alone("c")) == []


def test_machines_that_go_for_other_reasons_take_the_blame_away() -> None:
    assert blamed(alone("a"), alone("b"), Loss("x"), alone("c"), alone("d")) == []
    assert blamed(alone("a"), Loss("x"), alone("b"), alone("c"), alone("d")) == ["b", "c", "d"]


def test_an_end_that_tells_nothing_of_the_record_does_not_count() -> None:
    silent = alone("b", tells=False)  # cut off, say, or not shown to work
    assert blamed(alone("a"), silent, silent, silent, alone("c")) == []
    assert blamed(alone("a"), silent, alone("c"), alone("d")) == ["a", "c", "d"]


def test_a_machine_has_to_have_worked_ten_times_as_long_with_others() -> None:
    short = alone("b", control=19.0)
    assert blamed(alone("a"), short, short, short, alone("c")) == []
    noted = Losses()
    assert noted.control_for(POISON) == 30.0
    noted.note(Loss("a", POISON, seconds=7.0))
    assert (noted.control_for(POISON), noted.control_for(OTHER)) == (70.0, 30.0)


def test_a_witness_tells_how_long_a_record_was_alone_and_what_came_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    witness = Witness()
    witness.see("")
    witness.worked += 40
    witness.see(POISON)
    now += 1.5
    witness.worked += 1.5
    witness.see(POISON)
    assert witness.loss("a", POISON, True) == Loss("a", POISON, 1.5, 40, True)
    assert witness.loss("a", "", True) == Loss("a")
    assert witness.loss("a", OTHER, True) == Loss("a", OTHER)
