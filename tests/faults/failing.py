"""Row 31: models that load and then fail, each in a way of its own.

Knows how to break a model folder; the fault is met by real workers.  Invariant: unless a model
fails on one record alone, no record is failed for it, and the run can be resumed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.faults.recount import sealed, stages_of
from tests.faults.rig import Job, Ran, Rig, Run
from tests.faults.tally import Tally
from tests.tiny_model import Shape, make_tiny_model

_RECORDS = 24
_MOST_DEATHS = 15  # a few tries of three workers
_IDS = [f"0:{n}" for n in range(1, _RECORDS + 1)]
_HARMFUL = 5  # the line of the record that the engine fails on
_INJECTED = Path(__file__).parent / "injected"


def failing_model(rig: Rig, times: int) -> Tally:
    """Row 31: a template, an architecture or an engine that fails after workers were ready."""
    tally, stopped = Tally(), 0
    for number in range(times):
        kind = list(_KINDS)[number % len(_KINDS)]
        run, words = _KINDS[kind](rig, rig.root / f"failing-{rig.lane.index}-{number}")
        ended = run.once(240)
        tally.injected += 1
        tally.recovery.append(ended.seconds)
        if kind == "record":
            _expect_dead_letter(run, ended, words, tally)
            continue
        if ended.status == 0 and kind in ("step", "batches"):
            # Every record was done in fewer steps, a few at a time in several workers, or one
            # by one where the batches of an architecture fail.
            tally.misfiled += len(run.chunks("failed"))
            tally.add(run.check())
            continue
        stopped += 1
        _expect_stopped(run, ended, kind, words, tally)
        if run.environ:  # the fault is gone: nothing of the run may be
            run.environ = {}
            tally.add(run.check())
            tally.misfiled += len(run.chunks("failed"))
    tally.expect(stopped, "no model failed")
    tally.note = f"{stopped} runs stopped with the reason"
    return tally


def _expect_dead_letter(run: Run, ended: Ran, words: str, tally: Tally) -> None:
    """The model works for all records but one."""
    tally.expect(ended.status == 3, f"record: exit {ended.status}: {ended.text[-300:]}")
    tally.add(run.check())
    failed = {s["id"]: s["error"] for s in sealed(stages_of(run.folder)[0]) if "error" in s}
    tally.expect(list(failed) == [f"0:{_HARMFUL}"], f"record: dead-lettered {failed}")
    tally.expect(all(words in error for error in failed.values()), f"record: {failed}")


def _expect_stopped(run: Run, ended: Ran, kind: str, words: str, tally: Tally) -> None:
    last = ended.text.strip().splitlines()[-1]
    tally.expect(ended.status == 1, f"{kind}: exit {ended.status}: {ended.text[-300:]}")
    tally.expect(words in last and last.startswith("error: "), f"{kind}: no reason: {last}")
    tally.expect("Traceback" not in ended.text, f"{kind}: a traceback: {ended.text[-300:]}")
    deaths = (run.folder / "deaths.jsonl").read_bytes().count(b"\n")
    tally.expect(deaths <= _MOST_DEATHS, f"{kind}: {deaths} workers for one broken model")
    tally.misfiled += len(run.chunks("failed"))
    for stage in stages_of(run.folder):
        for journal in stage.glob("claimed/*.journal"):
            tally.misfiled += journal.read_bytes().count(b'"outcome":"failed"')


def _job(rig: Rig, folder: Path, *flags: str) -> Job:
    """Pairs to be reworded: nothing is asked of the model before workers are ready."""
    settings = rig.root / "reword.yaml"
    settings.write_text("stage_options: {security_aligner: {reword: true}}\n")
    stage = ("--stages", "security_aligner", "--config", str(settings))
    source = _write(rig.root / "to-fail.jsonl", [_pair(n) for n in range(_RECORDS)])
    return Job(source, _IDS, ("--model", str(folder), *stage, "--max-tokens", "24", *flags))


def _pair(number: int) -> dict[str, object]:
    return {
        "instruction": f"What is the weakness of component {number}?",
        "response": "A buffer overflow lets a remote attacker run code; update to fix it.",
        "type": "weakness",
    }


def _write(path: Path, records: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def _broken_template(rig: Rig, folder: Path) -> tuple[Run, str]:
    """A chat template that is there, and raises when it is used."""
    folder.mkdir()
    make_tiny_model(folder)
    path = folder / "tokenizer_config.json"
    described = json.loads(path.read_text())
    more, words = rig.random.choice(_BROKEN_TEMPLATES)
    described["chat_template"] += more
    path.write_text(json.dumps(described))
    return rig.run(_job(rig, folder), 2), words


_BROKEN_TEMPLATES = (
    ("{{ raise_exception('roles must alternate') }}", "chat template can't be used: TemplateError"),
    ("{{ messages[-1]['content'] }}", "chat template alters the text of messages"),
    ("{{ nothing.at.all }}", "chat template can't be used: UndefinedError"),
)


def _no_batches(rig: Rig, folder: Path) -> tuple[Run, str]:
    """An architecture that mlx-lm runs one by one, and not in batches: Llama 4."""
    folder.mkdir()
    make_tiny_model(folder, shape=Shape(layers=4))
    _turn_into_llama4(folder)
    return rig.run(_job(rig, folder), 2), "does not yet support batching"


def _turn_into_llama4(folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    found = load_file(folder / "model.safetensors")
    weights = {
        f"language_model.{name.replace('.mlp.', '.feed_forward.')}": value
        for name, value in found.items()
    }
    weights["language_model.lm_head.weight"] = found["model.embed_tokens.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "mlx"})
    path = folder / "config.json"
    config = json.loads(path.read_text())
    text = config | {
        "model_type": "llama4_text",
        "attention_bias": False,
        "attention_chunk_size": 256,
        "head_dim": config["hidden_size"] // config["num_attention_heads"],
        "interleave_moe_layer_step": 100,
        "intermediate_size_mlp": config["intermediate_size"],
        "num_experts_per_tok": 1,
        "num_local_experts": 1,
        "rope_scaling": None,
        "use_qk_norm": False,
    }
    path.write_text(json.dumps(config | {"model_type": "llama4", "text_config": text}))


def _fails_at_step(rig: Rig, folder: Path) -> tuple[Run, str]:
    """An engine that raises at its first step, in every process: too early for any answer."""
    folder.mkdir()
    make_tiny_model(folder)
    # With batches of one every record is alone in its worker when it fails.
    size, workers = rig.random.choice(("1", "8")), rig.random.choice((1, 2, 3))
    run = rig.run(_job(rig, folder, "--batch-size", size), workers)
    run.environ = {"PYTHONPATH": f"{_INJECTED}:{rig.project}", "FAIL_AT_STEP": "1"}
    return run, "generation failed: RuntimeError: step 1 went wrong"


def _fails_on_a_record(rig: Rig, folder: Path) -> tuple[Run, str]:
    """An engine that raises whenever one record is in the batch."""
    folder.mkdir()
    make_tiny_model(folder)
    text = "A buffer overflow in component {} lets a remote attacker run code; update to fix it."
    records: list[dict[str, object]] = [{"text": text.format(n)} for n in range(_RECORDS)]
    records[_HARMFUL - 1]["harm"] = "engine"
    source = _write(rig.root / "to-fail-on-one.jsonl", records)
    flags = ("--model", str(folder), "--stages", "data_filter", "--max-tokens", "24")
    run = rig.run(Job(source, _IDS, flags), workers=rig.random.choice((1, 2)))
    run.environ = {"PYTHONPATH": f"{_INJECTED}:{rig.project}"}
    return run, "killed its worker 3 times: exit 70: generation failed: as this record says"


_KINDS: dict[str, Callable[[Rig, Path], tuple[Run, str]]] = {
    "step": _fails_at_step,
    "template": _broken_template,
    "batches": _no_batches,
    "record": _fails_on_a_record,
}
