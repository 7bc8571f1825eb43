"""Rows 14 to 16: records that kill or hang their worker, and models that can't be loaded."""

from __future__ import annotations

import json
import math
from pathlib import Path

from tests.faults.recount import fates, sealed, stages_of
from tests.faults.rig import FINISHED, Job, Rig, Run
from tests.faults.tally import Tally
from tests.tiny_model import make_tiny_model

_INJECTED = Path(__file__).parent / "injected"
_IN_FLIGHT = 64  # records of a worker without a model
_KINDS = ("abort", "segv", "exit", "hang")
SIGNS = {"abort": "SIGABRT", "segv": "SIGSEGV", "exit": "exit 7", "hang": "made no progress for "}
_HANG_S = "3"  # instead of two minutes


def harmful(rig: Rig, records: int, kinds: dict[int, str], chunk_size: int = 64) -> Run:
    """A run whose records at some indices do harm; its calm is the same input without them."""
    clean = rig.job(records, chunk_size)
    lines = [json.loads(line) for line in clean.source.read_text().splitlines()]
    for index, kind in kinds.items():
        lines[index]["harm"] = kind
    source = rig.root / f"harmful-{records}-{rig.random.randrange(10**9)}.jsonl"
    source.write_text("".join(json.dumps(line) + "\n" for line in lines))
    run = rig.run(Job(source, clean.ids, clean.flags), 2, ("--worker-timeout", _HANG_S))
    # The harness's folder first; the program puts its own before it.
    run.environ = {"PYTHONPATH": f"{_INJECTED}:{rig.project}", "HARM_MARK": str(rig.root / "mark")}
    return run


def one_poison(rig: Rig, times: int) -> Tally:
    """Row 14: one record kills or hangs its worker; only that one is dead-lettered, soon."""
    tally = Tally()
    for number in range(times):
        kind = _KINDS[number % len(_KINDS)]
        index = rig.random.randrange(200)
        run = harmful(rig, 200, {index: kind})
        deaths = _expect_only(run, {index: kind}, rig.job(200, 64), tally)
        most = math.ceil(math.log2(_IN_FLIGHT)) + 3
        tally.expect(deaths <= most, f"{deaths} deaths for one record, more than {most}")
        tally.injected += 1
    return tally


def ten_poisons(rig: Rig, times: int) -> Tally:
    """Row 15: ten such records among 10,000 (among 600 in the share of `make test`)."""
    tally = Tally()
    records, count = (10_000, 10) if times >= 10 else (600, 2)
    chosen = rig.random.sample(range(records), count)
    kinds = {index: rig.random.choice(_KINDS[:3]) for index in chosen}
    run = harmful(rig, records, kinds)
    deaths = _expect_only(run, kinds, rig.job(records, 64), tally)
    tally.injected = count
    tally.note = f"{count} of {records} records, {deaths} deaths"
    return tally


def _expect_only(run: Run, kinds: dict[int, str], clean: Job, tally: Tally) -> int:
    """Finish it; exactly the harmful ones failed for killing, the rest ended as ever."""
    ended = run.once(600)
    tally.expect(ended.status in FINISHED, f"exit {ended.status}: {ended.text[-300:]}")
    first = stages_of(run.folder)[0]
    killers = {
        line["id"]: line for line in sealed(first) if "killed its worker" in str(line.get("error"))
    }
    wanted = {f"0:{index + 1}": kind for index, kind in kinds.items()}
    tally.expect(killers.keys() == wanted.keys(), f"dead-lettered: {sorted(killers)}")
    for record_id, line in killers.items():
        sign = SIGNS[wanted.get(record_id, "abort")]
        told = line["error"].startswith(f"killed its worker 3 times: {sign}")
        tally.expect(told, line["error"])
        tally.expect(line["attempts"] >= 3 and line["record"], f"{record_id}: no last attempt")
    _expect_neighbours(run, wanted, clean, tally)
    return (run.folder / "deaths.jsonl").read_text().count('"counts":true')


def _expect_neighbours(run: Run, wanted: dict[str, str], clean: Job, tally: Tally) -> None:
    calm, found = clean.calm or {}, fates(run.folder)
    for stage, ends in found.items():
        healthy = {i: fate for i, fate in ends.items() if i.split(".")[0] not in wanted}
        known = {i: fate for i, fate in calm[stage].items() if i.split(".")[0] not in wanted}
        tally.lost += len(known.keys() - healthy.keys())
        tally.misfiled += sum(known.get(i) != fate for i, fate in healthy.items())


def broken_model(rig: Rig, times: int) -> Tally:
    """Row 16: a model folder that looks right and can't be loaded."""
    tally = Tally()
    for number in range(times):
        folder = rig.root / f"broken-{number}"
        folder.mkdir()
        make_tiny_model(folder)
        _break(folder, number)
        job = Job(rig.job(200, 8).source, rig.job(200, 8).ids, ("--model", str(folder)))
        run = rig.run(job, workers=2)
        ended = run.once(120)
        tally.injected += 1
        tally.recovery.append(ended.seconds)
        tally.expect(ended.status == 1, f"exit {ended.status}: {ended.text[-300:]}")
        tally.expect("Traceback" not in ended.text, f"a traceback: {ended.text[-300:]}")
        tally.expect(str(folder.name) in ended.text, f"no reason: {ended.text[-200:]}")
        left = run.chunks("done") + run.chunks("failed") if run.folder.exists() else []
        tally.expect(not left, "records were failed for the model's sake")
    return tally


def _break(folder: Path, number: int) -> None:
    config, weights = folder / "config.json", folder / "model.safetensors"
    breaks = (
        lambda: weights.write_bytes(weights.read_bytes()[:5000]),
        lambda: config.write_text(config.read_text().replace('"llama"', '"no_such_type"')),
        lambda: config.write_text(
            config.read_text().replace('"hidden_size": 64', '"hidden_size": 96')
        ),
        lambda: (folder / "tokenizer.json").write_text("{}"),
        lambda: config.write_text("not json"),
    )
    breaks[number % len(breaks)]()
