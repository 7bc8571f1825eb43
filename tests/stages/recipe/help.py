"""Folders with changed files of the shipped recipe, for tests."""

from __future__ import annotations

from pathlib import Path

from stages.recipe.files import SHIPPED


def changed(folder: Path, name: str, old: str, new: str) -> int:
    """Copy a shipped file into a folder with one change; the line where the change begins."""
    text = (SHIPPED / name).read_text(encoding="utf-8")
    assert old in text, old
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text.count("\n", 0, text.index(old)) + 1
