"""Tables that are drawn: rows under their headings; what a database prints stays."""

from __future__ import annotations

from stages.text.clean import clean_text
from stages.text.text_tables import table_as_markdown

BORDER = "+---------+-------+"
TABLE = [BORDER, "| Product | Fixed |", "+=========+=======+", "| Foo     | 1.0   |",
         "| Server  |       |", BORDER, "| Bar     | 2.0   |", BORDER]  # fmt: skip


def test_rows_are_read_under_their_headings() -> None:
    shown = clean_text("\n".join(["It is fixed:", "", *TABLE]))
    assert shown == ("It is fixed:\n\nProduct: Foo Server; Fixed: 1.0.\nProduct: Bar; Fixed: 2.0.")


def test_what_has_no_headings_or_other_columns_stays() -> None:
    printed = [line for line in TABLE if "=" not in line]
    crooked = [*TABLE[:3], "| Foo | 1.0 |", BORDER]
    assert table_as_markdown(printed) == printed and table_as_markdown(crooked) == crooked
