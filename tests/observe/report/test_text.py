"""Tables on a terminal of 80 columns."""

from __future__ import annotations

from workers.observe.report.comparison import comparison
from workers.observe.report.figures import RunFigures
from workers.observe.report.tables import Table, tables_of
from workers.observe.report.text import table_text


def test_every_table_of_a_run_fits(figures: RunFigures) -> None:
    text = "\n".join(table_text(table) for table in tables_of(figures))
    assert max(map(len, text.splitlines())) <= 79
    for part in ("suffix", "40%", "killed by signal 9", "batch size now 8", "no room left"):
        assert part in text
    assert "exit 0" not in text and text.replace("\n", "").isprintable()
    both = table_text(comparison([figures, figures, figures]))
    assert "(1.00)" in both and max(map(len, both.splitlines())) <= 79


def test_numbers_are_flush_right_and_words_wrap() -> None:
    table = Table("Title", ("stage", "n", "reason"), [["a", "5", "why " * 30], ["bc", "12", "-"]])
    lines = table_text(table).splitlines()
    assert lines[:3] == ["Title", "  stage   n  reason", f"  a       5  {('why ' * 16).strip()}"]
    assert lines[3].startswith(" " * 13 + "why") and lines[-1] == "  bc     12  -"
    assert max(map(len, lines)) <= 79


def test_a_long_name_is_parted_behind_an_underscore() -> None:
    rows = [["technique_explanation", *["1" * 12] * 5]]
    shown = table_text(Table("T", ("type", *"abcde"), rows)).splitlines()
    assert [line.split()[0] for line in shown[2:]] == ["technique_", "explanation"]


def test_a_note_is_in_brackets_below() -> None:
    table = Table("Title", ("a",), [["1"]], note="what it means " * 8)
    assert table_text(table).splitlines()[-2].startswith("  (what it means")
    assert table_text(table).endswith("means )") or table_text(table).endswith("means)")
