"""Answers by the roles of sentences: complete, in order, and each to be understood alone."""

from __future__ import annotations

import asyncio

import pytest

from stages.base import Record
from stages.data_structurer import own_answers
from stages.data_structurer.evidence import is_strict
from stages.data_structurer.own_answers import own_answer
from stages.data_structurer.reading import read
from stages.recipe.recipe import shipped
from stages.text.kinds import INCIDENT
from tests.stages.data_structurer.own_answers_help import answer, flaw, report


@pytest.fixture(autouse=True)
def roles_by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Incidents stand for entries of a fixed form here, whose sentences have a role by their
    words: an incident's own are told by headings only."""
    monkeypatch.setattr(
        own_answers, "is_strict", lambda one, of: one.kind != INCIDENT and is_strict(one, of)
    )


def test_a_sentence_that_only_a_model_calls_an_aside_is_one_if_the_model_is_sure() -> None:
    said = "Most intruders want to see the books. Ours went for the wiki of the harbour."
    assert answer(report(said), "incident_summary", {"Most": "what", "Ours": "what"}) == said
    assert answer(report(said), "incident_summary", {"Most": "aside", "Ours": "what"}) == (
        "Ours went for the wiki of the harbour."
    )


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


def test_labels_stay_in_a_text_that_is_told_as_a_whole() -> None:
    text = "A token was stolen by a thief.\n\nRoot cause: A flag was left on by us."
    assert answer(report(text), "incident_summary") == text


def test_a_remark_that_says_too_little_is_no_measure() -> None:
    assert answer(report("The parser crashes. Fixed in 9.4.1."), "incident_response") is None


def test_what_was_prevented_is_no_consequence() -> None:
    text = "A clerk was called. The bank stopped one of three transfers."
    assert answer(report(text), "incident_effect", {"The bank": "effect"}) is None
    text = "A clerk was called. The company lost 23,000 euros."
    assert answer(report(text), "incident_effect", {"The company": "effect"}) is not None


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
