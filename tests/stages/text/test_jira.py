"""Tickets of Jira: headings, code, quotes and links as in other texts."""

from __future__ import annotations

import pytest

from stages.text.clean import clean_text
from stages.text.jira import is_jira


def test_a_ticket_is_read_without_its_marks() -> None:
    ticket = (
        "h2. Summary\n*Foo* is {{vulnerable}} to [XSS|http://x.example/z], says [~ida].\n"
        "{code:java}\nif (*p == {x}) h1. y\n{code}\n{quote}\n"
        "It is {color:red}bad{color}.\n{quote}\n"
        "# Open it.\n** Click.\n!shot.png|thumbnail!\n||Product||Fixed||\n|Foo|1.2|"
    )
    assert clean_text(ticket) == (
        "Summary:\nFoo is vulnerable to XSS, says ida.\nif (*p == {x}) h1. y\nIt is bad.\n"
        "- Open it.\n  - Click.\n\nProduct: Foo; Fixed: 1.2."
    )


def test_code_within_a_line_is_read_without_its_marks() -> None:
    """ "{noformat}" stood in answers, and nobody types that."""
    said = clean_text("Stop it by {noformat}net stop *bell*{noformat} at once.")
    assert said == "Stop it by net stop *bell* at once."


@pytest.mark.parametrize(
    "text", ["GET /api/{code}/x and /api/{code}/y", "h2 is a heading.", "{panel} is a field."]
)
def test_what_is_none(text: str) -> None:
    assert not is_jira(text) and clean_text(text) == text
