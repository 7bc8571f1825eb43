"""Agendas and certificates: a pair that teaches who sat where is none of security."""

from __future__ import annotations

import pytest

from stages.data_structurer.formalities import is_formality
from tests.stages.data_structurer.own_answers_help import answer

POINTS = "- 10:00 Welcome\n- 10:15 Ropes, lamps (Ida)\n- 10:45 Coffee\n- 11:00 Any other business"


@pytest.mark.parametrize(
    ("front", "said", "found"),
    [
        ("the report on the meeting", f"{POINTS}\n\nPlease tell Bo if you come.", True),
        ("the report on the meeting", POINTS.replace("Ropes", "Attack on ropes"), False),
        ("the report on the pier", "10:00 rope cut\n10:20 Ida called\n10:40 they came back", False),
        ("CERTIFICATE OF ATTENDANCE", "Ida attended the course on 2 May.", True),
        ("Council minutes, agenda item 7", "A keyboard opened a page. Nobody saw it.", False),
        ("Lamps above the timetable screens", "Ida cut the ropes of the lamps.", False),
        ("Ropes in the canteen", "Ida cut the ropes of the lamps.", False),
        ("Rota of May", "Mon: Ida, malware analysis. Tue: Bo, vulnerability management.", True),
        ("Shifts in May", "Ida is there from 3 to 7 May. Whoever wants 8 May writes to Bo.", True),
        ("", "Ida takes the night shift. Bo covers the phone. Swaps go to Al by Friday.", True),
        ("", "Bo took the night shift, and a thief stole the lunch vouchers by a swap.", False),
        ("Shifts in tactics", "Thieves hack the lamps now, and steal no ropes.", False),
        ("Roster of the week", "Somebody stole the credentials and hacked the pier.", False),
    ],
)
def test_what_only_says_who_is_to_be_where_is_a_formality(
    front: str, said: str, found: bool
) -> None:
    assert is_formality(front, said) is found


def test_a_roster_is_one_whatever_field_says_so() -> None:
    said = (
        "Mon early Ida, late Bo.\nTue early Bo, late Ida. Ask Al for swaps of the pier by Friday."
    )
    record = {"team": "Duty roster of the pier", "site": "Foo", "text": f"{said}\n{said}" * 3}
    assert answer(record, "text_summary") is None
