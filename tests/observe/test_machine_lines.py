"""Other machines in `status`: who does what, who is idle and why; and in Prometheus."""

from __future__ import annotations

from workers.observe.prometheus import RunCollector
from workers.observe.status import RunStatus
from workers.observe.status_lines import WIDTH, plain_status
from workers.run.machine_view import ClusterView, MachineView

VIEW = ClusterView(
    "tls://10.0.0.7:8786",
    "http://10.0.0.7:8787/status",
    "",
    (
        MachineView("alpha", "ready", "", 2, 64, 5.5, 120.0, 8, 900, 1),
        MachineView("b" * 60 + "\x1b[31m", "refused", "lacks the model big: fetch it there"),
    ),
)
STATUS = RunStatus("first", "running", (), cluster=VIEW)


def test_machines_are_shown() -> None:
    lines = plain_status(STATUS).splitlines()
    assert all(len(line) <= WIDTH and "\x1b" not in line for line in lines)
    text = " ".join(" ".join(lines).split())
    assert "alpha ready 2 5.5 120.0 8 64 900 MB" in text
    assert "lacks the model big: fetch it there" in text
    assert "worker processes restarted on machines: 1" in text
    assert "dashboard of Dask: http://10.0.0.7:8787/status" in text


def test_they_are_in_the_json_and_come_back() -> None:
    assert RunStatus.parse(STATUS.to_bytes(), "status").cluster is not None
    assert RunStatus.parse(RunStatus("a", "running", ()).to_bytes(), "status").cluster is None


def test_prometheus_has_the_machine_as_a_label() -> None:
    collector = RunCollector()
    collector.status = STATUS
    samples = [sample for gauge in collector.collect() for sample in gauge.samples]
    rates = {
        sample.labels["machine"]: sample.value
        for sample in samples
        if sample.name == "cyberllm_machine_records_per_second"
    }
    assert rates["alpha"] == 5.5 and len(rates) == 2
