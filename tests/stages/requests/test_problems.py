"""A dead letter keeps the code of what was wrong, and whose fault it was."""

from __future__ import annotations

from stages.requests.problems import BadRequest, Code, split


def test_code_and_message_come_back() -> None:
    for code in Code:
        assert split(str(BadRequest(code, "body.n: must be 1: or 2"))) == (
            code,
            "body.n: must be 1: or 2",
        )


def test_what_no_check_said_is_the_servers() -> None:
    for error in ("killed its worker", "KeyError: 'x'", "unsupported"):
        assert split(error) == (Code.SERVER_ERROR, error)
