"""What a machine says of a scheduler before it joins: one line, and whether waiting helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster_tools import cluster
from workers.cluster import access, reach
from workers.cluster.certificates import make_certificates


def test_one_line_and_whether_waiting_helps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_certificates(tmp_path / "others")
    with cluster(tmp_path / "cluster") as started:
        assert reach.main([started.address, "--certs", str(started.certs)]) == 0
        assert capsys.readouterr().out == ""
        assert reach.main([started.address, "--certs", str(tmp_path / "others")]) == 2
        told = capsys.readouterr().out
        assert told.startswith("tls://") and told.count("\n") == 1
        assert "the certificate was refused" in told and "give --certs with the folder" in told
        assert reach.main([started.address, "--certs", str(started.certs), "--name", "a"]) == 0
    monkeypatch.setattr(access, "CONNECT_S", 0.5)
    assert reach.main([started.address, "--certs", str(started.certs)]) == 1
    assert "no Dask scheduler answers there" in capsys.readouterr().out


def test_a_name_that_another_has_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = access.SchedulerFacts("tls://h:1", "1", "", 1, names=frozenset({"mac"}))
    monkeypatch.setattr(reach, "check", lambda given: facts)
    assert reach.main(["tls://h:1", "--name", "linux"]) == 0
    assert reach.main(["tls://h:1", "--name", "mac"]) == 1
    told = capsys.readouterr().out
    assert told.startswith("tls://h:1: another machine is there as mac; give this one another")
