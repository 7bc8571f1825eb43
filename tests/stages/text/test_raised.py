"""Raised text: powers keep their sign, notes go, and no number grows by either."""

from __future__ import annotations

import pytest

from stages.sources.shapes.html import read_page
from stages.text.clean import clean_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("It wraps after 2<sup>32</sup> packets.", "It wraps after 2^32 packets."),
        ("<p>1 in 10<sup>6</sup>, or 10<sup>-9</sup>.</p>", "1 in 10^6, or 10^-9."),
        ("<p>2<sup>31</sup>-1 and 2<sup>n-1</sup>.</p>", "2^31-1 and 2^(n-1)."),
        ("<p>(p-1)<sup>2</sup>, O(n<sup>2</sup>), 20 m<sup>2</sup>.</p>",
         "(p-1)^2, O(n^2), 20 m^2."),
        ("<p>The group<sup>4</sup> hit 40<sup>7</sup> banks.<sup>5,6</sup></p>",
         "The group hit 40 banks."),
        ("<p>A worm<sup><a href='#1'>1</a></sup> of 2<sup>[3]</sup> parts (old)<sup>2</sup>.</p>",
         "A worm of 2 parts (old)."),
        ("<p>In Foo 1.2<sup>3</sup> of 2030<sup>4</sup>.</p>", "In Foo 1.2 of 2030."),
        ("<p>The 1<sup>st</sup> and 5<sup>e</sup>, Foo<sup>TM</sup>.</p>",
         "The 1st and 5e, FooTM."),
        ("<p>H<sub>2</sub>O, x<sub>1</sub> and 1010<sub>2</sub>.</p>", "H2O, x1 and 1010_2."),
        ("<p><sup>1</sup> Smith, 2030.</p>", "1 Smith, 2030."),
        ("It spreads by mail <sup>[1]</sup> and hides <sup>[2]</sup>.",
         "It spreads by mail and hides."),
        ("<p>A <code>2<sup>8</sup></code> and 2<sup>2<sup>8</sup></sup>.</p>",
         "A 2^8 and 2^(2^8)."),
        ("## Size\n\nIt is **2<sup>32</sup>**.<sup>1</sup>", "Size:\n\nIt is 2^32."),
    ],
)  # fmt: skip
def test_what_is_raised(markup: str, text: str) -> None:
    """2^32 was once 232, and "the group" once "group4"."""
    assert clean_text(markup) == text


def test_a_page_of_its_own_is_read_alike() -> None:
    page = "<html><body><p>After 2<sup>32</sup> packets<sup>[3]</sup>.</p></body></html>"
    assert read_page(page, "x").text == "After 2^32 packets."
