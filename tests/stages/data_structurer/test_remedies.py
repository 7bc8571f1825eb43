"""The remedy of an advisory of a fixed form, behind its summary."""

from __future__ import annotations

from typing import Any

from stages.base import Record
from stages.sources.shapes.items import Item
from stages.sources.structures.registry import found_in
from tests.stages.data_structurer.own_answers_help import answer

TEXT = "Lark Gate keeps one key for all gates. Whoever reads it can open the other gates as well."


def advisory(*remedies: str, text: str = TEXT) -> Record:
    document: dict[str, Any] = {
        "category": "csaf_security_advisory", "csaf_version": "2.0", "title": "Lark: one key",
        "publisher": {"category": "vendor", "name": "Lark", "namespace": "https://lark.example"},
        "tracking": {"id": "LRK-9", "status": "final", "version": "1"},
        "notes": [{"category": "summary", "text": text}],
    }  # fmt: skip
    fixes = [{"category": "mitigation", "details": one} for one in remedies]
    flaw = {"cve": "CVE-2099-0001", "remediations": fixes}
    value = {"document": document, "vulnerabilities": [flaw]}
    record = found_in(Item("a.json", value), flat=True).record
    assert record is not None
    return record


def test_a_summary_ends_with_the_remedy_under_its_name() -> None:
    told = answer(advisory("Set switch 6 to off.", "As for CVE-2099-0002."), "advisory_summary")
    assert told == f"{TEXT}\n\nMitigations: Set switch 6 to off."


def test_a_remedy_that_another_says_in_full_is_told_once() -> None:
    told = answer(
        advisory("Update it to 2.1.", "Update it to 2.1 and restart it."), "advisory_summary"
    )
    assert told == f"{TEXT}\n\nMitigations: Update it to 2.1 and restart it."


def test_what_the_text_advises_to_some_stands_behind_the_remedies() -> None:
    some = "Owners who have lent the key to a friend should change it."
    text = f"{TEXT} {some} Users that run 1.0 should upgrade it."
    told = answer(advisory("Set switch 6 to off.", text=text), "advisory_action")
    assert told == f"Set switch 6 to off. {some}"


def test_what_is_to_be_done_after_an_update_is_told_with_it() -> None:
    """Whoever only updates keeps the keys that were read."""
    then = "After the update, change all keys that were made in 2.0."
    still = "Updating does not take back keys that a thief has."
    text = f"{TEXT} {then} {still}"
    told = answer(advisory("Update Lark Gate to 2.1.", text=text), "advisory_action")
    assert told == f"Update Lark Gate to 2.1. {then} {still}"


def test_a_workaround_needs_no_label_of_measures() -> None:
    told = answer(advisory("As a workaround, set switch 6 to off."), "advisory_summary")
    assert told == f"{TEXT}\n\nAs a workaround, set switch 6 to off."


def test_a_summary_without_a_remedy_has_none() -> None:
    assert answer(advisory(), "advisory_summary") == TEXT


def test_a_summary_says_what_is_affected_how_it_is_rated_and_whether_it_is_exploited() -> None:
    """Its text may say nothing of that, and the fields are not seen by who reads it."""
    record = {
        "text": TEXT, "title": "Lark Gate: open door", "kind": "advisory", "id": "LK-1",
        "affected": ["Lark Gate before 2.1"], "exploitation": "No attacks are known.",
        "cvss": {"version": "3.1", "base_score": 8.2}, "original": {},
    }  # fmt: skip
    told = str(answer(record, "advisory_summary"))
    assert told.endswith(
        "\n\nAffected: Lark Gate before 2.1.\nSeverity: CVSS 3.1 base score 8.2 (high).\n"
        "Exploitation: No attacks are known."
    )


def test_that_no_fix_is_planned_is_told_once_with_the_text() -> None:
    record = advisory("Set switch 6 to off.", text=f"{TEXT} For Lark Bell no fix is planned.")
    record["fix_notes"] = ["For Lark Bell (all versions): Currently no fix is planned."]
    told = answer(record, "advisory_summary")
    assert told is not None and told.count("no fix is planned") == 1


def test_a_remedy_that_ends_with_a_command_gets_no_full_stop() -> None:
    """Whoever copies it would stop "spooler.", which there is not."""
    told = answer(advisory("- Run net stop spooler", "- Set switch 6 to off"), "advisory_summary")
    assert told == f"{TEXT}\n\nMitigations: Run net stop spooler\nSet switch 6 to off."


def test_what_readers_ask_is_answered_at_the_end_of_a_summary() -> None:
    """Only there is it said that a bell without a rope counts, too."""
    asked = "Is a bell without a rope at risk? No. It counts as a lamp, however."
    record = {
        "text": TEXT, "title": "Lark Gate: open door", "kind": "advisory", "id": "LK-1",
        "faq": [asked], "original": {},
    }  # fmt: skip
    assert str(answer(record, "advisory_summary")).endswith(f"\n\n{asked}")
