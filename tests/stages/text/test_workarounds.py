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
        ("Boot without the lamp.", "As a workaround, boot without the lamp."),
        # What only lessens a flaw is a sentence of its own and works around nothing.
        ("There is no mitigation. Ringing at noon only shortens the night.",
         "There is no mitigation. Ringing at noon only shortens the night."),
        ("Setting the rope to short.", "As a workaround: Setting the rope to short."),
        # The repair, and a note on what stands before it, work around nothing.
        ("Upgrade to 2.1 or lock the door.", "Upgrade to 2.1 or lock the door."),
        ("Update lark to version 2.1.", "Update lark to version 2.1."),
        ("Update the list of guests.", "As a workaround, update the list of guests."),
        ("Note that ropes get wet.", "Note that ropes get wet."),
        ("", ""),
    ],
)  # fmt: skip
def test_as_workaround(text: str, said: str) -> None:
    assert as_workaround(text) == said
