"""The note that a decision leaves in its outcome, under `review` of a record.

Knows its fields; does not know how decisions are made.  Invariant: a note that was parsed is
written the same again, and nothing that is not there is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stages.base import Outcome, Removed, Result

ACCEPT, EDIT, REJECT = ACTIONS = ("accept", "edit", "reject")
NOTE = "review"


@dataclass(frozen=True)
class FailedGate:
    """A gate that an edited pair does not pass, and why."""

    gate: str
    reason: str


@dataclass(frozen=True)
class DecisionNote:
    """What was decided about a pair.

    reason: of a rejection; by: who decided, if they gave a name; rule: the words of the rule that
    accepted it, where no person did; before: the texts that an edit replaced, None without an
    edit; failed_gates: of an edited pair that was kept anyway.
    """

    decision: str
    reason: str = ""
    by: str = ""
    rule: str = ""
    before: Mapping[str, str] | None = None
    failed_gates: tuple[FailedGate, ...] = ()

    @classmethod
    def of(cls, outcome: Outcome | None) -> DecisionNote | None:
        """The note of an outcome; None where nobody decided."""
        if isinstance(outcome, Removed):
            reason = outcome.reason.partition(": ")[2] or outcome.reason  # or that of a gate
            return cls.parse({"decision": REJECT, "reason": reason, **outcome.details})
        note = outcome.records[0].get(NOTE) if isinstance(outcome, Result) else None
        return cls.parse(note) if isinstance(note, dict) else None

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> DecisionNote:
        """The inverse of `to_json`; a field of another type counts as missing."""
        before, gates = values.get("before"), values.get("failed_gates")
        return cls(
            decision=_text(values, "decision") or ACCEPT,
            reason=_text(values, "reason"),
            by=_text(values, "by"),
            rule=_text(values, "rule"),
            before=before if isinstance(before, dict) else None,
            failed_gates=tuple(
                FailedGate(_text(one, "gate"), _text(one, "reason"))
                for one in (gates if isinstance(gates, list) else ())
                if isinstance(one, dict)
            ),
        )

    def to_json(self) -> dict[str, Any]:
        """As the record has it."""
        gates = [{"gate": one.gate, "reason": one.reason} for one in self.failed_gates]
        texts = {"reason": self.reason, "by": self.by, "rule": self.rule}
        return {
            "decision": self.decision,
            **{name: text for name, text in texts.items() if text},
            **({"before": dict(self.before)} if self.before is not None else {}),
            **({"failed_gates": gates} if gates else {}),
        }


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""
