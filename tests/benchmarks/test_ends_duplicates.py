"""The benchmark of duplicates and assembly does what it says, at a small size."""

from __future__ import annotations

from pathlib import Path

from benchmarks.ends_duplicates import pair, record, tables
from stages.gating import gate


def test_every_tenth_record_repeats_an_earlier_one() -> None:
    texts = [record(number)["text"] for number in range(40)]
    repeats = [(at, texts.index(text)) for at, text in enumerate(texts) if texts.index(text) != at]
    assert repeats == [(9, 0), (29, 20)]  # the others have a word changed
    assert texts[19].replace("intruder", "attacker") == texts[10]
    assert record(7) == record(7)


def test_its_pairs_pass_the_gates() -> None:
    pairs = [pair(number) for number in range(30)]
    assert [gate(one) for one in pairs] == [None] * 30


def test_a_table_for_each_of_both(tmp_path: Path) -> None:
    look, assembly = tables([100, 200], tmp_path)
    assert [row[:2] for row in look.rows] == [["100", "5"], ["200", "10"]]
    assert [row[0] for row in assembly.rows] == ["100", "200"]
    assert all(5 <= int(row[1]) <= 20 for row in assembly.rows)
    assert list(tmp_path.iterdir()) == []
