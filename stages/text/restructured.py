"""reStructuredText as Markdown: directives by what they hold, roles by their words, tables.

Knows the directives of docutils and Sphinx; includes no file.  Invariant: the text of a directive
that is not known stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import dropwhile
from textwrap import dedent

from stages.text.text_tables import is_border, table_as_markdown

_DIRECTIVE = re.compile(r"([ \t]*)\.\. (?:\|[^|\n]{1,60}\| )?([\w:+.-]{1,40}?)::(?:[ \t]+(.*))?$")
_SEEN = re.compile(r"^[ \t]*\.\. [\w:+.-]{2,40}::(?:\s|$)", re.MULTILINE)
_ROLE = re.compile(
    r"(?<![\w`]):((?:[a-z]{1,10}:)?[a-z][\w+.-]{0,30}):`([^`\n]{1,300})`(?!`)", re.IGNORECASE
)
_POINTED = re.compile(r"(.*?)\s*<[^<>]{0,300}>\Z")
_REMARK = re.compile(r"([ \t]*)\.\.(?:[ \t]+(?!\[)\S.*)?$")
_NOTE = re.compile(r"[ \t]*\.\. \[[#\w*-]{1,40}\][ \t]")
_OPTION = re.compile(r"[ \t]*:[\w-]{1,40}:(?:[ \t].*)?$")
_LITERAL = re.compile(r"(.*[^\s:.])?::[ \t]*$")
_CODE = frozenset(
    "code code-block sourcecode parsed-literal literalinclude prompt console doctest".split()
)
_GONE = frozenset(
    """image figure contents toctree index include raw meta highlight highlightlang sectnum header
    footer default-role currentmodule module py:module automodule autoclass autofunction
    tabularcolumns role rst-class class image video youtube graphviz mermaid""".split()
)
_CODE_ROLES = frozenset(
    """func class meth mod attr data exc obj const file code command option envvar program samp kbd
    literal term:code program:option cmd path macro type c:func c:type cpp:func js:func""".split()
)
_NUMBERS = {"cve": "CVE-", "cwe": "CWE-", "pep": "PEP ", "rfc": "RFC "}


def is_restructured(text: str) -> bool:
    """Whether a text has a directive, a role or a table of its own."""
    if ".. " in text and _SEEN.search(text):
        return True
    if ":`" in text and _ROLE.search(text):
        return True
    return "+-" in text and any(is_border(line) for line in text.split("\n"))


def restructured_as_markdown(text: str) -> str:
    return _ROLE.sub(_named, "\n".join(_lines(text.split("\n"))))


def _named(role: re.Match[str]) -> str:
    """What a role stands for: its words, as code where it names some."""
    name, said = role[1].lower(), role[2].strip()
    if pointed := _POINTED.fullmatch(said):
        said = pointed[1] or said
    said = said.lstrip("!~")
    short = name.rpartition(":")[2]
    if short in _NUMBERS:
        return said if said.upper().startswith(short.upper()) else f"{_NUMBERS[short]}{said}"
    return f"`{said}`" if name in _CODE_ROLES or short in _CODE_ROLES else said


def _lines(lines: list[str]) -> Iterator[str]:
    """The lines of a text, each block behind a directive as what it is."""
    waiting = lines[::-1]
    while waiting:
        line = waiting.pop()
        if found := _DIRECTIVE.match(line):
            block = _block(waiting, len(found[1]))
            if found[2].lower() in _CODE:
                yield from _fenced(_without_options(block))
            else:
                waiting += _directed(found, block)[::-1]
        elif is_border(line):
            yield from table_as_markdown([line, *_table(waiting)])
        elif _NOTE.match(line):
            yield line.replace(".. ", "", 1)
        elif remark := _REMARK.match(line):
            _block(waiting, len(remark[1]))
        else:
            yield from _with_literal(line, waiting)


def _block(waiting: list[str], depth: int) -> list[str]:
    """The lines behind one that are indented deeper, which are taken, without their indentation."""
    taken: list[str] = []
    while waiting:
        line = waiting[-1]
        if line.strip() and len(line) - len(line.lstrip()) <= depth:
            break
        taken.append(waiting.pop())
    while taken and not taken[-1].strip():
        waiting.append(taken.pop())
    return dedent("\n".join(taken)).split("\n") if taken else []


def _without_options(block: list[str]) -> list[str]:
    return list(dropwhile(lambda line: _OPTION.match(line) is not None, block))


def _fenced(block: list[str]) -> list[str]:
    return ["", "```", *dedent("\n".join(block)).strip("\n").split("\n"), "```", ""]


def _directed(found: re.Match[str], block: list[str]) -> list[str]:
    """The lines that a directive shows which holds no code."""
    if found[2].lower() in _GONE:
        return []
    given = (found[3] or "").strip()
    return ["", *([given] if given else []), "", *_without_options(block), ""]


def _with_literal(line: str, waiting: list[str]) -> Iterator[str]:
    """A line, and behind one that announces it a block of code."""
    ends = _LITERAL.match(line)
    block = _block(waiting, len(line) - len(line.lstrip())) if ends and _is_blank(waiting) else []
    if not (ends and any(block)):
        yield line
        yield from block
        return
    yield f"{ends[1]}:" if ends[1] else ""
    yield from _fenced(block)


def _is_blank(waiting: list[str]) -> bool:
    return bool(waiting) and not waiting[-1].strip()


def _table(waiting: list[str]) -> Iterator[str]:
    while waiting and waiting[-1].lstrip()[:1] in ("|", "+") and waiting[-1].strip():
        yield waiting.pop()
