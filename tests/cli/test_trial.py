"""A round of questions: all are answered, and memory is simulated by what sequences hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.cli.trial import STAGE, play, questions
from workers.generation.model.load import LoadedModel, load
from workers.generation.settings import GenerationSettings

COUNT, TOKENS = 6, 12


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> LoadedModel:
    return load(tiny_model)


def test_questions_differ_and_every_second_has_a_schema() -> None:
    asked = questions(COUNT, TOKENS)
    assert len({one.prompt.user for one in asked}) == COUNT
    assert [one.schema is not None for one in asked] == [False, True] * (COUNT // 2)
    assert all(one.prompt.max_tokens == TOKENS for one in asked)


def test_a_round_has_every_answer_its_speed_and_the_sequences_at_once(tiny: LoadedModel) -> None:
    played = play(tiny, GenerationSettings(), questions(COUNT, TOKENS))
    assert len(played.answers) == COUNT and all(answer.tokens for answer in played.answers)
    assert played.tokens == sum(len(answer.tokens) for answer in played.answers)
    assert played.speed == pytest.approx(played.tokens / played.seconds)
    assert 2 <= played.most_rows <= COUNT  # the shortest may end before the last begins
    assert played.summary.stages[STAGE].sums.requests == COUNT
    assert play(tiny, GenerationSettings(batch_size=2), questions(COUNT, TOKENS)).most_rows == 2


def test_free_memory_is_asked_with_what_sequences_hold(tiny: LoadedModel) -> None:
    readings: list[int] = []

    def free_memory(held: int) -> int:
        readings.append(held)
        return 1 << 50

    # One at a time, so that memory is read while a sequence holds some.
    play(tiny, GenerationSettings(batch_size=2), questions(COUNT, TOKENS), free_memory)
    assert max(readings) > 0 and len(set(readings)) > 1
