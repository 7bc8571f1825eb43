"""Names, manifests and models of a run before it starts or is resumed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run_tools import (
    make_run,
    numbered,
)
from workers.core.errors import ModelError
from workers.run import prepare
from workers.run.run_folder import RunFolder


def test_names_made_from_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = prepare.new_name(Path("/data/../ATT&CK techniques.v2.jsonl"))
    assert name.startswith("ATT-CK-techniques.v2-")
    assert RunFolder.named(prepare.new_name(Path("...jsonl"))).name
    (tmp_path / "queues" / name).mkdir(parents=True)
    assert RunFolder.named(prepare.new_name(Path("x" * 300))).name


def test_a_changed_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run(tmp_path, numbered(3))
    run.update(model={"target": {"name": "m", "sha256": "old"}})
    monkeypatch.setattr(prepare, "describe_models", lambda config: {"target": {"sha256": "new"}})
    with pytest.raises(ModelError, match="model m: changed since run test was made"):
        prepare.take_up(run, None)


def test_only_the_workers_may_change(tmp_path: Path) -> None:
    run = make_run(tmp_path, numbered(3))
    assert prepare.take_up(run, 7).workers == 7
    assert prepare.take_up(run, None).workers is None
