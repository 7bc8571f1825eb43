"""What rules mend in a response, and what they leave alone."""

from __future__ import annotations

import pytest

from stages.security_aligner.polish import polished


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("It is a flaw in Foo", "CVE-1 is a flaw in Foo."),
        ("It allows **new** code ,  too", "CVE-1 allows new code, too."),
        ("[Foo](https://a.example/x) runs <code>cmd.exe /c x</code>.", "Foo runs `cmd.exe /c x`."),
        ("A flaw.(Citation: Foo 2030) It is old [REF-12].", "A flaw. It is old."),
        ("A &lt;b&gt; &amp; c stand <b>here</b>.", "A <b> & c stand here."),
        ("In use since May 2020 (and before)", "In use since May 2020 (and before)."),
    ],
)
def test_mended(text: str, mended: str) -> None:
    assert polished(text, "CVE-1") == mended


@pytest.mark.parametrize(
    "text",
    ["A flaw in Foo.", "- Update Foo.\n- Reset passwords.", r"It\x is C:\a\*\b.", "Its name is it.",
     "Run `a  <b>x</b> &amp; **y**` once.", "Reads a[0] and b[1](c) of it.", "2 ** 3 ** 4 is big.",
     "hxxps://a[.]b[.]c/[12] is bad.", "The __init__ of it runs.", "Is it?", "Item 5, 6 & 7."],
)  # fmt: skip
def test_left_alone(text: str) -> None:
    assert polished(text, "") == text
    assert polished(text, "CVE-1") == text


def test_without_a_name_it_stays() -> None:
    assert polished("It is a flaw.", "") == "It is a flaw."


def test_what_is_quoted_keeps_what_looks_like_markup() -> None:
    text = "A page may hold &lt;b&gt;, **x** and <b>y</b>."
    assert polished(text, "", quoted=True) == text


def test_a_character_given_by_its_number_is_what_a_text_is_about() -> None:
    text = "Filters miss jav&#X41sc&#0010;ript in a link."
    assert polished(text, "") == text
