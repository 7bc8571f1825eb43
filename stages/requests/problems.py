"""Why a request gets no answer: a code that scripts can tell apart, and words for people.

Knows the text form in which a dead letter keeps both.  Invariant: what `split` gives of a text
that `BadRequest` made is what went in.
"""

from __future__ import annotations

from enum import StrEnum

from stages.base import RecordError


class Code(StrEnum):
    """What kind of problem it is."""

    INVALID_JSON = "invalid_json_line"
    DUPLICATE_ID = "duplicate_custom_id"
    INVALID_URL = "invalid_url"
    INVALID_REQUEST = "invalid_request"
    UNSUPPORTED = "unsupported"
    SERVER_ERROR = "server_error"


class BadRequest(RecordError):
    """The request can't be answered, whoever asks for it how often; the message names the field."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(f"{code}: {message}")


def split(error: str) -> tuple[Code, str]:
    """Code and message of a dead letter; what no check of ours said is a server's error."""
    code, colon, message = error.partition(": ")
    if colon and code in set(Code):
        return Code(code), message
    return Code.SERVER_ERROR, error
