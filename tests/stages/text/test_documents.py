"""A ticket's text that an editor keeps as a tree reaches the reader as the text that was typed."""

from __future__ import annotations

from typing import Any

from stages.text.documents import document_text, is_document
from stages.text.record_text import read_record


def text(said: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": said, **more}


def block(kind: str, *content: Any, **attributes: Any) -> dict[str, Any]:
    return {"type": kind, "attrs": attributes, "content": list(content)}


def item(said: str, *below: Any) -> dict[str, Any]:
    return block("listItem", block("paragraph", text(said)), *below)


DOCUMENT = {
    "type": "doc",
    "version": 1,
    "content": [
        block("heading", text("Ropes"), level=2),
        block(
            "paragraph",
            text("A thief took "),
            text("four ropes", marks=[{"type": "strong"}]),
            text("."),
            block("hardBreak"),
            block("mention", text="@Ida"),
            text(" saw him."),
        ),
        block(
            "panel",
            block("bulletList", item("One was found.", block("orderedList", item("Wet.")))),
        ),
        block("codeBlock", text("ropes --count\n  4")),
        block(
            "table",
            block("tableRow", block("tableHeader", block("paragraph", text("Pier")))),
            block("tableRow", block("tableCell", block("paragraph", text("7")))),
        ),
        block("taskList", block("taskItem", text("Buy ropes."))),
    ],
}
MARKDOWN = (
    "## Ropes\n\nA thief took four ropes.\n@Ida saw him.\n\n- One was found.\n  1. Wet.\n\n"
    "```\nropes --count\n  4\n```\n\n| Pier |\n|---|\n| 7 |\n\n- Buy ropes."
)


def test_blocks_become_markdown() -> None:
    """Each run of bold text was once a paragraph, and a list had lost its marks."""
    assert is_document(DOCUMENT) and document_text(DOCUMENT) == MARKDOWN


def test_a_record_reads_a_document_wherever_text_may_stand() -> None:
    for record in (
        {"description": DOCUMENT},
        {"fields": {"summary": "Ropes gone", "description": DOCUMENT}},
        {"comments": [{"self": "https://ropes.example/1", "body": DOCUMENT}]},
    ):
        (body,) = read_record(record).bodies
        assert body.startswith("Ropes:\n\nA thief took four ropes.\n@Ida saw him.")


def test_nothing_odd_stops_it() -> None:
    deep: dict[str, Any] = block("paragraph", text("down"))
    for _ in range(900):
        deep = block("panel", deep)
    odd = [deep, None, 3, "x", {"type": 3}, block("paragraph", {"text": 4}, {"attrs": "x"}, None)]
    assert document_text({"type": "doc", "content": odd}) == ""
    assert not is_document({"type": "doc"}) and not is_document({"content": []})
