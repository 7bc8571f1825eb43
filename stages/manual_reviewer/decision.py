"""What a reviewer can decide about a pair, and the outcome that follows from it.

Knows records and gates; does not know who asks or where outcomes go.  Invariant: an accepted
pair leaves as it came but for its `review` note, and an edited one says what it was before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from stages.base import Outcome, Record, Removed, Result
from stages.gates.bounds import Bounds
from stages.gates.duplicates import names_of
from stages.gates.gates import NEVER_WAIVED, Failure, Pair, Verdict, judge
from stages.gates.measures import SourceText
from stages.manual_reviewer.note import (
    ACCEPT,
    ACTIONS,
    EDIT,
    NOTE,
    REJECT,
    DecisionNote,
    FailedGate,
)
from stages.manual_reviewer.pair import ReviewedPair
from stages.recipe.recipe import shipped

REASONS = (
    "wrong",
    "does not answer the question",
    "not in the source",
    "unclear or garbled",
    "says too little",
    "repeats another pair",
    "not about security",
    "unsafe to train on",
)
LONGEST_TEXT = 20_000  # characters of an edited instruction or answer, and
LONGEST_REASON = 200  # of a reason in a reviewer's own words
# Gates that need no source: for pairs that carry none.
_WITHOUT_SOURCE = frozenset(
    "instruction finished template refusal injection new_words echo language".split()
)


@dataclass(frozen=True)
class Decision:
    """One decision about one pair.

    `rule`: the words of the rule that accepted it, where no person did; `keep_anyway`: an edited
    pair is kept although it fails a gate; `by`: who decided, if they gave a name.
    """

    action: str
    instruction: str | None = None
    response: str | None = None
    reason: str = ""
    keep_anyway: bool = False
    by: str = ""
    rule: str = ""

    @property
    def problem(self) -> str | None:
        """Why this is no decision."""
        if self.action not in ACTIONS:
            return f"decision {self.action!r}: must be one of {', '.join(ACTIONS)}"
        if self.action == REJECT and not self.reason.strip():
            return "a rejection needs a reason"
        if len(self.reason) > LONGEST_REASON:
            return f"the reason is longer than {LONGEST_REASON} characters"
        return self._edit_problem() if self.action == EDIT else None

    def _edit_problem(self) -> str | None:
        for name, text in (("instruction", self.instruction), ("response", self.response)):
            if text is not None and not text.strip():
                return f"the {name} must not be empty"
            if text is not None and len(text) > LONGEST_TEXT:
                return f"the {name} is longer than {LONGEST_TEXT} characters"
        if self.instruction is None and self.response is None:
            return "an edit needs an instruction or a response"
        return None


def outcome_of(decision: Decision, pair: ReviewedPair, bounds: Bounds | None = None) -> Outcome:
    """The outcome of a decision that has no problem."""
    note = DecisionNote(decision.action, by=decision.by, rule=decision.rule)
    if decision.action == REJECT:
        signed = {"by": decision.by} if decision.by else {}
        return Removed(f"rejected by a reviewer: {decision.reason.strip()}", **signed)
    if decision.action == ACCEPT:
        return Result({**pair.record, NOTE: note.to_json()})
    changed = edited(decision, pair)
    before = {name: pair.record[name] for name in changed if changed[name] != pair.record[name]}
    record = {**pair.record, **changed}
    verdict = recheck(decision, pair, bounds)
    if pair.source:
        quality = pair.record.get("quality")
        own = quality if isinstance(quality, dict) else {}
        record["quality"] = {**own, "written_by": "reviewer", **verdict.quality.to_json()}
    failed = tuple(FailedGate(one.gate, one.reason) for one in failures(verdict, pair))
    note = replace(note, before=before, failed_gates=failed)
    return Result({**record, NOTE: note.to_json()})


def edited(decision: Decision, pair: ReviewedPair) -> Record:
    """Instruction and response as an edit leaves them."""
    given = {"instruction": decision.instruction, "response": decision.response}
    kept = {"instruction": pair.instruction, "response": pair.response}
    return {name: kept[name] if text is None else text.strip() for name, text in given.items()}


def recheck(decision: Decision, pair: ReviewedPair, bounds: Bounds | None = None) -> Verdict:
    """What the gates say of an edited pair."""
    texts = edited(decision, pair)
    asked = texts["instruction"].lower()
    name = next((name for name in names_of(pair.record) if name.lower() in asked), "")
    known = SourceText(pair.source, f"{' '.join(names_of(pair.record))} {pair.known}")
    return judge(
        Pair(texts["instruction"], texts["response"], name), known, bounds or shipped().bounds
    )


def never_kept(failed: Iterable[Failure], pair: ReviewedPair) -> tuple[Failure, ...]:
    """Those of an edited pair's failures with which it can't be kept, whoever wants it: the dataset
    would leave it out."""
    return tuple(one for one in failed if not pair.source or one.gate in NEVER_WAIVED)


def failures(verdict: Verdict, pair: ReviewedPair) -> tuple[Failure, ...]:
    """The gates that an edited pair fails, of those that can be asked about it."""
    asked = (one for one in verdict.failures if pair.source or one.gate in _WITHOUT_SOURCE)
    return tuple(asked)
