"""A dataset's folder: put in its place whole, and what a person put there stays."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from workers.cli.dataset_folder import MAKER, MARKER, building, files_of, refuse_foreign
from workers.core.errors import UsageError


def dataset(folder: Path, *files: str) -> Path:
    """A dataset of ours that says it is made of these files, and is."""
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("old")
    (folder / MARKER).write_text(json.dumps({"made_by": MAKER, "files": files}))
    return folder


def test_a_dataset_of_ours_is_known_by_its_marker(tmp_path: Path) -> None:
    made = dataset(tmp_path, "train.jsonl", "mlx/train.jsonl")
    assert files_of(made) == {MARKER, "train.jsonl", "mlx/train.jsonl"}
    refuse_foreign(made)


@pytest.mark.parametrize(
    "marker",
    ["", "{", "[]", "7", '{"files": []}', f'{{"made_by": "{MAKER}"}}', '{"made_by": []}',
     f'{{"made_by": "{MAKER}", "files": "train.jsonl"}}', '{"made_by": "me", "files": []}'],
)  # fmt: skip
def test_another_marker_makes_no_dataset_of_ours(tmp_path: Path, marker: str) -> None:
    (tmp_path / MARKER).write_text(marker)
    assert files_of(tmp_path) is None
    with pytest.raises(UsageError, match="is not empty, and not a dataset"):
        refuse_foreign(tmp_path)


def test_a_place_with_nothing_in_it_is_free(tmp_path: Path) -> None:
    refuse_foreign(tmp_path / "none")
    (tmp_path / "empty" / "deeper").mkdir(parents=True)
    refuse_foreign(tmp_path / "empty")


def test_a_file_or_a_link_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "broken").symlink_to("nowhere")
    for name in ("file", "link", "broken"):
        with pytest.raises(UsageError, match=f"{name}: exists, and is not a folder"):
            refuse_foreign(tmp_path / name)


def test_what_a_person_added_is_named(tmp_path: Path) -> None:
    made = dataset(tmp_path, "train.jsonl")
    (made / "notes").mkdir()
    (made / "notes" / "mine.txt").symlink_to("nowhere")
    with pytest.raises(UsageError, match=r"notes/mine\.txt is not part of the dataset there"):
        refuse_foreign(made)


def test_a_new_folder_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    target = dataset(tmp_path / "deep" / "made", "train.jsonl")
    with building(target) as new:
        assert (target / "train.jsonl").exists() and list(new.iterdir()) == []
        (new / "mlx").mkdir()
        (new / "mlx" / "train.jsonl").write_text("new")
    assert [path.name for path in target.iterdir()] == ["mlx"]
    assert [path.name for path in target.parent.iterdir()] == ["made"]


def test_folders_above_it_are_made(tmp_path: Path) -> None:
    with building(tmp_path / "a" / "b") as new:
        (new / "x").write_text("x")
    assert (tmp_path / "a" / "b" / "x").read_text() == "x"


def test_an_error_leaves_the_old_one_and_nothing_beside_it(tmp_path: Path) -> None:
    target = dataset(tmp_path / "made", "train.jsonl")
    with pytest.raises(KeyboardInterrupt), building(target) as new:
        (new / "train.jsonl").write_text("half")
        raise KeyboardInterrupt
    assert (target / "train.jsonl").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_a_full_disk_is_told_with_the_folder(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match="No space left on device") as failed,
        building(tmp_path / "d"),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # of a file that is open
    assert failed.value.filename == str(tmp_path / "d")


def test_what_an_interrupted_process_put_aside_comes_back(tmp_path: Path) -> None:
    dataset(tmp_path / ".made.old", "train.jsonl")
    with pytest.raises(ZeroDivisionError), building(tmp_path / "made"):
        raise ZeroDivisionError
    assert (tmp_path / "made" / "train.jsonl").read_text() == "old"
    assert not (tmp_path / ".made.old").exists()


def test_what_an_interrupted_process_began_is_emptied_and_no_link_followed(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "text").write_text("years of work")
    begun = tmp_path / ".made.new"
    (begun / "mlx").mkdir(parents=True)
    (begun / "half.jsonl").write_text("half")
    (begun / "link").symlink_to(tmp_path / "thesis", target_is_directory=True)
    with building(tmp_path / "made") as new:
        assert list(new.iterdir()) == []
    assert (tmp_path / "thesis" / "text").read_text() == "years of work"


def test_a_link_in_its_place_is_not_built_in(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "text").write_text("years of work")
    (tmp_path / ".made.new").symlink_to(tmp_path / "thesis", target_is_directory=True)
    with pytest.raises(OSError, match=r"\.made\.new"), building(tmp_path / "made"):
        raise AssertionError
    assert (tmp_path / "thesis" / "text").read_text() == "years of work"


def test_two_at_once_are_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    with building(tmp_path / "made") as new:
        (new / "x").write_text("first")
        with pytest.raises(UsageError, match="made: another process is making it"):
            with building(tmp_path / "made"):
                raise AssertionError
    assert (tmp_path / "made" / "x").read_text() == "first"
