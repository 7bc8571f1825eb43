"""YAML as values with lines: plain values, types, and nothing that multiplies or runs."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from stages.recipe.nodes import RecipeError, parse
from stages.recipe.recipe import load
from tests.stages.recipe.help import assert_refused


def test_values_and_their_lines() -> None:
    root = parse(
        b"# head\na: 1\nb:\n  - 0.5\n  - 'no'\nc: {d: true, e: null, f: 2001-01-01}\n", "f"
    )
    assert root.plain() == {
        "a": 1, "b": [0.5, "no"], "c": {"d": True, "e": None, "f": "2001-01-01"}
    }  # fmt: skip
    entries = root.entries()
    assert [entries[key].line for key in "abc"] == [2, 3, 6]
    assert [one.line for one in entries["b"].list()] == [4, 5]


@pytest.mark.parametrize("text", ["0x1F", "1_000", "12:30:45", ".inf", ".nan", "0o17"])
def test_odd_spellings_of_numbers_are_no_surprise(text: str) -> None:
    """YAML 1.1 takes some for numbers; none is within bounds, or they read as in Python."""
    value = parse(f"a: {text}\n".encode(), "f").entries()["a"]
    with pytest.raises(RecipeError, match=r"^f:1: must be a number from 0 to 1$"):
        value.number(0, 1)


def test_an_alias_bomb_costs_nothing() -> None:
    lines = ["a: &a [x, x]"] + [
        f"{n}: &{n} [*{p}, *{p}]" for p, n in zip("abc", "bcd", strict=True)
    ]
    started = time.perf_counter()
    with pytest.raises(RecipeError, match="^f:1: anchors and aliases"):
        parse("\n".join(lines).encode(), "f")
    with pytest.raises(RecipeError, match="^f:1: is nested too deeply"):
        parse(b"a: " + b"[" * 50, "f")
    with pytest.raises(RecipeError, match="^f:1: not valid YAML: exceeded maximum nesting"):
        parse(b"a: " + b"[" * 500_000, "f")
    assert time.perf_counter() - started < 1


def test_a_merge_key_is_a_key_like_any_other() -> None:
    with pytest.raises(RecipeError, match="^f:1: no such key: <<"):
        parse(b"<<: {a: 1}\n", "f").fields("a")


@pytest.mark.parametrize(
    ("old", "new", "said", "below"),
    [
        ("max_echo: 0.7", "max_echo: 0.7\nmax_echo: 0.8", "max_echo: is there already", 1),
        ("max_echo: 0.7", "max_echo: [0.7", "not valid YAML: ", 3),
        ("max_echo: 0.7", "max_echo: &a 0.7", "anchors and aliases are not allowed", 0),
        ("max_echo: 0.7", "max_echo: !!python/name:os.system 0.7", "tags are not allow", 0),
        ("max_echo: 0.7", f"max_echo: {'[' * 40}", "is nested too deeply", 0),
        ("max_echo: 0.7", "? [max_echo]\n: 0.7", "a key must be text", 0),
        ("max_echo: 0.7", "max_echo: 0.7\x07", "a character that YAML does not allow", 0),
    ],
)  # fmt: skip
def test_what_is_no_plain_yaml_is_said_of_a_file_of_a_recipe(
    tmp_path: Path, old: str, new: str, said: str, below: int
) -> None:
    assert_refused(tmp_path, "bounds.yaml", old, new, said, below)


@pytest.mark.parametrize(
    ("text", "said"),
    [("", ":1: is empty"), ("# only this\n", ":1: is empty"),
     ("a: 1\n---\nb: 2\n", ":2: must be one YAML document")],
)  # fmt: skip
def test_a_file_is_one_document(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bounds.yaml").write_text(text)
    with pytest.raises(RecipeError) as refused:
        load(tmp_path)
    assert str(refused.value) == f"{tmp_path / 'bounds.yaml'}{said}"
