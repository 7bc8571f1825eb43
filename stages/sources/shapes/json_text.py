"""Walks JSON text of any size through a window, cutting out values whole.

Knows JSON's tokens; nothing of records.  Values are found with the C scanner of the standard
library, which says where one ends; what they hold is parsed by strict_json.  Invariant: after
an error the walk stands where the value began, so that a caller can go on behind it.
"""

from __future__ import annotations

import json
import re
from typing import BinaryIO

from stages.sources.found import CutShort, Damaged
from stages.sources.limits import BLOCK_BYTES, MAX_RECORD_BYTES

_SPACE = re.compile(r"[ \t\r\n]*")
# Values are only measured here: no time for whole numbers, which may have thousands of digits.
_SCAN = json.JSONDecoder(parse_int=float).raw_decode
_OPENING = '{["'
_MARKS = re.compile(r'["{}\[\]]')
_IN_STRING = re.compile(r'"|\\.', re.DOTALL)
_TOO_LONG = f"longer than {MAX_RECORD_BYTES // 2**20} MiB"
_NEAR_END = 16  # characters: a literal or a number that the window's end may have cut


class _ValueTooLongError(Damaged):
    """A value of more bytes than a record may have."""


class JsonText:
    """A place in a stream of UTF-8 JSON, and the text around it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._text = ""
        self._at = 0
        self._dropped = 0  # bytes that lie before the window
        self._held = b""  # a character that the last block's end cut
        self._ended = False

    @property
    def byte(self) -> int:
        """Where it stands, in bytes from 1."""
        return self._dropped + _size(self._text[: self._at]) + 1

    def next(self) -> str:
        """The next character that is no space, not taken; "" at the end."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def take(self, expected: str) -> None:
        """Take one character; raises Damaged when another is there."""
        found = self.next()
        if found != expected:
            raise self._damaged(f"{expected!r} is missing") if found else self._cut_short()
        self._at += 1

    def skip(self) -> None:
        """Take one character, whatever it is."""
        self._at += 1

    def key(self) -> str:
        """The next string, taken."""
        if self.next() != '"':
            raise self._damaged("a name in quotes is missing")
        key: str = _SCAN(self.cut().decode("utf-8", "replace"))[0]
        return key

    def cut(self) -> bytes:
        """The next value's JSON, taken; raises Damaged, standing at its beginning."""
        if not self.next():
            raise self._cut_short()
        end = self._end_of_value()
        data = self._text[self._at : end].encode("utf-8", "surrogateescape")
        self._at = end
        if len(data) > MAX_RECORD_BYTES:
            raise _ValueTooLongError(_TOO_LONG)
        return data

    def pass_by(self) -> None:
        """Take the next value, of whatever length, without keeping it."""
        if not self.next():
            raise self._cut_short()
        try:
            self._at = self._end_of_value()
        except _ValueTooLongError:
            self._walk_past()

    def _walk_past(self) -> None:
        """Go by brackets and strings from the beginning of an object, an array or a string."""
        depth = 0
        while True:
            match = self.find(_MARKS)
            if match is None:
                raise self._cut_short()
            self._at += 1
            if match[0] == '"':
                self._walk_past_string()
            else:
                depth += 1 if match[0] in "{[" else -1
            if depth < 1:
                return

    def _walk_past_string(self) -> None:
        while (match := self.find(_IN_STRING)) is not None:
            self._at += len(match[0])
            if match[0] == '"':
                return
        raise self._cut_short()

    def _end_of_value(self) -> int:
        while True:
            try:
                end = _SCAN(self._text, self._at)[1]
            except json.JSONDecodeError as error:
                if not self._may_be_cut(error) or not self._fill():
                    raise self._broken(error) from None
            except RecursionError:
                raise self._damaged("nested too deeply") from None
            else:
                number = self._text[self._at] not in _OPENING
                # Of "12.5" cut behind its point, 12 would be read.
                cut = number and end > len(self._text) - _NEAR_END
                if self._ended or not cut:
                    return end
                self._fill()

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether more text could make it whole."""
        if len(self._text) - self._at > MAX_RECORD_BYTES:
            return False
        open_string = error.msg.startswith("Unterminated")
        return open_string or error.pos >= len(self._text) - _NEAR_END

    def _broken(self, error: json.JSONDecodeError) -> Damaged:
        if len(self._text) - self._at > MAX_RECORD_BYTES:
            return _ValueTooLongError(_TOO_LONG, f"byte {self.byte}")
        if self._ended and self._may_be_cut(error):
            return self._cut_short()
        at = self._dropped + _size(self._text[: error.pos]) + 1
        return self._damaged(f"not valid JSON: {error.msg} at byte {at}")

    def _cut_short(self) -> CutShort:
        return CutShort("it ends in the middle: the file is cut short", f"byte {self.byte}")

    def _damaged(self, problem: str) -> Damaged:
        return Damaged(problem, f"byte {self.byte}")

    def find(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go to the next match at or after this place; None, at the end, when there is none."""
        while True:
            match = pattern.search(self._text, self._at)
            if match and (match.end() < len(self._text) or self._ended):
                self._at = match.start()
                return match
            # A match may lie across the window's end.
            self._at = max(self._at, match.start() if match else len(self._text) - 2**12)
            if not self._fill():
                if match is None:
                    self._at = len(self._text)
                    return None

    def _fill(self) -> bool:
        """Read on, and let go of what was taken; False at the end."""
        if self._ended:
            return False
        wanted = max(BLOCK_BYTES, len(self._text) - self._at)
        data = self._stream.read(wanted)
        self._ended = not data
        data = self._held + data
        cut = 0 if self._ended else _cut_character(data)
        self._held = data[len(data) - cut :] if cut else b""
        text = data[: len(data) - cut].decode("utf-8", "surrogateescape")
        self._dropped += _size(self._text[: self._at])
        self._text, self._at = self._text[self._at :] + text, 0
        return not self._ended or bool(text)


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))


def _cut_character(data: bytes) -> int:
    """How many bytes at the end begin a character that has not come whole."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if back < length else 0
        if byte < 0x80:
            return 0
    return 0
