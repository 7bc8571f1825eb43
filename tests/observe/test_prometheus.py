"""Prometheus text: what a scraper reads from the file and from the port, and what it can't."""

from __future__ import annotations

import socket
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.observe.snapshots import snapshot
from tests.run_tools import Desk, free_port, security_record, write_jsonl
from workers.core.errors import UsageError
from workers.observe.prometheus import exporters


def samples(text: str) -> dict[tuple[str, str], float]:
    """Figures by name and by all labels but the run, joined."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(sorted(v for k, v in sample.labels.items() if k != "run"))
            found[sample.name, labels] = sample.value
    return found


def test_off_by_default() -> None:
    with exporters(None, None) as observers:
        assert observers == []


def test_a_file_that_a_scraper_reads(tmp_path: Path) -> None:
    file = tmp_path / "run.prom"
    with exporters(file, None) as [observer]:
        observer.update(snapshot())
    found = samples(file.read_text())
    assert found["cyberllm_run_state", "running"] == 1
    assert found["cyberllm_chunks", "2_data_filter,pending"] == 5000
    assert found["cyberllm_records", "2_data_filter,failed"] == 17
    assert found["cyberllm_draft_acceptance_ratio", "2_data_filter"] == 0.381
    assert found["cyberllm_worker_memory_bytes", "1,speculative"] == 12_000 * 2**20
    assert found["cyberllm_worker_restarts", "1,speculative"] == 3
    assert found["cyberllm_run_seconds", "left"] == 4000
    assert list(tmp_path.iterdir()) == [file]


def test_a_port_of_this_machine_only() -> None:
    port = free_port()
    with exporters(None, port) as [observer]:
        observer.update(snapshot())
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read()
        assert samples(page.decode())["cyberllm_batch_rows", "3_data_structurer"] == 30
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.2", port), timeout=1)
        with pytest.raises(UsageError, match=f"--prometheus-port {port}: .*in use"):
            with exporters(None, port):
                pass
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_file_that_cannot_be_written_warns_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with exporters(tmp_path / "missing" / "run.prom", None) as [observer]:
        observer.update(snapshot())
        observer.update(snapshot())
    [warning] = capsys.readouterr().err.splitlines()
    assert "run.prom: No such file or directory; the run continues without it" in warning


def test_a_run_keeps_its_file_up_to_date(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "input.jsonl", [security_record(n) for n in range(12)])
    desk = Desk(tmp_path)
    done = desk.coordinator(*desk.run_arguments("r", "--prometheus-file", "run.prom"))
    assert done.returncode in (0, 3), done.stderr
    found = samples((tmp_path / "run.prom").read_text())
    assert found["cyberllm_run_state", "finished"] == 1
    assert found["cyberllm_records", "2_data_filter,in"] == 12


def test_a_wrong_port_leaves_no_run_behind(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "input.jsonl", [security_record(1)])
    desk = Desk(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = desk.coordinator(*desk.run_arguments("r", "--prometheus-port", port))
    assert refused.returncode == 2 and "choose another" in refused.stderr
    assert not (tmp_path / "queues").exists()
    assert desk.coordinator("resume", "r", "--prometheus-port", "0").returncode == 2
