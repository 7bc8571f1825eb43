"""Answers on weaknesses, techniques, groups, malware and papers in their entries' own words."""

from __future__ import annotations

import pytest

from stages.base import Record
from stages.data_structurer.own_answers import LONGEST_PROFILE
from tests.stages.data_structurer.own_answers_help import answer, flaw


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


def test_a_paper_is_told_with_what_leads_up_to_its_own_work() -> None:
    said = "Locks are old things. This paper presents a lock that talks. It opens by itself."
    paper = {"title": "On locks", "authors": ["A"], "abstract": said}
    assert answer(paper, "paper_summary") == said


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


def test_a_text_without_an_attack_is_not_asked_how_it_works() -> None:
    text = "We build with care.\n\nHow it works:\n\nThe program fetches each part once, then runs."
    record = {"title": "Builds of the harbour", "text": text}
    assert answer(record, "text_method") is None
    attacked = {**record, "text": f"{text}\n\nSummary:\n\nAn attacker gets nothing of it."}
    assert answer(attacked, "text_method") == "The program fetches each part once, then runs."


def test_a_paper_whose_findings_point_back_begins_a_sentence_earlier() -> None:
    text = "Receipts tell who is there. We show that their timing tells where. We measure it."
    paper = {"title": "Receipts", "authors": ["A"], "abstract": text}
    assert str(answer(paper, "paper_summary")).startswith("Receipts tell who is there. We show")


def test_an_article_is_no_name_in_small_letters() -> None:
    days = {"start": "2091-05-02T10:00:00Z", "finish": "2091-05-04T10:00:00Z"}
    event = {"ctf_id": 4, "title": "Ropes of the pier", "text": "Teams cut ropes.", **days}
    assert str(answer(event, "ctf_schedule")).startswith('The event "Ropes of the pier" begins on')


def test_a_finding_that_stands_for_something_said_before_takes_it_along() -> None:
    text = "Units switch off lanes. We show that the time for switching them on tells. We close it."
    paper = {"title": "Leaky lanes of processors", "authors": ["A"], "abstract": text}
    assert str(answer(paper, "paper_summary")).startswith("Units switch off lanes. We show")


@pytest.mark.parametrize(("text", "told"), [("It began in October 2024.", False),
                                            ("It began in 2004 or 2005.", True),
                                            ("It hit many shops.", True)])  # fmt: skip
def test_a_period_that_the_text_contradicts_is_not_told(text: str, told: bool) -> None:
    campaign = {
        "type": "campaign", "name": "Tide", "description": f"Tide is a campaign. {text}",
        "first_seen": "2004-10-01", "last_seen": "2025-09-01",
    }  # fmt: skip
    assert (answer(campaign, "campaign_period") is not None) is told


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


def test_one_tactic_alone_is_no_pair_on_the_purpose_of_a_technique() -> None:
    record = {"external_id": "T1999", "name": "Buy Plans", "description": "They buy plans."}
    assert answer(record | {"tactics": ["command-and-control"]}, "technique_purpose") is None
    two = answer(record | {"tactics": ["impact", "discovery"]}, "technique_purpose")
    assert two == "Adversaries use T1999 for impact and discovery."


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
