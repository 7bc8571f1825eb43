"""After `models fetch` a worker finds everything there; a second fetch does nothing."""

from __future__ import annotations

from pathlib import Path

from stages import ALL_STAGES, stage_by_name
from tests.fresh_process import in_fresh_process

PREPARE = """
from pathlib import Path
from workers.cli.prepare_model import prepare_model
prepare_model(Path({model!r}), print)
"""
WORK = """
import asyncio
from pathlib import Path
from workers.model_store import fingerprint
from workers.run.run_folder import RunFolder
from workers.run.run_model import RunModel
from workers.settings.config import RunConfig
from workers.worker.loop import Worker
config = RunConfig(model={model!r})
described = {{"target": RunModel.of("m", fingerprint(Path({model!r})))}}
run = RunFolder.named("prepared").create(config, [], described)
asyncio.run(Worker(run, "batch", "w1", lambda: False).work())
assert run.calibration_file.exists()
"""


def test_what_a_worker_needs_is_there_after_a_fetch(tiny_model: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    first = in_fresh_process(PREPARE.format(model=str(tiny_model)), CYBERLLM_CACHE_DIR=cache)
    lines = first.stdout.splitlines()
    assert "preparing" in lines[0] and lines[-1] == "ready for this machine"
    steps = [line.split()[0] for line in lines[1:-1]]
    questions = [q for name in ALL_STAGES for q in stage_by_name(name)().questions()]
    assert steps.count("calibrating") == len(questions) and steps.count("measuring") >= 1
    assert (
        steps.count("testing") == 1 and len(list((tmp_path / "cache/trials").glob("*.json"))) == 1
    )
    again = in_fresh_process(PREPARE.format(model=str(tiny_model)), CYBERLLM_CACHE_DIR=cache)
    assert again.stdout.splitlines() == ["ready for this machine"]
    worker = in_fresh_process(
        WORK.format(model=str(tiny_model)),
        CYBERLLM_CACHE_DIR=cache,
        CYBERLLM_QUEUES=str(tmp_path / "queues"),
        CYBERLLM_LOGS=str(tmp_path / "logs"),
        **threads_of_a_worker(),
    )
    assert not any(step in worker.stderr for step in ("measuring", "calibrating", "compiling"))
    assert len(list((tmp_path / "cache/trials").glob("*.json"))) == 1


def threads_of_a_worker() -> dict[str, str]:
    from workers.pool.child import child_environment
    from workers.pool.sizing import core_count, worker_count
    from workers.settings.config import RunConfig

    found = child_environment(worker_count(RunConfig()), core_count(), {})
    return {name: value for name, value in found.items() if name != "PYTHONPATH"}
