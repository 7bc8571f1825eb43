"""What a run takes before and between the work, measured on a real run."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from benchmarks import start
from workers.core.cache import cache_dir


def test_a_run_is_measured(tmp_path: Path, default_model: Path) -> None:
    flags = Namespace(model=str(default_model), workers=1)  # no examples are read for it
    one = start._run(tmp_path / "run", 3, flags, cache_dir())
    assert 0 < one.first_s < one.seconds
    assert one.phases["load"] > 0 and 0 < one.share("load") < 1


def test_shares_are_of_the_workers_time() -> None:
    one = start.Start(24, 1.0, 10.0, {"load": 1.0, "wait": 1.0, "decode": 8.0})
    assert (one.share("wait"), one.share("prefill")) == (0.1, 0.0)
