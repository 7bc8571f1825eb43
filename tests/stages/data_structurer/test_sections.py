"""Answers from free texts: under a heading, or orders beside each other."""

from __future__ import annotations

import pytest

from stages.base import Record
from tests.stages.data_structurer.own_answers_help import answer


def report(text: str) -> Record:
    return {"title": "Ropes of the harbour", "text": f"Ropes were cut in May.\n\n{text}"}


@pytest.mark.parametrize(
    ("text", "type_", "said"),
    [
        ("Root cause:\n\nThe lamp was off because of a fault.", "text_cause",
         "The lamp was off because of a fault."),
        ("The lamp was off because of a fault in its old cable.", "text_cause", None),
        ("What to do:\n\nReplace all ropes at once.", "text_advice", "Replace all ropes at once."),
        ("Replace all ropes at once.", "text_advice", None),
        ("The sea rose.\n\nReplace all ropes at once. Do not sail by night.", "text_advice",
         "Replace all ropes at once. Do not sail by night."),
        ("Replace all ropes at once. Tell the man named above of it.", "text_advice", None),
        ("- Replace all ropes\n- Call the harbour\n- Ashore by nine", "text_advice",
         "- Replace all ropes.\n- Call the harbour.\n- Ashore by nine."),
        ("- Replace all ropes\n- Four lamps\n- Nine of the old ships", "text_advice", None),
        ("Patches:\n\nRopes of 2 hold.\n\nWorkarounds:\n\nUse chains on all of the piers.",
         "text_advice",
         "Patches: Ropes of 2 hold.\n\nWorkarounds: Use chains on all of the piers."),
        ("What works: freeze both. Remove the old rope. Change the lock.", "text_advice", None),
        ("Remove the old rope. Change the lock. Then burn them.", "text_advice", None),
        ("Root cause:\n\n1. The lamp was off because of a fault. Ida knew it.\n"
         "2. The pier was open.",
         "text_cause",
         "- The lamp was off because of a fault. Ida knew it.\n- The pier was open."),
        ("What to do:\n\nReplace all ropes at once.\n\n- Use chains at sea.\n- Burn the old ones.",
         "text_advice",
         "Replace all ropes at once.\n\n- Use chains at sea.\n- Burn the old ones."),
        ("### Why it took two days\n\nNobody of the crew had looked at the log of the pier.",
         "text_cause", None),
        ("Follow-up:\n\n- [done] Replace all ropes\n- [rejected] Call the harbour", "text_advice",
         None),
    ],
)  # fmt: skip
def test_what_is_taken(text: str, type_: str, said: str | None) -> None:
    assert answer(report(text), type_) == said


def test_what_stands_under_one_heading_is_not_told_where_other_orders_stand_elsewhere() -> None:
    under = "Response: Reset the keys of the pier at once, then rotate the passwords of the crew."
    text = "A thief took the keys of the pier in May, and nobody of the crew saw him there at all."
    record = {"title": "Keys of the pier", "text": f"{text}\n\n{under}"}
    assert answer(record, "text_advice") == under.removeprefix("Response: ")
    more = f"{text} Add the lock of the pier to the list, and update it to version 2.2."
    assert answer(record | {"text": f"{more}\n\n{under}"}, "text_advice") is None
