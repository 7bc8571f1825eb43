"""YAML: documents, lists, damage, aliases, and code that is not run."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.found import UnreadablePiece
from stages.sources.shapes.yaml_documents import parse_yaml
from tests.source_help import problems, read, record, records, texts

YAML = """# notes
---
title: First
details: A worm of yaml.
date: 2031-01-01
lang: no
---
title: Second
details: |
  A loader.
  Two lines.
...
"""


def test_yaml_documents_keep_their_words() -> None:
    first, second = records(YAML, name="x.yaml")
    assert (first["title"], first["text"]) == ("First", "A worm of yaml.")
    assert first["original"] == {
        "title": "First",
        "details": "A worm of yaml.",
        "date": "2031-01-01",
        "lang": "no",
    }
    assert second["text"] == "A loader.\nTwo lines."


def test_a_broken_yaml_document_costs_itself() -> None:
    broken = YAML.replace("details: A worm of yaml.", "details: [A worm")
    assert [one.record["title"] for one in read(broken, name="x.yml") if one.record] == ["Second"]
    (told,) = problems(broken, name="x.yml")
    assert told.startswith("line 2: not valid YAML")


def test_yaml_lists_and_nested_lists() -> None:
    data = (
        "- id: 1\n  details: A worm.\n- id: 2\n  details: [broken\n- id: 3\n  details: A loader.\n"
    )
    found = read(data, name="x.yaml")
    assert [one.record["text"] for one in found if one.record] == ["A worm.", "A loader."]
    assert [one.place for one in found if one.problem] == ["line 3"]
    nested = "vulnerabilities:\n  - details: A worm.\n  - details: A loader.\n"
    assert texts(nested, name="x.yaml") == ["A worm.", "A loader."]
    assert texts("a:\n  b:\n    - details: A worm.\n", name="x.yaml", records_at="a.b") == [
        "A worm."
    ]


def test_aliases_do_not_multiply() -> None:
    lines = ["details: A worm.", "a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    assert "more than" in problems("\n".join(lines), name="x.yaml")[0]
    assert "nested" in problems("details: A worm.\na: " + "[" * 300 + "]" * 300, name="x.yaml")[0]


def test_code_in_yaml_is_not_run() -> None:
    data = "details: A worm.\nx: !!python/object/apply:os.system [exit]\n"
    assert "not valid YAML" in problems(data, name="x.yaml")[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 2031-01-01", {"a": "2031-01-01"}),
        ("a: yes", {"a": "yes"}),
        ("a: true", {"a": True}),
        ("a: .inf", {"a": ".inf"}),
        ("a: 123456789012345678901", {"a": "123456789012345678901"}),
        ("1: x", {"1": "x"}),
        ("", None),
    ],
)
def test_values_are_those_that_json_has(text: str, value: Any) -> None:
    assert parse_yaml(text.encode()) == value


@pytest.mark.parametrize("data", [b"a: [", b"\xff", b"a: !x 1", b"a: \x00", b"a: b: c", b"\t- a"])
def test_what_is_no_yaml_is_a_problem(data: bytes) -> None:
    with pytest.raises(UnreadablePiece, match="not valid"):
        parse_yaml(data)


def test_numbers_stay_as_they_are_written() -> None:
    texts = ["2301.00010", "1.10", "0x80070005", "10:30", "0022", "1_000", "1e3", "+1", ".5", "-0"]
    assert parse_yaml("\n".join(f"- {one}" for one in texts).encode()) == texts
    numbers = {"a": 7, "b": -12, "c": 9.8, "d": 0, "e": 10.0, "f": -0.5}
    written = "\n".join(f"{name}: {value}" for name, value in numbers.items())
    assert parse_yaml(written.encode()) == numbers


def test_a_directive_is_no_document() -> None:
    assert record("%YAML 1.1\n---\ntitle: Worm\ntext: A worm.\n")["text"] == "A worm."
