"""Advice that is given again in other words."""

from __future__ import annotations

import pytest

from stages.data_structurer.repeats import is_said_again

SAID = "Ensure that the design does not allow loose ropes in modes intended for normal sailing."


@pytest.mark.parametrize(
    ("text", "again"),
    [
        (SAID, True),
        ("Do not allow loose ropes in modes which are intended for normal sailing.", True),
        ("Do not allow loose ropes in modes of Lark 2.1 intended for normal sailing.", False),
        ("Add a lock on top of every rope that is loose at night.", False),
        ("Count the ropes.", False),
    ],
)
def test_what_is_said_again(text: str, again: bool) -> None:
    assert is_said_again(text, [SAID]) == again
