"""Records without a title that says something: what they are called instead."""

from __future__ import annotations

import pytest

from stages.base import Record
from tests.stages.data_structurer.test_subjects import called

CUT = "Somebody has cut all ropes of the old pier against the will of its crew."

SAW = "We saw it all from there."


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"text": "Ropecutter is a loader for Windows."}, "the malware Ropecutter"),
        ({"title": "Rope Crew", "text": "Rope Crew is a gang of thieves."}, "the group Rope Crew"),
        ({"title": "Ropes of the pier", "text": "Ropecutter is a loader."},
         'the report "Ropes of the pier"'),
        ({"title": "Gravelrope", "text": "Gravelrope was used against two ports."},
         "the report on Gravelrope"),
        ({"title": "Gravelrope", "type": "wiper", "text": CUT}, "the malware Gravelrope"),
        ({"title": "What cut the ropes", "type": "wiper", "text": CUT},
         'the report "What cut the ropes"'),
        ({"title": "Report", "ticket": "SOC-2099-118", "text": CUT}, "the ticket SOC-2099-118"),
        ({"id": "ROPE-99-20", "vulnerability_title": "Weak ropes in Foo", "text": CUT},
         'the report ROPE-99-20 ("Weak ropes in Foo")'),
        ({"advisory": "RX-2099-003", "product": "Foo 400 pump", "date": "2099-01-02", "text": CUT},
         "the advisory RX-2099-003 of 2099-01-02 (Foo 400 pump)"),
        ({"author": "Ida Kay", "date": "2099-01-02T10:00", "text": f"{CUT} {SAW}"},
         "the report by Ida Kay of 2099-01-02"),
        ({"author": "Ida Kay", "date": "2099-01-02", "text": CUT},
         'the report that begins "Somebody has cut all ropes..."'),
        ({"author": "blue team, Foo", "title": "Ropes of the pier", "text": f"{CUT} {SAW}"},
         'the report "Ropes of the pier" by the blue team, Foo'),
        ({"author": "ropesaw7", "title": "Ropes of the pier", "text": f"{CUT} {SAW}"},
         'the report "Ropes of the pier"'),
        ({"text": f"Got an odd one on the pier. Somebody ran ropecut.exe there. {CUT}"},
         "the report that mentions ropecut.exe"),
        ({"talk": "Forty piers, one rope", "text": CUT},
         'the talk "Forty piers, one rope"'),
        ({"rule_name": "ROPE_CUT", "text": CUT}, "the report on the rule ROPE_CUT"),
        ({"newsletter": "Ropes & Piers", "issue": 7, "text": CUT},
         'the newsletter "Ropes & Piers" (issue 7)'),
        ({"masthead": "Ropes & Piers weekly", "issue": 7, "text": CUT},
         'the newsletter "Ropes & Piers weekly" (issue 7)'),
        ({"meeting": "Crew of the pier", "minutes": [CUT], "held": "2099-01-02"},
         'the minutes of the meeting "Crew of the pier" of 2099-01-02'),
        ({"doc_type": "customer letter", "sender": "Ropes Ltd", "date": "2 May 2099",
          "text": f"{CUT} {SAW}"},
         "the customer letter by Ropes Ltd of 2 May 2099"),
    ],
)  # fmt: skip
def test_names(record: Record, name: str) -> None:
    assert called(record) == name


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("A weak knot in Ropemail lets thieves read the list of the ships in the harbour.",
         "A weak knot in Ropemail lets thieves"),
        ("A weak knot in Piermail lets thieves cut all ropes of each ship of the crew.",
         "A weak knot in Piermail lets thieves"),
        ("The pier was raided by night in March, and all its ropes were taken for two days.",
         "The pier was raided by night in March"),
        (f"The pier was raided by night in April. {CUT}", "The pier was raided by night in April"),
        (f"Thieves used old knives to enter the rooms below the pier and left. {CUT}",
         "Thieves used old knives to enter the rooms"),
        (r"A thief reads C:\Piers\all\Old Ropes there and mails them to the crew of his ship.",
         r"A thief reads C:\Piers\all\Old Ropes"),
    ],
)  # fmt: skip
def test_a_beginning_tells_a_text_from_others(text: str, begun: str) -> None:
    """Two flaws were both "A weak knot...", and the second lost its only pair as a repeat."""
    assert called({"id": "J-1", "text": text}) == f'the report that begins "{begun}..."'
