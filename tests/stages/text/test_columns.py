"""Tables set with blanks: their rows ran into one line of words without headings."""

from __future__ import annotations

import pytest

from stages.text import columns
from stages.text.clean import clean_text

TABLE = """Line         Rope           What to do
Long Pier    All            Nothing has to be done.
Ferry 4      4.0 to 4.2     Take rope 4.3 of the maker.
Ferry 3                     Nothing has to be done."""


def test_rows_are_read_under_their_headings() -> None:
    assert clean_text(f"It is mended:\n\n{TABLE}\n\nAsk us.") == (
        "It is mended:\n\n"
        "- Long Pier, All: Nothing has to be done.\n"
        "- Ferry 4, 4.0 to 4.2: Take rope 4.3 of the maker.\n"
        "- Ferry 3: Nothing has to be done.\n\nAsk us."
    )


def test_rows_that_say_no_remedy_keep_their_headings() -> None:
    assert clean_text(TABLE.replace("What to do", "Seen by us")).startswith(
        "Line: Long Pier; Rope: All; Seen by us: Nothing has to be done.\nLine: Ferry 4; "
    )


def test_what_a_command_prints_stays() -> None:
    printed = "Proto   Local     State\ntcp     0.0:22    LISTEN\ntcp     0.0:80    LISTEN"
    crooked = TABLE.replace("Ferry 4      4.0", "Ferry 4   4.0").split("\n")[:3]
    assert clean_text(printed) == printed and clean_text("\n".join(crooked)) == "\n".join(crooked)


def test_rows_that_could_all_be_headings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of ferries in capitals took twenty seconds for each 100 KB."""
    read: list[str] = []
    cells = columns._cells

    def counted(line: str) -> dict[int, str]:
        read.append(line)
        return cells(line)

    monkeypatch.setattr(columns, "_cells", counted)
    lines = ["Pier   Rope   Tide"] * 300
    assert columns.columns_as_markdown("\n".join(lines)) == "\n".join(lines)
    assert len(read) <= 2 * len(lines)


def test_a_row_without_its_first_cell_stays_once_in_its_place() -> None:
    """It went, and the row behind it came twice."""
    odd = f"{TABLE}\n{' ' * 13}4.1{' ' * 12}It is mended as well.\nQuay 9       All            Ask."
    found = columns.columns_as_markdown(odd)
    assert found.count("It is mended as well.") == found.count("Quay 9") == 1
