"""The file that a command writes in the end never takes the place of one that it reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.cli.output_file import refuse_output
from workers.core.errors import UsageError


def test_a_folder_or_an_input_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source, out, removed = tmp_path / "in.jsonl", Path("out.jsonl"), Path("out.removed.jsonl")
    source.touch()
    Path("link").symlink_to(source)
    refuse_output(out, [source], [removed])
    for output, words in ((tmp_path, "is a folder"), (Path("link"), "is an input file")):
        with pytest.raises(UsageError, match=f"^-o .*: {words}"):
            refuse_output(output, [source])
    with pytest.raises(UsageError, match="out.removed.jsonl, which is written beside it, is an in"):
        refuse_output(out, [source, removed.absolute()], [removed])
