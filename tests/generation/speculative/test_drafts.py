"""Lookups find what followed before, and know how often they were right."""

from __future__ import annotations

import pytest

from workers.generation.speculative.drafts import (
    Acceptance,
    Draft,
    NgramIndex,
    StageMemory,
    matching,
)


def test_the_longest_match_wins_and_the_last_place_counts() -> None:
    index = NgramIndex("prompt")
    index.extend([1, 2, 3, 9, 9, 2, 3, 4, 5])
    assert index.draft([7, 2, 3], 2) == Draft("prompt", 2, (4, 5))
    assert index.draft([1, 2, 3], 3) == Draft("prompt", 3, (9, 9, 2))


def test_the_tail_itself_is_no_match() -> None:
    index = NgramIndex("prompt")
    index.extend([5, 6, 7])
    assert index.draft([6, 7], 4) is None
    index.extend([8])
    assert index.draft([6, 7], 4) == Draft("prompt", 2, (8,))


def test_a_draft_never_runs_from_one_answer_into_the_next() -> None:
    index = NgramIndex("suffix", 100)
    index.add([1, 2, 3])
    index.add([4, 5])
    assert index.draft([1, 2], 4) == Draft("suffix", 2, (3,))
    assert index.draft([2, 3], 4) is None


def test_old_answers_are_forgotten() -> None:
    index = NgramIndex("suffix", 100)
    index.add([1, 2, 3, 4])
    for start in range(100, 1000, 10):
        index.add(list(range(start, start + 10)))
    assert index.draft([1, 2], 2) is None
    assert index.draft([990, 991], 2) == Draft("suffix", 2, (992, 993))
    assert len(index) <= 130


def test_stages_do_not_share_their_answers() -> None:
    memory = StageMemory()
    memory.of("a").add([1, 2, 3])
    assert memory.of("b").draft([1, 2], 1) is None
    assert memory.of("a").draft([1, 2], 1) is not None


def test_acceptance_follows_what_is_seen() -> None:
    acceptance, draft = Acceptance(), Draft("prompt", 3, (1,))
    start = acceptance.rate("s", draft)
    for _ in range(50):
        acceptance.learn("s", draft, 1, False)
    high = acceptance.rate("s", draft)
    for _ in range(200):
        acceptance.learn("s", draft, 0, True)
    assert start < 0.6 < 0.9 < high
    assert acceptance.rate("s", draft) < 0.1
    assert acceptance.rate("other stage", draft) == start
    assert acceptance.rate("s", Draft("suffix", 3, (1,))) == start


@pytest.mark.parametrize(
    ("draft", "truth", "right"),
    [((1, 2), (1, 2, 3), 2), ((1, 5), (1, 2, 3), 1), ((), (1,), 0), ((1, 2, 3), (1,), 1)],
)
def test_matching(draft: tuple[int, ...], truth: tuple[int, ...], right: int) -> None:
    assert matching(draft, truth) == right
