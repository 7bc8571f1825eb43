"""The checks of settings: what they take, and the words in which they refuse the rest."""

from __future__ import annotations

import pytest

from workers.settings.setting import LARGEST, at_least, between, one_of, printable, web_address


@pytest.mark.parametrize("value", [1, 2, 3])
def test_between_takes_its_bounds(value: float) -> None:
    assert between(1, 3)(value) is None


@pytest.mark.parametrize("value", [0, 4, -1, float("nan"), float("inf")])
def test_between_names_its_bounds(value: float) -> None:
    assert between(1, 3)(value) == "must be from 1 to 3"


@pytest.mark.parametrize("value", [0, float("nan"), float("inf"), LARGEST + 1])
def test_at_least_takes_only_what_the_manifest_can_hold(value: float) -> None:
    assert at_least(1)(value) == "must be 1 or more"
    assert at_least(1)(1) is at_least(1)(LARGEST) is None


def test_one_of_names_the_choices() -> None:
    assert one_of(4, 8)(4) is None and one_of(4, 8)(5) == "must be 4 or 8"


@pytest.mark.parametrize("value", ["", "  ", "a\nb", "a\x1b[31m", "a\udcff"])
def test_a_text_that_no_file_or_terminal_should_see_is_refused(value: str) -> None:
    assert printable(value)
    assert printable("mlx-community/Qwen2.5 über") is None


def test_an_address_holds_no_secret_and_ends_with_its_path() -> None:
    assert web_address("https://example.org:8443/v1") is None
    assert "CYBERLLM_ENDPOINT_KEY" in str(web_address("http://me:secret@example.org/v1"))
    for value in (
        "",
        "example.org",
        "ftp://example.org",
        "http://",
        "http://x\n/v1",
        "http://x/?k=1",
    ):
        assert web_address(value), value
    for value in ("http://x/v1?k=1", "http://x/v1#part"):
        assert web_address(value) == "must have no query or fragment (? or #)"
