"""What the gates catch and drop among pairs that a person has judged.

Reads JSONL with source, instruction, response and judged (good, usable or bad).  Where the
source is cut short and its id is known to an installed package, the package's fields are added.
Invariant: nothing is fitted here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.tables import TextTable
from examples import make_input
from stages.base import Record
from stages.final_assembler.sheet import JUDGEMENTS
from stages.gates.gates import GATES, Pair, Verdict, judge
from stages.gates.measures import SourceText
from stages.recipe.recipe import Recipe
from stages.text.facts import FACTS
from workers.core.errors import UsageError

_NAMED = re.compile(r"\b([A-Z]+-?\d[\w.-]*)(?: \((.+)\))?")


@dataclass(frozen=True)
class JudgedPair:
    """A pair with its source and what a person thought of it."""

    source: str
    instruction: str
    response: str
    judged: str

    @property
    def name(self) -> str:
        """The id and name in the instruction."""
        match = _NAMED.search(self.instruction)
        return match.group() if match else ""


def read_judged(path: Path) -> list[JudgedPair]:
    """The judged pairs of a file, one at least; raises UsageError naming file and line."""
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        where = f"--judged {path} line {number}"
        try:
            values = orjson.loads(line)
            fields = {name: values[name] for name in JudgedPair.__dataclass_fields__}
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise UsageError(f"{where}: no judged pair: {error}") from error
        if other := next((name for name, said in fields.items() if not isinstance(said, str)), ""):
            raise UsageError(f"{where}: {other} is not a text")
        if fields["judged"] not in JUDGEMENTS:
            raise UsageError(f"{where}: judged must be one of {', '.join(JUDGEMENTS)}")
        found.append(JudgedPair(**fields))
    if not found:
        raise UsageError(f"--judged {path}: no judged pairs in it")
    return found


def table(pairs: Iterable[JudgedPair], recipe: Recipe) -> TextTable:
    """For each gate, and for all together: how many of the good, usable and bad pairs it stops."""
    known = _package_texts()
    judged = [(pair.judged, _verdict(pair, known, recipe)) for pair in pairs]
    count = Counter(name for name, _ in judged)
    stopped: Counter[tuple[str, str]] = Counter()
    for name, verdict in judged:
        stopped.update({(failure.gate, name) for failure in verdict.failures})
        stopped["any gate", name] += not verdict.passed
    rows = []
    for gate in ("any gate", *GATES):
        cells = [f"{stopped[gate, name]} of {count[name]}" for name in JUDGEMENTS]
        rows.append([gate, *cells])
    return TextTable("gates on judged pairs", ["gate", *JUDGEMENTS], rows)


def _verdict(pair: JudgedPair, known: Mapping[str, str], recipe: Recipe) -> Verdict:
    own_id = pair.name.partition(" ")[0]
    text = "\n".join(part for part in (pair.source, known.get(own_id, "")) if part)
    return judge(
        Pair(pair.instruction, pair.response, pair.name),
        SourceText(text, f"{pair.name} {_ours(recipe)}"),
        recipe.bounds,
    )


def _ours(recipe: Recipe) -> str:
    """Words that answers have from us: openings, and the labels of fields."""
    openings = (one.opening for kind in recipe.questions.of_kind.values() for one in kind)
    return " ".join([*openings, *FACTS])


def _package_texts() -> dict[str, str]:
    """All that installed packages say of a technique or weakness, by id."""
    records = [*make_input.attack_techniques(), *make_input.cwe_weaknesses(make_input.cwe_rows())]
    return {str(one.get("external_id") or one["id"]): _flat(one) for one in records}


def _flat(record: Record) -> str:
    lines = []
    for value in record.values():
        lines += [str(one) for one in (value if isinstance(value, list) else [value])]
    return "\n".join(lines)
