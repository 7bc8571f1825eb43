"""What heads a record: a question that calls a report by its first words, while a title, a number
or the sort of document stands in another field, can't be understood alone."""

from __future__ import annotations

import pytest

from stages.base import Record
from stages.data_structurer.heads import headed, is_title_key
from tests.stages.data_structurer.test_nameless import CUT, SAW
from tests.stages.data_structurer.test_subjects import called


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"decision": "ROP/D/2099/12", "authority": "Office of Ropes", "text": f"{CUT} {SAW}"},
         "the decision ROP/D/2099/12 by the Office of Ropes"),
        ({"Request": "204-11870", "Queue": "Pier IT", "Problem": CUT, "Resolution code": "Ropes"},
         "the request 204-11870"),
        ({"tkt": "ROP0011870", "channel": "phone", "log": [CUT, SAW]}, "the ticket ROP0011870"),
        ({"meeting": "Rope makers, weekly", "where": "#ropes, a text meeting, its log tidied",
          "notes": f"{CUT} {SAW}"}, 'the report on the meeting "Rope makers, weekly"'),
        ({"doc_class": "Media statement", "heading": "Ropes of the pier", "text": CUT},
         'the media statement "Ropes of the pier"'),
        ({"type": "Press statement", "from": "Foo Ropes", "title": "Update", "text": SAW},
         "the press statement by Foo Ropes"),
        ({"report_kind": "Dock report, ropes", "language_note": "written for the crews of piers",
          "engineer": "Ida Bo, Foo Ropes", "text": f"{CUT} {SAW}"},
         "the dock report by Ida Bo, Foo Ropes"),
        ({"bulletin": "RN-2099-7", "text": CUT,
          "strength_note": "thin lines, no wire, low cost"}, "the bulletin RN-2099-7"),
        ({"file": "RC-2092-55", "insured": "Foo Ropes", "policy": "Pier 3, limit of two boats",
          "note": f"{CUT} {SAW}"}, "the report RC-2092-55 (Foo Ropes)"),
        ({"kind": "guard's note", "file": "RC-2092-56", "insured": "Foo Ropes",
          "note": f"{CUT} {SAW}"}, "the guard's note RC-2092-56 (Foo Ropes)"),
        ({"detection": "R-7 Many cuts in the rope store", "maintainer": "rope crew, Foo Ropes",
          "logic": "count(cuts) by user > 9", "why": CUT},
         'the detection rule "R-7 Many cuts in the rope store"'),
        ({"questionnaire": "Rope safety, answers of Foo Ropes", "customer": "Long Pier",
          "text": CUT}, 'the questionnaire "Rope safety, answers of Foo Ropes"'),
        ({"incident_title": "Night of the cut ropes", "text": CUT},
         'the report on the incident "Night of the cut ropes"'),
        ({"findingName": "Ropes of others can be cut", "rating": "High", "text": CUT},
         'the finding "Ropes of others can be cut"'),
        ({"case_study": "The long rope: a year on a pier", "client": "all of its names are real",
          "text": CUT}, 'the case study "The long rope: a year on a pier"'),
        ({"issue": {"repo": "piers/ropes", "subject": "Long lines are cut in two", "body": CUT}},
         'the issue "Long lines are cut in two" (ropes)'),
        ({"memo_to": "All crews", "memo_from": "Foo Ropes", "re": "Ropes on the pier",
          "memo": f"{CUT} {SAW}"}, 'the memo "Ropes on the pier" by Foo Ropes to all crews'),
        ({"repo": "piers/ropes", "pull_request": "#12 Cut no line twice", "text": CUT},
         'the pull request "#12 Cut no line twice" (ropes)'),
        ({"event": "Days of the Pier", "session": "Talk 3: who cuts our ropes? – Ida Bo, head of"
          " ropes and lamps at Foo Ropes, with questions from the crews", "text": CUT},
         'the session "Talk 3: who cuts our ropes?"'),
        ({"notice": "DOCK SAFETY NOTICE", "dsn_number": "FR-2097-003", "text": CUT,
          "manufacturer": "Foo Ropes"}, "the dock safety notice FR-2097-003 by Foo Ropes"),
        ({"heading": "Who knows where: the ropes of the pier", "text": CUT},
         'the report "Who knows where: the ropes of the pier"'),
        ({"list_thread": "Re: [ropes] who cut the red lines?", "text": CUT},
         'the list thread "who cut the red lines?"'),
        ({"notice_no": "RN-2099-4", "maker_of": "ropes", "manufacturer": "Foo Ropes", "text": CUT},
         "the notice RN-2099-4 by Foo Ropes"),
        ({"pier_review": "PR-0042", "org": "Foo Ropes", "text": f"{CUT} {SAW}"},
         "the pier review PR-0042 by Foo Ropes"),
        ({"from_office": "Office of Ropes", "to_party": "Bar Piers", "subject": "Your cut ropes",
          "text": f"{CUT} {SAW}"},
         'the letter "Your cut ropes" by the Office of Ropes to Bar Piers'),
        ({"From": "Ida Kay <ida@foo.example>", "To": "crew@foo.example",
          "Subject": "Fwd: ropes of last night", "body": f"{CUT} {SAW}"},
         'the mail "ropes of last night"'),
        ({"exercise_name": "Silent ropes 2099", "curator": "Ida of the long pier", "text": CUT},
         'the report on the exercise "Silent ropes 2099"'),
        ({"meta": {"title": "Events of the long pier"}, "text": CUT},
         'the report "Events of the long pier"'),
        ({"language": "en", "pier_note": "Bad rope: a year of the lamp on the pier", "text": CUT},
         'the pier note "Bad rope: a year of the lamp on the pier"'),
        ({"letterhead": "Harbour Office", "issue": "No. 3, autumn", "text": CUT,
          "piece": "What forty cut ropes have taught us"},
         'the article "What forty cut ropes have taught us"'),
        ({"changelog_of": "Ropeworks (a loom for small piers)", "released": "2099-01-02",
          "text": CUT}, 'the changelog of "Ropeworks (a loom for small piers)" of 2099-01-02'),
        ({"doc": "Postmortem", "what": "Old winch dropped all of the ropes for two days",
          "text": CUT}, 'the postmortem "Old winch dropped all of the ropes for two days"'),
        ({"doc_type": "post-mortem, short", "what": "9 ropes dropped by the old winch",
          "text": CUT},
         'the post-mortem "9 ropes dropped by the old winch"'),
        ({"matter": "Ropes of the pier, part 7b",
          "handling": "Crews only until it is noted by the harbour", "text": CUT},
         'the report on "Ropes of the pier, part 7b"'),
        ({"code": "x", "text": CUT, "behind": "Bo Kay cut the ropes of all the ships"},
         'the report that begins "Somebody has cut all ropes..."'),
        ({"letter_to": "The crews of all piers", "school": "Rope School of Bar", "text": CUT,
          "date": "Monday 4 May 2099"},
         "the letter by Rope School of Bar of 4 May 2099 to the crews of all piers"),
        ({"heading": "We cut all the ropes of a pier. It held.", "kind": "field report",
          "text": CUT}, 'the field report "We cut all the ropes of a pier. It held"'),
        ({"letter_to_crews": f"{CUT} {SAW}"}, "the letter"),
        ({"letter_type": "notification to owners of boats", "sender": "Foo Ropes Ltd",
          "sent": "2099-01-02", "text": f"{CUT} {SAW}"},
         "the notification to owners of boats by Foo Ropes Ltd of 2099-01-02"),
        ({"authority": "Office of Ropes", "decision_number": "R-2099-12", "text": CUT,
          "respondent": "Foo Ropes Ltd"},
         "the decision R-2099-12 by the Office of Ropes (Foo Ropes Ltd)"),
        ({"ref": "PA 2099/12", "entity": "Pier of Bar", "kind": "Rope audit, north side",
          "text": CUT}, "the rope audit PA 2099/12 (Pier of Bar)"),
        ({"id": "RB/2099/week-12", "from_desk": "Rope League of Bar, shared watch of piers",
          "text": CUT}, "the report RB/2099/week-12 by Rope League of Bar, shared watch of piers"),
        ({"bulletin": "RB-2099-7", "subject": "Long lines are cut in two", "text": CUT,
          "product_family": "Foo winches (for piers)"},
         'the bulletin "Long lines are cut in two" (Foo winches)'),
        ({"asked": "Who may cut the ropes of a ship?", "answer": CUT, "text": CUT},
         'the report on the question "Who may cut the ropes of a ship?"'),
    ],
)  # fmt: skip
def test_names(record: Record, name: str) -> None:
    assert called(record) == name


def test_an_address_is_nobody_to_write_to() -> None:
    head = headed({"letter": CUT, "re": "Ropes on the pier", "to": "crew@foo.example"})
    assert (head.title, head.to) == ("Ropes on the pier", "")


def test_a_field_with_the_text_itself_says_what_sort_of_document_it_is() -> None:
    assert headed({"press_statement": f"{CUT} {SAW} " * 3}).document == "press statement"


@pytest.mark.parametrize("key", ["vulnerability_title", "job_title", "host_name", "untitled", ""])
def test_names_of_other_things_are_no_titles(key: str) -> None:
    assert not is_title_key(key)
