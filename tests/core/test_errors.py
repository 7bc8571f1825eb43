"""Errors carry their exit status, and a damaged run says what is damaged."""

from __future__ import annotations

from workers.core.errors import JournalError, PoolError, QueueError, UsageError, damage_report


def test_each_error_has_the_exit_status_of_its_command() -> None:
    assert (PoolError("x").exit_status, UsageError("x").exit_status) == (1, 2)
    assert JournalError("x").exit_status == QueueError("x").exit_status == 1


def test_the_first_damage_is_told_and_the_others_are_counted() -> None:
    why = {f"2_data_filter/chunk-{n:06}": f"chunk-{n:06}.jsonl line {n}: bad" for n in (1, 2, 3)}
    one = damage_report(dict([*why.items()][:1]))
    assert one == "chunk-000001.jsonl line 1: bad; everything else is done; repair it, then resume"
    assert "(and 1 more damaged chunk, see verify)" in damage_report(dict([*why.items()][:2]))
    assert "(and 2 more damaged chunks, see verify)" in damage_report(why)
