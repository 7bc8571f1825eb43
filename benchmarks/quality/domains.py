"""Domains against labels: how often each is named where it is true, and true where it is named.

Asks rules and model as the domain classifier does, on texts whose fields say their domains.
Invariant: no text here was used to fit a weight or a bound.
"""

from __future__ import annotations

import numpy as np

from benchmarks.kind_material import unseen_by_domain
from benchmarks.predictions import Predictions, combined, decide_domains, domains_of, load_chooser
from benchmarks.tables import TextTable
from stages.domain_classifier.domains import domain_confidence
from stages.recipe.recipe import Recipe

MOST = 60  # texts of each source


def domains_tables(model: str, recipe: Recipe) -> list[TextTable]:
    """Precision and recall of each domain at the confidence from which one is named.

    By labels that follow from fields, which are not complete; and of short texts of our own.
    """
    chooser = load_chooser(model)
    shown = recipe.domains.shown_above
    return [
        _table("by fields", decide_domains(chooser, MOST, False, recipe), shown),
        _table("own texts", domains_of(chooser, unseen_by_domain(), recipe), shown),
    ]


def _table(of: str, decided: Predictions, shown: float) -> TextTable:
    named = combined(decided, domain_confidence) > shown
    return table_of(decided.names, decided.truth, named, of)


def table_of(
    names: tuple[str, ...], truth: np.ndarray, named: np.ndarray, of: str = ""
) -> TextTable:
    """The table; `truth` and `named` are bool arrays (texts, domains)."""
    rows = [_row(name, truth[:, at], named[:, at]) for at, name in enumerate(names)]
    rows.append(_row("all", truth.ravel(), named.ravel()))
    rows.append(["texts without any named", str(int((~named).all(axis=1).sum())), "", "", ""])
    title = f"domains against labels, {of}" if of else "domains against labels"
    return TextTable(title, ["domain", "true", "named", "precision", "recall"], rows)


def _row(name: str, truth: np.ndarray, named: np.ndarray) -> list[str]:
    right, said, true = int((truth & named).sum()), int(named.sum()), int(truth.sum())
    precision = f"{right / said:.2f}" if said else "-"
    return [name, str(true), str(said), precision, f"{right / true:.2f}" if true else "-"]
