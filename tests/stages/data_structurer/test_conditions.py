"""Cases in which something is affected are told as a text lists them."""

from __future__ import annotations

import re

import pytest

from stages.data_structurer.conditions import conditions

SAYS = re.compile(r"\baffected\b")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ships are affected if:\n\n- a bell is set;\n- it rings.\n\nUpdate it.",
         ["Ships are affected if:\n- a bell is set;\n- it rings."]),
        ("Ships carry:\n- a bell\n- ropes", []),
        ("Mode: day; Affected?: yes.\nMode: night; Affected?: no.\n\nUpdate it.",
         ["Mode: day; Affected: yes.\nMode: night; Affected: no."]),
        ("Mode: day; Affected: yes.\nUpdate it.", []),
        ("Branch: 2.x; Affected: yes.\nBranch: 3.x; Affected: no.", []),
        ("Mode: day; Affected: yes; Fixed: no.\nMode: night; Affected: no; Fixed: -.", []),
    ],
)  # fmt: skip
def test_lists_and_tables_of_cases(text: str, told: list[str]) -> None:
    """Whoever has no bell updates in the night, or whoever has one doesn't."""
    assert list(conditions(text, SAYS)) == told
