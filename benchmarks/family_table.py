"""The table of families, in Markdown: one line a shape.

Knows what was found, not how.  Invariant: a wrong answer is never shown as a tie.
"""

from __future__ import annotations

from benchmarks.family_check import Checked

HEADER = (
    "| architecture | layers keep | engine | equal answers | bytes: estimate / true | why |\n"
    "| --- | --- | --- | ---: | ---: | --- |"
)


def line(one: Checked) -> str:
    """A shape's line."""
    cells = (one.name, one.layers, one.engine, _answers(one), _bytes(one), one.reason)
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _answers(one: Checked) -> str:
    if not one.compared:
        return "not compared"
    ties = f", {one.ties} near ties" if one.ties else ""
    wrong = f", {one.wrong} WRONG" if one.wrong else ""
    return f"{one.equal} of {one.compared}{ties}{wrong}"


def _bytes(one: Checked) -> str:
    return f"{one.estimate / one.true:.2f}" if one.true else "-"
