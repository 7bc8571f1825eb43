"""Products and versions as a text names them, all that it lists, and nothing by halves."""

from __future__ import annotations

import pytest

from stages.data_structurer.versions import versions_in, with_platform
from tests.stages.data_structurer.own_answers_help import flaw


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In Lark OS 11 through 11.4, the daemon reads a length.", "Lark OS 11 through 11.4"),
        ("larkmark 1.8.0 through 1.9.4 has an overflow.", "larkmark 1.8.0 through 1.9.4"),
        ("A flaw in the shop of Lark Desk before 5.6.2 allows reading.", "Lark Desk before 5.6.2"),
        (
            "A flaw was found in Lark 8.x before 8.4.1 and 9.x before 9.0.3.",
            "Lark 8.x before 8.4.1 and 9.x before 9.0.3",
        ),
        (
            "An error in Lark before 2.0 and Lark Pro 3.0 to 3.2 lets users read.",
            "Lark before 2.0 and Lark Pro 3.0 to 3.2",
        ),
        ("Lark for Android before 12.3 logs a token.", "Lark for Android before 12.3"),
        ("Lark Player 2.1.0 has a use-after-free.", "Lark Player 2.1.0"),
        ("A lock up to and including 1.14 of the maker.", ""),
        (
            "The Gull Slider plugin for WordPress is vulnerable to XSS by a form in all versions up"
            " to, and including, 2.4.1 due to a missing check.",
            "the Gull Slider plugin for WordPress in all versions up to, and including, 2.4.1",
        ),
        # What is to be installed.
        ("Install 3.18 of the gate.", ""),
        ("Upgrade Lark 2 to 3.1.", ""),
        # Where it was fixed.
        ("A logic error was found. It is fixed in Lark OS 14.2 through 14.4.", ""),
        ("Lark PLC 400 series controllers keep a password.", ""),
        ("Lark 2.1 fixes a flaw of the parser.", ""),
        ("Lark 2.0 through 2.4 are not affected by it.", ""),
        # What is still to come, and the word for any product.
        ("Lark 2.1 checks the length and is expected in May.", ""),
        ("Lark 2.1 through 2.4 will be released in May.", ""),
        ("Software 2.1 reads a length.", ""),
        # Only under a condition, or no product.
        ("In Lark before 2.0 on Windows, a path is not quoted.", ""),
        ("Lark 2.1 when used with Gull 3.0 has a flaw.", ""),
        ("Lark 2.1, 2.2 and 2.3 when used with Gull 3.0 has a flaw.", ""),
        ("A flaw of the handshake in TLS 1.2 allows reading.", ""),
        ("A flaw in Lark allows reading.", ""),
    ],
)
def test_what_a_text_names(text: str, found: str) -> None:
    assert versions_in(flaw(text)) == found


def test_a_platform_that_only_the_text_names_belongs_to_what_is_affected() -> None:
    """Whoever runs it elsewhere updates for nothing."""
    text = "A loose bolt in Wren before 9.4 on Android and iOS lets a guest in."
    assert with_platform("Wren before 9.4", text) == "Wren before 9.4 on Android and iOS"
    assert with_platform("Wren before 9.5", text) == "Wren before 9.5"
    version = "A loose bolt in Wren before 9.4 on Windows 11 lets a guest in."
    assert with_platform("Wren before 9.4", version) == "Wren before 9.4"
