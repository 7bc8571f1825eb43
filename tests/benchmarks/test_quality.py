"""The quality benchmark: samples, a run without a model, tables, judged pairs, sheets."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from benchmarks.quality import __main__ as quality
from benchmarks.quality import judged, sheet
from benchmarks.quality.asked_fields import AskedText, fill
from benchmarks.quality.domains import table_of
from benchmarks.quality.fields import field_row, severities, stated_severities
from benchmarks.quality.ratings import RECORDS
from benchmarks.quality.run import Run, run
from benchmarks.quality.samples import (
    INCIDENTS,
    TECHNIQUES,
    as_read,
    entries_of,
    groups,
    is_report,
    reports_of,
    samples,
)
from benchmarks.quality.sheet import GroupJudgements, read_sheet, sheet_table
from benchmarks.quality.tables import STRUCTURER, pair_table, trial_table
from benchmarks.tables import TextTable
from stages.base import Choice, Data, FilledPrompt, Prompt, Question, RecordError
from stages.recipe.recipe import Recipe, shipped
from tests.stages.recipe.help import changed
from workers.core.errors import UsageError

FLAGS = ["--model", "none", "--each", "3", "--stages", "3_data_structurer,6_security_aligner"]


def test_a_record_that_no_reader_takes_is_no_sample() -> None:
    """The benchmarks once read such a record raw, and a run that lost it looked well."""
    with pytest.raises(ValueError, match="no text in it: its fields are cveMetadata"):
        as_read({"cveMetadata": {"cveId": "CVE-2031-10001"}})


def test_samples_are_of_every_group_and_the_same_each_time() -> None:
    drawn = samples(2, seed=4)
    assert {sample.group for sample in drawn} == set(groups())
    assert [sample.record for sample in drawn] == [sample.record for sample in samples(2, seed=4)]
    assert {sample.group for sample in samples(2, 4, "incidents (own")} == {INCIDENTS}
    assert is_report(INCIDENTS) and is_report(reports_of(14))
    assert not is_report(TECHNIQUES) and not is_report(entries_of(14))


def test_there_are_sixty_records_of_our_own_and_none_twice() -> None:
    own = [
        record for group, found in groups().items() if group.endswith("own)") for record in found
    ]
    assert len(own) >= 60
    assert len({json.dumps(record, sort_keys=True) for record in own}) == len(own)


def test_tables_and_pairs_without_a_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "pairs.jsonl"
    assert quality.main([*FLAGS, "--only", "ATT&CK", "--pairs", str(written)]) == 0
    shown = capsys.readouterr().out
    for title in ("stages", "yield", "pairs", "left out and removed", "duplicates"):
        assert re.search(rf"^{title}$", shown, re.MULTILINE)
    pairs = [json.loads(line) for line in written.read_text().splitlines()]
    assert len(pairs) >= 12 and all(pair["quality"]["grounded"] == 1 for pair in pairs)
    assert {pair["group"].split()[0] for pair in pairs} == {"ATT&CK"}


def test_the_trial_of_a_model_is_a_table_too() -> None:
    figures = {"asked": 4, "right": 3, "score": 0.5, "own_score": 0.25, "writes": True}
    table = trial_table(Run(shipped(), findings={STRUCTURER: {"kinds": {"purpose": figures}}}))
    assert table.rows == [["purpose", "4", "3", "0.50", "0.25", "yes"]]
    assert trial_table(Run(shipped())).rows == []


def test_the_yield_of_each_stage_by_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert quality.main([*FLAGS, "--only", "techniques,incidents"]) == 0
    rows = re.search(r"^yield by kind\n.*?\n\n", capsys.readouterr().out, re.M | re.S)
    assert rows
    kinds = [line.split()[:3] for line in rows[0].splitlines() if line[:1].isdigit()]
    for stage in ("3_data_structurer", "6_security_aligner"):
        assert [name for name, *_ in kinds].count(stage) > 1
    assert ["3_data_structurer", "attack_technique", "3"] in kinds
    assert any(kind == ["6_security_aligner", "incident"] for *kind, _ in kinds)


def test_domains_are_measured_by_the_recipe_that_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(tmp_path / "own", "domains.yaml", "shown_above: 0.", "shown_above: 0.00")
    measured: list[Recipe] = []

    def tables(model: str, recipe: Recipe) -> list[TextTable]:
        measured.append(recipe)
        return []

    monkeypatch.setattr(quality, "domains_tables", tables)
    assert quality.main(["--domains", "--recipe", str(tmp_path / "own")]) == 0
    assert measured[0].domains.shown_above < shipped().domains.shown_above


def test_a_sheet_goes_out_and_comes_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.txt"
    assert quality.main([*FLAGS, "--only", "CWE", "--sheet", "6", str(sheet)]) == 0
    text = sheet.read_text(encoding="utf-8")
    assert text.count("\njudged:\n") == 6 and text.count("\nQ: ") == 6
    with pytest.raises(UsageError, match="pair 1: judged is ''"):
        read_sheet(sheet)
    words = iter(["good", "bad", "usable", "good", "good", "good"])
    sheet.write_text(re.sub(r"judged:$", lambda _: f"judged: {next(words)}", text, flags=re.M))
    verdicts = read_sheet(sheet)
    assert sum(verdict.total for verdict in verdicts) == 6
    capsys.readouterr()
    assert quality.main(["--read", str(sheet)]) == 0
    assert "16.7% (3.0% to 56.4%)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        *((["--sheet", count, "sheet.txt"], f"--sheet {count}: must be")
          for count in ("ten", "-1", "1.5", "0")),
        (["--sheet", "6", "none/sheet.txt"], "--sheet none/sheet.txt: there is no folder none"),
        (["--pairs", "none/pairs.jsonl"], "--pairs none/pairs.jsonl: there is no folder none"),
        (["--sheet", "2", "."], "--sheet .: is a folder"),
        (["--each", "-1"], "--each -1: must be at least 1"),
    ],
)  # fmt: skip
def test_what_can_not_be_written_or_drawn_is_refused_before_the_run(
    flags: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else hours of a model are lost to a mistyped flag."""
    monkeypatch.setattr(quality, "_run", None)
    assert quality.main([*FLAGS, *flags]) == 2
    assert said in capsys.readouterr().err


def test_the_filter_alone_has_tables_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else who measures the filter gets an error behind the run, and no tables."""
    flags = ["--model", "none", "--each", "2", "--only", "incidents (own"]
    assert quality.main([*flags, "--stages", "data_filter"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"^2_data_filter +\d+ ", shown, re.MULTILINE) and "\npairs\n" not in shown


def test_options_reach_a_stage_by_its_short_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else `--stages data_structurer --answers record` measures what the model writes."""
    asked: list[tuple[str, ...]] = []

    async def ran(samples: Any, options: Any, model: Any, names: Any, recipe: Recipe) -> Run:
        asked.append(tuple(names))
        return Run(recipe)

    monkeypatch.setattr(quality, "run", ran)
    monkeypatch.setattr(quality, "TABLES", ())
    assert quality.main(["--only", "incidents (own", "--stages", "data_structurer"]) == 0
    assert asked == [(STRUCTURER,)]


def test_a_model_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Else a mistyped path is a page of traceback."""
    assert quality.main([*FLAGS, "--only", "incidents (own", "--model", "/no/such/model"]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_a_sheet_draws_from_all_groups_by_turns() -> None:
    texts = {"a": list("1234"), "b": ["5"], "c": []}
    chosen = sheet._drawn(texts, 4, Random(0))
    assert [group for group, _ in chosen] == ["a", "a", "a", "b"]


def test_the_halves_of_a_sheet() -> None:
    verdicts = [
        GroupJudgements(TECHNIQUES, Counter(good=9, bad=1)),
        GroupJudgements(INCIDENTS, Counter(good=4)),
    ]
    rows = {row[0]: row for row in sheet_table(verdicts).rows}
    assert rows["ATT&CK, CWE and CVE"][1:5] == ["10", "9", "0", "1"]
    assert rows["incidents and reports"][1:5] == ["4", "4", "0", "0"]
    assert rows["all"][1] == "14"


JUDGED = [
    {"source": "The parser does not check names.", "instruction": "What is CVE-2099-0001?",
     "response": "The parser does not check names of it in 3.3.3.", "judged": "bad"},
    {"source": "The parser does not check the length of long names, ever.",
     "instruction": "What is CVE-2099-0001?",
     "response": "The parser does not check the length of long names, ever.", "judged": "good"},
]  # fmt: skip


def test_judged_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "judged.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in JUDGED))
    assert quality.main(["--judged", str(file)]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"any gate +0 of 1 +0 of 0 +1 of 1", shown)
    assert re.search(r"literals +0 of 1 +0 of 0 +1 of 1", shown)


@pytest.mark.parametrize(
    "line",
    [
        *("{", "[]", '{"source": "x"}', json.dumps(JUDGED[0] | {"judged": "?"})),
        *(json.dumps(JUDGED[0] | {name: 5}) for name in JUDGED[0]),
    ],
)
def test_what_is_no_judged_pair_is_refused_with_its_line(line: str, tmp_path: Path) -> None:
    file = tmp_path / "judged.jsonl"
    file.write_text(json.dumps(JUDGED[0]) + "\n" + line + "\n")
    with pytest.raises(UsageError, match=r"judged\.jsonl line 2"):
        judged.read_judged(file)
    assert quality.main(["--judged", str(file)]) == 2


def test_a_file_without_judged_pairs_is_refused(tmp_path: Path) -> None:
    """Else "0 of 0" at every gate looks like a measurement."""
    (tmp_path / "judged.jsonl").write_text("")
    with pytest.raises(UsageError, match=r"judged\.jsonl: no judged pairs in it"):
        judged.read_judged(tmp_path / "judged.jsonl")


def test_a_recipe_is_measured_in_place_of_the_shipped_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(tmp_path / "own", "bounds.yaml", "min_new_words: 4", "min_new_words: 999")
    file = tmp_path / "judged.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in JUDGED))
    assert quality.main(["--judged", str(file), "--recipe", str(tmp_path / "own")]) == 0
    assert re.search(r"new_words +1 of 1 +0 of 0 +1 of 1", capsys.readouterr().out)
    (tmp_path / "own" / "bounds.yaml").write_text("a: 1")
    assert quality.main(["--judged", str(file), "--recipe", str(tmp_path / "own")]) == 2
    assert "bounds.yaml:1: no such key: a" in capsys.readouterr().err


def test_stated_severities_are_told_and_hidden_ones_are_not_guessed() -> None:
    told = stated_severities(shipped())
    assert len(told) == RECORDS and all(one.found == one.truth for one in told)
    assert not any(one.found for one in severities(shipped()))


class AnsweringModel:
    """Says of every text what it was made with, or fails as a model that finds no end."""

    def __init__(self, says: object) -> None:
        self.says = says

    async def generate(self, prompt: FilledPrompt, schema: Any = None) -> Any:
        if self.says is None:
            raise RecordError("no end")
        assert Data("a text") in prompt.user
        return {"answer": self.says}

    async def choose(self, question: Question, text: str) -> Choice:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("says", "row"),
    [
        (["Linux", "macOS", "Linux"], ["f", "1", "0%", "0.50", "0.50"]),
        ("unknown", ["f", "1", "100%", "-", "0.00"]),
        ("Linux", ["f", "1", "0%", "1.00", "0.50"]),
        (None, ["f", "1", "100%", "-", "0.00"]),
    ],
    ids=["some", "unknown", "one", "failed"],
)
def test_fields_by_a_model_are_held_against_the_truth(says: object, row: list[str]) -> None:
    asked = [AskedText("a text", frozenset({"Linux", "Windows"}))]
    prompt = Prompt("s", "{text}", 8)
    found = asyncio.run(fill(AnsweringModel(says), prompt, asked, {"type": "string"}))
    assert field_row("f", found) == row


def test_a_pair_that_was_changed_after_it_was_judged_fails_a_gate() -> None:
    drawn = samples(2, 0, "techniques")
    options = {STRUCTURER: {"use_model": False}}
    done = asyncio.run(run(drawn, options, None, [STRUCTURER]))
    assert all(row[-1] == "0" for row in pair_table(done).rows)
    for _, pair in done.pairs:
        pair["response"] = "Penguins of the ministry applauded seventeen quarrelsome trombones."
    assert all(row[-1] == row[1] for row in pair_table(done).rows)


def test_domains_are_held_against_their_labels() -> None:
    truth = np.array([[True, False], [True, True], [False, False]])
    named = np.array([[True, False], [False, False], [True, False]])
    rows = table_of(("a", "b"), truth, named).rows
    assert rows[:3] == [["a", "2", "2", "0.50", "0.50"], ["b", "1", "0", "-", "0.00"],
                        ["all", "3", "2", "0.50", "0.33"]]  # fmt: skip
    assert rows[3][:2] == ["texts without any named", "1"]


def test_an_unknown_group_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert quality.main([*FLAGS, "--only", "nothing"]) == 2
    assert "--only nothing" in capsys.readouterr().err


def test_several_groups_are_named_by_commas() -> None:
    names = {one.group for one in samples(1, 0, "techniques, round 8")}
    assert names == {TECHNIQUES, "reports (round 8, own)"}
