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


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def test_a_silence_begins_before_the_next_answer_was_due(clock: list[float]) -> None:
    witness = Witness()
    witness.worked = 40.0
    witness.see(POISON)  # at 100
    clock[0] += 35
    silent = witness.silence("a", POISON, True, heard=99.0, wait=3.0)
    assert silent == Loss("a", POISON, 3.0, 40.0, True)
    assert witness.silence("a", POISON, True, heard=104.0, wait=3.0).seconds == 7.0
    assert witness.silence("a", "", True, heard=104.0, wait=3.0) == Loss("a")


def hung(losses: Losses, clock: list[float], *addresses: str) -> list[str]:
    """Each falls silent with the record, long after the one before, and ends unheard."""
    deaths = []
    for address in addresses:
        clock[0] += 100
        losses.fall_silent(address, alone(address), patience=30.0)
        clock[0] += 60
        if loss := losses.ended(address):
            deaths += losses.note(loss)
    return [death.worker for death in deaths]


def test_a_record_with_which_three_machines_hang_is_blamed(clock: list[float]) -> None:
    losses = Losses()
    assert hung(losses, clock, "a", "b") == []
    assert hung(losses, clock, "c") == ["a", "b", "c"]
    losses.note(alone("x"))
    losses.note(alone("y"))
    assert hung(losses, clock, "z") == ["x", "y", "z"]  # ends and hangs count alike


def test_a_machine_that_answers_again_did_not_hang(clock: list[float]) -> None:
    losses = Losses()
    hung(losses, clock, "a", "b")
    losses.fall_silent("c", alone("c"), 30.0)
    losses.heard("c")
    assert losses.ended("c") is None


def test_machines_that_fall_silent_together_were_cut_off(clock: list[float]) -> None:
    losses = Losses()
    losses.fall_silent("a", alone("a"), 30.0)
    clock[0] += 29
    losses.fall_silent("b", alone("b", OTHER), 30.0)
    assert losses.ended("a") is None and losses.ended("b") is None
    clock[0] += 29  # with nothing alone in hand, it is the network all the same
    losses.fall_silent("c", Loss("c"), 30.0)
    clock[0] += 1
    losses.fall_silent("d", alone("d"), 30.0)
    assert losses.ended("d") is None


def test_a_silence_tells_nothing_while_other_things_go_wrong(clock: list[float]) -> None:
    losses = Losses()
    losses.fall_silent("a", alone("a"), 30.0)
    losses.doubt()
    assert losses.ended("a") is None
    losses.fall_silent("a", alone("a"), 30.0)
    losses.note(Loss("x"))
    assert losses.ended("a") is None
