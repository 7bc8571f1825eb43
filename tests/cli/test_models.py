"""`models`: what an action would not heed is refused, not taken in silence."""

from __future__ import annotations

import pytest

import coordinator


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list", "gemma3-270m"], "models list gemma3-270m: lists all models and takes no name"),
        (["fetch", "--model", "big"], "--model big: only for `models check URL`"),
        (["--model", "big"], "--model big: only for `models check URL`"),
        (["--accept-licence"], "--accept-license: only for `models fetch`"),
        (["check"], "models check: give the server's address"),
    ],
)
def test_what_an_action_would_not_heed_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert coordinator.main(["models", *arguments]) == 2
    assert capsys.readouterr().err.startswith(f"error: {said}")
