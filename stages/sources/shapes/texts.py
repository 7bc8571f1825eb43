"""Markdown and plain text: a file as one record, or each of its sections as one.

Knows headings and front matter.  Invariant: every character of the text is in the record, or,
by sections, in one of the records; of plain text but for hyphens at the ends of lines.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from stages.sources.document import Document, Head
from stages.sources.encodings import is_binary
from stages.sources.entry import Entry
from stages.sources.found import Damaged, Found, NotUnderstood, UnreadablePiece
from stages.sources.limits import MAX_RECORD_BYTES
from stages.sources.shapes.page_lines import as_set
from stages.sources.shapes.yaml_documents import parse_yaml, plain_value
from stages.sources.structures import rustsec
from stages.sources.structures.reading import first_text, links_of, short_language
from stages.text.boilerplate import without_boilerplate
from stages.text.kinds import identify

SECTIONS = "-sections"
_FRONT = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_TOML_FRONT = re.compile(r"\A\s*\+\+\+[ \t]*\r?\n(.*?)\r?\n\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL)
# RustSec's: a block of code that a page without such a head may begin with, too.
_TOML_BLOCK = re.compile(r"\A\s*```toml[ \t]*\r?\n(.*?)\r?\n```[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~).*?^\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
_UNDERLINED = re.compile(r"^(?![-*+>|] |\d+\. )(\S.*)\r?\n(=+|-{3,})[ \t]*$", re.MULTILINE)
_MARKS = re.compile(
    r"^(#{1,6} |[*+-] |\d+\. |> |```|\|.*\|)|\[[^\]]+\]\([^)]+\)|\*\*\S", re.MULTILINE
)
_LONGEST_TITLE = 200
_TOP = 10_000  # characters of a text that its title stands in


def sniff_markdown(head: Head) -> float:
    """By the name's ending, or front matter, headings and links in text."""
    if not _is_text(head):
        return 0.0
    if head.suffix in (".md", ".markdown", ".mdx", ".rmd"):
        return 0.85
    if (_FRONT.match(head.text) and _HEADING.search(head.text)) or _TOML_FRONT.match(head.text):
        return 0.65
    return 0.4 if len(_MARKS.findall(head.text)) > 2 and _HEADING.search(head.text) else 0.0


def sniff_text(head: Head) -> float:
    """Words, of whatever language; names of other formats speak against it."""
    if not _is_text(head) or head.begins[:1] in ("{", "[", "<"):
        return 0.0
    if head.suffix in (".txt", ".text", ".rst", ".adoc", ".asciidoc", ".log"):
        return 0.5
    return 0.3 if head.suffix not in _OTHER_NAMES else 0.0


_OTHER_NAMES = frozenset(
    ".json .jsonl .ndjson .jsonlines .ldjson .yaml .yml .csv .tsv .tab .xml .rss .atom .html .htm"
    " .parquet .pdf .py .c .h .cpp .js .ts .go .rs .java .sh .ps1 .toml .ini .cfg .lock"
    " .css".split()
)


def _is_text(head: Head) -> bool:
    return not is_binary(head.data) and re.search(r"\w", head.text) is not None


@dataclass(frozen=True)
class _Section:
    """A heading with the text under it, and the headings above it."""

    title: str
    above: tuple[str, ...]
    text: str
    line: int


def read_markdown(document: Document) -> Iterator[Found]:
    whole = _whole(document)
    text, front = _front_matter(whole)
    lines_before = whole.count("\n") - text.count("\n")
    by_section = (document.options.format or "").endswith(SECTIONS)
    sections = _sections(text)
    title = first_text(front, "title", "name") or next(
        (section.title for section in sections if section.title), ""
    )
    if not by_section:
        yield Found("", _record(document, text, title, front, {}))
        return
    for section in sections:
        if section.text.strip():
            called = ": ".join(dict.fromkeys(p for p in (*section.above, section.title) if p))
            line = section.line + lines_before
            more = {"section": [*section.above, section.title], "line": line}
            record = _record(document, section.text, called or title, front, more)
            yield Found(f"line {line}", record)


def read_text(document: Document) -> Iterator[Found]:
    text = as_set(_whole(document))
    said = without_boilerplate(text[:_TOP]).strip()
    first = said.partition("\n")[0].strip()
    title = first if len(first) <= _LONGEST_TITLE and first != said else ""
    yield Found("", _record(document, text, title, {}, {}))


def _whole(document: Document) -> str:
    """The document's text; a byte that is none is shown as such."""
    data = document.stream.read(MAX_RECORD_BYTES + 1)
    if len(data) > MAX_RECORD_BYTES:
        raise NotUnderstood(f"a text of more than {MAX_RECORD_BYTES // 2**20} MiB; split it first")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Damaged(f"text, but not valid UTF-8 at byte {error.start + 1}; convert it") from None


def _front_matter(text: str) -> tuple[str, dict[str, Any]]:
    """The text behind a front matter, and what that says; one that can't be read stays text."""
    forms = ((_FRONT, parse_yaml), (_TOML_FRONT, _parse_toml), (_TOML_BLOCK, _parse_toml))
    for form, parse in forms:
        if match := form.match(text):
            try:
                value = parse(match[1].encode())
            except UnreadablePiece:
                return text, {}
            fits = isinstance(value, dict) and (form is not _TOML_BLOCK or rustsec.is_head(value))
            return (text[match.end() :], value) if fits else (text, {})
    return text, {}


def _parse_toml(data: bytes) -> dict[str, Any]:
    """Hugo's front matter, with times as text."""
    try:
        value = tomllib.loads(data.decode().replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnreadablePiece(f"not valid TOML: {error}") from None
    plain: dict[str, Any] = plain_value(value)
    return plain


def _sections(text: str) -> list[_Section]:
    """The text cut at its headings, those within code fences aside."""
    fences = [match.span() for match in _FENCE.finditer(text)]
    marks = [
        (m.start(), m.end(), len(m[1]), m[2])
        for m in _HEADING.finditer(text)
        if not any(a <= m.start() < b for a, b in fences)
    ]
    marks += [
        (m.start(), m.end(), 1 if m[2][0] == "=" else 2, m[1])
        for m in _UNDERLINED.finditer(text)
        if not any(a <= m.start() < b for a, b in fences)
    ]
    marks.sort()
    found = [_Section("", (), text[: marks[0][0] if marks else len(text)], 1)]
    above: list[tuple[int, str]] = []
    for number, (begin, end, level, title) in enumerate(marks):
        above = [one for one in above if one[0] < level]
        last = marks[number + 1][0] if number + 1 < len(marks) else len(text)
        line = text.count("\n", 0, begin) + 1
        found.append(_Section(title, tuple(name for _, name in above), text[end:last], line))
        above.append((level, title))
    return found


def _record(
    document: Document, text: str, title: str, front: dict[str, Any], more: dict[str, Any]
) -> dict[str, Any]:
    name = document.head.name
    original = {"file": name, **more, **({"front_matter": front} if front else {})}
    if rustsec.is_head(front):
        return rustsec.read_advisory(front, text.strip(), title).record(original)
    own = identify(front) if front else None
    entry = Entry(
        text=text.strip(),
        title=title,
        kind=own.kind if own else Entry.kind,
        id=own.id if own else "",
        source=first_text(front, "source", "publisher", "author") or PurePosixPath(name).name,
        links=links_of([front.get(key) for key in ("link", "url", "canonical", "permalink")]),
        licence=first_text(front, "license", "licence"),
        language=short_language(first_text(front, "lang", "language")),
        published=first_text(front, "date", "published"),
        modified=first_text(front, "updated", "modified", "lastmod"),
    )
    return entry.record(original)
