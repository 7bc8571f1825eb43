"""Markdown and plain text: a file as one record, or each section as one."""

from __future__ import annotations

from tests.source_help import record, records

MARKDOWN = """---
title: Print Bear
date: 2031-01-01
tags: [worm]
license: CC-BY-4.0
url: https://blog.example/1
---
Intro of the report.

# Delivery

A mail brings a job.

```sh
# not a heading
printat evil.exe
```

## Signs

The spooler talks to print[.]evil[.]example.

Response
--------

Block the domain.
"""


def test_markdown_as_one_record() -> None:
    found = record(MARKDOWN, name="notes/bear.md")
    assert found["text"] == MARKDOWN.partition("---\n")[2].partition("---\n")[2].strip()
    assert (found["title"], found["source"], found["licence"]) == (
        "Print Bear",
        "bear.md",
        "CC-BY-4.0",
    )
    assert (found["link"], found["published"]) == ("https://blog.example/1", "2031-01-01")
    assert found["original"]["file"] == "notes/bear.md"
    assert found["original"]["front_matter"]["tags"] == ["worm"]


def test_hugos_front_matter() -> None:
    front = '+++\ntitle = "Print Bear"\ndate = 2031-01-01T10:00:00Z\n[params]\nlevel = 3\n+++\n'
    found = record(front + "A mail brings a job.\n", name="bear.txt")
    assert (found["title"], found["text"]) == ("Print Bear", "A mail brings a job.")
    assert found["published"] == "2031-01-01 10:00:00+00:00"
    assert found["original"]["front_matter"]["params"] == {"level": 3}
    broken = record("+++\ntitle = \n+++\nA mail brings a job.", name="bear.md")
    assert broken["text"].startswith("+++") and broken["title"] == ""


def test_a_notice_is_no_title() -> None:
    """Pairs asked about "Distribution list: soc@bear.example"."""
    text = "Distribution list: soc@bear.example\n\nPrint Bear\n\nA mail brings a job.\n"
    assert record(text, name="bear.txt")["title"] == "Print Bear"


def test_a_line_under_a_list_makes_no_heading_of_its_last_item() -> None:
    found = record("- a mail\n- a job\n---\n\nA worm of print jobs.\n", name="bear.md")
    assert found["title"] == "" and found["text"].startswith("- a mail")


def test_markdown_by_section_loses_nothing() -> None:
    found = records(MARKDOWN, name="bear.md", format="markdown-sections")
    assert [one["title"] for one in found] == [
        "Print Bear",
        "Delivery",
        "Delivery: Signs",
        "Delivery: Response",
    ]
    assert "# not a heading" in found[1]["text"] and found[3]["text"] == "Block the domain."
    assert found[2]["original"]["section"] == ["Delivery", "Signs"]
    assert found[2]["original"]["line"] == 19


def test_markdown_without_a_name_and_a_front_matter_that_is_none() -> None:
    text = "# Bear\n\nSee [this](https://a.example).\n\n- one\n- two\n"
    assert record(text)["title"] == "Bear"
    odd = "---\n[broken\n---\nA worm.\n"
    assert record(odd, name="x.md")["text"] == odd.strip()


def test_plain_text() -> None:
    found = record("A short title\n\nA worm spreads by print jobs.\n", name="a.txt")
    assert (found["title"], found["source"]) == ("A short title", "a.txt")
    assert found["text"] == "A short title\n\nA worm spreads by print jobs."
    assert record("Червь распространяется.", name="b.txt")["text"] == "Червь распространяется."
