"""The dataset's card: README.md with the header that the hub and `datasets` read.

Knows counts and facts, reads no file.  Invariant: text from records and file names stands in
the card as text, never as markup or as part of the header.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import yaml

from stages.base import Record
from stages.final_assembler.assembler import PROVENANCE, REMOVED, Assembled
from stages.final_assembler.exports import EXPORTS, Export
from stages.final_assembler.options import AssemblyOptions
from stages.final_assembler.pairs import RunFacts
from stages.final_assembler.sheet import JudgementCounts
from stages.final_assembler.sides import SIDES

_SPLITS = dict(zip(SIDES, ("train", "validation", "test"), strict=True))  # as the hub names them
_SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"),
          (10**7, "1M<n<10M"))  # fmt: skip
_MOST_ROWS = 20
_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>|#~$"})


@dataclass(frozen=True)
class CardFacts:
    """All that a card says."""

    made: Assembled
    runs: Sequence[RunFacts]
    options: AssemblyOptions
    version: str
    folder: str  # as the person named it
    judged: JudgementCounts | None = None


def card(facts: CardFacts) -> str:
    """The text of README.md."""
    title = _plain(facts.options.title)
    parts = [
        f"---\n{yaml.safe_dump(header(facts), sort_keys=False, allow_unicode=True)}---",
        f"# {title}",
        _opening(facts),
        *_sections(facts),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def header(facts: CardFacts) -> Record:
    """What the hub reads."""
    tally = facts.made.tally
    size = next((name for limit, name in _SIZES if tally.kept < limit), "n>10M")
    configs = [_config(export, facts.made.files) for export in _together(facts.options.exports)]
    configs[0]["default"] = True
    licence = " ".join(facts.options.licence.split())
    named = {"license_name": "see-sources", "license_link": "README.md"}
    return {
        # In one line: a line of "---" would end the header.
        "pretty_name": " ".join(facts.options.title.split()),
        "license": licence,
        **(named if licence == "other" else {}),
        "language": sorted(tally.languages),
        "size_categories": [size],
        "task_categories": ["text-generation", "question-answering"],
        "tags": ["cybersecurity", "instruction-tuning", "cyberllm-pool"],
        "configs": configs,
    }


def _together(exports: Sequence[Export]) -> list[Export]:
    """The exports that the header names: `datasets` reads one kind of file for all of them."""
    return [export for export in exports if export.ending == exports[0].ending]


def _config(export: Export, files: Sequence[str]) -> Record:
    there = [side for side in SIDES if str(export.file(side)) in files]
    paths = [{"split": _SPLITS[side], "path": export.file(side).as_posix()} for side in there]
    return {"config_name": export.name, "data_files": paths}


def _opening(facts: CardFacts) -> str:
    tally = facts.made.tally
    sides = ", ".join(f"{tally.sides[side]} {_SPLITS[side]}" for side in SIDES if tally.sides[side])
    return (
        f"{tally.kept} pairs of instruction and response ({sides}), made of {len(tally.sources)} "
        f"{'source' if len(tally.sources) == 1 else 'sources'} by cyberllm-pool {facts.version}."
    )


def _sections(facts: CardFacts) -> list[str]:
    made, tally = facts.made, facts.made.tally
    return [
        _use(facts),
        _table("Domains", ("domain", "pairs"), _shares(tally.domains)),
        _table("Kinds of source", ("kind", "pairs"), _shares(tally.kinds)),
        _sources(facts),
        _runs(facts.runs),
        _made(facts),
        _table("Removed here", ("reason", "pairs"), _shares(tally.removed, tally.read)),
        _table("Removed by the runs' stages", ("reason", "records"), _shares(_earlier(facts.runs))),
        _quality(facts),
        _judged(facts.judged),
        _limits(facts),
        _provenance(made),
    ]


def _provenance(made: Assembled) -> str:
    text = (
        f"## Provenance\n\n`{PROVENANCE}` has a line for each pair: its `id`, `side` and `row`"
        " there (from 0), the run, the input file and the number of the record in it, the"
        " source's id and address, the stretches (`spans`, in characters) of the source's text"
        " that the answer copies, the model and the recipe."
        f" `{REMOVED}` has what was removed, each with its reason."
    )
    if made.moved:
        text += f" {made.moved} source records were moved so that no part is empty."
    return text


def _use(facts: CardFacts) -> str:
    folder = _code(facts.folder)
    named = _together(facts.options.exports)
    lines = ["from datasets import load_dataset", "", f'load_dataset("{folder}")']
    lines += [f'load_dataset("{folder}", "{export.name}")' for export in named[1:]]
    apart = [export for export in facts.options.exports if export not in named]
    lines += [f'load_dataset("{folder}/{export.folder}")' for export in apart if export.folder]
    text = "## Use\n\n```python\n" + "\n".join(lines) + "\n```"
    if EXPORTS["mlx"] in facts.options.exports:
        text += f"\n\n```\nmlx_lm.lora --train --data {folder} --model MODEL --iters 200\n```"
    return text


def _sources(facts: CardFacts) -> str:
    tally = facts.made.tally
    rows = [
        (name, str(count), tally.licences_of(name))
        for name, count in tally.sources.most_common(_MOST_ROWS)
    ]
    text = _table("Sources and their licences", ("source", "pairs", "licence"), rows)
    left = len(tally.sources) - len(rows)
    return text + (f"\n\n{left} more sources have fewer pairs each." if left > 0 else "")


def _runs(runs: Sequence[RunFacts]) -> str:
    rows = []
    for run in runs:
        models = ", ".join(f"{role} {name}" for role, name in run.models.items()) or "none"
        state = "finished" if run.finished else "not finished"
        rows.append((run.name, run.created or "not stated", models, run.recipe or "none", state))
    text = _table("Runs", ("run", "created", "models", "recipe", "state"), rows)
    told = [f"- {_plain(run.name)}: {_settings(run)}" for run in runs if run.settings]
    return "\n\n".join(filter(None, [text, "\n".join(told)]))


def _settings(run: RunFacts) -> str:
    said = {name: value for name, value in run.settings.items() if value not in (None, False, {})}
    return ", ".join(f"{_plain(name)} {_plain(value)}" for name, value in said.items())


def _made(facts: CardFacts) -> str:
    options, made = facts.options, facts.made
    near = "kept" if options.threshold is None else f"removed from {options.threshold:g} on"
    caps = ", ".join(cap.shown for cap in options.caps) or "none"
    lines = [
        f"- parts: {options.shares.shown} percent, by a hash of the source record; sources that "
        "are alike are in one part",
        f"- duplicates (MinHash of runs of three words): {near}",
        f"- caps: {caps}",
        f"- benchmarks looked for: {_looked_for(made, options.run)}",
    ]
    return "## How it was assembled\n\n" + "\n".join(lines)


def _looked_for(made: Assembled, run: int) -> str:
    found = made.benchmarks
    if not found.texts:
        return "none"
    short = f", {found.too_short} of them shorter" if found.too_short else ""
    return f"{found.texts} texts, by {run} words in a row{short}"


def _earlier(runs: Sequence[RunFacts]) -> Counter[str]:
    total: Counter[str] = Counter()
    for run in runs:
        total.update(run.removed)
    return total


def _quality(facts: CardFacts) -> str:
    tally = facts.made.tally
    figures = (
        ("answers' words that their source has", tally.grounded.mean, "{:.1%}"),
        ("answers' words copied in runs of four or more", tally.verbatim.mean, "{:.1%}"),
        ("words in an answer", tally.words.mean, "{:.1f}"),
    )
    rows = [(name, form.format(mean)) for name, mean, form in figures if mean is not None]
    rows += [(f"written by: {name}", str(count)) for name, count in tally.writers.most_common()]
    rows += [("reviewed by a person", str(tally.reviewed))]
    rows += [("asks for a review and had none", str(tally.to_review))] * bool(tally.to_review)
    return _table("Quality", ("figure", "value"), rows)


def _judged(judged: JudgementCounts | None) -> str:
    if judged is None:
        return ""
    rows = [(word, str(count), interval) for word, count, interval in judged.rows]
    title = f"Judged by a person: {judged.total} pairs"
    return _table(title, ("judgement", "pairs", "share, 95% interval"), rows)


def _limits(facts: CardFacts) -> str:
    unreviewed = facts.made.tally.kept - facts.made.tally.reviewed
    lines = [
        "Answers say what their sources say; whether the sources are right was not checked.",
        f"{unreviewed} of {facts.made.tally.kept} pairs were seen by no person.",
        "Near duplicates and benchmark texts are found by shared words: a paraphrase is not.",
        "Each pair is under the licence of its source; where none is stated, find out before you "
        "share it.",
    ]
    if facts.judged is None:
        lines.append("No share of bad pairs is known: no judged sheet was given.")
    if not all(run.finished for run in facts.runs):
        lines.append("A run was not finished when this was assembled.")
    return "## Limits\n\n" + "\n".join(f"- {line}" for line in lines)


def _shares(counts: Mapping[str, int], total: int = 0) -> list[tuple[str, str]]:
    whole = total or sum(counts.values()) or 1
    common = Counter(counts).most_common()
    rows = [(name, f"{count} ({count / whole:.1%})") for name, count in common[:_MOST_ROWS]]
    rest = sum(count for _, count in common[_MOST_ROWS:])
    return rows + ([("others", f"{rest} ({rest / whole:.1%})")] if rest else [])


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(map(_plain, row)) + " |" for row in rows]
    if not lines:
        return ""
    head = "| " + " | ".join(columns) + " |\n|" + " --- |" * len(columns)
    return f"## {title}\n\n{head}\n" + "\n".join(lines)


def _plain(value: object) -> str:
    """Text without line breaks and without anything that Markdown would obey."""
    text = " ".join(str(value).split())
    return "".join(c if c.isprintable() else "?" for c in text).translate(_SPECIAL)


def _code(text: str) -> str:
    """A folder's name inside a code block."""
    return "".join(c if c.isprintable() and c not in '`"\\' else "?" for c in text)
