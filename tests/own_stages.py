"""Stages of a user's own, for tests."""

from __future__ import annotations

from stages.base import Label, LanguageModel, Outcome, Prompt, Question, Record, Result, Stage

OTHER = Question(
    "relevance",
    Prompt("Sort.", "Is this long? {text}"),
    (Label("long", "long", ("a b c", "d e f")), Label("short", "short", ("a", "b"))),
)


class Asking(Stage):
    """Asks under the name of another stage's question."""

    description = "ask something else"

    def questions(self) -> tuple[Question, ...]:
        return (OTHER,)

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        return Result(record)
