"""YAML: one or several documents, or a list whose items are cut apart before they are parsed.

Knows YAML's marks at the beginnings of lines.  Invariant: a document or item that is broken
costs itself alone, and aliases do not multiply what is read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from stages.sources.document import Document, Head
from stages.sources.found import Found, NotUnderstood, UnreadablePiece
from stages.sources.limits import MAX_DEPTH, MAX_RECORD_BYTES
from stages.sources.shapes.record_paths import RecordsAt
from stages.sources.shapes.values import items_of
from stages.sources.structures.registry import all_found, fields_of, wanted_structure

_MOST_VALUES = 200_000  # of one document, aliases counted each time
_KEY_LINE = re.compile(r"(- )?[\w.\"'-][\w. \"'-]{0,60}:( |$)")
_DOCUMENT = re.compile(rb"---(\s|$)")
_END = re.compile(rb"\.\.\.(\s|$)")
_NAMES = (".yaml", ".yml")
# Numbers that Python writes as they stand; every other one is a text.
_INT = re.compile(r"(?:0|-?[1-9][0-9]{0,18})$")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]{0,9})\.(?:0|[0-9]{0,4}[1-9])$")
_DIRECTIVE = re.compile(rb"%[A-Z]+ ")


def sniff(head: Head) -> float:
    """Lines of "name: value", or a list of them; prose with a front matter is Markdown."""
    named = head.suffix in _NAMES
    lines = [line for line in head.text.splitlines()[:60] if line.strip()]
    lines = [line for line in lines if not line.startswith(("#", "%YAML", "---"))]
    if not lines or head.begins[:1] in ("{", "[", "<"):
        return 0.0
    keys = sum(_KEY_LINE.match(line) is not None for line in lines)
    indented = sum(line[0] == " " or line.startswith("- ") for line in lines)
    share = (keys + indented) / len(lines)
    if named:
        return 0.9 if keys and share > 0.6 else 0.5
    return 0.6 if keys > 1 and share > 0.95 and _KEY_LINE.match(lines[0]) else 0.0


@dataclass(frozen=True)
class _LineBlock:
    """The lines of a document or of a list's item; `line` is the first one's number."""

    line: int
    data: bytes | None
    item: bool


def read(document: Document) -> Iterator[Found]:
    wanted = wanted_structure(document.options.format)
    at = document.options.records_at
    path = RecordsAt.parse(at) if at is not None else None
    empty = True
    for part in _parts(document.stream, whole=path is not None):
        for found in _read_part(part, path, wanted):
            empty = False
            yield found
    if empty and document.head.data.strip():
        raise NotUnderstood("YAML without a record; say where they are with --records-at PATH")


def _read_part(part: _LineBlock, path: RecordsAt | None, wanted: str | None) -> Iterator[Found]:
    place = f"line {part.line}"
    try:
        if part.data is None:
            raise UnreadablePiece(f"longer than {MAX_RECORD_BYTES // 2**20} MiB")
        value = parse_yaml(part.data)
        if value is None:
            return
        items = items_of(value[0] if part.item and isinstance(value, list) else value, "", path)
        if items is None:
            raise UnreadablePiece(
                f"no text in it: {fields_of(value) if isinstance(value, dict) else ''}"
            )
    except UnreadablePiece as error:
        yield Found(place, problem=error.problem)
        return
    for item in items:
        for found in all_found(item, wanted):
            where = f"{place} {found.place}".strip()
            yield Found(where, found.record, found.problem)


def _parts(stream: BinaryIO, whole: bool) -> Iterator[_LineBlock]:
    """Documents; those that are a list at the margin, item by item (`whole`: not)."""
    lines: list[bytes] = []
    first, size, is_list = 1, 0, False
    for number, line in enumerate(iter(lambda: stream.readline(MAX_RECORD_BYTES), b""), 1):
        border = _DOCUMENT.match(line) or _END.match(line)
        if border or (is_list and line.startswith(b"- ")):
            yield from _part(first, lines, size, is_list and not whole)
            lines, first, size = [], number, 0
            is_list = is_list and not border
            if border:
                rest = line[3:] if line.startswith(b"---") else b""
                line = rest if rest.strip() else b"\n"
        if not whole and not is_list and line.startswith(b"- ") and not b"".join(lines).strip():
            is_list = True
        size += len(line)
        if size <= MAX_RECORD_BYTES:
            lines.append(line)
    yield from _part(first, lines, size, is_list)


def _has_values(lines: list[bytes]) -> bool:
    """Whether there is more than directives (%YAML 1.1), comments and blanks."""
    return any(line.strip() and not _DIRECTIVE.match(line) for line in lines)


def _part(first: int, lines: list[bytes], size: int, item: bool) -> Iterator[_LineBlock]:
    data = b"".join(lines)
    if size > MAX_RECORD_BYTES:
        yield _LineBlock(first, None, item)
    elif _has_values(lines):
        yield _LineBlock(first, data, item)


def parse_yaml(data: bytes) -> Any:
    """The value of one YAML document; raises UnreadablePiece with line and reason."""
    import yaml

    try:
        value = yaml.load(data.decode("utf-8"), Loader=_loader())
    except UnicodeDecodeError:
        raise UnreadablePiece("not valid UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = f" in its line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise UnreadablePiece(f"not valid YAML: {error.problem}{line}") from None
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        raise UnreadablePiece(f"not valid YAML: {str(error) or 'nested too deeply'}") from None
    return plain_value(value)


def _loader() -> Any:
    """Strings stay strings: no dates, no yes that means true, no number that is written back
    otherwise (2301.00010, 0x80070005, 10:30, 0022, 1_000)."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers = {
        first: [pair for pair in pairs if pair[0] == "tag:yaml.org,2002:null"]
        for first, pairs in base.yaml_implicit_resolvers.items()
    }
    loader = type("Loader", (base,), {"yaml_implicit_resolvers": resolvers})
    loader.add_implicit_resolver(  # type: ignore[attr-defined]
        "tag:yaml.org,2002:bool", re.compile("^(true|True|TRUE|false|False|FALSE)$"), list("tTfF")
    )
    for kind, form in (("int", _INT), ("float", _FLOAT)):
        loader.add_implicit_resolver(  # type: ignore[attr-defined]
            f"tag:yaml.org,2002:{kind}", form, list("-0123456789")
        )
    return loader


def plain_value(value: Any) -> Any:
    """The value with text keys; raises UnreadablePiece for one that aliases make huge or deep."""
    left = [_MOST_VALUES]

    def copied(node: Any, depth: int) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise UnreadablePiece(f"more than {_MOST_VALUES:,} values, aliases counted each time")
        if depth > MAX_DEPTH:
            raise UnreadablePiece(f"nested more than {MAX_DEPTH} levels deep")
        if isinstance(node, dict):
            return {str(key): copied(item, depth + 1) for key, item in node.items()}
        if isinstance(node, list):
            return [copied(item, depth + 1) for item in node]
        fits = isinstance(node, str | bool) or node is None or (
            isinstance(node, float) and math.isfinite(node)
        ) or (isinstance(node, int) and -(2**63) <= node < 2**64)  # fmt: skip
        return node if fits else str(node)

    return copied(value, 0)
