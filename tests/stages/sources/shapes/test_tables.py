"""CSV and TSV: dialects, damage, types."""

from __future__ import annotations

import pytest

from stages.sources.document import Head
from stages.sources.shapes.tables import Dialect, dialect_of
from tests.source_help import problems, read, record, records, refusal, texts

ROWS = "id,title,description\n1,First,A phishing mail.\n2,Second,A loader.\n3,Third,A worm.\n"


@pytest.mark.parametrize(
    "data",
    [
        ROWS,
        ROWS.replace("\n", "\r\n"),
        ROWS.replace("\n", "\r"),
        ROWS.replace(",", ";"),
        ROWS.replace(",", "|"),
        ROWS.replace(",", "\t"),
        "sep=;\n" + ROWS.replace(",", ";"),
        "# made today\n" + ROWS,
        "\ufeff" + ROWS,
        ROWS.replace("A loader.", '"A loader."'),
        ROWS.rstrip("\n"),
    ],
)
def test_dialects(data: str) -> None:
    found = records(data)
    assert [one["text"] for one in found] == ["A phishing mail.", "A loader.", "A worm."]
    assert found[1]["original"] == {"id": "2", "title": "Second", "description": "A loader."}
    assert (found[1]["id"], found[1]["title"]) == ("2", "Second")


def test_quotes_hold_delimiters_lines_and_quotes() -> None:
    data = 'id,title,description\n1,"A, b","Line one.\nLine ""two""."\n2,x,Last.\n'
    first, second = read(data)
    assert first.record and first.record["text"] == 'Line one.\nLine "two".'
    assert (first.place, second.place) == ("line 2", "line 4")


def test_a_column_without_a_name_and_one_named_twice() -> None:
    found = record(",id,description,description\n0,A-1,A phishing mail.,It is again.\n")
    assert (found["id"], found["text"]) == ("A-1", "A phishing mail.")
    original = {"id": "A-1", "description": "A phishing mail.", "description 2": "It is again."}
    assert found["original"] == original
    assert dialect_of(Head("x", b"Well, Well\nSo, it goes\nAnd, so on\n", True)) is None


def test_texts_alone_need_no_quotes() -> None:
    found = records('description\nA worm, and a loader.\n"Two\nlines."\n', name="x.csv")
    assert [one["text"] for one in found] == ["A worm, and a loader.", "Two\nlines."]


def test_a_table_without_names_is_refused() -> None:
    told = refusal("1,alpha,A phishing mail.\n2,beta,A worm.\n", name="x.csv")
    assert told == (
        "a table whose first line names no columns (1, alpha, A phishing mail.); add such a line"
    )
    assert texts("2030,description\n7,A worm.\n", name="x.csv") == ["A worm."]


def test_a_column_named_text_makes_a_row_a_record_as_it_is() -> None:
    assert record("id,text\n7,A worm spreads.\n") == {"id": "7", "text": "A worm spreads."}


def test_a_known_feed_as_a_table() -> None:
    head = "cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction"
    found = record(
        f"{head}\nCVE-2031-10001,Acme,Viewer,Overflow,2031-01-01,It overflows.,Patch it.\n"
    )
    assert (found["source"], found["id"], found["text"]) == (
        "CISA KEV",
        "CVE-2031-10001",
        "It overflows.",
    )


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("2,Second", "line 3: 2 fields where the header has 3"),
        ("2", "line 3: 1 field where the header has 3"),
        ("2,Second,A loader.,more", "line 3: 4 fields where the header has 3"),
        ('2,"Second,A loader.', "line 3: "),
        ('2,"Sec"ond,A loader.', "line 3: not a row of the table"),
    ],
)
def test_a_broken_row_costs_its_line(row: str, problem: str) -> None:
    data = ROWS.replace("2,Second,A loader.", row)
    told = problems(data)
    assert len(told) == 1 and told[0].startswith(problem)
    assert [one.record["id"] for one in read(data) if one.record] == ["1", "3"]


def test_a_field_may_be_long_and_a_line_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "word " * 60_000
    assert record(f"id,description\n1,{long}\n")["text"] == long.strip()
    monkeypatch.setattr("stages.sources.shapes.tables.MAX_RECORD_BYTES", 1000)
    data = f"id,description\n1,{long}\n2,short\n"
    assert [one.record["id"] for one in read(data) if one.record] == ["2"]
    assert "line 2: longer than" in problems(data)[0]


def test_rows_without_a_text_are_told() -> None:
    assert problems("id,count\n1,2\n2,3\n", name="x.csv") == [
        "line 2: no text in it: its fields are id, count",
        "line 3: no text in it: its fields are id, count",
    ]


def test_bytes_that_are_no_text() -> None:
    data = "id,title,description\n1,é,One.\n".encode() + b"2,\xff\xfe,Two.\n3,x,Three.\n"
    assert problems(data) == ["line 3: not valid UTF-8"]
    assert [one.record["id"] for one in read(data) if one.record] == ["1", "3"]


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        (ROWS, Dialect(",", ("id", "title", "description"))),
        ("sep=;\na;b\n1;2\n", Dialect(";", ("a", "b"))),
        ("# made today\n\na\tb\n1\t2\n", Dialect("\t", ("a", "b"))),
        ("a,b,a\n1,2,3\n", None),
        ("one column\n1\n", None),
        ("a,b\n1\n2\n3\n", None),
        ("", None),
    ],
)
def test_the_dialect_is_told_by_the_first_rows(text: str, dialect: Dialect | None) -> None:
    assert dialect_of(Head("x", text.encode(), complete=True)) == dialect
