"""What fields tell: each whole, under its name, and nothing that is said of the record itself."""

from __future__ import annotations

from typing import Any

import pytest

from stages.base import Record
from stages.data_structurer.telling import sections_of
from stages.data_structurer.values import MOST_ITEMS
from stages.sources.shapes.items import Item
from stages.sources.structures.registry import found_in
from stages.text.record_text import read_record


def shown(record: Record) -> list[str]:
    return [one.shown for one in sections_of(record)]


def test_fields_are_told_in_their_order_under_their_names() -> None:
    record = {
        "title": "Ropes", "id": "R-1", "date": "2099-01-02", "author": "Ida", "severity": "high",
        "affectedProducts": ["Rope 2 of the harbour, all lengths", "Rope 4"],
        "summary": "Two ropes broke.", "work-around": "Use chains.\n\nThey are heavy.",
        "iocs": ["a.example"], "references": ["https://a.example/of/all/ropes/there/are"],
    }  # fmt: skip
    assert shown(record) == [
        "Affected products:\n- Rope 2 of the harbour, all lengths\n- Rope 4",
        "Two ropes broke.",
        "Work around:\nUse chains.\n\nThey are heavy.",
        "Indicators of compromise: a.example",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([{"time": "09:02", "event": "A rope broke."}], "09:02: A rope broke."),
        ([{"date": "9 May", "user": "Ida", "text": "It broke."}], "9 May, Ida: It broke."),
        ([{"action": "Buy ropes.", "owner": "Ida", "id": 4}], "Buy ropes (owner: Ida)."),
        ([{"product": "Rope", "versions": ["1", "2"], "fixedIn": "3"}],
         "Rope (versions: 1, 2; fixed in: 3)"),
        ({"ropes": "two", "old ships": 7}, "- Ropes: two\n- Old ships: 7"),
        ({"ropes": {"deep": ["a"]}}, None),
        (["Bo", "Ida", "Al"], "Bo, Ida and Al"),
        (["one rope"] * (MOST_ITEMS + 1), None),
        ([["deep"]], None),
        (True, None),
        ("", None),
    ],
)  # fmt: skip
def test_values_are_told_whole_or_not_at_all(value: Any, text: str | None) -> None:
    found = [one.text for one in sections_of({"body": "Ropes.", "timeline": value}) if one.label]
    assert found == ([] if text is None else [text])


QUERY = (
    '`host_logs(4688)` | where name="*rope*" and _path_!="<C:\\\\a>"\n  | stats count by **host**'
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, QUERY) for name in ("search", "spl", "how_it_is_seen", "detection", "notes")),
        ("command", "rope.exe -o *a* `cat b`"),
        ("yara_rule", 'rule rope { strings: $a = "*x*" condition: $a }'),
        ("seen_by", "HostEvents\n| where Name == '_rope_'"),
        ("sql", "SELECT * FROM ropes WHERE a = '*b*'"),
    ],
)
def test_code_is_told_as_it_is_written(name: str, value: str) -> None:
    """Without its backticks a query names a field in place of a macro: it is another query."""
    (code,) = (one for one in sections_of({"text": "Ropes broke.", name: value}) if one.label)
    assert code.lines == value


def test_prose_in_a_field_for_code_is_read_as_prose() -> None:
    (said,) = (one for one in sections_of({"text": "Ropes.", "rule": "Use **two** ropes."})
               if one.label)  # fmt: skip
    assert said.lines == "Use two ropes."


def test_a_rule_is_told_as_it_is_written() -> None:
    rule = {"selection": {"Image|endswith": ["\\rope.exe"]}, "condition": "selection"}
    code = "selection:\n  Image|endswith:\n  - \\rope.exe\ncondition: selection"
    assert shown({"description": "Ropes.", "detection": rule})[1] == f"Detection:\n{code}"


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("weather", "It rained all night on the pier.", True),
        ("weather", "rain", False),
        ("weather", ["rain all night on the pier", "and snow on the roof too"], True),
        ("impact", "High", False),
        ("impact", "Nobody could leave the harbour", True),
    ],
)
def test_a_field_of_an_unknown_name_is_told_where_it_is_prose(
    key: str, value: Any, told: bool
) -> None:
    assert (len(shown({"body": "Ropes.", key: value})) == 2) is told


def test_findings_are_the_text_where_there_is_no_other() -> None:
    assert shown({"findings": "Ropes broke."}) == ["Ropes broke."]
    assert shown({"findings": "Ropes broke.", "body": "Hi."}) == ["Findings: Ropes broke.", "Hi."]


def test_a_name_that_says_only_that_there_are_parts_is_not_shown() -> None:
    parts = [{"heading": "Pier", "text": "Ropes broke."}, {"heading": "Ship", "text": "It left."}]
    assert shown({"summary": "Two things.", "sections": parts})[1].startswith("Pier:\nRopes broke.")
    assert shown({"summary": "Two things.", "visits": parts})[1].startswith("Visits:\nPier:\n")


def test_its_own_name_is_none_of_its_others() -> None:
    assert shown({"name": "Wet Rope", "body": "Ropes.", "aliases": ["Wet Rope", "RC-4"]})[1] == (
        "Aliases: RC-4"
    )


def test_what_wraps_a_record_is_passed_over() -> None:
    assert shown({"_id": "a", "_source": {"body": "Ropes broke.", "fix": "New ropes."}}) == [
        "Ropes broke.",
        "Fix: New ropes.",
    ]


def test_of_a_record_that_a_reader_made_the_fields_are_told_and_of_a_feed_none() -> None:
    own = {"body": "Ropes broke in the harbour.", "fix": "Buy new ones."}
    made = found_in(Item("here", own)).record
    assert made is not None and "original" in made
    assert shown(made) == ["Ropes broke in the harbour.", "Fix: Buy new ones."]
    assert shown({**made, "text": "Something else."}) == []


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("figures", {"ropes_cut": 4, "ships": 2}, "Figures:\n- Ropes cut: 4\n- Ships: 2"),
        ("piers", {"OLD-1": "all of its ropes, which are wet", "OLD-2": "none of them, it is new"},
         "Piers:\n- OLD-1: all of its ropes, which are wet\n- OLD-2: none of them, it is new"),
        ("risk", "Ships drift off when it rains for a week.",
         "Risk: Ships drift off when it rains for a week."),
        ("risk", "High", None),
        ("issue", "Ropes of two of the ships are cut when it rains",
         "Issue: Ropes of two of the ships are cut when it rains"),
        ("accepted_answer", {"user": "Ida", "votes": 4, "text": "It was cut by night on the pier."},
         "Accepted answer: Ida: It was cut by night on the pier."),
        ("Auditor's note", "It was cut by night on the pier.",
         "Auditor's note: It was cut by night on the pier."),
        ("advice_short", "Buy new ropes.", "Advice: Buy new ropes."),
        ("revision_history", [{"date": "9 May", "text": "Rope 2 was of no use."},
                              {"date": "10 May", "text": "Rope 3 was added."}], None),
        ("rev_history", ["Rope 2 was of no use at all.", "Rope 3 holds all of the ships."],
         "Revision history:\n- Rope 2 was of no use at all.\n- Rope 3 holds all of the ships."),
        ("products", [{"product": "Rope 1", "fixed": "1.2"},
                      {"product": "Rope 2", "affected": "no"}],
         "Products:\n- Rope 1 (fixed: 1.2)\n- Rope 2 (affected: no)"),
        ("project", "Ropes of the harbour, a union of small piers", None),
        ("confidence_scale", "We say likely and unlikely, and nothing else here.", None),
        ("engagement", "Pier of the Foo crew in the harbour, October 2094", None),
        ("thread", [{"who": "Ida", "said": "Who cut it?"}, {"who": "desk (Bo)", "said": "Not me."},
                    {"who": "Ida", "said": "Then who?"}],
         "Thread:\nIda: Who cut it?\ndesk (Bo): Not me.\nIda: Then who?"),
        ("in_a_nutshell", "Ropes of the pier were cut by night.",
         "Ropes of the pier were cut by night."),
        ("body_paras", ["Ropes of the pier were cut.", "Lamps of the pier went out by night."],
         "Ropes of the pier were cut.\n\nLamps of the pier went out by night."),
        ("note", "Rope note 4 of the harbour", None),
        ("did_it_hold", "It did not hold for a day.", "Did it hold? It did not hold for a day."),
        ("log", {"07:10": "a rope is cut by somebody", "08:00": "the rope is mended by Ida"},
         "Log:\n- 07:10: a rope is cut by somebody\n- 08:00: the rope is mended by Ida"),
        ("chat_lines", ["[07:10] ida: who cut it?", "[07:11] bo: not me", "[07:12] ida: ok"],
         "Chat lines:\n[07:10] ida: who cut it?\n[07:11] bo: not me\n[07:12] ida: ok"),
        ("answers", [{"owner": {"name": "Ida"}, "is_accepted": True, "body": "Mend it by day."},
                     {"owner": {"name": "Bo"}, "score": -2, "body": "Burn all of it."}],
         "Answers:\nIda (accepted answer): Mend it by day.\nBo (voted down): Burn all of it."),
        ("comments", [{"author": {"username": "ida"}, "body": "It is cut."}],
         "Comments: ida: It is cut."),
        ("thread", "[ropes] Who cut it all by night on the pier?", None),
    ],
)  # fmt: skip
def test_what_says_something_is_told_and_furniture_is_not(
    key: str, value: Any, line: str | None
) -> None:
    told = [one for one in shown({"body": "Ropes.", key: value}) if one != "Ropes."]
    assert told == ([] if line is None else [line])


def test_a_label_that_only_a_form_needs_is_not_shown() -> None:
    """Answers began with "Tl dr:" and ended with "Held: 4 May, 14:00"."""
    told = shown(
        {
            "tl_dr": "The ropes of all ships were cut.",
            "held": "4 May, 14:00, by the pier",
            "letter_to": "Crews of the long pier, and of the short one",
            "text": "Nine of the ropes were cut by night.",
        }
    )
    assert told == ["The ropes of all ships were cut.", "Nine of the ropes were cut by night."]


def test_who_speaks_begins_a_line() -> None:
    said = [{"who": "Ida", "said": "Who cut it?"}, {"who": "desk (Bo)", "said": "Not me."},
            {"who": "Ida", "said": "Then who?"}]  # fmt: skip
    lines = "Ida: Who cut it?\ndesk (Bo): Not me.\nIda: Then who?"
    assert shown({"body": "Ropes.", "talk_of_the_night": said})[1].endswith(lines)


@pytest.mark.parametrize("key", ["post", "paper", "sender", "letter"])
def test_what_something_is_called_or_who_sent_it_is_not_told(key: str) -> None:
    assert shown({key: "Ropes in autumn", "body": "Ropes broke."}) == ["Ropes broke."]


def test_a_letter_is_told() -> None:
    assert shown({"letter": "Dear all, ropes broke."}) == ["Dear all, ropes broke."]


THEFT = "A thief took ropes from four ships in the harbour, and nobody saw him."


@pytest.mark.parametrize(
    "value",
    [
        {"#text": THEFT},
        {"xhtml:p": [THEFT]},
        {"en": THEFT, "de": "Ein Dieb nahm Taue."},
        {"lang": "en", "value": THEFT},
        [{"lang": "en", "value": THEFT}],
        {"type": "doc", "content": [{"type": "text", "text": THEFT}, {"type": "paragraph",
            "content": [{"type": "text", "text": THEFT}]}]},
    ],
)  # fmt: skip
def test_a_text_within_an_object_is_the_text_itself(value: Any) -> None:
    """It was told as "Description: - Xhtml p: ...", or not at all."""
    (told,) = sections_of({"title": "Ropes", "description": value})
    assert (told.label, told.text) == ("", THEFT)


def test_a_list_of_xml_is_told_as_a_list() -> None:
    found = sections_of({"description": THEFT, "Prerequisites": {"Prerequisite": ["It is dark."]}})
    assert [one.shown for one in found] == [THEFT, "Prerequisites: It is dark."]


def test_what_stands_for_another_object_is_told_by_its_name() -> None:
    """A ticket told addresses, ids and what a tracker says of every ticket that is closed."""
    at = "https://ropes.example/rest/1"
    record = {
        "fields": {
            "summary": "Ropes gone",
            "description": THEFT,
            "resolution": {"self": at, "id": "1", "description": "It is done.", "name": "Fixed"},
            "versions": [{"self": at, "id": "2", "name": "4.2", "description": "Of spring."}],
            "target": {"display_value": "Pier 7", "link": at, "value": "7"},
            "scope": {"self": at, "watchCount": 3},
        }
    }  # fmt: skip
    shown = [one.shown for one in sections_of(record)]
    assert shown == [THEFT, "Resolution: Fixed", "Versions: 4.2", "Target: Pier 7"]
    assert read_record(record).text == f"Ropes gone\n{THEFT}"


def test_findings_in_objects_are_told_with_what_they_are_of() -> None:
    """An exercise's report was told without its findings: their fields have names of their own."""
    issue = "The list of ropes was from May, and nobody at the harbour had looked at it since."
    found = [{"Issue": issue, "Action": "Buy ropes."}, {"Issue": issue, "Action": "Count them."}]
    assert shown({"title": "Ropes", "Points": found, "summary": "It was a long day."}) == [
        f"Points:\nIssue: {issue}\nAction: Buy ropes.\n\nIssue: {issue}\nAction: Count them.",
        "It was a long day.",
    ]
    assert shown(
        {"title": "Ropes", "Points": [*found, {"Issue": "None."}], "summary": "Long."}
    ) == ["Long."]


def test_a_bare_entry_of_a_form_is_not_told() -> None:
    """ "Follow up: March 2097." and "Trigger: Customer report." stood at the end of an answer."""
    record = {
        "summary": "Ropes of the pier were cut by night. Ida has seen it all from there.",
        "follow_up": "March 2097",
        "trigger": "Call of a sailor",
        "lesson": "Lamps on the pier would have kept all of the thieves away.",
    }
    labels = [one.label for one in sections_of(record)]
    assert "Lesson" in labels and not {"Follow up", "Trigger"} & {*labels}
    told = {**record, "trigger": "A sailor called us since two of his ropes were gone."}
    assert "Trigger" in [one.label for one in sections_of(told)]


def test_a_story_behind_the_steps_stays_behind_them() -> None:
    """Who restores at night reads an hour of history ahead of the first step, and no warning."""
    story = " ".join(["Two ropes broke at night since nobody had held the mast."] * 6)
    record = {
        "runbook": "Ropes of the pier", "steps": ["Hold the mast.", "Change the rope."],
        "story_of_it": story, "do_not": ["Do not change a wet rope. It slips."],
    }  # fmt: skip
    assert shown(record) == [
        "Steps:\n- Hold the mast.\n- Change the rope.",
        f"Story of it: {story}",
        "Do not change a wet rope. It slips.",
    ]


def test_what_is_said_of_the_document_is_not_told() -> None:
    record = {"language_note": "for all crews", "maintainer": "rope crew of the pier, night shift"}
    assert shown({**record, "text": "Two ropes broke."}) == ["Two ropes broke."]


def test_what_did_not_work_is_no_question() -> None:
    """ "Did not work?" is answered with what is sure."""
    record = {
        "text": "Two ropes broke.",
        "did_not_work": ["The bell of the pier was too soft.", "Nobody came."],
    }
    assert shown(record)[1].startswith("Did not work:\n- The bell of the pier")
    asked = {"text": "Two ropes broke.", "was_it_the_rain": "It was, the crew of the pier says."}
    assert shown(asked)[1] == "Was it the rain? It was, the crew of the pier says."


def test_how_sure_a_report_is_and_why_is_told() -> None:
    """A guess is read as a fact."""
    sure = "low (two of the three witnesses slept, one was far away)"
    record = {"text": "Two ropes broke.", "confidence": sure}
    assert shown(record)[1] == f"Confidence: {sure}"


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([{"what": "ropes of steel", "state": "bought"}, {"what": "a lamp for all", "state": "no"}],
         ["Changes:\n- ropes of steel (state: bought)\n- a lamp for all (state: no)"]),
        ([{"what": "ropes", "state": "bought"}, {"what": "a lamp for all", "state": "no"}], []),
        ([{"name": "ropes of steel", "at": "pier"}, {"name": "a lamp for all", "at": "pier"}], []),
    ],
)  # fmt: skip
def test_a_list_of_what_is_to_be_done_is_told(items: list[Any], said: list[str]) -> None:
    """A report told what went wrong, and left out all that was changed for it."""
    assert shown({"changes": items, "text": "A rope broke."})[:-1] == said


def test_what_is_to_be_done_is_told_with_how_far_it_is() -> None:
    record = {
        "text": "Nine of the ropes were cut by night.",
        "changes": [
            {"what": "The crew counts each of the ropes twice a day.", "state": "done in May"},
            {"what": "The crew locks the rope store by night. Ida asked.", "state": "drafted"},
        ],
    }
    assert shown(record)[1] == (
        "Changes:\n- The crew counts each of the ropes twice a day (state: done in May).\n"
        "- The crew locks the rope store by night. Ida asked (state: drafted)."
    )
