"""What `status` is told of other machines: it comes back as it was, or not at all."""

from __future__ import annotations

from pathlib import Path

from workers.run.machine_view import (
    ClusterView,
    MachineView,
    cluster_file,
    read_cluster,
    write_cluster,
)


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    machine = MachineView("alpha", "ready", "", 2, 64, 5.5, 120.0, 8, 900, 1)
    view = ClusterView("tls://10.0.0.7:8786", "http://10.0.0.7:8787/status", "", (machine,))
    assert read_cluster(tmp_path) is None
    write_cluster(tmp_path, view)
    assert read_cluster(tmp_path) == view and view.workers == 2
    cluster_file(tmp_path).write_bytes(b'{"scheduler": 7}')
    assert read_cluster(tmp_path) is None
