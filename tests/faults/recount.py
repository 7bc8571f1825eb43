"""Recounts a run from its files with none of the program's own code.

Knows the layout of the queue folders and the lines in them.  Invariant: it only reads.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Fates = dict[str, dict[str, str]]
# Why the merge leaves out a record that repeats an earlier one.
_SCREENED = ("duplicate", "an example much like it was drawn before")
_STATES = ("pending", "claimed", "done", "failed", "locks")


@dataclass
class Count:
    """Records that are not where they belong."""

    lost: int = 0
    duplicated: int = 0
    misfiled: int = 0
    problems: list[str] = field(default_factory=list)


def stages_of(run: Path) -> list[Path]:
    """The stage folders, in order."""
    return sorted(path for path in run.iterdir() if (path / "done").is_dir())


def json_lines(path: Path) -> list[dict[str, Any]]:
    """Every line of a file; a damaged one raises ValueError."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


def sealed(stage: Path) -> list[dict[str, Any]]:
    """All lines of a stage's done/, in the order of chunks."""
    return [line for path in sorted((stage / "done").glob("*.jsonl")) for line in json_lines(path)]


def fates(run: Path) -> Fates:
    """How each record of each stage ended, with what; attempts left out."""
    return {
        stage.name: {line["id"]: _fate(line) for line in sealed(stage)} for stage in stages_of(run)
    }


def _fate(line: dict[str, Any]) -> str:
    return json.dumps({k: v for k, v in line.items() if k != "attempts"}, sort_keys=True)


def input_ids(source: Path, index: int = 0) -> list[str]:
    """The ids of an input file's lines that are not blank."""
    lines = source.read_bytes().split(b"\n")
    return [f"{index}:{n}" for n, line in enumerate(lines, 1) if line.strip(b" \t\r\n")]


def recount(run: Path, ids: list[str], calm: Fates | None = None) -> Count:
    """Check a run that should be finished.

    Parameters
        ids: the ids of the input.
        calm: the fates of an undisturbed run, which this one must share.
    """
    count = Count()
    expected = ids
    for stage in stages_of(run):
        lines = sealed(stage)
        _balance(count, Counter(expected), Counter(line["id"] for line in lines))
        _check_fates(count, stage, lines, calm)
        _check_folders(count, stage, lines)
        expected = _handed_on(lines)
    _check_merged(count, run)
    strays = [path for path in run.rglob(".*") if path.is_file()]
    count.problems += [f"stray file {path.name}" for path in strays]
    return count


def _balance(count: Count, expected: Counter[str], found: Counter[str]) -> None:
    count.lost += (expected - found).total()
    count.duplicated += (found - expected).total()


def _check_fates(
    count: Count, stage: Path, lines: list[dict[str, Any]], calm: Fates | None
) -> None:
    if calm is None:
        return
    known = calm.get(stage.name, {})
    other = [line["id"] for line in lines if known.get(line["id"]) != _fate(line)]
    count.misfiled += len(other)
    count.problems += [f"{stage.name} {record_id}: another outcome" for record_id in other[:3]]


def _check_folders(count: Count, stage: Path, lines: list[dict[str, Any]]) -> None:
    for state in ("pending", "claimed"):
        left = sorted(path.name for path in (stage / state).iterdir())
        count.problems += [f"{stage.name}/{state}/{name} is left" for name in left[:3]]
    dead = [line for path in (stage / "failed").glob("*.jsonl") for line in json_lines(path)]
    failed = [line for line in lines if line["outcome"] == "failed"]
    count.misfiled += _difference(dead, failed)


def _difference(some: list[Any], others: list[Any]) -> int:
    one = Counter(json.dumps(item, sort_keys=True) for item in some)
    two = Counter(json.dumps(item, sort_keys=True) for item in others)
    return ((one - two) + (two - one)).total()


def _handed_on(lines: list[dict[str, Any]]) -> list[str]:
    ids = []
    for line in lines:
        if line["outcome"] == "result":
            many = len(line["records"]) > 1
            ids += [line["id"] + (f".{n}" if many else "") for n in range(len(line["records"]))]
    return ids


def _check_merged(count: Count, run: Path) -> None:
    """results/ holds exactly what the stages sealed."""
    others: dict[str, list[Any]] = {"removed": [], "failed": []}
    for stage in stages_of(run):
        lines = sealed(stage)
        records = [r for line in lines if line["outcome"] == "result" for r in line["records"]]
        merged = run / "results" / f"{stage.name}.jsonl"
        if not merged.exists():
            count.problems.append(f"results/{merged.name} is missing")
            continue
        # What repeats earlier records is left out of the dataset at the merge, and told in removed.
        screened = _screened(run, stage.name, lines)
        count.misfiled += _difference([*json_lines(merged), *screened], records)
        for line in lines:
            others["removed"] += [
                {"stage": stage.name, "id": line["id"], "left_out": True, **one}
                for one in line.get("left_out", ())
            ]
            if line["outcome"] in others:
                rest = {key: value for key, value in line.items() if key != "outcome"}
                others[line["outcome"]].append({"stage": stage.name, **rest})
    for name, lines in others.items():
        path = run / "results" / f"{name}.jsonl"
        told = json_lines(path) if path.exists() else []
        # Where in the input it stood is told by the merge alone.
        count.problems += [
            f"{name}: {one['id']} without a place" for one in told if not one.pop("place", "")
        ]
        found = [one for one in told if not _is_screened(one)]
        count.misfiled += _difference(found, [one for one in lines if not _is_screened(one)])


def _is_screened(line: dict[str, Any]) -> bool:
    """Whether a line of removed.jsonl is a record that repeats an earlier one."""
    return bool(line.get("left_out")) and line["reason"] in _SCREENED


def _screened(run: Path, stage: str, lines: list[dict[str, Any]]) -> list[Any]:
    """The records of a stage's sealed results that the merge found to repeat others."""
    path = run / "results" / "removed.jsonl"
    sealed_out = Counter(
        json.dumps(one["record"], sort_keys=True)
        for line in lines
        for one in line.get("left_out", ())
        if one["reason"] in _SCREENED
    )
    found = Counter(
        json.dumps(one["record"], sort_keys=True)
        for one in (json_lines(path) if path.exists() else [])
        if one["stage"] == stage and _is_screened(one)
    )
    return [json.loads(text) for text in (found - sealed_out).elements()]
