"""Measures and signs from fields: all of them, or none."""

from __future__ import annotations

import pytest

from stages.base import Record
from tests.stages.data_structurer.own_answers_help import answer

TEXT = "Ropes were cut in May by two men with a boat."


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"recommendations": "1. Use chains.\n2. Light the pier.\n3. Call the guard."},
         "1. Use chains.\n2. Light the pier.\n3. Call the guard."),
        ({"mitigations": ["Use chains, not ropes", "Light the pier"]},
         "- Use chains, not ropes\n- Light the pier."),
        ({"solution": "Use chains. They are heavy. Oil them. Then count the men of the crew."},
         "Use chains. They are heavy. Oil them. Then count the men of the crew."),
        ({"workaround": "Run: pump add lamp -p 9100 -j DROP"},
         "Workaround: Run: pump add lamp -p 9100 -j DROP"),
        ({"solution": "Use chains.", "workaround": "Keep the light on."},
         "Solution: Use chains.\n\nWorkaround: Keep the light on."),
        ({"workaround": "Keep the light on in the harbour."},
         "Workaround: Keep the light on in the harbour."),
        ({"solution": "Update to 8.14, which mends 4711. Then restart.",
          "cves": [{"id": "CVE-2099-4711", "what": "ropes are cut"}]}, None),
        ({"solution": "Update to 8.14 for CVE-2099-4711.", "if_you_cannot_update": "Keep it off.",
          "cves": [{"id": "CVE-2099-4711", "what": "ropes are cut"}]},
         "Solution: Update to 8.14 for CVE-2099-4711.\n\nIf you cannot update: Keep it off."),
        ({"what_crews_must_do": ["Go on sailing.", "Count the ropes."],
          "what_it_must_do": ["Block the port 7."], "correction": "Rope 5, sent by post in May."},
         "What crews must do:\n- Go on sailing.\n- Count the ropes.\n\n"
         "What IT must do: Block the port 7.\n\nCorrection: Rope 5, sent by post in May."),
        ({"before_you_start": "Get two of the lamps first.",
          "steps": "1. Use chains.\n2. Light all."},
         "Before you start: Get two of the lamps first.\n\nSteps:\n1. Use chains.\n2. Light all."),
        ({"if_you_cannot_update": "Keep the light of the pier on all night."},
         "If you cannot update: Keep the light of the pier on all night."),
        ({"solution": "Version 4 rejects such ropes.", "workaround": "Keep the light on."}, None),
        ({"recommendations": "Use chains. Look for the knife named above in the harbour."}, None),
        ({"solution": "Chains of the harbour are heavy."}, None),
        ({"recommendations": "Look for the file and the account. Then take an image."}, None),
        ({"actions_for_users": ["Use chains.", "Light the pier."],
          "correction": "Use version 4 of the lamp."},
         "Actions for users:\n- Use chains.\n- Light the pier.\n\n"
         "Correction: Use version 4 of the lamp."),
        ({"workaround": "Keep the light on in the harbour.", "fixed_in": ["Lamp 7.0.15"]},
         "Workaround: Keep the light on in the harbour.\n\nFixed in: Lamp 7.0.15."),
        ({"solution": "Use lamp 7.0.15 of the pier.", "fixed_in": "7.0.15"},
         "Use lamp 7.0.15 of the pier."),
        ({"fixed_in": ["Lamp 7.0.15"]}, None),
        ({"recommendation": "Use chains of the port (see finding 3.9).",
          "client_response": "Agreed in part."},
         "Recommendation: Use chains of the port.\n\nClient response: Agreed in part."),
        ({"client_response": "Agreed. Use chains of the port."}, None),
        ({"workaround": "Keep the light on in the harbour.", "products": "Lamp 7 (fixed: 7.0.15)"},
         None),
        ({"correction": "We misstated the name of the pier. Use the new one."}, None),
    ],
)  # fmt: skip
def test_measures(fields: Record, said: str | None) -> None:
    assert answer({"title": "Ropes of the harbour", "text": TEXT, **fields}, "text_advice") == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"iocs": ["knife.example", "192.0.2.1"]}, "knife.example and 192.0.2.1."),
        ({"detection": "Look for ropes.", "iocs": ["knife.example", "192.0.2.1"]},
         "Look for ropes.\n\nIndicators of compromise: knife.example and 192.0.2.1."),
        ({"detection": "The guard noticed it at nine and called the crew."}, None),
        ({"detection": "Look for a note that is called knife.txt."},
         "Look for a note that is called knife.txt."),
        ({"detection": {"selection": {"Image": ["rope.exe"]}, "condition": "selection"}}, None),
        ({"false_positives": "Crews cut ropes of their own on Mondays."}, None),
    ],
)  # fmt: skip
def test_signs(fields: Record, said: str | None) -> None:
    record = {"title": "Ropes of the harbour", "text": TEXT, **fields}
    assert answer(record, "text_detection") == said


@pytest.mark.parametrize(
    ("impact", "said"),
    [
        ("Anyone can take the ropes of all piers.", "Anyone can take the ropes of all piers."),
        ("A rope must already have been cut for this to matter. Then ships drift off.", None),
        ("Full control of the pier by anyone with a boat.", None),
        ("No ropes were taken.", None),
    ],
)
def test_an_impact_says_what_comes_of_it(impact: str, said: str | None) -> None:
    record = {"title": "Ropes of the harbour", "text": TEXT, "impact": impact}
    assert answer(record, "text_risk") == said


def test_items_on_other_findings_of_a_series_are_left_out() -> None:
    """Nobody who has not read the other finding knows what "W-08" is."""
    advice = "1. Use chains.\n2. Light the pier.\n3. W-08 needs the maker."
    record = {"title": "W-07 Boats of the pier are open", "text": TEXT, "recommendations": advice}
    assert answer(record, "text_advice") == "1. Use chains.\n2. Light the pier."
