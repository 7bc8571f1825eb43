"""Fields beside a text: who reads what was found ahead of what it was about understands neither."""

from __future__ import annotations

from tests.stages.data_structurer.own_answers_help import answer
from tests.stages.data_structurer.test_wholes import ROPES


def test_what_a_case_is_about_is_told_ahead_of_what_was_found() -> None:
    case = {
        "weather": "That a keeper of the pier sold ropes of the harbour.",
        "losses": "4 ropes",
        "findings": f"{ROPES} The keeper was at home that night.",
        "verdict": "Not proven.",
    }
    assert answer(case, "text_summary") == (
        f"Weather: {case['weather']}\n\n{case['findings']}\n\nLosses: 4 ropes"
        "\n\nVerdict: Not proven."
    )


def test_what_is_affected_is_told_though_the_question_names_it() -> None:
    ropes = {"products_affected": "Rope 4", "products_not_affected": "Rope 5"}
    said = answer(
        {"bulletin": "RB-99-12", **ropes, "problem": ROPES, "oddity": ROPES.upper()}, "text_summary"
    )
    assert said is not None and said.startswith("Problem:")
    assert "Products affected: Rope 4\n\nProducts not affected: Rope 5" in said


def test_a_log_that_is_all_there_is_is_told() -> None:
    cut = "Two of them were cut by a knife."
    notes = [f"0{n}10 looked at the ropes of pier {n}. {cut}" for n in range(4)]
    said = answer({"rope_log": "Night shift of the pier", "notes": notes}, "text_summary")
    assert said is not None and said.startswith(f"Notes:\n- {notes[0]}")


def test_without_a_text_what_is_affected_does_not_come_first() -> None:
    fields = {
        "affected": "Ropes 4 to 7", "exploited": "Yes, in May",
        "oddity": "The ropes of four ships break in the rain, if they are old.",
        "weather": "It has rained on the pier for a month, and on all of the ships.",
        "advice": "Buy new ropes for each of the ships.",
    }  # fmt: skip
    said = answer({"title": "Ropes of the harbour", **fields}, "text_summary")
    assert said is not None
    assert [one.partition(":")[0] for one in said.split("\n\n")] == [
        "Oddity", "Affected", "Exploited", "Weather", "Advice",
    ]  # fmt: skip
