"""What stands for a record gets its name, where it can only be meant."""

from __future__ import annotations

from tests.stages.data_structurer.own_answers_help import answer

CAUSE = "This vulnerability is due to a static password of the lamp, which was left in the tower."


def advisory(*cves: str) -> dict[str, object]:
    text = f"Two flaws in Lark Lamp let strangers in.\n\n{CAUSE}"
    return {"id": "LK-SA-2099-1", "title": "Lark Lamp flaws", "kind": "advisory", "text": text,
            "aliases": [*cves]}  # fmt: skip


def test_the_cause_of_one_of_several_flaws_is_not_told_as_that_of_all() -> None:
    """The other one has another, and stays open."""
    roles = {"Two": "effect", "This": "cause"}
    assert answer(advisory("CVE-2099-1", "CVE-2099-2"), "advisory_cause", roles) is None
    assert answer(advisory("CVE-2099-1"), "advisory_cause", roles) == CAUSE
