"""The commands for more machines than one; whole runs of them are in tests/cluster."""

from __future__ import annotations

from pathlib import Path

import pytest

from coordinator import main
from workers.cli.machines import check_cluster, check_kept_cluster
from workers.core.errors import UsageError
from workers.settings.config import RunConfig


def test_certificates_are_made_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "certs"
    assert main(["cluster", "certs", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["ca.pem", "node.pem"]
    assert "keep it secret" in capsys.readouterr().out
    assert main(["cluster", "certs", str(folder)]) == 2
    assert "exists already" in capsys.readouterr().err


def test_merging_what_is_not_there_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["merge", "part1", "part2", "--run", "all"]) == 2
    assert "run part1: not found" in capsys.readouterr().err
    assert not (tmp_path / "queues").exists()


def test_a_run_without_a_cluster_has_no_machines() -> None:
    assert check_cluster(RunConfig()) == 0


def test_a_run_whose_cluster_is_gone_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    config = RunConfig(cluster="tcp://10.0.0.7:8786", workers=0)
    with pytest.raises(UsageError, match="may be used; .*; or go on without it: --cluster none"):
        check_kept_cluster(config)
    check_kept_cluster(RunConfig())
