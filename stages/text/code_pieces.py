"""Code within a text, set aside while the prose around it is changed.

Knows fences, backticks and the hunks of patches; knows nothing of HTML.  A mark of control
characters stands for each piece meanwhile, so that a line stays one line.  Invariant: code comes
back byte for byte, without the marks that made it code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

OPENS, CLOSES = "\x02", "\x03"  # around a mark's number
_MARK = re.compile(rf"{OPENS}(\d{{1,7}}){CLOSES}")

_QUOTE = re.compile(r"^[ ]{0,3}> ?", re.MULTILINE)

# The fence's own lines are marks; tildes below a line underline it.
_FENCED = (
    r"[ \t]{0,20}(?P<fence>`{3,}|(?:(?<=\n\n)|\A)~{3,})[^\n`]{0,80}\n"
    r"(?P<block>.*?)(?:^[ \t]{0,20}(?P=fence)[ \t]*(?=\n|\Z)|\Z)"
    r"|[ ]{0,3}> ?```[^\n`]{0,80}\n(?P<quoted>(?:[ ]{0,3}>[^\n]*\n){1,400}?)"
    r"[ ]{0,3}> ?```[ \t]*(?=\n|\Z)"
)
_PATCH = (
    r"(?P<patch>(?:(?:diff |index |--- |\+\+\+ |(?:new|deleted) file |(?:old|new) mode "
    r"|similarity |rename |copy )[^\n]*\n){0,12}@@ -\d[^\n]*"
    r"(?:\n(?:[ +\-\\@][^\n]*|(?=\n[ +\-@])))+)"
)
# A line behind a prompt.
_SHELL = (
    r"(?P<shell>[ \t]{0,20}(?:[\w.-]{1,40}@[\w.-]{1,60}[:~/ \w.-]{0,60}[#$]|\$"
    r"|(?:PS )?[A-Z]:\\[^>\n]{0,80}>|(?:mysql|sqlite|meterpreter|msf\w?)[^>\n]{0,40}>"
    r"|>>>(?= (?:import|from|print)\b| [\w.]{1,60} ?[=(])) ?\S[^\n]*)"
)
# A tick behind a letter or an operator, or before a letter, is a shell's: foo`id`.example, x=`id`.
_TICKS = (
    r"`(?:(?<!``)(?P<ticks>`{1,2})(?=[^`])(?P<inline>[^\n]{1,2000}?)(?<=[^`])`(?P=ticks)(?!`)"
    r"|(?<![`A-Za-z0-9_$=;&%\\+@{]`)(?=[^\s`])(?P<word>[^`\n]{1,2000})(?<=\S)`"
    r"(?!`|(?!s\b)[A-Za-z0-9_]))"
)
_CODE = re.compile(rf"^(?:{_FENCED}|{_PATCH}|{_SHELL})|{_TICKS}", re.DOTALL | re.MULTILINE)
_RULE_OF_TABLE = re.compile(r"^[ ]{0,3}\|?[ ]*:?-{2,}:?[ ]*\|[ :|-]*$", re.MULTILINE)


@dataclass(frozen=True)
class _Code:
    """A piece with the marks that make it code, and what stands between them."""

    marked: str
    inside: str


class CodePieces:
    """The code of one text, by the numbers of the marks that stand for it."""

    def __init__(self) -> None:
        self._codes: list[_Code] = []

    def set_aside(self, text: str, is_code: Callable[[str], bool] | None = None) -> str:
        """The text with a mark for each piece of code; what `is_code` says no to stays.

        The text must hold no control characters but the marks of pieces set aside before.
        """
        return _CODE.sub(lambda found: self._taken(found, is_code), text)

    def add(self, code: str) -> str:
        """The mark of a piece that is code already; marks within it are characters again."""
        return self._mark(code, _MARK.sub(lambda mark: self._codes[int(mark[1])].marked, code))

    def put_back(self, text: str) -> str:
        """The text with its code again; code of several lines stands on lines of its own."""
        return _MARK.sub(self._set_back, text) if self._codes else text

    def _taken(self, found: re.Match[str], is_code: Callable[[str], bool] | None) -> str:
        if is_code is not None and not is_code(found.group()):
            return found.group()
        block = found["block"]
        if found["quoted"] is not None:
            block = _QUOTE.sub("", found["quoted"])
        inside = found["patch"] or found["shell"] or _inline(found)
        return self._mark(found.group(), inside if block is None else block.rstrip("\n"))

    def _mark(self, marked: str, inside: str) -> str:
        self._codes.append(_Code(marked, inside))
        return f"{OPENS}{len(self._codes) - 1}{CLOSES}"

    def _set_back(self, mark: re.Match[str]) -> str:
        code = self.put_back(self._codes[int(mark[1])].inside)
        if "\n" not in code:
            return code
        text, start, end = mark.string, mark.start(), mark.end()
        begins = "" if start == 0 or text[start - 1] == "\n" else "\n"
        return f"{begins}{code}" if text[end : end + 1] in ("", "\n") else f"{begins}{code}\n"


def _inline(found: re.Match[str]) -> str:
    """Code within a line, without the backslash that a table needs in front of its mark."""
    inside = found["inline"] or found["word"] or ""
    if "\\|" not in inside:
        return inside
    text = found.string
    line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    in_a_table = "|" in line and _RULE_OF_TABLE.search(text) is not None
    return inside.replace("\\|", "|") if in_a_table else inside


def is_marked(code: str) -> bool:
    """Whether marks around a piece make it code, not only the form of its lines."""
    return code.lstrip(" \t")[:1] in ("`", "~")
