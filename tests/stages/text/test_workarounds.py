"""A workaround says that it is one, and nothing else of it changes."""

from __future__ import annotations

import pytest

from stages.text.workarounds import as_workaround


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Remove the right.", "As a workaround, remove the right."),
        ("Workaround: Block port 80.", "As a workaround, block port 80."),
        ("TLS can be turned on.", "As a workaround: TLS can be turned on."),
        ("Use a proxy until the update is out.",
         "As a workaround, use a proxy until the update is out."),
        ("There is no workaround for it.", "There is no workaround for it."),
        ("There is no way to stop it. Allow port 80 only.",
         "There is no way to stop it. As a workaround, allow port 80 only."),
        ("There is no way to stop it.", "There is no way to stop it."),
        ("", ""),
    ],
)  # fmt: skip
def test_as_workaround(text: str, said: str) -> None:
    assert as_workaround(text) == said
