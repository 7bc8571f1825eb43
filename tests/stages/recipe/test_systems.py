"""systems.yaml: names and cues of systems, and the bounds of what is decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.base import Result
from stages.data_filter.stage import DataFilter
from stages.recipe.nodes import parse
from stages.recipe.recipe import load
from stages.recipe.systems import read_systems
from tests.stage_help import run
from tests.stages.recipe.help import assert_refused, changed

TEXT = (
    "names: {Foo: [Foo, 'Foo(?:OS)']}\ncues: {Foo: [foorc], Bar: [b]}\n"
    "decided: {bound: 1, fewest_words: 2}"
)


def test_systems_are_those_of_the_file() -> None:
    found = read_systems(parse(TEXT.encode(), "s"))
    named = [(one.name, one.start) for one in found.names.found_in("A foorc of FooOS, b")]
    assert named == [("Foo", 2), ("Foo", 11), ("Bar", 18)]
    assert (found.bound, found.fewest_words) == (1, 2)


def test_a_system_that_a_recipe_adds_is_found(tmp_path: Path) -> None:
    changed(tmp_path, "systems.yaml", "names:\n", "names:\n  Solaris: [Solaris, SunOS]\n")
    record = {"text": "A remote attacker can run arbitrary code on SunOS by a crafted packet."}
    for recipe, systems in ((None, []), (load(tmp_path), ["Solaris"])):
        outcome = run(DataFilter(recipe=recipe), record)
        assert isinstance(outcome, Result)
        assert outcome.records[0]["affected_systems"] == systems


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Linux: [Linux]", "Linux: []", "must not be empty"),
        ("Linux: [Linux]", "Linux: ['(']", "is not a regular expression"),
        ("Linux: [Linux]", "Linux: ['(Linux)']", "holds a group that captures; write (?:...)"),
        ("Linux: [Linux]", "Linux: ['Linux|']", "matches the empty text"),
        ("bound: 0.5", "bound: 5", "must be a number from 0 to 1"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert_refused(tmp_path, "systems.yaml", old, new, said)
