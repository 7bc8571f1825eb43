"""The states of a run: whether a coordinator is at work in them."""

from __future__ import annotations

from workers.run.run_state import RunState


def test_in_some_states_a_coordinator_is_at_work() -> None:
    live = {state.value for state in RunState if state.is_live}
    assert live == {"starting", "running", "paused", "draining", "merging"}


def test_a_state_is_written_as_its_name() -> None:
    assert f"{RunState.PAUSED}" == "paused" and RunState("unfinished") is RunState.UNFINISHED
