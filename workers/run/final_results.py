"""The pairs that a run ended with, each with its place in the run's input; or those of a file.

Reads what the last stage has sealed, which is what results/ was merged of, because only that
knows each record's id.  Invariant: the pairs of a finished run are those of its dataset file, in
the same order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stages import BY_HAND
from stages.final_assembler.pairs import Origin, PairInput, RunFacts, SourcedRecord
from stages.recipe.recipe import Recipe
from stages.sources.found import UnreadablePiece
from stages.sources.strict_json import parse_object
from workers.core.errors import InputError, UsageError
from workers.core.program import command_line
from workers.queue.lineage import lineages
from workers.queue.sealed import next_envelopes
from workers.run.kept_recipe import kept_recipe
from workers.run.manifest import MANIFEST
from workers.run.merge import dataset_screen
from workers.run.review_notice import review_notice
from workers.run.run_folder import RunFolder
from workers.run.run_model import RunModel

MAX_LINE_BYTES = 64 * 2**20
_SETTINGS = ("stages", "disable_llm", "temp", "top_p", "seed", "max_tokens", "kv_bits", "format",
             "limit", "stage_options")  # fmt: skip


def pair_inputs(names: list[str], partial: bool, here: Recipe | None = None) -> list[PairInput]:
    """What each name stands for: a run by name or folder, or a JSONL file of pairs.

    here: what pairs of files are judged by, instead of the shipped recipe.
    Raises UsageError for what is none of them or is named twice, and for a run that is not
    finished unless `partial`.
    """
    found: list[PairInput] = []
    places: set[Path] = set()
    for name in names:
        path = _place(name)
        if path.resolve() in places:
            raise UsageError(f"{name}: is named twice")
        places.add(path.resolve())
        own = _own_name(path, {one.facts.name for one in found})
        if path.is_dir():
            found.append(_run_input(RunFolder(path).open(), own, partial))
        else:
            found.append(PairInput(RunFacts(own), _pairs_of_file(path, own, here)))
    return found


def _place(name: str) -> Path:
    path = Path(name)
    if path.is_file() or (path / MANIFEST).is_file():
        return path
    if path.is_dir():
        raise UsageError(f"{name}: is a folder, but not a run's: there is no {MANIFEST} in it")
    if "/" in name or name.endswith((".jsonl", ".json")):
        raise UsageError(f"{name}: no such run or file")
    return RunFolder.named(name).open().path


def _own_name(path: Path, taken: set[str]) -> str:
    name = path.resolve().name if path.is_dir() else path.stem
    others = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(one for one in others if one not in taken)


def _run_input(run: RunFolder, name: str, partial: bool) -> PairInput:
    finished = run.is_finished
    if not finished and not partial:
        partly = "or --partial takes the pairs that are there"
        raise UsageError(f"run {run.name}: is not finished. {_next_step(run)}; {partly}")
    facts = _facts(run, name, finished)
    return PairInput(facts, _pairs_of_run(run, facts))


def _next_step(run: RunFolder) -> str:
    undecided = sum(queue.count_undecided() for queue in run.queues if queue.name in BY_HAND)
    if undecided:
        return review_notice(run.name, undecided)
    return f"`{command_line(f'resume {run.name}')}` continues it"


def _facts(run: RunFolder, name: str, finished: bool) -> RunFacts:
    manifest = run.manifest
    config = manifest.config.to_json()
    return RunFacts(
        name=name,
        created=manifest.created,
        models={role: _shown(model) for role, model in manifest.model.items()},
        recipe=_recipe(run),
        settings={key: config[key] for key in _SETTINGS if config.get(key) not in (None, False)},
        removed=_removed(run.removed_file),
        finished=finished,
    )


def _shown(model: RunModel) -> str:
    return f"{model.name} (sha256 {model.sha256[:12]})" if model.sha256 else model.name


def _recipe(run: RunFolder) -> str:
    """The hash of the recipe that a run goes by; empty for a run from before there were any."""
    kept = run.manifest.recipe
    return f"sha256 {kept.sha256[:12]}" if kept else ""


def _removed(path: Path) -> Counter[str]:
    """How many records each reason took; nothing where the run was not merged yet."""
    counts: Counter[str] = Counter()
    if path.exists():
        for line in _lines(path):
            counts[f"{line.get('stage')}: {line.get('reason')}"] += 1
    return counts


def _pairs_of_run(run: RunFolder, facts: RunFacts) -> Iterator[SourcedRecord]:
    """Raises QueueError, with file and line, where a sealed chunk is damaged."""
    queue = run.queues[-1]
    screen, recipe = dataset_screen(run), kept_recipe(run)
    by_hand = any(stage in BY_HAND for stage in run.config.stages)
    files = [source.name or Path(source.path).name for source in run.manifest.inputs]
    model = "; ".join(facts.models.values())
    for lineage in lineages(queue):
        for envelope in next_envelopes(lineage.sealed):
            record = envelope.record or {}
            if screen(record) is None:
                index, _, rest = envelope.id.partition(":")
                origin = Origin(
                    place=f"run {run.name} {envelope.id}",
                    run=facts.name,
                    id=envelope.id,
                    file=files[int(index)],
                    record=int(rest.partition(".")[0]),
                    model=model,
                    recipe=facts.recipe,
                    reviewed=by_hand,
                )
                yield SourcedRecord(record, origin, recipe)


def _pairs_of_file(path: Path, name: str, here: Recipe | None) -> Iterator[SourcedRecord]:
    for number, record in enumerate(_lines(path), 1):
        origin = Origin(f"{path} line {number}", name, str(number), path.name, number)
        yield SourcedRecord(record, origin, here=here)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file; raises InputError naming the line that is none."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES):
            number += 1
            try:
                yield parse_object(line)
            except UnreadablePiece as piece:
                raise InputError(f"{path} line {number}: {piece}") from None
