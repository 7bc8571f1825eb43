"""Letters: their own text and what they forward, without quotes, header lines and signatures."""

from __future__ import annotations

import pytest

from stages.text.clean import clean_text
from stages.text.letters import without_letter

OWN = "The lock can be opened by anybody who stands near it, without a key."


@pytest.mark.parametrize(
    "above",
    [
        "On Mon, 3 Jan 2030 at 10:00 AM Ida Foss <ida@lock.example>\nwrote:\n> Is it\n> open?\n\n",
        "2030-01-03 10:00 GMT+01:00 Ida <ida@lock.example>:\n> Is it open?\n\n",
        "Ida <ida@lock.example> writes:\n\n> Is it open?\n",
        "Am 03.01.30 um 10:00 schrieb Ida:\n> Is it open?\n\n",
        "From: ida@lock.example\nTo: all\nCc: Bo,\n  Cy\nSent: Monday\n\n",
        "Begin forwarded message:\n\nFrom: Ida\nDate: 3 Jan 2030\n\n",
        "---------- Forwarded message ---------\nFrom: Ida <i@lock.example>\nTo: Bo\n\n",
        "-----Original Message-----\nFrom: Ida\nSent: Monday\n\n",
    ],
)
def test_what_stands_above_a_letter_goes(above: str) -> None:
    assert clean_text(above + OWN) == OWN


@pytest.mark.parametrize(
    "below",
    [
        "\n\n-----Original Message-----\nFrom: Ida\nSent: Monday\nTo: Bo\n\nIs it open?",
        f"\n\n{'_' * 32}\nFrom: Ida\nSent: Monday\nTo: Bo\nSubject: Lock\n\nIs it open?",
        "\n\nSent from my iPhone\n", "\n\nVon meinem Handy gesendet",
        "\n\n-- \nIda Foss\nLocksmith, opened in 2029.", "\n--\nIda Foss | Locksmith",
    ],
)  # fmt: skip
def test_what_stands_below_a_letter_goes(below: str) -> None:
    assert clean_text(OWN + below) == OWN


@pytest.mark.parametrize(
    "text",
    [
        f"From: 1.0\nTo: 2.0\n\n{OWN}",
        f"The note said:\n\n> {OWN}\n\nNobody read it.",
        f"{OWN}\n\nSent from my account were 300 letters.",
        f"{OWN}\n--\nUpdate to 1.3.",
        f"Received: from relay.example\nFrom: a@b.example\nTo: c@d.example\n\n{OWN}",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert without_letter(text) == text


@pytest.mark.parametrize(
    "quote",
    [
        "<div class='gmail_quote'><div class=gmail_attr>On Monday Ida wrote:</div>"
        "<blockquote class='gmail_quote'>Is it open?</blockquote></div>",
        "<div class='moz-cite-prefix'>Ida wrote:</div><blockquote type='cite'>Is it?</blockquote>",
    ],
)
def test_a_letter_in_html_is_read_without_what_it_answers(quote: str) -> None:
    assert clean_text(f"<p>{OWN}</p>{quote}") == OWN
    assert "Is it" in clean_text(f"<p>See below.</p>{quote}")
    forwarded = f"<div class='gmail_quote'>---------- Forwarded message ---------<br>{OWN}</div>"
    assert OWN in clean_text(
        f"<p>Here is what they wrote to us on Monday last week.</p>{forwarded}"
    )


def test_a_letter_that_only_passes_another_one_on_keeps_it() -> None:
    passed = f"See below.\n\n-----Original Message-----\nFrom: Ida\nSubject: Lock\n\n{OWN}"
    assert clean_text(passed) == f"See below.\n\nSubject: Lock\n\n{OWN}"
    forwarded = (
        f"For you.\n\n---------- Forwarded message ---------\nFrom: Ida\nTo: Bo\nDate: 3\n\n{OWN}"
    )
    assert clean_text(forwarded) == f"For you.\n\n{OWN}"


def test_several_letters_keep_who_wrote_each() -> None:
    """The head of the first one went, so that nobody knew whose words they were."""
    letter = "From: Ida Kay\nDate: 2099-01-0{}\n\nThe ropes were cut by night.\n"
    for line in ("--", "------", "====="):
        text = f"{letter.format(2)}\n{line}\n{letter.format(3)}"
        assert without_letter(text) == text
