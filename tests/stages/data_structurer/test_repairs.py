"""Repairs and workarounds of a flaw, as its text tells them."""

from __future__ import annotations

import pytest

from tests.stages.data_structurer.own_answers_help import answer, flaw

FLAW = "Lark 2.1 reads beyond a buffer of the list of its users."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Fixed in 2.2; on update all keys should be replaced by new ones.",
         "CVE-2099-0001 is fixed in 2.2; on update all keys should be replaced by new ones."),
        ("\n\nWorkarounds:\n\nBlock port 80 at the gateway. A restart isn't enough.\n\nHow to find"
         " out if it was used:\n\nLook for the user lark in the log.",
         "As a workaround, block port 80 at the gateway. A restart isn't enough."),
        ("Disable the list of users. That did not help. Update to 2.2 of Lark.",
         "Update to 2.2 of Lark."),
        ("Update to 2.2 of Lark. Version 2.0 does not have the bug.", "Update to 2.2 of Lark."),
    ],
)  # fmt: skip
def test_what_is_to_be_done(text: str, said: str) -> None:
    assert answer(flaw(f"{FLAW} {text}"), "vulnerability_response") == said
