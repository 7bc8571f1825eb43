"""What Dask's worker process is handed by its environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.cluster import dask_host


def test_flags_cross_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(dask_host.MODEL_VARIABLE, "/models/big")
    monkeypatch.setenv(dask_host.WORKERS_VARIABLE, "3")
    site = dask_host.site_of(str(tmp_path))
    assert (site.model, site.workers, site.scratch) == ("/models/big", 3, tmp_path)
    monkeypatch.delenv(dask_host.MODEL_VARIABLE)
    monkeypatch.delenv(dask_host.WORKERS_VARIABLE)
    site = dask_host.site_of(str(tmp_path))
    assert (site.model, site.workers) == (None, None)


def test_dasks_heartbeat_keeps_its_time() -> None:
    callback = dask_host.unhurried(lambda: None)
    callback.callback_time = 500.0  # as after each answer of a scheduler
    assert callback.callback_time == dask_host.HEARTBEAT_S * 1000
