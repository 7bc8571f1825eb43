"""Words that a page has parted are whole, and a title doesn't run into the text below it."""

from __future__ import annotations

import time

import pytest

from stages.sources.shapes.page_lines import as_set
from tests.source_help import record
from tests.stage_help import PATIENCE
from tests.stages.sources.shapes.test_pdf import pdf


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("The har-\nbour was closed.", "The harbour\nwas closed."),
        ("A thief in the harbour. The har-\nbour.", "A thief in the harbour. The harbour.\n"),
        ("An attack by attack-\ners at night.", "An attack by attackers\nat night."),
        ("A command by command-\nline.", "A command by command-line.\n"),
        ("A third-\nparty lamp.", "A third-party\nlamp."),
        ("A print-job; print-\njob two.", "A print-job; print-job\ntwo."),
        ("The man-in-\nthe-middle box.", "The man-in-the-middle\nbox."),
        ("In pre-\nand post-war ropes.", "In pre-\nand post-war ropes."),
        ("https://ropes.example/har-\nbour or", "https://ropes.example/har-\nbour or"),
        ("Run ropes --har-\nbour now.", "Run ropes --har-\nbour now."),
        ("Over har\u00ad\nbour walls.", "Over harbour walls."),
        ("ropes -\nlamps", "ropes -\nlamps"),
        ("- one\n- two\n-\n- three", "- one\n- two\n-\n- three"),
    ],
)  # fmt: skip
def test_a_word_is_made_whole_where_that_is_safe(broken: str, whole: str) -> None:
    """Answers spoke of a "har- bour", and no search found it."""
    assert as_set(broken) == whole


TITLE = "How a job in the print queue of the harbour became an outage"
BELOW = "The thieves sent a job to the printer of the harbour master, who\nwas asleep."


@pytest.mark.parametrize("below", [BELOW, "Harbour thieves sent it. " * 9])
def test_a_title_stands_apart_from_the_text_below_it(below: str) -> None:
    """ "... became an outage The thieves sent" was told as one sentence."""
    assert as_set(f"{TITLE}\n{below}") == f"{TITLE}\n\n{below}"
    assert record(f"{TITLE}\n{below}", name="a.txt")["title"] == TITLE


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE}\n\n{BELOW}",
        "The thieves sent a job at night to the printer of the\nHarbour Master, who was in bed.",
        "The thieves sent a job to the printer.\nThe master was asleep as they did so.",
        "From: Ida\nTo: all of the crews that have lost ropes\n\nHello.",
        "10:02 Ida closes the gate\n10:04 Bo opens the gate again for the crew of a ship",
        "Ropes\n=====\nA thief.",
    ],
)  # fmt: skip
def test_other_lines_stay_together(text: str) -> None:
    assert as_set(text) == text


def test_pages_are_read_so_as_well() -> None:
    text = record(pdf(") Tj 0 -14 Td (".join([TITLE, "The thieves closed the har-", "bour."])))
    assert text["text"].split("\n") == [TITLE, "", "The thieves closed the harbour."]


def test_long_texts_take_no_time() -> None:
    begun = time.process_time()
    for text in (
        "a" * 400_000,
        "a-" * 200_000,
        "a-\n" * 100_000,
        "aa-\nbb" * 60_000,
        "\n" * 400_000,
    ):
        as_set(text)
    assert time.process_time() - begun < 3 * PATIENCE
