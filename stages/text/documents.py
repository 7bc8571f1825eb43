"""A text that an editor keeps as a tree of blocks, as Markdown: Jira Cloud's tickets and comments.

Knows the names of blocks in Atlassian's document format, and in that of ProseMirror, from which it
comes.  Invariant: every character of the text nodes is there, in order; a block of no known name is
read for what is inside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

MAX_DEPTH = 24  # of blocks within one another

_APART = re.compile(r"[\W_]")
_LISTS = {"bulletlist": "-", "orderedlist": "1.", "tasklist": "-", "decisionlist": "-"}
_ITEMS = frozenset("listitem taskitem decisionitem".split())
_LINES = frozenset("paragraph heading codeblock".split())


def is_document(value: Mapping[str, Any]) -> bool:
    return value.get("type") == "doc" and isinstance(value.get("content"), list)


def document_text(value: Mapping[str, Any]) -> str:
    """The text of a document, its blocks with a blank line between them."""
    return "\n\n".join(_blocks(value, MAX_DEPTH))


def _blocks(node: Any, depth: int) -> Iterator[str]:
    kind = _kind(node)
    if not isinstance(node, Mapping) or not depth:
        return
    if kind in _LISTS:
        items = ("\n".join(_blocks(one, depth - 1)) for one in _content(node))
        lines = (f"{_LISTS[kind]} {one.replace(chr(10), chr(10) + '  ')}" for one in items if one)
        yield "\n".join(lines)
    elif kind == "table":
        yield "\n".join(_rows(node, depth - 1))
    elif kind in _LINES or kind in _ITEMS and any(_kind(one) == "text" for one in _content(node)):
        if said := "".join(_inline(node, depth)).strip():
            yield _marked(node, kind, said)
    else:
        for one in _content(node):
            yield from _blocks(one, depth - 1)


def _marked(node: Mapping[str, Any], kind: str, said: str) -> str:
    if kind == "codeblock":
        return f"```\n{said}\n```"
    return f"## {' '.join(said.split())}" if kind == "heading" else said


def _rows(table: Mapping[str, Any], depth: int) -> Iterator[str]:
    for number, row in enumerate(_content(table)):
        cells = [" ".join(" ".join(_blocks(one, depth)).split()) for one in _content(row)]
        yield f"| {' | '.join(cells)} |"
        if not number:
            yield f"|{'---|' * len(cells)}"


def _inline(node: Any, depth: int) -> Iterator[str]:
    """The text of a line, with people and addresses as they are called."""
    if not isinstance(node, Mapping) or not depth:
        return
    attributes = node.get("attrs")
    named = attributes if isinstance(attributes, Mapping) else {}
    shown = node.get("text") or named.get("text") or named.get("url") or ""
    if isinstance(shown, str):
        yield "\n" if _kind(node) == "hardbreak" else shown
    for one in _content(node):
        yield from _inline(one, depth - 1)


def _content(node: Any) -> list[Any]:
    content = node.get("content") if isinstance(node, Mapping) else None
    return content if isinstance(content, list) else []


def _kind(node: Any) -> str:
    kind = node.get("type") if isinstance(node, Mapping) else None
    return _APART.sub("", kind).lower() if isinstance(kind, str) else ""
