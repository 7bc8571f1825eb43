"""How well relevance and domains are decided: by rules, by the model, and by both together.

`python -m benchmarks.decisions` prints a table and writes JSON; `--fit` prints the weights that
the stages hold as constants.  Knows where truth comes from only through `decision_material`.
Invariant: what is reported is measured on texts that nothing was fitted on.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import orjson

from benchmarks.decision_kinds import kept_by_kind, show_kinds
from benchmarks.example_scores import examples_of, held_out_chances, held_out_odds
from benchmarks.predictions import (
    RELEVANCE,
    Chances,
    Predictions,
    by_words,
    combined,
    decide_domains,
    decide_relevance,
    load_chooser,
)
from benchmarks.scores import ClassifierMetrics, fit_logistic, score
from stages.data_filter import relevance
from stages.domain_classifier import domains
from stages.recipe.recipe import shipped
from stages.text.keywords import logit
from workers.settings.config import DEFAULT_MODEL

if TYPE_CHECKING:
    from workers.generation.decisions.choosing import Chooser

MOST = 60  # texts of each source; --most changes it


@dataclass(frozen=True)
class ScoreRow:
    """One line of the table."""

    decision: str
    way: str
    score: ClassifierMetrics


def relevance_lines(decided: Predictions) -> list[ScoreRow]:
    """The table's lines for relevance."""
    truth = decided.truth[:, 0]
    together = combined(decided, RELEVANCE.combined)[:, 0]
    words = by_words(decided)[:, 0]
    sure = RELEVANCE.bounds.sure_by_words
    return [
        ScoreRow("relevance", "rules", score(decided.rules[:, 0], truth, 0.5, chances=False)),
        ScoreRow("relevance", "words", score(words, truth, sure, chances=True)),
        ScoreRow("relevance", "model", score(decided.model[:, 0], truth, 0.5, chances=True)),
        ScoreRow(
            "relevance", "combined", score(together, truth, RELEVANCE.bounds.sure, chances=True)
        ),
    ]


def domain_lines(decided: Predictions) -> list[ScoreRow]:
    """The table's lines for domains: every figure is the mean over the domains."""
    together = combined(decided, domains.domain_confidence)
    shown = shipped().domains.shown_above
    ways = (("rules", decided.rules), ("model", decided.model), ("combined", together))
    return [
        ScoreRow("domains", way, _mean(values, decided.truth, shown, way != "rules"))
        for way, values in ways
    ]


def _mean(values: Chances, truth: np.ndarray, threshold: float, chances: bool) -> ClassifierMetrics:
    columns = range(truth.shape[1])
    each = [score(values[:, k], truth[:, k], threshold, chances) for k in columns]
    if not chances:
        return ClassifierMetrics(_average(s.auc for s in each), _average(s.accuracy for s in each))
    return ClassifierMetrics(
        _average(s.auc for s in each),
        _average(s.accuracy for s in each),
        _average(s.brier or 0.0 for s in each),
        _average(s.log_loss or 0.0 for s in each),
    )


def _average(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


def by_domain(decided: Predictions) -> dict[str, dict[str, float]]:
    """Area under the curve of each domain, and how many texts have it."""
    together = combined(decided, domains.domain_confidence)
    ways = {"rules": decided.rules, "model": decided.model, "combined": together}
    return {
        name: {
            "texts": int(decided.truth[:, k].sum()),
            **{
                way: score(values[:, k], decided.truth[:, k], 0.5, chances=False).auc
                for way, values in ways.items()
            },
        }
        for k, name in enumerate(decided.names)
    }


def by_source(decided: Predictions) -> dict[str, dict[str, float]]:
    """For each source of the relevance material: how many texts, and how many are decided right."""
    together = combined(decided, RELEVANCE.combined)[:, 0]
    right = (together >= RELEVANCE.bounds.sure) == decided.truth[:, 0]
    found: dict[str, list[bool]] = defaultdict(list)
    for text, is_right in zip(decided.texts, right, strict=True):
        found[text.source].append(bool(is_right))
    return {name: {"texts": len(values), "right": sum(values)} for name, values in found.items()}


def fitted(decided: Predictions, margin: float | None) -> np.ndarray:
    """Bias and weights of rules, words' odds and the model's log odds, over all labels together.

    margin: of the model's probabilities; None for weights without a model.
    """
    words = () if decided.odds is None else (decided.odds.ravel(),)
    model = () if margin is None else ([logit(one, margin) for one in decided.model.ravel()],)
    features = np.column_stack([decided.rules.ravel(), *words, *model])
    # How many texts are off topic is ours to choose, how many domains a text has is not.
    return fit_logistic(features, decided.truth.ravel(), even_odds=len(decided.names) == 1)


def relevance_to_fit(chooser: Chooser, most: int) -> Predictions:
    """The fitting half of the relevance material, and the question's own examples, held out."""
    found = decide_relevance(chooser, most, True)
    assert found.odds is not None
    examples = examples_of(RELEVANCE.question)
    rules = np.array([[RELEVANCE.rule_score(text.text)] for text in examples])
    truth = np.array([["other" not in text.labels] for text in examples])
    chances = held_out_chances(chooser, RELEVANCE.question)[:, :1]
    return Predictions(
        [*found.texts, *examples],
        found.names,
        np.concatenate([found.truth, truth]),
        np.concatenate([found.rules, rules]),
        np.concatenate([found.model, chances]),
        found.per_second,
        np.concatenate([found.odds, held_out_odds(RELEVANCE.question)]),
    )


def show_fit(chooser: Chooser, most: int) -> None:
    """Print the weights of relevance.yaml, and the constants that `stages.domains` holds."""
    about = relevance_to_fit(chooser, most)
    recipe = "stages/recipe/default/relevance.yaml"
    for module, decided, margin in (
        (recipe, about, relevance.PROBABILITY_MARGIN),
        (f"{recipe}, by_words", about, None),
        (
            "stages/domain_classifier/domains.py",
            decide_domains(chooser, most, True),
            domains.PROBABILITY_MARGIN,
        ),
    ):
        odds = ("odds",) if decided.odds is not None else ()
        names = ("bias", "rules", *odds, *(("model",) if margin is not None else ()))
        found = zip(names, fitted(decided, margin), strict=True)
        print(f"{module}: {', '.join(f'{name} {weight:.2f}' for name, weight in found)}")


def show(lines: Sequence[ScoreRow]) -> None:
    """Print the table."""
    print(f"{'decision':11}{'way':10}{'AUC':>7}{'accuracy':>10}{'Brier':>8}{'log loss':>10}")
    for line in lines:
        found = line.score
        rest = "" if found.brier is None else f"{found.brier:8.3f}{found.log_loss:10.3f}"
        print(f"{line.decision:11}{line.way:10}{found.auc:7.3f}{found.accuracy:10.3f}{rest}")


def report(chooser: Chooser, model: str, most: int, output: Path) -> None:
    """Measure, print, write."""
    about = decide_relevance(chooser, most, False)
    fields = decide_domains(chooser, most, False)
    lines = [*relevance_lines(about), *domain_lines(fields)]
    show(lines)
    print(f"\n{len(about.texts)} and {len(fields.texts)} texts, none used for fitting; {model};")
    print(f"{about.per_second:.1f} and {fields.per_second:.1f} decisions a second in one process")
    kinds = kept_by_kind(chooser, most)
    questions = (RELEVANCE.question, shipped().domain_question)
    show_kinds(kinds)
    found = {
        "model": model,
        "kept_by_kind": [asdict(line) for line in kinds],
        "lines": [asdict(line) for line in lines],
        "relevance_by_source": by_source(about),
        "auc_by_domain": by_domain(fields),
        "calibration": [asdict(chooser.summary(q)) for q in questions],
        "per_second": {"relevance": about.per_second, "domains": fields.per_second},
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    print(f"figures by source and domain: {output}")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decisions", description=__doc__)
    parser.add_argument("--model", default=DEFAULT_MODEL, metavar="ID|PATH")
    parser.add_argument("--most", type=int, default=MOST, metavar="N", help="texts of each source")
    parser.add_argument("--fit", action="store_true", help="print the stages' weights instead")
    parser.add_argument("-o", "--output", type=Path, default=Path("build/decisions.json"))
    options = parser.parse_args(arguments)
    if options.most < 1:
        parser.error(f"--most {options.most}: must be 1 or more")
    chooser = load_chooser(options.model)
    if options.fit:
        show_fit(chooser, options.most)
    else:
        report(chooser, options.model, options.most, options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
