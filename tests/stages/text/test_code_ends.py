"""Code at the end of a text is told from prose, and as its source ends a line."""

from __future__ import annotations

import pytest

from stages.text.code_ends import ends_as_code_of, ends_with_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Run: nft add rule inet ink input -p tcp -j DROP", True),
        ("To keep the ink in, run nft add rule ink -p tcp -j DROP", True),
        ("Start the pump with --no-ink", True),
        ("index=ink parent=pump.exe | stats count by host user pump", True),
        ("rule ink {\n  condition:\n    $a\n}", True),
        ("- run net stop inkpump", True),
        ("reg add HKCU\\Ink /v id /t REG_SZ /d 1 /f", True),
        ("-if (ink <= FULL)\n+if (ink < FULL)", True),
        ("- Empty the pump (and its lamp)", False),
        ("Stop the pump: systemctl stop inkpump", True),
        ("- Execute gpupdate and start the pump again", False),
        ("Run the service of the pump once a day", False),
        ("Stop the net user of the pump", False),
        ("Use the pump -- it is old -- and the lamp", False),
        ("Set ink=0 in the file of the pump and start it again", False),
        ("Update to 2.0", False),
        ("- Light the pier", False),
    ],
)
def test_code_is_told_from_prose_by_its_last_words(text: str, code: bool) -> None:
    """A full stop behind a command is pasted with it."""
    assert ends_with_code(text) is code


def test_code_ends_where_a_line_of_the_source_does() -> None:
    """Else an answer that was cut off within a command counts as whole."""
    source = "Run: nft add -p tcp -j DROP\nDetection:\npump:\n  Image: ink\ncondition: pump\nEnd."
    assert ends_as_code_of("Do it. Run: nft add -p tcp -j DROP".partition(". ")[2], source)
    assert ends_as_code_of("pump:\n  Image: ink\ncondition: pump", source)
    assert ends_as_code_of("pump:\n  Image: ink", source)
    assert ends_as_code_of("- Do it:\n  condition: pump", source)  # set in below an item
    assert ends_as_code_of("- Do it:\n  Run: nft add -p tcp -j DROP", source)
    assert not ends_as_code_of("- Do it:\n  Run: nft add -p", source)
    assert not ends_as_code_of("Run: nft add -p", source)
    assert not ends_as_code_of("Detection:", source)
