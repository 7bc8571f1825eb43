"""Rows 11, 23 and 24: memory that runs out, a clock that jumps, a queue of 100,000 chunks."""

from __future__ import annotations

import time
from pathlib import Path

from tests.faults.confine import Unable, command, memory_group
from tests.faults.rig import FINISHED, Job, Process, Rig, Run
from tests.faults.tally import Tally
from tests.tiny_model import Shape, make_tiny_model

_CLOCK_SOURCE = Path(__file__).with_name("skewed_clock.c")
_JUMPS = (86_400, -86_400, 400 * 86_400, -30 * 86_400)


def clock_jumps(rig: Rig, times: int) -> Tally:
    """Row 23: the clock jumps by a day or more while a run goes on."""
    library, offset = rig.root / "skewed_clock.so", rig.root / "offset"
    try:
        command("cc", "-shared", "-fPIC", "-o", str(library), str(_CLOCK_SOURCE), "-ldl")
    except Unable as reason:
        return Tally(skipped=str(reason))
    tally = Tally()
    offset.write_text("0")
    preload = {"LD_PRELOAD": str(library), "CLOCK_OFFSET_FILE": str(offset)}
    seen = rig.python("-c", "import time; print(time.time())", **preload)
    assert abs(float(seen.stdout) - time.time()) < 60, "the clock isn't read through the library"
    while tally.injected < times and not tally.problems:
        run = rig.run(rig.job(600, 8), workers=2)
        run.environ = preload
        with run.started() as process:
            run.wait_for_seals(process)
            while process.poll() is None and tally.injected < times:
                offset.write_text(str(rig.random.choice(_JUMPS)))
                tally.injected += 1
                time.sleep(rig.somewhere(0.05, 0.5))
            _expect_calm_end(run, process, tally)
        run.environ = {}
        tally.add(run.check())
    return tally


def _expect_calm_end(run: Run, process: Process, tally: Tally) -> None:
    process.wait(60)
    tally.expect(process.returncode in FINISHED, f"exit {process.returncode}: {run.said()[-200:]}")
    deaths = run.folder / "deaths.jsonl"
    text = deaths.read_text() if deaths.exists() else ""
    tally.expect("SIGKILL" not in text, "a worker was killed for the clock's sake")


_RECORDS = 32
_LIMIT_MB = 700


def out_of_memory(rig: Rig, times: int) -> Tally:
    """Row 11: workers under a hard limit that a full batch does not fit into."""
    tally = Tally()
    folder = rig.root / "wide-model"
    folder.mkdir(exist_ok=True)
    make_tiny_model(folder, shape=Shape(hidden=512, heads=8, kv_heads=8, layers=8))
    source = rig.root / "long.jsonl"
    text = "An attacker sends a crafted request to the server and reads memory. " * 30
    source.write_text("".join(f'{{"text": "{n} {text}"}}\n' for n in range(_RECORDS)))
    flags = ("--model", str(folder), "--stages", "data_filter", "--max-tokens", "8")
    job = Job(source, [f"0:{n}" for n in range(1, _RECORDS + 1)], flags)
    try:
        for _ in range(times):
            run = rig.run(job, workers=1)
            with memory_group(_LIMIT_MB << 20) as members:
                join = f'echo $$ > {members}; exec "$@"'
                run.wrapper = ("sh", "-c", join, "sh")
                ended = run.once(600)
            run.wrapper = ()
            tally.injected += 1
            tally.recovery.append(ended.seconds)
            tally.expect(ended.status in FINISHED, f"exit {ended.status}: {ended.text[-300:]}")
            ceiling = run.folder / "batch_ceiling"
            tally.expect(ceiling.exists(), "the batch was never halved")
            if ceiling.exists():
                tally.note = f"batch of 32 became {ceiling.read_text().strip()}"
            tally.add(run.check())
    except Unable as reason:
        tally.skipped = str(reason)
    return tally
