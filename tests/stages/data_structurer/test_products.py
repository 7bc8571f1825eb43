"""Products and versions as a sentence names them; no number is lost."""

from __future__ import annotations

import pytest

from stages.data_structurer.products import in_words, is_named, product_of

TEXT = (
    "A flaw in the list of Lark Mail and of libjay lets users read it. The Hoop LarkDoor K30 has it"
    " as well. Jay versions 1.4 before 1.16 are old."
)


@pytest.mark.parametrize(
    ("affected", "said"),
    [
        (["lark mail from 9.0.0 before 9.2.6"], ["Lark Mail from 9.0.0 before 9.2.6"]),
        (["jay libjay through 2.8"], ["libjay through 2.8"]),
        (["wren mail 2.0"], ["wren mail 2.0"]),
        (["Wren OS from 8.6 before 8.9, from 9.0 through 9.3"],
         ["Wren OS from 8.6 before 8.9 and from 9.0 up to 9.3"]),
        (["pin (npm) >= 4.0.0, < 4.2.0", "pin (npm) < 3.9.7"],
         ["pin (npm) from 4.0.0 before 4.2.0 and all versions before 3.9.7"]),
        (["pin (npm) >= 4.0.0, <= 4.1.7"], ["pin (npm) from 4.0.0 up to 4.1.7"]),
        (["pin (npm) > 4.0.0, <= 4.1.7"], ["pin (npm) after 4.0.0 up to 4.1.7"]),
        (["pin (npm) <= 0.9", "pen (npm) = 1.2"], ["pin (npm) up to 0.9", "pen (npm) 1.2"]),
        (["Lark Mail except 14.9, 15.4, 16.0"],
         ["Lark Mail in all versions except 14.9, 15.4 and 16.0"]),
        (["Lark Mail for teams"], ["Lark Mail for teams"]),
        (["Wren OS 4.0-rc1", "Wren OS from 3.10 before 3.12", "Wren OS from 3.2 before 3.9"],
         ["Wren OS version 4.0-rc1, from 3.2 before 3.9 and from 3.10 before 3.12"]),
        (["Wren from 2.0 before 2.3, from 1.0 before 1.7, before 0.16"],
         ["Wren from 1.0 before 1.7, from 2.0 before 2.3 and all versions before 0.16"]),
        (["Wren from 2.0 before 2.3", "Wren before 0.16", "Wren from 0.9 before 0.16"],
         ["Wren from 0.9 before 0.16 and from 2.0 before 2.3"]),
        (["Jay from 2.0 before 2.3, before 1.16"],
         ["Jay from 1.4 before 1.16 and from 2.0 before 2.3"]),
        (["Wren before 8.17.9, 8.18"], ["Wren version 8.18 and all versions before 8.17.9"]),
        (["Wren 8.17, 8.18"], ["Wren 8.17 and 8.18"]),
        (["Wren All versions"], ["all versions of Wren"]),
        (["Wren (All versions)"], ["all versions of Wren"]),
        (["Wren (All versions < V3.1)"], ["Wren before V3.1"]),
        (["Wren vers:semver/>=1.0|<2.1"], ["Wren from 1.0 before 2.1"]),
        (["Wren from 2.6 before 6.8, except from 5.10 through 5.11"],
         ["Wren from 2.6 before 6.8 except from 5.10 up to 5.11"]),
        (["hoop larkdoor k30 firmware before 2.1"], ["Hoop LarkDoor K30 firmware before 2.1"]),
        (["hoop k30 server"], ["Hoop K30 server"]),
        (["hoop gull mail"], ["hoop gull mail"]),
    ],
)  # fmt: skip
def test_in_words(affected: list[str], said: list[str]) -> None:
    assert in_words(affected, TEXT) == said


def test_the_only_product_of_a_record() -> None:
    assert product_of(["lark-door (npm) <= 3.0.1"], "") == "lark-door"
    assert product_of(["Gull Mail from 1.0 before 2.0", "Gull Mail before 0.9"], "") == "Gull Mail"
    assert product_of(["Gull Mail before 2.0", "Lark before 3.0"], "") == ""
    assert is_named("Gull Mail", "Update gulls to 2.0.") and not is_named("Gull Mail", "Email it.")


def test_a_vendor_stands_in_front_of_the_first_of_its_products_only() -> None:
    """Three names in a row that begin alike hide the models that a reader looks for."""
    affected = ["Old Pier Bell before 2", "Old Pier Horn before 3", "Pin Lamp 4"]
    assert in_words(affected, "", ["Old Pier", "Pin"]) == [
        "Old Pier Bell before 2",
        "Horn before 3",
        "Pin Lamp 4",
    ]


def test_names_of_cpe_alone_have_capitals() -> None:
    """Nobody writes "acme fx-20", and a reader may take it for the name."""
    said = in_words(["acme fx-20 firmware 1.0_b2"], "A flaw in 1.0_B2.", by_cpe=True)
    assert said == ["Acme FX-20 firmware 1.0_B2"]
    assert in_words(["curl before 8.1"], "A flaw in the tool.") == ["curl before 8.1"]
