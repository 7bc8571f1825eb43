"""What can't stand in an answer, and would leave a hole in a text that is told as a whole.

Knows tags of lists, advertising, tables and talks by their lines; reads no record.  Invariant: what
may be told line by line is among what can't be told in one stretch.
"""

from __future__ import annotations

import re

from stages.text.blobs import SHORTENED

# Tags of a list, advertising, tables; and a talk of several people (no table), where it is not told
# from its beginning to its end.
_HOLE = (
    r"^\W*\[(?:rejected|x| )\]"
    r"|\b(?:discover (?:how|what|why)|light up your|at the heart of everything|unleash|sign up now"
    r"|up to \w+ times the)\b"
    rf"|^[ \t]*\|(?! ?(?-i:[a-z])\w* [^|\n]*$)|{SHORTENED.pattern}"
)
_TALK = (
    r"^\W*\[(?:done|open)\]|^\s*\[?\d{1,2}:\d{2}(?::\d{2})?\]? ?<?[\w.-]{1,20}>?: "
    r"|^(?-i:(?P<who>[A-Z][A-Za-z.]{1,15}(?: [A-Z][\w.'’-]{1,15})?)): "
    r"(?![^\n;]{1,200}; [^\n;:]{1,60}: )[^\n]*\n"
    r"(?:[^\n]*\n)*?(?P=who): "
)
NOT_TOLD = re.compile(rf"{_TALK}|{_HOLE}", re.IGNORECASE | re.MULTILINE)
NEVER_TOLD = re.compile(_HOLE, re.IGNORECASE | re.MULTILINE)
