"""Products and versions as a sentence names them; no number is lost."""

from __future__ import annotations

import pytest

from stages.data_structurer.products import in_words, is_named, product_of

TEXT = "A flaw in the list of Lark Mail and of libjay lets users read it."


@pytest.mark.parametrize(
    ("affected", "said"),
    [
        (["lark mail from 9.0.0 before 9.2.6"], ["Lark Mail from 9.0.0 to before 9.2.6"]),
        (["jay libjay through 2.8"], ["libjay through 2.8"]),
        (["wren mail 2.0"], ["wren mail 2.0"]),
        (["Wren OS from 8.6 before 8.9, from 9.0 through 9.3"],
         ["Wren OS from 8.6 to before 8.9 and from 9.0 up to 9.3"]),
        (["pin (npm) >= 4.0.0, < 4.2.0", "pin (npm) < 3.9.7"],
         ["pin (npm) from 4.0.0 to before 4.2.0, and all before 3.9.7"]),
        (["pin (npm) >= 4.0.0, <= 4.1.7"], ["pin (npm) from 4.0.0 up to 4.1.7"]),
        (["pin (npm) > 4.0.0, <= 4.1.7"], ["pin (npm) after 4.0.0 up to 4.1.7"]),
        (["pin (npm) <= 0.9", "pen (npm) = 1.2"], ["pin (npm) up to 0.9", "pen (npm) 1.2"]),
        (["Lark Mail except 14.9, 15.4, 16.0"],
         ["Lark Mail in all versions except 14.9, 15.4 and 16.0"]),
        (["Lark Mail for teams"], ["Lark Mail for teams"]),
    ],
)  # fmt: skip
def test_in_words(affected: list[str], said: list[str]) -> None:
    assert in_words(affected, TEXT) == said


def test_the_only_product_of_a_record() -> None:
    assert product_of(["lark-door (npm) <= 3.0.1"], "") == "lark-door"
    assert product_of(["Gull Mail from 1.0 before 2.0", "Gull Mail before 0.9"], "") == "Gull Mail"
    assert product_of(["Gull Mail before 2.0", "Lark before 3.0"], "") == ""
    assert is_named("Gull Mail", "Update gulls to 2.0.") and not is_named("Gull Mail", "Email it.")
