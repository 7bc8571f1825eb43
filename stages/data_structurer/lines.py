"""A stretch of text with its broken lines joined, as an answer shows it.

Knows lists, headings, times, labels and code by their lines; knows nothing of what is said.
Invariant: no word is changed or left out, and a line that says something of its own stays one.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from itertools import groupby

from stages.data_structurer.answers import ended
from stages.data_structurer.passages import FULL_LINE, MARKER, is_line_of_prose
from stages.text.code_ends import has_sign
from stages.text.field_names import OTHER, meaning_of
from stages.text.sentences import is_whole

_BREAK = re.compile(r"\n\s*\n")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
# What an entry of a timeline begins with.
STAMP = re.compile(
    r"[\[(]?(?:(?:Day|T) ?[+-]? ?\d{1,3}\b|\d{1,2}[:.h]\d{2}\b"
    r"|(?:[01]\d|2[0-3])[0-5]\d(?=h?:? [A-Za-z#\"])|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}/\d{1,2}(?= [(\[A-Z])|\d{2}-\d{2} \d{1,2}[:.]\d{2}\b"
    rf"|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b|\d{{1,2}}\.? {_MONTH}(?!\w)|{_MONTH} \d{{1,2}}\b)"
)
# A label with what it names behind it: "Methods: 6,402 nurses", "Results. On one day".
LABELED = re.compile(r"(?:\*{0,2})[A-Z][A-Za-z /&'’-]{2,40}: \S")
# What a log ends with, or notes: "next: call them back".
_SMALL_LABEL = re.compile(
    r"(?:done|next|todo|to do|open|pending|note|update|edit|handover): \S", re.I
)
_POINT = re.compile(r"\d{1,2}\.\d{1,2}\.? +[A-Z]")  # "4.1 Update at once."
_ROW = re.compile(
    r"[\w#][\w #/()?-]{0,30}: [^;\n]{1,200}; [A-Za-z#][\w #/()?-]{0,30}: "
)  # of a table
# Of a commit, "Reported-by: Ida Pell", "Fixes: #12"; or a line of its own, "--- end of log ---".
_TRAILER = re.compile(
    r"(?:[A-Z][a-z]+(?:-[a-z]+)*-(?:by|to)|Fixes|Cc|Link|Closes|Backport): \S|[-=]{3,} "
)
# Of a log: "door.log 11:02:41 open", "2031-02-03T04:05:06Z gate[7]: shut".
_LOGGED = re.compile(r"(?:[^\s:]+ ){0,3}(?:\S+T)?\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?Z?(?![\w:])")
_INDENTED = re.compile(r"^(?: {2,}|\t)\S", re.MULTILINE)


def as_lines(said: str) -> str:
    """A stretch of text with its broken lines joined; items, headings, times and code keep
    theirs."""
    blocks = (_joined(block) for block in _BREAK.split(said))
    return "\n\n".join(block for block in blocks if block)


def _joined(block: str) -> str:
    if is_code(block):
        return textwrap.dedent(block).strip("\n")
    shown = list(filter(None, map(str.strip, block.split("\n"))))
    own = _own_lines(shown)
    lines: list[str] = []
    for at, line in enumerate(shown):
        if lines and not own[at] and _runs_on(shown[at - 1], line):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return "\n".join(lines)


def is_code(block: str) -> bool:
    """Whether lines of a block are set in and most are no prose: their blanks say something."""
    lines = [line for line in block.split("\n") if line.strip()]
    prose = sum(is_line_of_prose(line) or bool(MARKER.match(line)) for line in lines)
    return bool(lines) and _INDENTED.search(block) is not None and 3 * prose < len(lines)


_SPEAKS = re.compile(
    r"(?:\[[^\]\n]{1,40}\] )?(?P<who>[\w.@'’-]{1,20}(?: \(?[\w.@'’-]{1,20}\)?){0,2}): \S"
)


def is_talk(said: str) -> bool:
    """Whether most lines begin with who says them; a label such as "Date" that comes once is the
    name of a field."""
    if has_head(said):
        return False
    lines = [line for line in said.split("\n") if line.strip()]
    labels = [found["who"] for line in lines if (found := _SPEAKS.match(line))]
    names = {one for one in labels if labels.count(one) > 1 or meaning_of(one) == OTHER}
    spoken = sum(one in names for one in labels)
    return len(lines) > 2 and 2 * spoken > len(lines) and len(names) > 1


_FIELD = re.compile(r"([A-Z]\w*(?: \w+){0,2}): \S")


def has_head(said: str) -> bool:
    """Whether fields, each once and with a value that is no sentence, stand above prose alone."""
    head, _, below = said.strip().partition("\n\n")
    lines = head.split("\n")
    fields = {found[1] for line in lines if not is_whole(line) and (found := _FIELD.match(line))}
    prose = [line for line in below.split("\n") if line.strip()]
    alone = all(is_whole(line) and not _SPEAKS.match(line) for line in prose)
    return 2 < len(lines) == len(fields) and bool(prose) and alone


def _own_lines(lines: Sequence[str]) -> list[bool]:
    """Which lines are entries of a timeline, or begin with a label as others do."""
    found = [False] * len(lines)
    for pattern in (STAMP, LABELED, _POINT, _ROW, _LOGGED):
        those = [pattern.match(line) is not None for line in lines]
        if sum(those) > 1:
            found = [one or other for one, other in zip(found, those, strict=True)]
    small = [_SMALL_LABEL.match(line) is not None for line in lines]
    if sum(STAMP.match(line) is not None for line in lines) > 1 or sum(small) > 1:
        found = [one or other for one, other in zip(found, small, strict=True)]
    return found


def _runs_on(before: str, line: str) -> bool:
    """Whether a line goes on with the one above it."""
    if _TRAILER.match(before) or _TRAILER.match(line):
        return False
    broken = is_line_of_prose(before) and len(before) > FULL_LINE and not is_whole(before)
    prose = is_line_of_prose(before) and is_line_of_prose(line)
    return (broken or prose) and not (MARKER.match(line) or before.endswith((":", "?")))


_OF_CODE = re.compile(r"[;{}<>|]|=>|\w ?=|\w\(|^\s*[$#?:.)]|^ {2,}\S")
_GOES_ON = re.compile(r"(?:[:,;]| (?:and|or))$")  # of an item, or what announces code


def with_code(lines: Sequence[str]) -> list[str]:
    """Paragraphs with a full stop each, but for one that announces code: it is one with the code,
    which keeps its lines."""
    shown: list[str] = []
    code, inside = False, ""
    for line in lines:
        announced = code or (shown and shown[-1].endswith(":"))
        code = not is_whole(line) and (
            line.endswith((";", "{", "}")) or bool(announced and _OF_CODE.search(line))
        )
        if code and shown:
            if "\n" not in shown[-1]:  # its first line says how far all stand in
                inside = "  " if MARKER.match(shown[-1]) and not line.startswith(" ") else ""
            shown[-1] += f"\n{inside}{line}"
        else:
            shown.append(line if code or _GOES_ON.search(line) else ended(line))
    return shown


def announces(line: str) -> bool:
    """Whether a line is running text that announces what stands below it, and no heading."""
    return line.endswith(":") and is_line_of_prose(line[:-1])


def announces_code(first: str, rest: str) -> bool:
    """Whether a first line announces code, and is no heading, by the block below it."""
    below = rest.lstrip("\n").partition("\n\n")[0]
    code = has_sign(below) and not is_whole(below) and not LABELED.match(below)
    return announces(first) and code


def beside_code(said: str) -> list[str]:
    """The lines of a text without code, the end of a sentence where one only announced code."""
    found: list[str] = []
    lines = (line for line in said.split("\n") if line.strip())
    for prose, run in groupby(lines, lambda line: is_whole(line) or _is_prose(line)):
        shown = list(run)
        if prose or not any(map(has_sign, shown)):
            found += shown
        elif found and found[-1].endswith(":"):
            found[-1] = f"{found[-1][:-1]}."
    return found


def _is_prose(line: str) -> bool:
    prose = is_line_of_prose(line) and not has_sign(line)
    return prose or announces(line) or MARKER.match(line) is not None


def without_rows(said: str) -> str:
    """A text without the rows of its tables, whose first columns are not who speaks."""
    return "\n".join(line for line in said.split("\n") if not _ROW.match(line))
