"""A text as a whole: in one stretch, and only where nothing in it has to be left out."""

from __future__ import annotations

import pytest

from stages.base import Record
from stages.data_structurer.wholes import LONGEST_WHOLE
from stages.text.parts import part_records
from stages.text.record_text import read_record
from tests.stages.data_structurer.own_answers_help import answer
from tests.stages.data_structurer.test_stage import pairs_of


def told(text: str, **more: str) -> str | None:
    record: Record = {"title": "Ropes of the harbour", "text": text, **more}
    return answer(record, "text_summary")


ROPES = "A thief took ropes from four ships.\n\nNobody saw him. It was dark. Two ships drifted off."


def test_nothing_is_left_out_between_its_ends() -> None:
    assert (
        told(f"Hi all, {ROPES[:1].lower()}{ROPES[1:]}\n\n--\nThe crew of the pier wrote this.")
        == ROPES
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{ROPES}\n\n- [rejected] A lamp for each of the piers",
        f"{ROPES} Discover how our ropes hold!",
        "4 ropes, 2 lamps\n\nA thief took ropes.\n\n7 ships / 9 crews\n\n12 cables, no lamp, a dog",
    ],
)
def test_a_text_that_would_need_a_hole_is_not_told(text: str) -> None:
    assert told(text) is None


def test_a_short_talk_is_told_line_by_line() -> None:
    """Questions with their answers, or a chat of four lines, gave no pair."""
    talk = (
        "Q: Was the rope of my ship cut?\nA: No. Only the old ropes were.\nQ: Is it safe in a gale?"
        "\nA: Yes, it holds ships of any size."
    )
    assert told(talk) == talk


def test_a_text_is_told_without_its_sentence_with_a_blob_and_what_leans_on_it() -> None:
    """A report with one line of base64 in a sentence gave no pair at all."""
    said = told(f"{ROPES} He put {'QUJD' * 99} on a box. He hid it in the hold of a ship.")
    assert said == told(ROPES)


def test_a_talk_is_told_line_by_line_from_its_beginning() -> None:
    lines = [
        "IDA: So who saw a thief on the pier at night?",
        "BO: Nobody was there at all that night.",
    ]
    talk = "\n".join(
        [*lines, "IDA: He took all of the ropes and two of the lamps.", *lines[1:]] * 2
    )
    assert told(talk) == talk
    assert told(talk * 20) is None


def test_the_rows_of_a_table_are_no_talk() -> None:
    table = "| Pier | Ropes |\n| --- | --- |\n| 1 | four |\n| 2 | none at all |"
    end = "The harbour has bought new ropes for all of the ships that were tied up there."
    assert told(f"{ROPES}\n\n{table}\n\n{end}") == (
        f"{ROPES}\n\nPier: 1; Ropes: four.\nPier: 2; Ropes: none at all.\n\n{end}"
    )


def test_a_table_with_advertising_in_front_is_no_talk() -> None:
    """A bulletin would be lost for one line that its readers skip."""
    slogan = "Safety is at the heart of everything that we make for you in the port."
    rows = [f"{place}: 2; Rope: none." for place in ("Pier", "Pier", "Road", "Road", "Road")]
    end = "The harbour bought new ones for all the ships that were tied up there."
    rest = "\n".join([ROPES, *rows, end])
    assert told(f"{slogan}\n\n{rest}") == rest


def test_messages_are_told_with_who_wrote_them() -> None:
    said = [{"user": who, "ts": f"09:0{n}", "text": f"the thief was seen on pier {n} by a guard"}
            for n, who in enumerate(["ida", "bo", "ida", "bo", "al", "ida"])]  # fmt: skip
    found = answer({"channel": "#ropes", "messages": said}, "text_summary")
    assert (
        found is not None
        and found.startswith("[09:00] ida: the thief")
        and "\n[09:04] al: " in found
    )


def test_what_an_answer_to_a_letter_quotes_is_marked() -> None:
    text = f"> Who took all of the ropes of the pier?\n\n{ROPES}"
    assert told(text, title="Re: ropes of the harbour") == text


def test_other_fields_are_told_behind_the_text_and_who_took_part_is_not() -> None:
    assert told(ROPES, present="Ida and Bo", impact="No ship could leave for a week.") == (
        f"{ROPES}\n\nImpact: No ship could leave for a week."
    )


@pytest.mark.parametrize(
    "said",
    [
        "- 10:00 Welcome, apologies\n- 10:15 Ropes and lamps (Ida)\n- 10:45 Coffee\n- 11:00 Safety"
        " of the pier, paper 4\n\nPlease tell Bo if you come, so that there are chairs for all.",
        "Certificate of attendance\n\nIda Kay has attended the course on safe ropes on 2 May 2099."
        " It took two days. She took part in the closing talk on the security of the harbour.",
    ],
)
def test_who_is_to_be_where_and_when_is_not_asked_for(said: str) -> None:
    assert told(said, title="Ropes of the harbour") is None


def test_what_speaks_of_a_roster_is_none() -> None:
    text = f"Anyone can read the roster of the harbour by a name.\n\n{ROPES}"
    assert told(text) == text


def test_a_letter_is_told_without_what_was_to_be_filled_in() -> None:
    letter = f"Dear member,\n\n{ROPES} You had {{{{n_ropes}}}} ropes. Call us if you miss one."
    assert told(letter) == f"{ROPES} Call us if you miss one."


def test_a_long_text_in_sections_is_told_up_to_the_end_of_one() -> None:
    nights = [f"On night {n} the thief took all the ropes of {n} more ships." for n in range(99)]
    parts = [f"Part {at} of the story\n\n{' '.join(nights[at : at + 9])}\n\n"
             f"{' '.join(nights[at + 9 : at + 18])}" for at in range(0, 99, 18)]  # fmt: skip
    long = "\n\n".join(parts)
    assert len(long) > 5_500
    said = told(f"{long}\n\n{long.replace('thief', 'rope thief')}")
    assert said is not None and said.endswith("of 35 more ships.")


def test_a_text_begins_behind_advertising() -> None:
    slogan = "Safety is at the heart of everything that we make for you in the port."
    rest = f"{ROPES}\n\nThe harbour bought new ones that no thief can carry. It took four days to"
    rest += " fit them, since they weigh a ton. Nobody has taken one since then."
    assert told(f"{slogan}\n\n{rest}") == rest


def test_an_answer_to_a_letter_is_told_where_it_can_do_without_the_letter() -> None:
    assert told(ROPES, title="Re: ropes of the harbour") is None
    long = "\n\n".join(
        [f"Thief {n} took ropes from four ships on a dark night." for n in range(12)]
    )
    assert told(long, title="Re: ropes of the harbour") == long
    assert told(f"Yes, they are gone. {long}", title="Re: ropes of the harbour") is None


def test_of_a_long_text_the_first_paragraphs_are_told() -> None:
    nights = [f"On night {n} the thief took all the ropes of {n} more ships." for n in range(120)]
    long = "\n\n".join(" ".join(nights[at : at + 10]) for at in range(0, 120, 10))
    assert len(long) > LONGEST_WHOLE
    said = told(long)
    assert said is not None and said.count("\n\n") == 3 and said.endswith("of 39 more ships.")


def test_an_item_that_a_text_begins_with_keeps_its_mark() -> None:
    steps = "1. Lock the pier at night. Nobody goes there.\n2. Count the ropes. Note their lengths."
    assert told(steps) == steps


def test_a_rule_without_a_subject_gets_one() -> None:
    rule = "Finds ropes that were cut by night, as happens before a theft in the harbour."
    said = "This rule finds ropes that were cut by night, as happens before a theft in the harbour."
    assert told(rule, title="Sigma-style rule: ropes of the harbour") == said
    assert told(rule) == rule


def test_what_a_rule_detects_needs_no_full_stop() -> None:
    """Most rules of Sigma and Splunk have none behind it, and had no pair."""
    rule = "Finds ropes that were cut by night, as happens before a theft in the harbour"
    said = f"This rule f{rule[1:]}."
    assert told(rule, title="Sigma-style rule: ropes of the harbour") == said
    found = told(rule, title="Ropes cut by night", search="index=pier cut=true | stats count")
    assert found == f"{said}\n\nSearch: index=pier cut=true | stats count"
    for other in (f"{rule}\nShips come and go", f"{rule} of C:\\ropes\\x.exe"):
        assert told(other, title="Sigma-style rule: ropes of the harbour") is None


def test_a_log_without_full_stops_is_told_with_what_is_left_to_do() -> None:
    entries = ["22:05 took over from Ida, three ropes of the pier open", "23:10 one rope broke"]
    said = answer({"name": "Pier handover", "log": entries, "to_do": ["buy rope"]}, "text_summary")
    assert said == f"Log:\n- {entries[0]}\n- {entries[1]}\n\nTo do: buy rope."


def test_a_first_line_that_the_question_calls_a_record_by_is_not_told_again() -> None:
    said = answer({"text": f"Ropes of the harbour\n\n{ROPES}"}, "text_summary")
    assert said == ROPES


def test_a_title_is_told_by_the_question_alone() -> None:
    record = {"summary": "Ropes of the harbour", "details": ROPES}
    assert answer(record, "text_summary") == ROPES


def test_a_question_stands_ahead_of_what_answers_it() -> None:
    asked = "Who took all of the ropes of the pier?"
    assert told(ROPES, question=asked) == f"Question: {asked}\n\n{ROPES}"


def test_a_letter_is_asked_for_by_whom_it_is_addressed_to() -> None:
    letter = f"Dear member,\n\n{ROPES} You may call us by day if you miss any of your ropes."
    pairs = pairs_of({"title": "Ropes of the harbour", "text": letter})
    assert "addressed to" in pairs["text_summary"]["instruction"]
    pairs = pairs_of({"title": "Ropes of the harbour", "text": letter.replace("member", "all")})
    assert "addressed to" not in pairs["text_summary"]["instruction"]


def week(number: int) -> str:
    told = (f"On pier {number + one} a thief took {one + 2} ropes of a ship." for one in range(6))
    return " ".join(told)


@pytest.mark.parametrize("apart", ["\n\n", "\n", " "])
@pytest.mark.parametrize("heading", ["", "## Week {}\n\n"])
def test_each_part_of_a_long_report_is_told_whole(apart: str, heading: str) -> None:
    """A report longer than one answer gave no pair, or a third of what it says."""
    weeks = [(heading if apart != " " else "").format(n) + week(100 * n) for n in range(40)]
    report: Record = {"title": "Ropes", "text": apart.join(weeks)}
    parts = part_records(report, read_record(report))
    assert len(parts) > 1
    said = [answer(part, "text_summary") or "" for part in parts]
    ropes = [f"On pier {100 * n + one}" for n in range(40) for one in range(6)]
    assert " ".join(said).count("On pier") == len(ropes)
    assert all(f"{rope} " in " ".join(said) for rope in ropes)


def test_the_question_on_a_part_says_which_part_it_is() -> None:
    """Parts of a text without a title were asked for as if each were a text of its own."""
    text = "\n\n".join(week(100 * n) for n in range(40))
    for record in (
        {"text": text},
        {"id": "Q-77", "text": text},
        {"title": "Ropes of ships", "text": text},
    ):
        for number, part in enumerate(parts := part_records(record, read_record(record)), 1):
            asked = pairs_of(part)["text_summary"]["instruction"]
            assert f"part {number} of {len(parts)}" in asked


def test_a_part_that_points_back_to_the_one_before_is_not_told_from_there() -> None:
    """ "It" of a part's first sentence was told though only the part before says what it is."""
    weeks = [week(100 * n) for n in range(40)]
    weeks = [f"It was taken by him as well. {one}" for one in weeks]
    report: Record = {"title": "Ropes", "text": "\n\n".join(weeks)}
    for part in part_records(report, read_record(report))[1:]:
        said = answer(part, "text_summary")
        assert said is None or not said.startswith("It was")


@pytest.mark.parametrize(
    "code",
    [
        {"query": "index=ropes parent=pump.exe | stats count by host user lamp"},
        {"detection": {"ropes": {"Image|endswith": "pump.exe"}, "condition": "ropes"}},
        {"rule": "rule ropes {\n  condition:\n    true\n}"},
        {"command": "pump add lamp -p 9100 -j DROP"},
    ],
)
def test_code_gets_no_full_stop(code: Record) -> None:
    """It would be part of the query for everybody who copies it, and kept pairs would teach it."""
    said = "Finds pumps that start a shell, which points to an attack on the printer."
    told = pairs_of({"title": "Hunt for pumps", "description": said, **code})["text_summary"]
    assert told["response"].endswith(("user lamp", "condition: ropes", "}", "-j DROP"))


@pytest.mark.parametrize(
    "code",
    [
        "```\npump C:\\Ropes\\a.dll,Start\n```",
        '```kusto\nPumpEvent\n| where Rope == "0x17"\n| summarize count() by Pier, Lamp\n```',
        "```http\nPUT /ropes HTTP/1.1\nContent-Length: 9\nHost: pier.example\n```",
        "    SELECT rope FROM ropes WHERE pier = '' OR 1=1 --",
    ],
)
@pytest.mark.parametrize("title", ["Pump notes", "Pumps of the harbour"])
def test_code_between_sentences_is_told_with_what_announces_it(title: str, code: str) -> None:
    """Else a report with a query or a request gives nothing, or its second half."""
    text = f"The thief of the ropes starts with:\n\n{code}\n\nHe then cuts all ropes of the pump."
    found = pairs_of({"title": title, "text": text})["text_summary"]
    assert f'"{title}"' in found["instruction"]
    said = found["response"]
    assert said.startswith("The thief of the ropes starts with:\n\n") and said.endswith("pump.")


def test_of_several_letters_each_says_who_wrote_it_and_what_it_quotes() -> None:
    """The first writer was lost, and what she quoted read as her own words."""
    first = (
        "From: Ida Kay\nDate: 2099-01-02\n\nI asked the pier about the cut ropes, who said this."
    )
    quoted = "> We know of the ropes, and will count them\n> before the winter."
    second = "--\nFrom: Bo Rope\nDate: 2099-01-03\n\nThen we should wait until they have counted."
    text = f"{first}\n\n{quoted}\n\n{second} Nobody has to sail before that."
    assert told(text) == text


def test_the_fault_that_is_admitted_behind_an_apology_is_told() -> None:
    """A statement is told without the only thing that its writer would leave out."""
    said = f"{ROPES} We apologise. The shed should have been locked in May, and it was not."
    assert told(said) == said
    assert told(f"{ROPES} We are very sorry for all of the trouble.") == ROPES


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("Detects the start of a pump via inkpump.exe", "."),
        ("Detects likely use of CVE-2099-0007", "."),
        ("Detects a pump that is set off (T1490)", "."),
        ("Detects guessed keys against the GATE", "."),
        ("Detects writes to /srv/ink/pump", ""),
    ],
)
def test_what_a_rule_detects_is_told_without_a_full_stop_of_its_own(said: str, end: str) -> None:
    """Most rules have none, and were lost where they end in a name, an id or a bracket."""
    told = f"This rule d{said[1:]}{end}"
    rule: Record = {
        "title": "Ink Of The Pump",
        "description": said,
        "logsource": {"category": "ink"},
        "detection": {"selection": {"Image": "pump"}, "condition": "selection"},
    }
    assert pairs_of(rule)["text_summary"]["response"].split("\n")[0] == told


def test_a_head_of_fields_is_told_with_the_prose_below_it() -> None:
    """An alert with its rule and its host was taken for a talk, and lost where it is short."""
    alert = f"Rule: A rope is cut\nPier: north\nSource IP: 203.0.113.9\n\n{ROPES[:35]}"
    alert += " Nobody saw who of the crew of the port it was."
    assert told(alert) == alert
