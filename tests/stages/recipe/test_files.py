"""The folder of a recipe: only files of a recipe, whole, bounded and readable."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stages.recipe.files import FILES, SHIPPED, read_files
from stages.recipe.nodes import MOST_BYTES, RecipeError


def test_without_a_folder_all_files_are_the_shipped_ones() -> None:
    assert set(read_files(None)) == set(FILES)
    assert all(file.shown == str(SHIPPED / name) for name, file in read_files(None).items())


def test_hidden_files_are_passed_over_and_bytes_are_kept(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    own = (SHIPPED / "bounds.yaml").read_bytes() + b"# mine\r\n"
    (tmp_path / "bounds.yaml").write_bytes(b"\xef\xbb\xbf" + own)
    files = read_files(tmp_path)
    assert files["bounds.yaml"].data == b"\xef\xbb\xbf" + own
    assert files["bounds.yaml"].sha256 == read_files(None)["bounds.yaml"].sha256


@pytest.mark.parametrize(
    ("name", "said"),
    [("prompts.yml", "not a recipe file; did you mean prompts.yaml?"),
     ("notes", "not a recipe file; known: prompts.yaml, "),
     ("a\x1b[2J", "not a recipe file; known: ")],
)  # fmt: skip
def test_other_files_are_refused(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / name).write_text("x")
    with pytest.raises(RecipeError) as refused:
        read_files(tmp_path)
    shown = name.replace("\x1b", "?")
    assert str(refused.value).startswith(f"{tmp_path / shown}: {said}")


def test_what_is_no_folder_or_an_empty_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        read_files(tmp_path / "none")
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="Not a directory"):
        read_files(tmp_path / "file")
    (tmp_path / "empty").mkdir()
    with pytest.raises(RecipeError, match="empty: contains no recipe file; known: prompts"):
        read_files(tmp_path / "empty")


def test_a_pipe_or_a_folder_of_that_name_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "bounds.yaml")
    with pytest.raises(RecipeError, match=r"bounds\.yaml: is not a file"):
        read_files(tmp_path)
    (tmp_path / "bounds.yaml").unlink()
    (tmp_path / "bounds.yaml").mkdir()
    with pytest.raises((RecipeError, OSError)):
        read_files(tmp_path)


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"a: 1\nb: \xff\n", ":2: is not UTF-8"),
     (b"a: 1\n" + b"#" * MOST_BYTES, ":1: is larger than 2 MiB")],
)  # fmt: skip
def test_bytes_that_are_no_text_or_too_many(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "bounds.yaml").write_bytes(data)
    with pytest.raises(RecipeError) as refused:
        _ = read_files(tmp_path)["bounds.yaml"].root
    assert str(refused.value) == f"{tmp_path / 'bounds.yaml'}{said}"
