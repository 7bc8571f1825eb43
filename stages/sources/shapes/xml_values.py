"""XML elements as plain values and as text.

Knows no vocabulary.  Invariant: nothing here recurses deeper than a record may be nested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from stages.sources.found import UnreadablePiece
from stages.sources.limits import MAX_DEPTH

_BLOCKS = frozenset("p div li ul ol br tr table h1 h2 h3 h4 pre blockquote".split())
_SPACES = re.compile(r"[ \t\r\n]+")


def local(element: Element) -> str:
    """The element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along a path of local names."""
    for name in path:
        if element is None:
            return None
        element = next((item for item in element if local(item) == name), None)
    return element


def children(element: Element | None, *path: str) -> Iterator[Element]:
    """All descendants at a path of local names."""
    found = [element] if element is not None else []
    for name in path:
        found = [item for parent in found for item in parent if local(item) == name]
    yield from found


def prose(element: Element | None) -> str:
    """The text within, with a line for each block; other white space is one blank."""
    if element is None:
        return ""
    pieces = [_SPACES.sub(" ", piece).strip(" ") for piece in "".join(_pieces(element)).split("\v")]
    return "\n".join(piece for piece in pieces if piece)


def _pieces(element: Element) -> Iterator[str]:
    """Text in its order, with a vertical tab at the borders of blocks."""
    waiting: list[Element | str] = [element]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
            continue
        border = "\v" if local(item) in _BLOCKS else ""
        yield border + (item.text or "")
        waiting.append(border)
        for inner in reversed(item):
            waiting += [inner.tail or "", inner]


def prose_at(element: Element | None, *path: str) -> str:
    return prose(child(element, *path))


def as_value(element: Element, depth: int = MAX_DEPTH - 8) -> Any:
    """The element as JSON: attributes under "@name", text under "#text" where both are."""
    if depth <= 0:
        raise UnreadablePiece(f"nested more than {MAX_DEPTH} levels deep")
    if any(local(item) in _BLOCKS for item in element):
        return prose(element)
    values: dict[str, Any] = {f"@{_plain(name)}": text for name, text in element.attrib.items()}
    for item in element:
        if not isinstance(item.tag, str):
            continue
        _append(values, local(item), as_value(item, depth - 1))
    text = (element.text or "").strip()
    if not values:
        return text
    return values | ({"#text": text} if text else {})


def _plain(name: str) -> str:
    return name.rpartition("}")[2]


def _append(values: dict[str, Any], name: str, value: Any) -> None:
    if name not in values:
        values[name] = value
    elif isinstance(values[name], list):
        values[name].append(value)
    else:
        values[name] = [values[name], value]
