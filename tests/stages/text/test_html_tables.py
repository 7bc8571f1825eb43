"""Tables of a page: cells under their headings; what only lays out a page stays as it is."""

from __future__ import annotations

import pytest

from stages.sources.shapes.html import read_page
from stages.text.html_text import html_text

HEAD = "<tr><th>Product</th><th>Fixed in:</th></tr>"


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (f"{HEAD}<tr><td>Foo <b>1.x</b></td><td>1.5</td></tr><tr><th>Bar</th><td></td></tr>",
         "Product: Foo 1.x; Fixed in: 1.5.\nProduct: Bar."),
        ("<thead><tr><td>A</td><td>B</td></tr></thead><tr><td><p>One.</p></td><td>Two.</td></tr>",
         "A: One.; B: Two."),
        (f"{HEAD}<tr><td><code>a  b</code></td><td>1</td></tr>",
         "Product: a  b; Fixed in: 1."),
    ],
)  # fmt: skip
def test_cells_stand_under_their_headings(rows: str, text: str) -> None:
    assert html_text(f"<table>{rows}</table>") == text
    assert read_page(f"<html><body><table>{rows}</table></body></html>", "x").text == text.replace(
        "a  b", "a b"
    )


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td>One</td><td>Two</td></tr><tr><td>Three</td><td>Four</td></tr>",
        "<tr><th>One</th><td>Two</td></tr><tr><th>Three</th><td>Four</td></tr>",
        "<tr><th>One</th><th>Two</th></tr><tr><td colspan='2'>Three Four</td></tr>",
        "<tr><th>One</th><th>Two</th></tr><tr><td rowspan=2>Three</td><td>Four</td></tr>",
    ],
)
def test_rows_without_headings_of_their_own_stay(rows: str) -> None:
    assert html_text(f"<table>{rows}</table>") == "One Two\nThree Four"


def test_tables_in_tables_cost_no_more_than_others() -> None:
    text = read_page("<html><body>" + "<table><tr><td>" * 3_000 + "A worm.", "x").text
    assert text == "A worm."
