"""Questions are calibrated a stage at a time, and what comes of them all is written down once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import orjson

from stages.base import Label, LanguageModel, Outcome, Prompt, Question, Record, Result, Stage
from tests.run_tools import make_run, numbered
from workers.generation.decisions.calibration import ChoiceSummary
from workers.worker.questions import StageQuestions


class Asking(Stage):
    """Asks so many questions."""

    asked = 0

    def questions(self) -> tuple[Question, ...]:
        labels = (Label("yes", "yes", ("a",)), Label("no", "no", ("b",)))
        prompt = Prompt("", "{text}?")
        return tuple(Question(f"{self.name}-{n}", prompt, labels) for n in range(self.asked))

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        return Result(record)


class First(Asking):
    name, asked = "2_first", 2


class Silent(Asking):
    name = "3_silent"


class Later(Asking):
    name, asked = "4_later", 1


class Calibrator:
    """Notes what it was asked to prepare; another process is at what is `elsewhere`."""

    def __init__(self) -> None:
        self.prepared: list[str] = []
        self.elsewhere: set[str] = set()

    def prepare(self, questions: Sequence[Question]) -> list[ChoiceSummary]:
        self.prepared += [question.name for question in questions]
        return [
            ChoiceSummary(question.name, "asking", 3, 4, 1.0, 1.0, 0.0, 0.5, 0.9, {})
            for question in questions
            if question.name not in self.elsewhere
        ]


STAGES = [Later(), Silent(), First()]


def test_a_stage_is_prepared_when_it_is_needed_and_once(tmp_path: Path) -> None:
    calibrator, run = Calibrator(), make_run(tmp_path, numbered(1))
    questions = StageQuestions(STAGES, calibrator, run)
    assert questions.next == "2_first" and not questions.is_open("3_silent")
    questions.prepare("4_later")
    questions.prepare("4_later")
    assert calibrator.prepared == ["4_later-0"]
    assert questions.is_open("2_first") and not run.calibration_file.exists()


def test_what_came_of_all_is_written_into_the_run(tmp_path: Path) -> None:
    calibrator, run = Calibrator(), make_run(tmp_path, numbered(1))
    questions = StageQuestions(STAGES, calibrator, run)
    while questions.next:
        questions.prepare(questions.next)
    kept = orjson.loads(run.calibration_file.read_bytes())
    assert [one["question"] for one in kept] == ["2_first-0", "2_first-1", "4_later-0"]


def test_who_misses_one_leaves_the_writing_to_the_worker_that_is_at_it(tmp_path: Path) -> None:
    calibrator, run = Calibrator(), make_run(tmp_path, numbered(1))
    calibrator.elsewhere = {"2_first-1"}
    questions = StageQuestions(STAGES, calibrator, run)
    while questions.next:
        questions.prepare(questions.next)
    assert not run.calibration_file.exists()
