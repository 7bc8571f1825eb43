"""The place in the pipeline where a person decides about each pair.

Only says so: no worker takes this stage's chunks, and the decisions come from the reviewer in
workers/review.  Invariant: nothing is ever decided here, but that a pair from outside which passes
no gate goes, as in every stage that takes pairs.
"""

from __future__ import annotations

from collections.abc import Callable

from stages.base import LanguageModel, Outcome, Record, RecordError, Removed, Stage
from stages.gates.duplicates import Duplicates
from stages.gating import gate, measured
from stages.manual_reviewer.pair import ReviewedPair


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

    def shown(self, record: Record, repeats: bool = False) -> ReviewedPair:
        """The pair in front of a person; what one from outside says was measured of it counts for
        nothing, here as elsewhere."""
        outside = self.from_outside and not self.made_in_run
        return ReviewedPair(record, repeats, measured(record, self.recipe) if outside else None)

    def refused(self, record: Record) -> Removed | None:
        """Why a pair goes that no stage of ours has judged in this run; None: it may stay."""
        judged_by = self.recipe if self.made_in_run else None
        return gate(record, judged_by, here=self.recipe) if self.from_outside else None

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        """Raises RecordError: a person has to decide."""
        raise RecordError("a person decides about pairs: python -m stages.manual_reviewer")
