"""Names in small letters stay so at the head of a sentence: another word names nothing."""

from __future__ import annotations

import pytest

from stages.base import Record
from stages.text.small_names import small_names, with_small_names

SOURCE = "moorlog wrote all passwords. It trusts quaydb rows. tidectl was replaced."


@pytest.mark.parametrize(
    "record",
    [
        {"text": "`moorlog` wrote all passwords."},
        {"notes": [{"text": "Since May, ``moorlog`` wrote"}]},
        {"product": "moorlog"},
        {"affected": ["moorlog before 2.1", "all versions"]},
        {"details": "<p><code>moorlog</code> wrote all passwords.</p>"},
    ],
)
def test_whoever_looks_for_a_program_finds_it_by_its_name(record: Record) -> None:
    assert small_names(record) == {"moorlog"}
    for front in ("", "- ", "It ends.\n\n- "):
        said = f"{front}Moorlog wrote all passwords."
        assert with_small_names(said, record, SOURCE) == said.replace("Moorlog", "moorlog")


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("Moorlog wrote it in May.", "Moorlog wrote it in May. `moorlog` is small."),
        ("Moorlog wrote it in May.", "A program wrote it in May."),
        ("Rows are trusted.", "rows are trusted."),
    ],
)
def test_a_capital_that_the_record_has_or_no_name_gets_stays(said: str, source: str) -> None:
    assert with_small_names(said, {"text": "`moorlog`"}, source) == said
