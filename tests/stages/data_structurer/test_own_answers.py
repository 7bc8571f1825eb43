"""Answers in the record's own words: complete, in order, and each to be understood alone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from stages.base import Record
from stages.data_structurer import own_answers
from stages.data_structurer.evidence import is_strict
from stages.data_structurer.own_answers import LONGEST_PROFILE, own_answer
from stages.data_structurer.reading import is_fit, read
from stages.recipe.asks import FIELDS, ROLE, KindQuestion, Way
from stages.recipe.recipe import shipped
from stages.recipe.role_names import ROLES
from stages.text.kinds import INCIDENT
from tests.stage_help import ScriptedModel

WORDING = shipped().bounds.wording


@pytest.fixture(autouse=True)
def roles_by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Incidents stand for entries of a fixed form here, whose sentences have a role by their
    words: an incident's own are told by headings only."""
    monkeypatch.setattr(
        own_answers, "is_strict", lambda one, of: one.kind != INCIDENT and is_strict(one, of)
    )


def answer(record: Record, type_: str, roles: dict[str, str] | None = None) -> str | None:
    """What a record answers; `roles` by the beginnings of its sentences, as a model sees them."""

    def chances(question: Any, text: str) -> dict[str, float]:
        named = next((r for start, r in (roles or {}).items() if text.startswith(start)), "what")
        return {role: 1.0 if role == named else 0.0 for role in ROLES}

    reading = asyncio.run(
        read(record, shipped(), ScriptedModel(chances=chances) if roles else None)
    )
    for question in shipped().questions.of_kind[reading.subject.kind]:
        if question.type == type_ and (found := own_answer(reading, question)):
            return found.text
    return None


def flaw(text: str) -> Record:
    return {"id": "CVE-2099-0001", "description": text}


def report(text: str) -> Record:
    return {"incident_id": "I-9", "title": "Break-in at the harbour", "text": text}


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


@pytest.mark.parametrize(
    ("text", "when"),
    [("Gull Day was a raid on ten harbours of Norland by a gang of old.", True),
     ("Gull Day was a raid on ten harbours of Norland in May 2021.", False)],
)  # fmt: skip
def test_when_a_campaign_was_is_not_told_twice(text: str, when: bool) -> None:
    campaign = {"id": "campaign--1", "type": "campaign", "name": "Gull Day", "description": text,
                "external_id": "C9999", "first_seen": "2021-05-01T00:00:00Z",
                "last_seen": "2021-05-01T00:00:00Z"}  # fmt: skip
    told = answer(campaign, "campaign_summary")
    assert told is not None and ("was active" in told) == when


def observed(note: str) -> Record:
    return {**flaw(note), "cwes": ["CWE-401"], "weaknesses": ["CWE-401 Missing Release of Memory"]}


EXAMPLE = "CVE-2099-0001 is an example of CWE-401 (Missing Release of Memory)"


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("Product keeps all letters of a guest in memory, leading to a crash.",
         ': a product keeps all letters of a guest in memory, leading to a crash.'),
        # What leaves out its articles, or has no verb, is no English of ours.
        ("Reference count of gulls is not lowered (CWE-911), leading to a leak of letters.",
         '. Its entry reads: "Reference count of gulls is not lowered (CWE-911), leading to a leak'
         ' of letters."'),
        ("Web server keeps all letters in queue after guest has left the harbour.",
         '. Its entry reads: "Web server keeps all letters in queue after guest has left the'
         ' harbour."'),
        ("chain: off-by-one count of gulls keeps old letters of guests.",
         '. Its entry reads: "Off-by-one count of gulls keeps old letters of guests."'),
    ],
)  # fmt: skip
def test_a_weakness_is_told_with_how_a_flaw_is_an_example_of_it(note: str, told: str) -> None:
    assert answer(observed(note), "vulnerability_explanation") == EXAMPLE + told


def test_a_note_that_says_no_more_than_the_weakness_is_not_told_as_its_example() -> None:
    """ "An example of Missing Release of Memory: memory is not released" teaches nothing."""
    told = answer(observed("A product is missing the release of its memory then."),
                  "vulnerability_explanation")  # fmt: skip
    assert told is None or EXAMPLE not in told


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


def test_a_sentence_that_only_a_model_calls_an_aside_is_one_if_the_model_is_sure() -> None:
    said = "Most intruders want to see the books. Ours went for the wiki of the harbour."
    assert answer(report(said), "incident_summary", {"Most": "what", "Ours": "what"}) == said
    assert answer(report(said), "incident_summary", {"Most": "aside", "Ours": "what"}) == (
        "Ours went for the wiki of the harbour."
    )


def test_a_paper_is_told_with_what_leads_up_to_its_own_work() -> None:
    said = "Locks are old things. This paper presents a lock that talks. It opens by itself."
    paper = {"title": "On locks", "authors": ["A"], "abstract": said}
    assert answer(paper, "paper_summary") == said


def test_a_sentence_that_points_back_takes_the_one_before_along() -> None:
    text = "The intruders came by night. They sent phishing mails by abusing stolen passwords."
    assert answer(report(text), "incident_method", {"They": "how"}) == text


def test_a_date_that_the_sentence_before_names_takes_it_along() -> None:
    said = "The old key of the store ends on 3 May. Install the new key before that date."
    assert answer(report(said), "incident_response") == said


def test_a_thing_that_the_sentence_before_introduced_takes_it_along() -> None:
    text = "Malware writes a job into a table of the host. The job downloads a loader by night."
    roles = {"Malware": "what", "The job": "how"}
    assert answer(report(text), "incident_method", roles) == text


def test_sentences_of_a_role_are_said_together_in_their_order() -> None:
    text = ("Files were encrypted in May. The head of the office saw it. Work stopped for nine days"
            " at the harbour.")  # fmt: skip
    said = "Files were encrypted in May. Work stopped for nine days at the harbour."
    roles = {"Files": "effect", "The head": "aside", "Work": "effect"}
    assert answer(report(text), "incident_effect", roles) == said


def test_one_of_several_numbered_things_is_no_answer() -> None:
    text = "Three things went wrong. 3) Backups failed because the key was missing from a safe."
    assert answer(report(text), "incident_cause") is None


def test_it_stands_for_malware_and_is_named() -> None:
    malware = {"type": "malware", "name": "Foo", "external_id": "S1000", "description":
               "Foo is a loader of sorts. It has been attributed to the group Bar."}  # fmt: skip
    assert answer(malware, "malware_actors") == "Foo has been attributed to the group Bar."


def test_a_name_in_small_letters_begins_an_answer_as_it_is() -> None:
    said = "foolister is a tool that lists the shares of hosts."
    tool = {"type": "tool", "name": "foolister", "description": said}
    assert answer(tool, "malware_explanation") == said
    assert answer(flaw("widgets of the tool leak the names of their users."),
                  "vulnerability_explanation") == (
        "Widgets of the tool leak the names of their users."
    )  # fmt: skip


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


def test_a_text_without_an_attack_is_not_asked_how_it_works() -> None:
    text = "We build with care.\n\nHow it works:\n\nThe program fetches each part once, then runs."
    record = {"title": "Builds of the harbour", "text": text}
    assert answer(record, "text_method") is None
    attacked = {**record, "text": f"{text}\n\nSummary:\n\nAn attacker gets nothing of it."}
    assert answer(attacked, "text_method") == "The program fetches each part once, then runs."


@pytest.mark.parametrize(
    ("type_", "role", "said"),
    [("incident_method", "how", "The vendor first fetches a key from its own server in the port."),
     ("incident_method", "how", "Install it now; a script that sends mails by night goes around."),
     ("incident_method", "how", "The clock of the gate is set by radio, then shown in the hall."),
     ("incident_cause", "cause", "Ships were never at risk because they have locks of their own."),
     ("incident_cause", "cause", "A clerk noticed it because the wording of a mail was odd."),
     ("incident_response", "respond", "The harbour did not pay the ransom that was asked for."),
     ("incident_lessons", "finding", "The head of the harbour was surprised by how fast it went.")],
)  # fmt: skip
def test_a_sentence_of_the_role_that_does_not_fit_the_question(
    type_: str, role: str, said: str
) -> None:
    text = f"Intruders came at night. {said}"
    assert answer(report(text), type_, {said[:9]: role}) is None


@pytest.mark.parametrize(
    ("said", "told"),
    [("Useful signs are event 7045 (a service was installed) and DNS.", False),
     ("The theft was noticed when signs of it stood in the log.", True)],
)  # fmt: skip
def test_only_what_tells_of_the_past_says_how_a_case_came_to_light(said: str, told: bool) -> None:
    question = next(
        one for one in shipped().questions.of_kind["other"] if "come to light" in one.wordings[0]
    )
    found = own_answer(asyncio.run(read(report(said), shipped(), None)), question)
    assert (found is not None) is told


def test_labels_and_links_are_taken_off_the_front() -> None:
    assert answer(
        report("Root cause: The check ran late because of a typo."), "incident_cause"
    ) == ("The check ran late because of a typo.")
    assert answer(report("However, the door was open due to a fault."), "incident_cause") == (
        "The door was open due to a fault."
    )
    assert answer(report("Generally speaking, checks fail due to a typo."), "incident_cause") == (
        "Checks fail due to a typo."
    )


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


def test_labels_stay_in_a_text_that_is_told_as_a_whole() -> None:
    text = "A token was stolen by a thief.\n\nRoot cause: A flag was left on by us."
    assert answer(report(text), "incident_summary") == text


def test_a_remark_that_says_too_little_is_no_measure() -> None:
    assert answer(report("The parser crashes. Fixed in 9.4.1."), "incident_response") is None


def test_a_paper_whose_findings_point_back_begins_a_sentence_earlier() -> None:
    text = "Receipts tell who is there. We show that their timing tells where. We measure it."
    paper = {"title": "Receipts", "authors": ["A"], "abstract": text}
    assert str(answer(paper, "paper_summary")).startswith("Receipts tell who is there. We show")


def test_an_article_is_no_name_in_small_letters() -> None:
    days = {"start": "2091-05-02T10:00:00Z", "finish": "2091-05-04T10:00:00Z"}
    event = {"ctf_id": 4, "title": "Ropes of the pier", "text": "Teams cut ropes.", **days}
    assert str(answer(event, "ctf_schedule")).startswith('The event "Ropes of the pier" begins on')


@pytest.mark.parametrize(
    ("sentence", "fit"),
    [("Unknown Logger is a publicly released, free backdoor.", True),
     ("None of the fixes is complete, so the port has to be closed.", True),
     ("Unknown at this time.", False), ("None available.", False), ("Unknown.", False),
     ("N/A: the vendor has not answered.", False),
     ("AFFECTED PRODUCTS.", False), ("NASA was hit, too.", True)],
)  # fmt: skip
def test_a_name_that_begins_like_nothing_is_a_sentence(sentence: str, fit: bool) -> None:
    assert is_fit(sentence, WORDING) is fit


@pytest.mark.parametrize(
    ("text", "said"),
    [("Foo follows symbolic links when it rotates its log file.", None),
     ("Foo is a mess. Administrators should look for logins at night in the access log.",
      "Administrators should look for logins at night in the access log.")],
)  # fmt: skip
def test_a_flaw_of_a_log_does_not_say_how_to_notice_an_attack(text: str, said: str | None) -> None:
    roles = {"Foo follows": "detect", "Administrators": "detect"}
    assert answer(flaw(text), "vulnerability_detection", roles) == said


def test_a_finding_that_stands_for_something_said_before_takes_it_along() -> None:
    text = "Units switch off lanes. We show that the time for switching them on tells. We close it."
    paper = {"title": "Leaky lanes of processors", "authors": ["A"], "abstract": text}
    assert str(answer(paper, "paper_summary")).startswith("Units switch off lanes. We show")


def test_what_was_prevented_is_no_consequence() -> None:
    text = "A clerk was called. The bank stopped one of three transfers."
    assert answer(report(text), "incident_effect", {"The bank": "effect"}) is None
    text = "A clerk was called. The company lost 23,000 euros."
    assert answer(report(text), "incident_effect", {"The company": "effect"}) is not None


def test_a_list_that_lost_its_lines_is_no_sentence() -> None:
    begun = "Targets include, but not only: speech"
    assert not is_fit(f"{begun} images For example, a sign is read.", WORDING)
    assert is_fit(f"{begun} and images. For example, a sign is read.", WORDING)


@pytest.mark.parametrize(("text", "told"), [("It began in October 2024.", False),
                                            ("It began in 2004 or 2005.", True),
                                            ("It hit many shops.", True)])  # fmt: skip
def test_a_period_that_the_text_contradicts_is_not_told(text: str, told: bool) -> None:
    campaign = {
        "type": "campaign", "name": "Tide", "description": f"Tide is a campaign. {text}",
        "first_seen": "2004-10-01", "last_seen": "2025-09-01",
    }  # fmt: skip
    assert (answer(campaign, "campaign_period") is not None) is told


def test_a_short_order_is_a_measure_and_what_depends_on_it_follows() -> None:
    record = flaw("Foo is a mess.") | {
        "solution": "Install 7.2.11. If that is not possible, switch the list to plain text."
    }
    said = "Install 7.2.11. If that is not possible, switch the list to plain text."
    assert answer(record, "vulnerability_response") == said
    alone = flaw("Foo is a mess.") | {"solution": "If that is not possible, close the port."}
    assert answer(alone, "vulnerability_response") is None


def test_consequences_are_what_an_attacker_may_do_and_no_definition() -> None:
    weakness = {
        "id": "CWE-65",
        "description": "The product, when opening a file, does not see that its name is a link."
        " This could allow an attacker to cause the product to operate on other files.",
        "common_consequences": "::SCOPE:Confidentiality:IMPACT:Read Files or Directories::",
    }
    assert answer(weakness, "weakness_consequences") == (
        "CWE-65 could allow an attacker to cause the product to operate on other files."
        " Through CWE-65, an attacker may be able to read files or directories."
    )


def test_what_a_user_may_do_is_no_consequence() -> None:
    text = "Each cookie that a browser has stored allows a user to go on."
    assert answer({"id": "CWE-539", "description": text}, "weakness_consequences") is None


@pytest.mark.parametrize(
    ("record", "type_", "said"),
    [
        (report("Losses of customers by stolen accounts fell to zero in the second quarter."),
         "incident_effect", None),
        ({"id": "CWE-9902", "name": "Lax", "description": "The product does not check a length."
          " Because of this, further decisions are made on poor information."},
         "weakness_cause", None),
        ({"id": "CWE-9902", "name": "Lax", "description": "The product does not check an index."
          " Attackers could access parts of these resources, which can lead to a loss of data."},
         "weakness_consequences",
         "The product does not check an index. Attackers could access parts of these resources,"
         " which can lead to a loss of data."),
        ({"stix_type": "malware", "name": "FOO", "text": "FOO is a web shell. It was discovered in"
          " November 2020 during the investigation of an intrusion."}, "malware_detection", None),
        (report("We copied a badge of the firm. The defenders saw the copied badge of ours only"
                " because its owner was on leave."), "incident_cause", None),
        ({"id": "USN-9-1", "title": "X", "description": "It was found that it did not drop its"
          " rights before it opened the log file."}, "advisory_detection", None),
    ],
)  # fmt: skip
def test_faults_that_a_reader_of_rounds_nine_and_ten_found(
    record: Record, type_: str, said: str | None
) -> None:
    assert answer(record, type_) == said


def test_items_of_a_list_begin_alike() -> None:
    found = answer(
        report("Until then:\n\n- keep the lock off\n- do not share any keys"), "incident_response"
    )
    assert found == "- Keep the lock off.\n- Do not share any keys."


def test_a_list_of_measures_is_taken_as_a_whole() -> None:
    steps = [
        "Lock the phone in the console.",
        "Revoke its tokens.",
        "Ask its owner for the data on it.",
        "Wipe it within four hours.",
        "Report the loss to the officer.",
    ]
    text = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    found = answer(
        report(f"{text}\n\nThe attack was noticed by a clerk of the bank."), "incident_response"
    )
    assert found == "\n".join(f"- {step}" for step in steps)


REVOKED = ("Of seven browsers, two accepted a revoked certificate for a week."
           " Stapled responses shortened this to a day, a fall of 86 percent.")  # fmt: skip
LOADER = (
    "In this attack a loader comes by mail. It keeps itself alive with a task. In three cases we"
    " saw it download a tool at night."
)
RESOLVED = ("Two flaws have been resolved in the server. One lets a client fill the log."
            " Both are fixed in 8.4.6.")  # fmt: skip
PAGE = "At nine a customer told us that our page linked to a casino."


@pytest.mark.parametrize(
    ("text", "type_", "roles", "said"),
    [
        (REVOKED, "incident_lessons", {"Stapled": "finding"}, REVOKED),
        (LOADER, "incident_method", {"In three": "how"}, None),
        (RESOLVED, "incident_response", dict.fromkeys(("Two", "One", "Both"), "respond"), None),
        ("Certificates are revoked when their keys are lost.", "incident_response",
         {"Certificates": "respond"}, None),
        ("Two weaknesses will not be fixed in this version.", "incident_response",
         {"Two": "respond"}, None),
        (PAGE, "incident_actors", {"At nine": "who"}, None),
        ("An attack sends data in invitations. Of five products, none raised an alert.",
         "incident_detection", {"Of five": "detect"}, None),
        ("The police arrested three men who are said to be behind it.", "incident_actors",
         {"The police": "who"}, "The police arrested three men who are said to be behind it."),
    ],
)  # fmt: skip
def test_faults_that_a_reader_of_round_twelve_found(
    text: str, type_: str, roles: dict[str, str], said: str | None
) -> None:
    assert answer(report(text), type_, roles) == said


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


OTTER = {
    "type": "intrusion-set",
    "name": "Otter",
    "external_id": "G1000",
    "description": "Otter is a group of thieves.",
}
LOCKED = "At first the crew locked the doors of all ships."


@pytest.mark.parametrize(
    ("record", "type_", "roles", "said"),
    [
        (OTTER | {"description": f"{OTTER['description']} Its members first send phishing mails."},
         "group_method", {"Its": "how"}, "Otter's members first send phishing mails."),
        (report(f"{LOCKED} This made no difference: thieves came by sea."), "incident_response",
         {"At first": "respond"}, None),
        (report(f"{LOCKED} That took a night."), "incident_response", {"At first": "respond"},
         LOCKED),
        (report("The intruders sent a fake bill by mail. It loads a script from a server."),
         "incident_method", {"The intruders": "how", "It loads": "effect"},
         "The intruders sent a fake bill by mail. It loads a script from a server."),
        (report("Nowhere in the log was there any evidence, and no alarm of an attack."),
         "incident_detection", {"Nowhere": "detect"}, None),
        (report("I couldn't read the mail of it all, because its paper was wet."), "incident_cause",
         {"I couldn": "cause"}, None),
        (report("A clerk called the police because a door of the bank was open to thieves."),
         "incident_cause", {"A clerk": "cause"}, None),
        (report("Why the group wanted the rope remains unknown."),
         "incident_actors", {"Why": "who"}, None),
        (report("A clinic became aware that strangers had read its mail for years."),
         "incident_detection", {"A clinic": "detect"}, None),
        (flaw("Foo has a flaw. Keys of that time have been revoked by the vendor."),
         "vulnerability_response", {"Foo": "what", "Keys": "respond"}, None),
        ({"type": "malware", "name": "Foo", "description": "Foo is a loader. Its victims have been"
          " associated with a trade union."}, "malware_actors", {"Its": "who"}, None),
    ],
)  # fmt: skip
def test_faults_that_readers_of_round_fourteen_found(
    record: Record, type_: str, roles: dict[str, str], said: str | None
) -> None:
    assert answer(record, type_, roles or None) == said


PRE = ("This technique cannot be easily mitigated with preventive controls since it is done on"
       " hosts of others.")  # fmt: skip


@pytest.mark.parametrize(
    ("record", "type_", "said"),
    [
        ({"external_id": "T1999", "tactics": ["impact"], "name": "Masts", "courses_of_action":
          [PRE], "description": "Adversaries may rent masts of others."},
         "technique_mitigation", PRE),
        (flaw("Lark 2.1 logs tokens of ships. Tokens that were issued before have been revoked by"
              " the vendor."), "vulnerability_response", None),
        (flaw("Lark before 2.1 logs tokens of ships."), "vulnerability_scope",
         "CVE-2099-0001 affects Lark before 2.1."),
        ({"id": "CWE-9902", "name": "Lax", "description": "The product does not compare masts.",
          "potential_mitigations": ["Compare masts by their names and by the ports that their"
                                    " owners have told to you. If not, it is important for"
                                    " performance reasons that they are few."]},
         "weakness_prevention",
         "Compare masts by their names and by the ports that their owners have told to you."),
    ],
)  # fmt: skip
def test_faults_that_a_reader_of_round_fourteen_found_in_entries(
    record: Record, type_: str, said: str | None
) -> None:
    assert answer(record, type_) == said


MADE = "A flaw was found in Lark up to 2.1. The manipulation of the name leads to "


@pytest.mark.parametrize(
    ("record", "type_", "said"),
    [
        (flaw(f"{MADE}cross-site request forgery."), "vulnerability_impact", False),
        (flaw(f"{MADE}an sql injection vulnerability."), "vulnerability_impact", False),
        ({**flaw(MADE), "solution": "Lark 3.0 checks all names. No update is planned for 2.x."},
         "vulnerability_response", False),
        ({**flaw(MADE), "solution": "Turn the list of names off."}, "vulnerability_response", True),
        ({"id": "attack-pattern--1", "type": "attack-pattern", "external_id": "T1999",
          "name": "Spooling", "mitigations": ["Refer to the guide of the maker on printers."]},
         "technique_mitigation", False),
        ({"id": "attack-pattern--1", "type": "attack-pattern", "external_id": "T1999",
          "name": "Spooling", "mitigations": [
              "Lock the queue of every printer at night. Refer to the guide of the maker."]},
         "technique_mitigation", True),
    ],
    ids=range(6),
)  # fmt: skip
def test_faults_that_a_reader_of_round_fifteen_found(
    record: Record, type_: str, said: bool
) -> None:
    assert (answer(record, type_) is not None) == said


CHANNEL = {
    "id": "CWE-9903", "name": "Unchecked Signal",
    "description": "The product reads a signal of a lamp, but it does not check who lit it.",
    "extended_description": "A stranger who swings the lamp may gain the privileges of the guard.",
}  # fmt: skip


def test_consequences_bring_in_what_they_speak_of() -> None:
    """ "The lamp" of nowhere can't be understood."""
    role = {"A stranger": "effect"}
    assert answer(CHANNEL, "weakness_consequences", role) == (
        f"{CHANNEL['description']} {CHANNEL['extended_description']}"
    )
    alone = {**CHANNEL, "extended_description": "A stranger may gain the privileges of a guard."}
    assert answer(alone, "weakness_consequences", role) == alone["extended_description"]


def test_a_stated_consequence_is_told_with_what_it_is_a_consequence_of() -> None:
    impacts = "::SCOPE:Other:IMPACT:Read Memory:IMPACT:Modify Memory:IMPACT:Gain Privileges::"
    record = {**CHANNEL, "extended_description": "", "common_consequences": impacts}
    assert answer(record, "weakness_consequences") == (
        f"{CHANNEL['description']} Through CWE-9903, an attacker may be able to read memory, modify"
        " memory and gain privileges."
    )


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


def test_a_technique_is_told_with_how_it_works() -> None:
    """A first sentence hardly says more than the name: what was learned would be the name."""
    text = (
        "Adversaries may abuse the spooler. The spooler runs each job with the rights of the host."
        " A job may name a library, which is then loaded at every start."
    )
    technique = {"external_id": "T1999", "name": "Spooling", "tactics": ["persistence"],
                 "platforms": ["macOS"], "description": text}  # fmt: skip
    assert answer(technique, "technique_explanation") == text


def test_a_weakness_is_told_with_its_mechanism_behind_the_background() -> None:
    text = "The product lends a lamp to a guest that it does not check."
    more = (
        "Lamps are lent in most harbours. They are lit at dusk. They are put out at dawn. A guest"
        " who is not checked can burn all the oil, so that an attacker may sail in unseen."
    )
    record = {"id": "CWE-9901", "name": "Lent Lamp", "description": text,
              "extended_description": more}  # fmt: skip
    assert answer(record, "weakness_explanation") == f"{text} {more}"


def test_a_definition_is_no_prevention() -> None:
    text = "A protocol lets two parties agree which cipher should be used, but it does not choose."
    record = {"id": "CWE-9901", "name": "Weak Choice", "description": text}
    assert answer(record, "weakness_prevention", {"A protocol": "respond"}) is None


def test_a_short_definition_is_told_with_the_consequences() -> None:
    text = "The product does not check a lamp before it sails, exposing the crew."
    record: Record = {"id": "CWE-9901", "name": "Dark Sail", "description": text}
    assert answer(record, "weakness_explanation") == text
    told = answer(record | {"common_consequences": ["Read Memory"]}, "weakness_explanation")
    assert told == f"{text} Through CWE-9901, an attacker may be able to read memory."
    long = f"{text[:-1]} and all others who are on board, among them guests of the harbour."
    long = f"{long} A lamp that is out can be seen by nobody."
    record |= {"description": long, "common_consequences": ["Read Memory"]}
    assert answer(record, "weakness_explanation") == long


def test_a_remark_without_a_subject_gets_one() -> None:
    record = {
        "id": "CWE-9999", "name": "Write of any Value", "description": "A value is written.",
        "mitigations": ["Use functions of the OS. Not a complete solution."],
    }  # fmt: skip
    assert answer(record, "weakness_prevention") == (
        "Use functions of the OS. This is not a complete solution."
    )


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
    roles = {"A missing": "detect"}
    assert answer(flaw(text), "vulnerability_detection", roles) is None


def test_one_tactic_alone_is_no_pair_on_the_purpose_of_a_technique() -> None:
    record = {"external_id": "T1999", "name": "Buy Plans", "description": "They buy plans."}
    assert answer(record | {"tactics": ["command-and-control"]}, "technique_purpose") is None
    two = answer(record | {"tactics": ["impact", "discovery"]}, "technique_purpose")
    assert two == "Adversaries use T1999 for impact and discovery."


@pytest.mark.parametrize(
    ("sentence", "fit"),
    [("Two-way (i.e., guests and hosts can open the lock of a bell).", False),
     ("Salting (i.e., adding a random value) makes tables of hashes useless.", True),
     ("Ask for a key from a trusted local smith LEDs need power to be lit.", False),
     ("Ask for a list of the PINs that are in use.", True),
     ("The bell hangs in the tower The rope is kept by the guest.", False)],
)  # fmt: skip
def test_what_has_lost_its_list_or_a_full_stop_is_not_told(sentence: str, fit: bool) -> None:
    assert is_fit(sentence, WORDING) is fit


def test_a_long_report_on_malware_is_no_answer_to_what_it_is() -> None:
    """Three pages on how it was found and removed answered "What is it?"."""
    begun = "Ropeworm is a worm that cuts the ropes of ships in all ports. It spreads by rope."
    short: Record = {
        "text": f"{begun}\n\nIt was first seen on a pier of Bar in the winter of 2099."
    }
    assert answer(short, "malware_explanation") == short["text"]
    assert answer(short, "text_summary") is None
    parts = [
        f"On pier {n} we found that nobody had looked at the log of the night." for n in range(40)
    ]
    long: Record = {"text": "\n\n".join([begun, *parts])}
    lead = answer(long, "malware_explanation")
    assert lead is not None and lead.startswith(begun) and len(lead) < LONGEST_PROFILE
    assert answer(long, "text_summary") == long["text"]
