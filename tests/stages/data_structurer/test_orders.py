"""An order to update is told once, and with what the text says besides."""

from __future__ import annotations

import pytest

from stages.data_structurer.orders import besides, with_product
from tests.stages.data_structurer.own_answers_help import answer, flaw

UPDATE = {"mitigations": ["Update larkd to 2.4."]}
KEEPS = "larkd keeps the keys of all guests in a file that each of them may read."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("## Mitigation\nUpgrade to 2.4, or remove the group guests from the lamp.",
         "Upgrade larkd to 2.4, or remove the group guests from the lamp."),
        ("## Mitigation\nUpgrade to 2.4 or later.", "Upgrade larkd to 2.4 or later."),
        ("## Workarounds\n- Remove the group guests.\n\nNote that ropes need this group.",
         "Update larkd to 2.4.\nWorkarounds:\n- Remove the group guests.\n"
         "Note that ropes need this group."),
        ("## Mitigation\nRemove the group guests.\n\nThanks to Ida for the lamp.",
         "Update larkd to 2.4. As a workaround, remove the group guests."),
    ],
)  # fmt: skip
def test_an_update_is_no_workaround(text: str, said: str) -> None:
    """ "Update. As a workaround, upgrade" has a reader look for the difference."""
    assert answer(flaw(f"{KEEPS}\n\n{text}") | UPDATE, "vulnerability_response") == said


def test_an_order_for_one_of_several_packages_names_none() -> None:
    section = ["Upgrade to 2.4, or leave the harbour."]
    assert with_product(section, "Update larkd to 2.4. Update lamp to 2.4.") == section
    assert with_product(section, "Update larkd to 2.4 or 3.1.") == section
    assert besides("Update lamp to 2.4.1.", ["Upgrade lamp to 2.4, or leave."]) == (
        "Update lamp to 2.4.1."
    )
