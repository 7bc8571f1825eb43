"""The report's machines: one row each, whatever their sessions were."""

from __future__ import annotations

from typing import Any

from tests.observe.report.made_logs import HOSTILE, write_log
from workers.metrics.metric_kinds import MachineTotals
from workers.observe.report.figures import read_run
from workers.observe.report.machines import machines
from workers.observe.report.tables import tables_of
from workers.observe.report.text import table_text
from workers.run.run_folder import RunFolder


def said(time: float, **more: Any) -> dict[str, Any]:
    figures = {"machine": "node-7", "session": "a", "seconds": 0.0, **more}
    return {"time": time, "kind": "machine", **MachineTotals(**figures).to_fields()}


def test_a_machine_has_one_row_for_all_its_sessions(run: RunFolder) -> None:
    whole = {"records": 60, "tokens": 400, "batches": 10, "rows": 45, "workers": 2}
    write_log(run.logs_dir, "w2-00000009", [
        said(1010, seconds=10, records=1),
        said(1020, seconds=20, rss_mb=700, restarts=1, state="lost", why="silent", **whole),
        said(1050, session="b", seconds=20, idle_seconds=10, records=20, state="ready"),
        said(1050, machine=f"\x1b{'a' * 60}-tail", session="c", state="refused", why=HOSTILE),
    ])  # fmt: skip
    table = machines(read_run(run))
    (other, row) = table.rows
    ends = "80 records in 2 sessions; ready"
    assert row == ["node-7", "2", "10", "4.50", "700 MB", "1", "25%", ends]
    assert other[0] == "...aaaaaaaa-tail" and other[1:7] == ["-", "-", "-", "-", "0", "-"]
    assert other[7].startswith("0 records; refused: ") and other[7].isprintable()
    assert all(len(line) < 80 for line in table_text(table).splitlines())
    assert "Machines" in [one.title for one in tables_of(read_run(run))]


def test_without_a_cluster_there_is_no_such_table(run: RunFolder) -> None:
    assert "Machines" not in [one.title for one in tables_of(read_run(run))]
