"""The place in the pipeline where a person decides about each pair.

Only says so: no worker takes this stage's chunks, and the decisions come from the reviewer in
workers/review.  Invariant: nothing is ever decided here.
"""

from __future__ import annotations

from collections.abc import Callable

from stages.base import LanguageModel, Outcome, Record, RecordError, Removed, Stage
from stages.gates.duplicates import Duplicates


class ManualReviewer(Stage):
    """Asks a person: the run waits here until every pair of a chunk has been decided."""

    name = "5_manual_reviewer"
    description = "let a person accept, edit or reject each pair"
    takes_pairs = True

    @property
    def needs_model(self) -> bool:
        return False

    def screen(self) -> Callable[[Record], Removed | None]:
        return Duplicates(self.recipe.bounds).check

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        """Raises RecordError: a person has to decide."""
        raise RecordError("a person decides about pairs: python -m stages.manual_reviewer")
