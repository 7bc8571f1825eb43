"""Slots that attend together: a few wide or long ones do not make all others so."""

from __future__ import annotations

from workers.generation.packed.groups import group_slots


def test_slots_are_grouped_so_that_few_wide_or_long_rows_do_not_widen_all() -> None:
    like = [400] * 16
    assert group_slots([1] * 16, like) == [(0, 16, 1)]
    assert group_slots([5] * 16, like) == [(0, 16, 5)]
    assert group_slots([1, 1, 1, 9, 1, 1, 1], like) == [(0, 3, 1), (3, 4, 9), (4, 7, 1)]
    assert group_slots([2, 1], like) == [(0, 2, 2)]
    assert group_slots([2] * 6, [100, 100, 100, 900, 900, 900]) == [(0, 3, 2), (3, 6, 2)]
    for counts in ([3, 1, 4, 1, 5, 9, 2, 6], [1, 8, 8, 1, 1, 1, 2]):
        groups = group_slots(counts, like)
        assert [g[0] for g in groups[1:]] == [g[1] for g in groups[:-1]]
        assert (groups[0][0], groups[-1][1]) == (0, len(counts))
        assert all(width == max(counts[a:b]) for a, b, width in groups)


def test_slots_without_new_tokens_are_in_a_group_only_between_others() -> None:
    assert group_slots([0, 0, 1, 0, 1, 0], [400] * 6) == [(2, 5, 1)]
    assert group_slots([1, 0, 0, 0, 0, 0, 0, 0, 1], [400] * 9) == [(0, 1, 1), (8, 9, 1)]
    assert group_slots([0, 0], [0, 0]) == []
