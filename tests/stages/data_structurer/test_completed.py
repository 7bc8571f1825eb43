"""What a record says on a question besides its fields is told with them, or nothing is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stages.data_structurer.own_answers_help import answer, flaw

RANGE = {"affected": ["Lark Mail from 2.0 before 2.4"]}
AFFECTS = "CVE-2099-0001 affects Lark Mail from 2.0 before 2.4."
KEEPS = "Lark Mail keeps the keys of all guests in a file that each of them may read."
UPDATE = {"mitigations": ["Update Lark Mail to 2.4."]}


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("Servers to which no guest can log in are not affected.",) * 2,
        ("Only servers with a printer are exposed.",) * 2,
        ("The edition for ships does not contain this service.",) * 2,
        # What the fields say already, and where in a product a flaw is.
        ("Versions of Lark Mail from 2.0 before 2.4 are affected.", ""),
        ("Affected by this flaw is the function bell_ring() of the service.", ""),
    ],
)
def test_what_is_affected_is_told_with_its_conditions(text: str, more: str) -> None:
    """Whoever has no printer goes looking for an update else."""
    told = answer(flaw(f"{KEEPS} {text}") | RANGE, "vulnerability_scope")
    assert told == f"{AFFECTS} {more}".strip()


def test_conditions_in_a_list_are_told_as_one() -> None:
    said = "Servers are affected only if both hold:\n\n1. guests may log in;\n2. a printer is set."
    told = answer(flaw(f"{KEEPS}\n\n{said}") | RANGE, "vulnerability_scope")
    assert told == "\n".join([AFFECTS, *filter(None, said.split("\n"))])


def test_cases_in_a_table_are_told() -> None:
    """Whoever runs it without a bell updates in the night for nothing."""
    rows = ("Setup | Affected?", "--- | ---", "with a bell | yes", "at sea | only in harbours")
    table = "\n".join(f"| {one} |" for one in rows)
    told = answer(flaw(f"{KEEPS}\n\n{table}") | RANGE, "vulnerability_scope")
    assert told == f"{AFFECTS}\nSetup: with a bell; Affected: yes.\n" + (
        "Setup: at sea; Affected: only in harbours."
    )
    table = table.replace("Setup", "Version").replace("with a bell", "2.1")
    assert answer(flaw(f"{KEEPS}\n\n{table}") | RANGE, "vulnerability_scope") == AFFECTS


def test_a_part_that_can_not_be_told_leaves_the_question_unasked() -> None:
    """An answer without it is half of one."""
    text = f"{KEEPS}\n\nThose that have been named above are not affected."
    assert answer(flaw(text) | RANGE, "vulnerability_scope") is None


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("There is no workaround but to send no mail.",) * 2,
        ("The 1.x series will not be fixed.",) * 2,
        ("Restarting the service does not help.",) * 2,
        ("The flaw was fixed in 2.4.", ""),
    ],
)
def test_what_is_to_be_done_is_told_with_what_can_not_be(text: str, more: str) -> None:
    """An owner of 1.x waits for an update that nobody makes."""
    told = answer(flaw(f"{KEEPS} {text}") | UPDATE, "vulnerability_response")
    assert told == f"Update Lark Mail to 2.4. {more}".strip()


def test_sections_on_measures_are_told_in_their_order() -> None:
    """Who hosts the service and who has it from others have different things to do."""
    text = (
        f"## Impact\n{KEEPS}\n\n## Patches\n- hosted: nothing to do\n- self-hosted: `2.4`\n\n"
        "## Workarounds\nTurn guests off. This hides the bell."
    )
    record = {"ghsa_id": "GHSA-2222-3333-4444", "summary": "Lark: open keys", "description": text}
    told = answer(record | UPDATE, "vulnerability_response")
    assert told == (
        "Update Lark Mail to 2.4.\nPatches:\n- hosted: nothing to do.\n- self-hosted: 2.4\n"
        "As a workaround, turn guests off. This hides the bell."
    )


@pytest.mark.parametrize(
    ("fields", "type_", "more"),
    [
        (RANGE | {"scope_notes": ["Lark Fax is not affected."]}, "vulnerability_scope",
         "Lark Fax is not affected."),
        (UPDATE | {"fix_notes": ["No repaired version of Lark Fax is named."]},
         "vulnerability_response", "No repaired version of Lark Fax is named."),
        (RANGE | {"statement": "Lark Mail of the harbour is not affected. It is old."},
         "vulnerability_scope", "Lark Mail of the harbour is not affected."),
    ],
)  # fmt: skip
def test_notes_of_a_feed_are_told_behind_the_fields(
    fields: dict[str, Any], type_: str, more: str
) -> None:
    assert str(answer(flaw(KEEPS) | fields, type_)).endswith(f". {more}")


def test_that_nothing_works_around_a_flaw_is_told_behind_the_order() -> None:
    text = f"{KEEPS} There are no known workarounds."
    told = answer(flaw(text) | UPDATE, "vulnerability_response")
    assert told == "Update Lark Mail to 2.4. There are no known workarounds."


def test_a_command_in_a_field_stays_with_the_order_in_front_of_it() -> None:
    """An answer without it ends with "restart it:", or leaves the measure out."""
    order = "Close the port and restart the service:\n\n# ring restart"
    told = answer(flaw(KEEPS) | {"mitigations": ["Update Lark Mail to 2.4.", order]},
                  "vulnerability_response")  # fmt: skip
    assert told == f"Update Lark Mail to 2.4.\n{order}"


def test_each_release_that_is_spared_is_told() -> None:
    """Whoever has the older one goes on looking for its update."""
    notes = [
        "Lark Mail in Pier Linux 10 is not affected.",
        "Lark Mail in Pier Linux 7 is not affected.",
    ]
    packages = [
        "Lark Mail before 2.5-4.el9_7 (Pier Linux 9)",
        "Lark Mail (Pier Linux 8; not mended)",
    ]
    lark = {"affected": packages, "scope_notes": notes}
    told = answer(flaw(KEEPS) | lark, "vulnerability_scope")
    assert told is not None and all(one in told for one in notes)


def test_what_leans_on_something_untold_is_left_out() -> None:
    """Nobody knows which lock is meant."""
    stated = (
        "The default lock keeps guests out. Systems in open mode are affected and lack this lock."
    )
    told = answer(flaw(KEEPS) | RANGE | {"statement": stated}, "vulnerability_scope")
    assert told == AFFECTS


def test_rows_of_a_table_of_versions_are_not_told_behind_the_update() -> None:
    """ "Patched: -" says nothing to a reader, and the rest is in the order to update."""
    rows = ("Line | Affected | Patched", "--- | --- | ---", "2.x | < 2.4 | 2.4", "1.x | no | -")
    table = "\n".join(f"| {one} |" for one in rows)
    text = f"{KEEPS}\n\n## Patches\n\n{table}\n\n## Workarounds\n\nTurn off the bell service."
    told = answer(flaw(text) | UPDATE, "vulnerability_response")
    assert told == "Update Lark Mail to 2.4. As a workaround, turn off the bell service."


GUARD = "if (rings > 9) {\n  stop();\n}"


def test_code_in_a_workaround_keeps_its_lines_behind_what_announces_it() -> None:
    """Glued into the sentence, with a full stop of ours, it is neither code nor prose."""
    text = f"Keep the bell off, or check first:\n\n```js\n{GUARD}\n```\n\nThis slows the tower."
    told = answer(flaw(f"{KEEPS}\n\n### Workarounds\n\n{text}") | UPDATE, "vulnerability_response")
    assert told == (
        "Update Lark Mail to 2.4.\nAs a workaround, keep the bell off, or check first:\n"
        f"{GUARD}\nThis slows the tower."
    )


def test_items_of_a_workaround_that_go_on_get_no_full_stop() -> None:
    text = "1. Keep the bell off, or\n2. ring it by hand."
    told = answer(flaw(f"{KEEPS}\n\n### Workarounds\n\n{text}") | UPDATE, "vulnerability_response")
    assert told == f"Update Lark Mail to 2.4.\nWorkarounds:\n{text}"


def test_that_no_fix_is_planned_is_said_once() -> None:
    """The reader looks for the second product without a fix."""
    fix_notes = ["For Lark Bell (all versions): Currently no fix is planned."]
    text = f"{KEEPS} For Lark Bell no fix is planned."
    told = answer(flaw(text) | UPDATE | {"fix_notes": fix_notes}, "vulnerability_response")
    assert told == "Update Lark Mail to 2.4. For Lark Bell no fix is planned."
    other = ["For Lark Pier (all versions): Currently no fix is planned."]
    told = answer(flaw(text) | UPDATE | {"fix_notes": other}, "vulnerability_response")
    assert told is not None and told.endswith(other[0])


def test_a_version_alone_is_no_measure() -> None:
    """ "Update it to 2.4. v2.4." reads as if something were missing."""
    text = f"{KEEPS}\n\n### Patches\n\nv2.4. The tag v2 was moved to it in May."
    told = answer(flaw(text) | UPDATE, "vulnerability_response")
    assert told == "Update Lark Mail to 2.4. The tag v2 was moved to it in May."


def test_that_customers_have_nothing_to_do_is_told_with_what_was_done() -> None:
    """A customer of a service looks for an update else."""
    fixed = {"mitigations": ["The fix was rolled out to all harbours on 2 May."]}
    told = answer(flaw(f"{KEEPS} No customer action is needed.") | fixed, "vulnerability_response")
    assert told == f"{fixed['mitigations'][0]} No customer action is needed."


def test_that_customers_have_nothing_to_do_is_told_once() -> None:
    said = "No customer action is required. The fix was rolled out to all harbours on 2 May."
    text = f"{KEEPS} No customer action is needed."
    told = answer(flaw(text) | {"mitigations": [said]}, "vulnerability_response")
    assert told == said
