"""Which "It" gets a name."""

from __future__ import annotations

import pytest

from stages.text.pronouns import with_name, with_owner


@pytest.mark.parametrize(
    "rest",
    ["is a tool that steals files.", "has been found to steal.", "was first seen when it fell.",
     "is believed to be of the group.", "turns off logging.", "was reported by a user.",
     "takes screenshots.", "is a hard one to see.", "is likely run by a group.", "is in use."],
)  # fmt: skip
def test_named(rest: str) -> None:
    assert with_name(f"It {rest}", "Foo") == f"Foo {rest}"


@pytest.mark.parametrize(
    "text",
    ["It was found that files leak.", "It is possible to read files.", "It seems that it fell.",
     "It was reported by a user that files leak.", "It is good practice to update.",
     "It is currently unknown whether files leaked.", "It depends on the version.",
     "Its files leak.", "Foo is it.", "IT is a field."],
)  # fmt: skip
def test_left_alone(text: str) -> None:
    assert with_name(text, "Foo") == text


def test_without_a_name() -> None:
    assert with_name("It is a tool.", "") == "It is a tool."


def test_an_owner_is_named_where_a_text_begins_with_its() -> None:
    assert with_owner("Its files leak.", "Foo") == "Foo's files leak."
    assert with_owner("Its own files leak.", "Foo") == "Its own files leak."
    assert with_owner("Its files leak.", "") == "Its files leak."
