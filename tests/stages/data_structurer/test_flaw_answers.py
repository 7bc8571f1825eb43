"""Answers on flaws in their entries' own words: what, why, what for, and what to do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from stages.data_structurer.own_answers import own_answer
from stages.data_structurer.reading import read
from stages.recipe.asks import FIELDS, ROLE, KindQuestion, Way
from stages.recipe.recipe import shipped
from tests.stages.data_structurer.own_answers_help import answer, flaw

TAIL = " of all the other people on that host."  # so that an answer says enough


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A flaw of the parser in Foo before 2.0 lets remote attackers read files.",
         "CVE-2099-0001 lets remote attackers read files."),
        ("A flaw of the parser in Foo could allow an attacker to read files.",
         "CVE-2099-0001 could allow an attacker to read files."),
        ("A flaw in Foo. A request for its list enables the attacker to read files.",
         "CVE-2099-0001 enables an attacker to read files."),
        ("Foo is vulnerable to XSS. This makes it possible for guests to inject scripts.",
         "CVE-2099-0001 makes it possible for guests to inject scripts."),
        ("Foo has a flaw of old. This allows guests to inject scripts.",
         "CVE-2099-0001 allows guests to inject scripts."),
        ("A flaw of the parser in Foo does not allow attackers to read files.", None),
        ("The parser of Foo 2.1 no longer lets remote attackers read files.", None),
        ("A page with a frame could only let an attacker crash the tab.", None),
        ("A flaw of the parser in Foo may potentially allow an attacker to read files.",
         "CVE-2099-0001 may potentially allow an attacker to read files."),
        ("A flaw of the parser in Foo allows the attackers to read files.",
         "CVE-2099-0001 allows attackers to read files."),
        ("A flaw of the driver in Foo allows the local user to gain privileges.",
         "CVE-2099-0001 allows a local user to gain privileges."),
        ("The form of Foo checks no type, which makes it possible for attackers to upload PHP.",
         "CVE-2099-0001 makes it possible for attackers to upload PHP."),
        ("A check is missing in Foo. This could lead to local escalation of privilege.",
         "CVE-2099-0001 could lead to local escalation of privilege."),
        ("A check is missing in the agent of Foo, which lets a local user replace its binary.",
         "CVE-2099-0001 lets a local user replace its binary."),
        ("A missing check in the queue of Foo allows users to cause CPU consumption.",
         "CVE-2099-0001 allows users to cause CPU consumption."),
        ("The export of Foo doesn't check who asks, allowing any authenticated user to read notes.",
         "CVE-2099-0001 allows any authenticated user to read notes."),
        # What a product lets its users do.
        ("Foo is a webmail client that lets users read mail in a browser.", None),
        ("The gallery of Foo lets users with the author role upload pictures.", None),
        ("Foo is a CMS for schools. This allows editors to publish pages.", None),
        ("Foo is a remote desktop which allows remote users to share a screen.", None),
    ],
)  # fmt: skip
def test_what_an_attacker_may_do_is_said_of_the_flaw(text: str, said: str | None) -> None:
    longer = f"{text.removesuffix('.')}{TAIL}"
    told = f"{said.removesuffix('.')}{TAIL}" if said else None
    assert answer(flaw(longer), "vulnerability_impact") == told


KEEPS = "Lark 2.1 keeps the key of every user in a file that all the other users can read."


def test_a_second_description_of_the_same_is_no_part_of_the_first() -> None:
    again = "A flaw was found in Lark. It keeps all the keys in a file."
    assert answer(flaw(f"{KEEPS} {again}"), "vulnerability_explanation") == KEEPS


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"solution": "The problem was partially fixed in 2.0."}, None),
        # Asked for as what it is, and no repair.
        ({"workaround": "Restart Lark each night."},
         "As a workaround, restart Lark each night."),
        ({"solution": "Update to 2.2.", "description":
          f"{KEEPS} As a workaround, remove the file. It comes back when Lark starts."},
         "Update to 2.2. As a workaround, remove the file. It comes back when Lark starts."),
        ({"solution": "Allow known users: # /etc/lark.conf Users ida Then restart it."}, None),
    ],
    ids=range(4),
)  # fmt: skip
def test_what_repairs_a_flaw_and_what_only_works_around_it(
    fields: dict[str, Any], said: str | None
) -> None:
    assert answer({**flaw(KEEPS), **fields}, "vulnerability_response") == said


def test_a_cause_names_the_flaw_that_it_is_of() -> None:
    text = f"{KEEPS} This vulnerability is due to a missing check of the name of the file."
    said = "CVE-2099-0001 is due to a missing check of the name of the file."
    roles = {"This vuln": "cause"}
    assert answer(flaw(text), "vulnerability_cause", roles) == said


def test_what_a_catalog_says_of_its_own_entries_is_no_advice() -> None:
    note = "A port keeps letters. This kind of error should probably have its own number."
    assert answer(flaw(note), "vulnerability_response") is None


def test_an_impact_of_a_few_words_is_told_with_the_flaw_alone() -> None:
    assert (
        answer(flaw("A flaw of Foo 2.1 lets attackers read files."), "vulnerability_impact") is None
    )


def test_a_lead_begins_where_a_text_can_be_understood_and_ends_before_advice() -> None:
    said = "The parser of Foo is a mess of a program. Names of any length are copied."
    before = "This, and more, is old. For details see the references below."
    text = f"{before} {said} Update to version 2.0 of Foo."
    assert answer(flaw(text), "vulnerability_explanation") == said


def test_what_a_product_is_for_is_no_summary_of_its_flaw() -> None:
    product = "Foo is a tool for the transfer of files over lines of any kind."
    said = "Credentials of users are sent to a host that only differs in its port."
    text = f"{product} Security Fix(es): * {said} Update soon."
    titled = {**flaw(text), "title": "Foo sends keys"}
    assert answer(titled, "vulnerability_explanation") == said
    # Nothing else says what the flaw is in.
    assert str(answer(flaw(text), "vulnerability_explanation")).startswith(product)
    assert answer(flaw(product), "vulnerability_explanation") == product


@pytest.mark.parametrize(
    ("text", "said"),
    [("Foo is a mess. Version 1 is not affected.", None),
     ("Foo is a mess. Versions before 2.0 are affected.", "Versions before 2.0 are affected."),
     ("Foo is a mess. Only hosts with the old proxy are vulnerable.", None),
     ("A flaw in Lark before 2.1 is a mess. Only hosts with the old proxy are vulnerable.",
      "CVE-2099-0001 affects Lark before 2.1. Only hosts with the old proxy are vulnerable.")],
)  # fmt: skip
def test_what_is_not_affected_does_not_say_what_is(text: str, said: str | None) -> None:
    assert answer(flaw(text), "vulnerability_scope") == said


def test_advice_that_only_points_elsewhere_is_no_answer() -> None:
    record = flaw("Foo is a mess.") | {
        "solution": ["Prevention schemes mirror that of stored passwords.", "See the book Foo."]
    }
    assert answer(record, "vulnerability_response") is None


def test_prose_of_fields_is_whole_and_joined() -> None:
    record = flaw("Foo is a mess.") | {
        "solution": ["Update Foo at once. This means all hosts and ...", "Restart the host, too."]
    }
    said = "Update Foo at once. Restart the host, too."
    assert answer(record, "vulnerability_response") == said


def test_the_first_way_that_yields_an_answer_gives_it() -> None:
    question = KindQuestion(
        "x", ("Why {name}?",), (Way(FIELDS, "Solution"), Way(ROLE, "cause")), "cause"
    )
    reading = asyncio.run(read(flaw("Foo fails because of a typo in its parser."), shipped(), None))
    found = own_answer(reading, question)
    assert found is not None and found.text == "Foo fails because of a typo in its parser."
    assert found.by == "record"


def test_what_several_values_say_alike_is_said_once() -> None:
    record = flaw("Foo is a mess.") | {
        "solution": ["Update Foo at once.", "Update Foo at once. Restart the host, too."]
    }
    said = "Update Foo at once. Restart the host, too."
    assert answer(record, "vulnerability_response") == said


def test_an_it_that_stands_for_nothing_gets_no_name() -> None:
    text = "A flaw in Foo. It was found that the check fails due to a typo."
    assert answer(flaw(text), "vulnerability_cause") == (
        "It was found that the check fails due to a typo."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [("Foo follows symbolic links when it rotates its log file.", None),
     ("Foo is a mess. Administrators should look for logins at night in the access log.",
      "Administrators should look for logins at night in the access log.")],
)  # fmt: skip
def test_a_flaw_of_a_log_does_not_say_how_to_notice_an_attack(text: str, said: str | None) -> None:
    roles = {"Foo follows": "detect", "Administrators": "detect"}
    assert answer(flaw(text), "vulnerability_detection", roles) == said


def test_a_short_order_is_a_measure_and_what_depends_on_it_follows() -> None:
    record = flaw("Foo is a mess.") | {
        "solution": "Install 7.2.11. If that is not possible, switch the list to plain text."
    }
    said = "Install 7.2.11. If that is not possible, switch the list to plain text."
    assert answer(record, "vulnerability_response") == said
    alone = flaw("Foo is a mess.") | {"solution": "If that is not possible, close the port."}
    assert answer(alone, "vulnerability_response") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [("Product does not stop if a mast is missing from its plan.",
      "CVE-2099-0001 is an example of CWE-306 (missing authentication for a critical function): a"
      " product does not stop if a mast is missing from its plan."),
     ("Attacker can lift the mast of a ship of another harbour.",
      "CVE-2099-0001 is an example of CWE-306 (missing authentication for a critical function): an"
      " attacker can lift the mast of a ship of another harbour."),
     ("Thieves lift the masts of all ships by Lark 2.1 if nobody of the crew looks at them at"
      " night.",
      "Thieves lift the masts of all ships by Lark 2.1 if nobody of the crew looks at them at"
      " night.")],
)  # fmt: skip
def test_a_note_without_a_product_tells_of_a_kind_of_flaw(text: str, said: str) -> None:
    assert answer({**flaw(text), "cwe_id": "CWE-306"}, "vulnerability_explanation") == said


def test_a_flaw_of_a_nameless_product_is_an_example_of_its_weakness() -> None:
    note = "Product does not warn user when document contains macros."
    entry = {"id": "CVE-2099-0002", "description": note, "cwe": "CWE-9901: Lax Dialogs"}
    assert answer(entry, "vulnerability_explanation") == (
        "CVE-2099-0002 is an example of CWE-9901 (Lax Dialogs): a product does not warn the user"
        " when a document contains macros."
    )


def test_who_or_what_is_affected_is_named() -> None:
    text = "Lark 2.1 reads beyond a buffer. Programs that read files of strangers are affected."
    assert answer(flaw(text.replace("Lark 2.1", "It")), "vulnerability_scope") is None


def test_a_workaround_that_the_filter_has_gathered_is_told_once() -> None:
    around = "Set the switch to off. Clients of old may fail."
    record = flaw("A flaw of the parser in Foo before 2.0 lets attackers read files.")
    record |= {"mitigations": [around], "workaround": around}
    said = "As a workaround, set the switch to off. Clients of old may fail."
    assert answer(record, "vulnerability_response") == said


SECTIONS = (
    "### Impact\nWhat kind of vulnerability is it?\n\nAnyone can ring all of the bells:\n\n"
    "- no name of a bell is checked.\n\n### Am I affected?\n```\n"
    "$ ringctl list --all | grep bell\n```\nNothing in it does not prove that no bell was rung.\n\n"
    "### PoC\n$ ringctl ring bell7\nAll bells of the harbour begin to ring at the same time then."
)


def test_a_command_and_what_stands_behind_it_explain_no_flaw() -> None:
    """Who asks what a flaw is reads how to look for it, or how to try it."""
    record = {"ghsa_id": "GHSA-2222-3333-4444", "summary": "Lark: bells", "description": SECTIONS}
    assert answer(record, "vulnerability_explanation") is None


def test_a_sign_is_not_told_without_the_command_that_finds_it() -> None:
    """An answer that drops the first half of a check is half of one."""
    said = "Look for the words bell rung at night in the log of the tower."
    told = f"Lark is a bell.\n\n### Detection\n{said}"
    assert answer(flaw(told), "vulnerability_detection") == said
    asked = told.replace(said, f"$ ringctl list --all\n{said}")
    assert answer(flaw(asked), "vulnerability_detection") is None


def test_what_a_flaw_lets_be_done_is_no_sign_of_it() -> None:
    """A log that can be read is none in which an attempt shows."""
    text = "A missing check in the Log Viewer of Lark allowed guests to read the logs of others."
    roles = {"A missing": "detect", "A loose": "detect"}
    assert answer(flaw(text), "vulnerability_detection", roles) is None
    text = "A loose rope in the log reader of Lark made it possible to see the notes of others."
    assert answer(flaw(text), "vulnerability_detection", roles) is None
