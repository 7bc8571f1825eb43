"""Folders with changed files of the shipped recipe, for tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.recipe.files import SHIPPED
from stages.recipe.nodes import RecipeError
from stages.recipe.recipe import load


def changed(folder: Path, name: str, old: str, new: str) -> int:
    """Copy a shipped file into a folder with one change; the line where the change begins."""
    text = (SHIPPED / name).read_text(encoding="utf-8")
    assert old in text, old
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text.count("\n", 0, text.index(old)) + 1


def assert_refused(
    folder: Path, name: str, old: str, new: str, problem: str, below: int = 0
) -> None:
    """Check that a shipped file with one change is refused, in one line with file and line.

    below: how far below the first line of the change the fault is.
    """
    line = changed(folder, name, old, new)
    with pytest.raises(RecipeError) as refused:
        load(folder)
    said = str(refused.value)
    reason = said.removeprefix(f"{folder / name}:{line + below}: ")
    assert reason != said and problem in reason and "\n" not in said, said
