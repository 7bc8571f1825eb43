"""The dataset's card: its header, its figures, and text that must not become markup."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from stages.final_assembler.assembler import assemble
from stages.final_assembler.card import CardFacts, card
from stages.final_assembler.decontaminate import Benchmarks
from stages.final_assembler.options import parse_options
from stages.final_assembler.pairs import RunFacts
from stages.final_assembler.sheet import JudgementCounts
from tests.dataset_help import given, pair

RUN = RunFacts(
    "first", "2026-11-25", {"target": "a/b (sha256 12ab)"}, "core 9f", {"temp": 0.5},
    {"2_data_filter: not relevant": 3},
)  # fmt: skip


def facts(
    root: Path, runs: list[RunFacts], judged: JudgementCounts | None = None, **how: Any
) -> CardFacts:
    for name in ("made", "scratch"):
        (root / name).mkdir()
    options = parse_options(**how)
    pairs = [pair(number) for number in range(30)] + [pair(0)]
    pairs[1]["review"] = {"decision": "accept", "by": "Ann"}
    pairs[2] |= {"review": {"decision": "accept", "rule": "grounded>0.9"}, "review_required": True}
    pairs[3]["review_required"] = True
    pairs[4]["source_data"]["language"] = "de"
    known = Benchmarks(["one two", "three " * 14])
    made = assemble([given(pairs)], options, known, root / "made", root / "scratch")
    return CardFacts(made, runs, options, "1.2", "out/dataset", judged)


def test_the_header_is_what_the_hub_reads(tmp_path: Path) -> None:
    text = card(facts(tmp_path, [RUN], licence="cc-by-4.0", export=["messages", "mlx", "parquet"]))
    header = yaml.safe_load(text.split("---\n")[1])
    assert header["license"] == "cc-by-4.0"
    assert header["language"] == ["de", "en"]
    assert header["size_categories"] == ["n<1K"]
    assert header["task_categories"] == ["text-generation", "question-answering"]
    assert [config["config_name"] for config in header["configs"]] == ["messages", "mlx"]
    assert header["configs"][0]["default"] is True
    assert {one["split"]: one["path"] for one in header["configs"][1]["data_files"]} == {
        "train": "train.jsonl",
        "validation": "valid.jsonl",
        "test": "test.jsonl",
    }
    assert 'load_dataset("out/dataset/parquet")' in text


def test_it_says_what_is_in_it_and_how_it_came_about(tmp_path: Path) -> None:
    judged = JudgementCounts(Counter(good=8, usable=1, bad=1))
    text = card(facts(tmp_path, [RUN], judged, cap=["domain=25"]))
    for said in (
        "30 pairs of instruction and response",
        "| feed 1 | 10 | CC0-1.0 |",
        "| first | 2026-11-25 | target a/b (sha256 12ab) | core 9f | finished |",
        "- first: temp 0.5",
        "| duplicate | 1 (3.2%) |",
        r"| 2\_data\_filter: not relevant | 3 (100.0%) |",
        "- caps: domain=25",
        "- benchmarks looked for: 2 texts, by 13 words in a row, 1 of them shorter",
        "Judged by a person: 10 pairs",
        "| good | 8 | 80% (49% to 94%) |",
        "mlx_lm.lora --train --data out/dataset",
        "| written by: record | 30 |",
        "| reviewed by a person | 1 |",
        "| asks for a review and had none | 1 |",
        "## Limits",
    ):
        assert said in text, said


def test_what_is_not_known_is_said(tmp_path: Path) -> None:
    text = card(facts(tmp_path, [RunFacts("x", finished=False)]))
    assert "No share of bad pairs is known" in text
    assert "A run was not finished" in text


@pytest.mark.parametrize("name", ["a|b\n---\nlicense: mit", "<script>x</script>", "`x` [y](z)"])
def test_text_of_records_and_files_stays_text(tmp_path: Path, name: str) -> None:
    text = card(
        facts(tmp_path, [RunFacts(name, name, {name: name}, name, {"x": name})], title=name)
    )
    header = yaml.safe_load(text.split("---\n")[1])
    assert header["license"] == "other"
    body = text.split("---\n", 2)[2]
    assert "<script>" not in body
    assert "[y](z)" not in body
    assert "\nlicense: mit" not in body
    row = next(line for line in body.splitlines() if line.startswith("| a") or "created" in line)
    assert row.replace(r"\|", "").count("|") == 6
