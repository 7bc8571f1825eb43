"""Records that a field names: a question that calls one by an empty title, or by the words of
somebody who answers in it, asks nobody anything."""

from __future__ import annotations

import pytest

from stages.base import Record
from tests.stages.data_structurer.test_nameless import CUT, SAW
from tests.stages.data_structurer.test_subjects import called


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"report": "third interim", "insured": "Rope & Pier Mills", "text": CUT},
         "the report on Rope & Pier Mills"),
        ({"pier_review": "Ropes of the winter, part two", "date": "2099-01-02", "text": CUT},
         'the pier review "Ropes of the winter, part two" of 2099-01-02'),
        ({"postmortem_of": "Long Rope ferry lines", "author": "the rope crew", "text": CUT},
         'the postmortem of "Long Rope ferry lines"'),
        ({"author": "the Rope crew", "date": "2099-01-02", "text": f"{CUT} {SAW}"},
         "the report by the Rope crew of 2099-01-02"),
        ({"client": "withheld", "text": CUT},
         'the report that begins "Somebody has cut all ropes..."'),
        ({"court": "Assize of the North Pier", "matter": "Pier v. Ida Rope", "text": CUT},
         'the report on "Pier v. Ida Rope"'),
        ({"aviso": "Harbour watch, ropes of the week", "text": CUT},
         'the report on "Harbour watch, ropes of the week"'),
        ({"letterhead": "Harbour office", "to": "The crew of the Foo", "re": "Order on cut ropes",
          "letter": f"{CUT} {SAW}"},
         'the letter "Order on cut ropes" by Harbour office to the crew of the Foo'),
        ({"text": f"Subject: Your ropes on the pier\n\n{CUT} {SAW}"},
         'the report "Your ropes on the pier"'),
        ({"board": "Piers", "question": "**Odd rope on pier, is it cut?**\nby Bo", "text": CUT},
         'the report on the question "Odd rope on pier, is it cut?"'),
        ({"bulletin": "RB-99-12", "vendor": "Foo Ropes", "products_affected": "Rope 4",
          "text": CUT},
         "the bulletin RB-99-12 by Foo Ropes (Rope 4)"),
        ({"opened": "2099-01-02T10:00Z", "summary": "Cut ropes, pier four", "analysis": CUT},
         'the report on "Cut ropes, pier four"'),
        ({"statement": "For immediate release", "date": "2099-01-02", "text": CUT},
         'the statement that begins "Somebody has cut all ropes..."'),
        ({"prepared for": "Crew of the Foo", "evidence seen": "Log of the pier, May",
          "control": "A.7 Ropes", "text": CUT},
         'the report on the control "A.7 Ropes"'),
        ({"advisory": "RX-4", "issue": "Ropes are cut by rain", "text": CUT}, "the advisory RX-4"),
        ({"report": "#4711", "package": "rope(4)", "text": CUT}, 'the report #4711 ("rope(4)")'),
        ({"host": "Pier and Ferry Union", "exercise": "WET ROPE 2099", "text": CUT},
         'the report on the exercise "WET ROPE 2099"'),
        ({"case_number": "RC-99004", "channel": "walk-in", "text": CUT},
         "the report on the case RC-99004"),
        ({"gathering": "Weekly meeting of the pier", "text": CUT},
         'the report on "Weekly meeting of the pier"'),
        ({"channel": "#piers", "text": CUT}, "the chat #piers"),
        ({"chat": {"server": "Pier crews, night room", "day": "2099-01-02",
                   "text": f"[09:02] ida_k: {CUT}\n[09:03] bo: {SAW}\n[09:04] ida_k: {SAW}"}},
         'the chat on "Pier crews, night room" of 2099-01-02'),
        ({"rule_file": "rules/pier/rope_cut_by_night.yml", "text": CUT},
         "the report on the rule rope_cut_by_night"),
        ({"series": "Rope Talk, episode 7", "transcript": f"IDA: {CUT}\n\nBO: {SAW}"},
         'the transcript of the show "Rope Talk, episode 7"'),
        ({"programme": "Pier Hour, part 9", "transcript": f"IDA: {CUT}\n\nBO: {SAW}"},
         'the transcript of the show "Pier Hour, part 9"'),
        ({"desk": "Pier IT", "Ticket": "#4711", "text": CUT}, "the ticket #4711"),
        ({"issuer": "Pier Watch of Bar", "number": "14/2099", "text": CUT},
         "the report 14/2099 by Pier Watch of Bar"),
        ({"number": "14/2099", "text": CUT},
         'the report that begins "Somebody has cut all ropes..."'),
        ({"adv": "RSA-2099-3", "text": CUT}, "the advisory RSA-2099-3"),
        ({"letterhead": "Rope Clinic of Bar", "letter_to": "Dear crew,", "date": "2099-01-02",
          "text": f"{CUT} {SAW}"}, "the letter by Rope Clinic of Bar of 2099-01-02"),
        ({"text": f"The rope of our pier: {CUT}"},
         'the report that begins "The rope of our pier: Somebody..."'),
        ({"text": f"[09:02] ida_k: {CUT}\n[09:03] bo: {SAW}"},
         'the report that begins "Somebody has cut all ropes of the old pier..."'),
        ({"client": "Rope & Pier Mills", "tester": "Bo", "text": f"The winch is open\n\n{CUT}"},
         'the report "The winch is open"'),
        ({"guest": "Bo Rope, once of the pier", "text": CUT},
         'the report that begins "Somebody has cut all ropes..."'),
        ({"document": "MINUTES", "body_name": "Rope Crew, Pier of Bar", "text": CUT,
          "meeting": "9th meeting, 2099-01-02, shed"},
         'the minutes of the meeting "9th meeting, 2099-01-02, shed" (Rope Crew, Pier of Bar)'),
        ({"newsletter": "The Splice, weekly of the rope crews", "issue": "No. 9, May 2099",
          "text": CUT}, 'the newsletter "The Splice, weekly of the rope crews" (No. 9, May 2099)'),
        ({"sample": "ROPEMOTH", "analyst": "Ida Kay", "analysis": CUT},
         "the report on the sample ROPEMOTH"),
        ({"vendor": "Foo Ropes of Bar", "text": CUT},
         'the report that begins "Somebody has cut all ropes..."'),
    ],
)  # fmt: skip
def test_names(record: Record, name: str) -> None:
    assert called(record) == name


def test_a_flaw_without_a_title_is_asked_about_with_its_product() -> None:
    record = {"cve": "CVE-2099-0001", "product_line": "Foo rope winches", "problem": CUT}
    assert called(record) == "CVE-2099-0001 (Foo rope winches)"
