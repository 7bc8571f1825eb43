"""Pairs as the stages write them, and runs that ended with them, for tests of the assembler."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import orjson

from stages.base import Record, Result
from stages.final_assembler.pairs import Origin, PairInput, RunFacts, SourcedRecord
from stages.gates.gates import GATES, Pair, judge
from stages.gates.measures import SourceText
from stages.gates.quality import digest_of
from stages.recipe.recipe import Recipe, shipped
from workers.queue.envelopes import Envelope
from workers.run.input_files import inspect_inputs
from workers.run.kept_recipe import keep_recipe
from workers.run.manifest import SplitState
from workers.run.merge import merge
from workers.run.run_folder import RunFolder
from workers.settings.values import build_config

_WORDS = (
    "buffer parser session token query upload path certificate handshake kernel driver socket"
    " header cookie redirect archive plugin router firmware template cache worker scheduler index"
    " gateway proxy tunnel cluster bucket registry installer updater printer camera sensor ledger"
).split()


def pair(number: int, **changes: object) -> Record:
    """A pair about a vulnerability of its own, which passes every gate."""
    draw = random.Random(number)
    one, two, three, four = draw.sample(_WORDS, 4)
    name = f"CVE-2030-{10000 + number}"
    text = (
        f"The {one} of the {two} component copies the {three} into the {four} without a check,"
        f" which lets a remote attacker who controls its length number {number} run code of their"
        f" own. Version {number}.2 repairs it."
    )
    response = text.partition(". Version")[0] + "."
    made: Record = {
        "instruction": f"What is {name}?",
        "response": response,
        "type": "explanation",
        "source_data": {
            "kind": "vulnerability", "id": name, "name": "", "source": f"feed {number % 3}",
            "url": f"https://feed.example/{name}", "text": text, "licence": "CC0-1.0",
        },
        "primary_domain": "web_security" if number % 4 else "malware",
    }  # fmt: skip
    verdict = judge(
        Pair(made["instruction"], response, name), SourceText(text, name), shipped().bounds
    )
    assert verdict.passed, verdict.failures
    return {**made, "quality": {"written_by": "record", **verdict.quality.to_json()}, **changes}


def judged(record: Record, **quality: object) -> Record:
    """A pair as if it had passed every gate as it is, by what the gates knew then."""
    texts = (record["instruction"], record["response"], record["source_data"].get("text", ""))
    own = {**record["quality"], "checks": list(GATES), "digest": digest_of(*texts)}
    return {**record, "quality": {**own, **quality}}


def given(records: Sequence[Record], run: str = "first") -> PairInput:
    """An input of some pairs, as of a run."""
    return PairInput(
        RunFacts(run),
        [
            SourcedRecord(
                record, Origin(f"line {number}", run, f"0:{number}", "raw.jsonl", number), shipped()
            )
            for number, record in enumerate(records, 1)
        ],
    )


def lines(path: Path) -> list[Record]:
    """The objects of a JSONL file; none where there is no file."""
    return [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def write_lines(path: Path, records: Sequence[Record]) -> Path:
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path


def finished_run(
    root: Path,
    name: str,
    records: Sequence[Record],
    merged: bool = True,
    recipe: Recipe | None = None,
) -> RunFolder:
    """A run of the last stage whose input records ended as these pairs, one each."""
    source = write_lines(root / f"{name}.input.jsonl", [{"text": "x"}] * len(records))
    config = build_config({"stages": ["security_aligner"], "disable_llm": True})
    state = SplitState(complete=True, records=len(records), chunks=1)
    run = RunFolder(root / name)
    kept = keep_recipe(run, recipe) if recipe else None
    run.create(config, inspect_inputs([source]), split=state, recipe=kept)
    queue = run.queues[0]
    envelopes = [Envelope(f"0:{number}", {"text": "x"}) for number in range(1, len(records) + 1)]
    queue.publish("chunk-000001", envelopes)
    chunk = queue.claim("tests")
    assert chunk is not None
    for envelope, record in zip(envelopes, records, strict=True):
        chunk.record(envelope.id, Result(record))
    chunk.seal()
    if merged:
        merge(run)
    return run
