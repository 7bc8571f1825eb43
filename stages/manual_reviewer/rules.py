"""Rules that accept pairs without a person: expressions over figures, and samples.

An expression is compared by our own code on its syntax tree and never run.  Knows nothing of
decisions.  Invariant: a pair that some stage flagged for review is accepted by no rule.
"""

from __future__ import annotations

import ast
import hashlib
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stages.manual_reviewer.pair import FIGURES, TEXT_FIGURES, ReviewedPair

LONGEST = 300  # characters of a rule
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
    ast.LtE: operator.le,
    ast.Lt: operator.lt,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_EXAMPLE = "such as: grounded>=0.95 and verbatim>=0.8"

# Whether a pair fits; None where the pair lacks a figure that would decide it.
Test = Callable[[ReviewedPair], bool | None]


class RuleError(ValueError):
    """A rule that can't be understood; the message says where."""


@dataclass(frozen=True)
class AcceptRule:
    """Accepts the pairs for which `holds`; `words` say why, in a pair's record."""

    words: str
    holds: Test

    def accepts(self, pair_id: str, pair: ReviewedPair) -> bool:
        """Whether no person has to look at this pair."""
        return not pair.review_required and self.holds(pair) is True


@dataclass(frozen=True)
class SampleRule(AcceptRule):
    """Leaves a share of the pairs to a person, drawn by seed and pair id, and accepts the rest."""

    share: float = 1.0
    seed: int = 0

    def accepts(self, pair_id: str, pair: ReviewedPair) -> bool:
        drawn = hashlib.sha256(f"{self.seed}\0{pair_id}".encode()).digest()[:8]
        in_sample = int.from_bytes(drawn, "big") / 2**64 < self.share
        return not pair.review_required and not in_sample


def sample(text: str, seed: int) -> SampleRule:
    """A sample of a share such as "5%" or "0.05"; raises RuleError for anything else."""
    number, percent = text.strip().removesuffix("%"), text.strip().endswith("%")
    try:
        share = float(number) / (100 if percent else 1)
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        raise RuleError("must be a share such as 5% or 0.05")
    return SampleRule(
        f"not in the sample of {text.strip()}, seed {seed}", lambda _: True, share, seed
    )


def accept_rule(text: str) -> AcceptRule:
    """The rule of an expression; raises RuleError, which names what it does not understand."""
    if len(text) > LONGEST or not text.strip():
        raise RuleError(f"must be an expression of at most {LONGEST} characters, {_EXAMPLE}")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise RuleError(f"is not an expression {_EXAMPLE}") from None
    return AcceptRule(text.strip(), _test(tree.body))


def _test(node: ast.expr) -> Test:
    """What an expression asks of a pair."""
    if isinstance(node, ast.BoolOp):
        tests = [_test(value) for value in node.values]
        decisive = isinstance(node.op, ast.Or)
        return lambda pair: _joined([test(pair) for test in tests], decisive)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = _test(node.operand)
        return lambda pair: None if (held := inner(pair)) is None else not held
    if isinstance(node, ast.Compare):
        return _comparison(node)
    raise RuleError(f"{ast.unparse(node)!r} is not a comparison, {_EXAMPLE}")


def _joined(answers: list[bool | None], decisive: bool) -> bool | None:
    """`or` holds with one that holds, `and` fails with one that fails; else a lack stays one."""
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def _comparison(node: ast.Compare) -> Test:
    if len(node.ops) > 1:
        raise RuleError(f"{ast.unparse(node)!r}: compare two things at a time, joined by `and`")
    left, right, compare = node.left, node.comparators[0], _ORDER.get(type(node.ops[0]))
    if not isinstance(left, ast.Name) or left.id not in FIGURES:
        known = ", ".join(FIGURES)
        raise RuleError(f"no figure {ast.unparse(left)!r}; the figures are {known}")
    wanted = _constant(right)
    is_text = left.id in TEXT_FIGURES
    if compare is None or wanted is None or isinstance(wanted, str) != is_text:
        kind = "a text in quotes" if is_text else "a number"
        raise RuleError(f"{ast.unparse(node)!r}: compare {left.id} with {kind}")
    if is_text and not isinstance(node.ops[0], ast.Eq | ast.NotEq):
        raise RuleError(f"{ast.unparse(node)!r}: compare {left.id} by == or !=")
    return _Comparison(left.id, compare, wanted)


def _constant(node: ast.expr) -> float | str | None:
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    return value


@dataclass(frozen=True)
class _Comparison:
    """One comparison; None where the pair has no such figure."""

    name: str
    compare: Callable[[Any, Any], bool]
    wanted: float | str | None

    def __call__(self, pair: ReviewedPair) -> bool | None:
        figure = pair.figure(self.name)
        return None if figure is None else self.compare(figure, self.wanted)
