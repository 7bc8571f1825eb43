"""Row 23: the clock jumps, by days, while a run goes on.

Knows how to preload a clock of its own.  Invariant: only what is under test sees the jumps.
"""

from __future__ import annotations

import time
from pathlib import Path

from tests.faults.confine import Unable, command
from tests.faults.rig import FINISHED, Process, Rig, Run
from tests.faults.tally import Tally

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
