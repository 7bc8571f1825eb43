"""A dataset from pairs: every pair is in it or in removed.jsonl, once, and where it belongs."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from stages.awareness import AWARENESS
from stages.base import Record
from stages.final_assembler.assembler import Assembled, assemble
from stages.final_assembler.decontaminate import Benchmarks
from stages.final_assembler.options import parse_options
from stages.final_assembler.pairs import AssemblyError, PairInput
from stages.final_assembler.plan import BOTH_SIDES
from tests.dataset_help import given, judged, lines, pair


class Bench:
    """A place to assemble in."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.made = 0

    def assemble(
        self, *inputs: PairInput, benchmarks: Benchmarks | None = None, **options: Any
    ) -> tuple[Path, Assembled]:
        self.made += 1
        folder, scratch = (self.root / f"{name}-{self.made}" for name in ("made", "scratch"))
        folder.mkdir()
        scratch.mkdir()
        known = benchmarks or Benchmarks()
        return folder, assemble(inputs, parse_options(**options), known, folder, scratch)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def sides_of(folder: Path) -> dict[str, str]:
    return {line["id"]: line["side"] for line in lines(folder / "provenance.jsonl")}


def reasons(folder: Path) -> dict[str, str]:
    return {line["id"]: line["reason"] for line in lines(folder / "removed.jsonl")}


def reworded(number: int) -> Record:
    return pair(number, instruction=f"Explain what CVE-2030-{10000 + number} is about.")


def test_nothing_is_lost_and_nothing_is_twice(bench: Bench) -> None:
    pairs = [pair(number) for number in range(200)]
    pairs += [pair(3), pair(4, response="As an AI I cannot do that for anybody at all.")]
    folder, made = bench.assemble(given(pairs))
    kept, removed = sides_of(folder), reasons(folder)
    assert kept.keys() & removed.keys() == set()
    assert kept.keys() | removed.keys() == {f"first:0:{number}" for number in range(1, 203)}
    assert removed == {"first:0:201": "duplicate", "first:0:202": "refuses, or speaks as a model"}
    assert made.tally.read == made.tally.kept + made.tally.removed.total()
    written = [line["id"] for side in ("train", "valid", "test")
               for line in lines(folder / "messages" / f"{side}.jsonl")]  # fmt: skip
    assert sorted(written) == sorted(kept)


def test_every_export_has_each_pair_at_the_place_its_provenance_says(bench: Bench) -> None:
    names = ["messages", "mlx", "alpaca", "sharegpt", "openai", "prompt-completion"]
    folder, _ = bench.assemble(given([pair(n) for n in range(40)]), export=names, split="60/20/20")
    for line in lines(folder / "provenance.jsonl"):
        asked = f"What is {line['source_id']}?"
        for name in ("messages", "", "openai"):
            there = lines(folder / name / f"{line['side']}.jsonl")[line["row"]]
            assert there["messages"][0]["content"] == asked
        alpaca = lines(folder / "alpaca" / f"{line['side']}.jsonl")[line["row"]]
        assert alpaca["instruction"] == asked
        assert line["file"] == "raw.jsonl"
        assert asked == f"What is CVE-2030-{10000 + line['record'] - 1}?"
        assert line["spans"]


def test_duplicates_name_the_pair_that_stays(bench: Bench) -> None:
    one = pair(7)
    near = {**one, "response": one["response"].replace("lets a remote", "allows a remote")}
    near["quality"] = {}
    folder, _ = bench.assemble(
        given([one]), given([near, one, pair(8)], "second"), dedup_threshold=0.6
    )
    found = {line["id"]: line["details"] for line in lines(folder / "removed.jsonl")}
    assert found["second:0:2"] == {"how": "exact", "similarity": 1.0, "of": "first:0:1"}
    assert found["second:0:1"]["how"] == "near"
    assert 0.6 <= found["second:0:1"]["similarity"] < 1
    folder, _ = bench.assemble(given([one, near, one]), no_dedup=True)
    assert reasons(folder) == {}


def test_all_pairs_of_a_source_are_on_one_side_whatever_comes_later(bench: Bench) -> None:
    first = [pair(number) for number in range(60)]
    again = [reworded(number) for number in range(0, 60, 2)]
    later = [pair(number) for number in range(60, 90)]
    split = "40/30/30"
    before, _ = bench.assemble(given(first), split=split)
    after, _ = bench.assemble(given(first), given([*again, *later], "second"), split=split)
    kept = sides_of(before)
    assert len(set(kept.values())) == 3
    assert kept.items() <= sides_of(after).items()
    by_source: dict[str, set[str]] = {}
    for line in lines(after / "provenance.jsonl"):
        by_source.setdefault(line["source_id"], set()).add(line["side"])
    assert len(lines(after / "provenance.jsonl")) > len(by_source) == 90
    assert all(len(sides) == 1 for sides in by_source.values())


def test_caps_hold_and_say_so(bench: Bench) -> None:
    pairs = [pair(number) for number in range(60)]
    folder, made = bench.assemble(given(pairs), cap=["domain=10", "source=40%"])
    assert max(made.tally.domains.values()) <= 10
    assert max(made.tally.sources.values()) <= 0.4 * made.tally.kept
    details = [line["details"]["cap"] for line in lines(folder / "removed.jsonl")]
    assert set(details) <= {"domain=10", "source=40%"}
    assert len(details) == 60 - made.tally.kept


def test_what_a_cap_keeps_stays_when_others_are_added(bench: Bench) -> None:
    one, _ = bench.assemble(given([pair(number) for number in range(40)]), cap=["kind=10"])
    two, _ = bench.assemble(given([pair(number) for number in range(60)]), cap=["kind=10"])
    old = {f"first:0:{number}" for number in range(1, 41)}
    assert sides_of(two).keys() & old <= sides_of(one).keys()


def test_repeats_take_no_place_under_a_cap(bench: Bench) -> None:
    pairs = [pair(number) for number in range(20)]
    folder, made = bench.assemble(given([one for one in pairs for _ in range(3)]), cap=["kind=10"])
    assert made.tally.kept == 10
    assert made.tally.removed == {"duplicate": 40, "over the cap": 10}


def test_a_source_like_sources_on_both_sides_is_in_none_and_takes_no_place(bench: Bench) -> None:
    draw = random.Random(4)
    shared = [f"s{draw.randrange(5000)}" for _ in range(90)]

    def about(number: int, words: list[str]) -> Record:
        told = {**pair(number)["source_data"], "text": " ".join(words)}
        return judged(pair(number, source_data=told))

    for first in range(100, 200):
        ends = [[f"e{draw.randrange(5000)}" for _ in range(20)] for _ in range(2)]
        bridge = [*ends[0][10:], *shared, *ends[1][:10]]
        pairs = [about(first, [*ends[0], *shared]), about(first + 200, [*ends[1], *shared])]
        folder, made = bench.assemble(given([*pairs, about(first + 600, bridge)]), split="50/50")
        if both := made.tally.removed[BOTH_SIDES]:
            assert (both, made.tally.kept) == (1, 2)
            capped = given([*pairs, about(first + 600, bridge)])
            _, again = bench.assemble(capped, split="50/50", cap=[f"kind={made.tally.kept}"])
            assert again.tally.kept == made.tally.kept
            return
    pytest.fail("no source was like sources on both sides")


def test_a_share_that_can_not_be_kept_is_an_error(bench: Bench) -> None:
    with pytest.raises(AssemblyError, match="--cap kind=50%: the pairs have only 1 different"):
        bench.assemble(given([pair(1), pair(2)]), cap=["kind=50%"])


def test_pairs_of_benchmarks_are_removed(bench: Bench) -> None:
    known = Benchmarks([f"Q: {pair(5)['response'][:80]} - true or false?"], run=10)
    folder, _ = bench.assemble(given([pair(number) for number in range(10)]), benchmarks=known)
    assert reasons(folder) == {"first:0:6": "shares words with a benchmark"}


def test_no_side_is_empty_where_there_are_sources_for_it(bench: Bench) -> None:
    for count in (3, 5, 8):
        folder, made = bench.assemble(given([pair(number) for number in range(count)]))
        assert set(sides_of(folder).values()) == {"train", "valid", "test"}
        assert made.moved >= 1
    folder, made = bench.assemble(given([pair(1)]))
    assert len(sides_of(folder)) == 1
    assert made.moved == 0


def test_examples_repeat_only_word_by_word(bench: Bench) -> None:
    def example(name: str) -> Record:
        said = f"I was asked by {name} to send my password to them by mail before noon. Should I?"
        told = "No. Nobody who has a right to it would ask you for it in such a way, or by mail."
        mark = {"kind": AWARENESS, "id": f"x-{name}", "name": "x", "source": "template"}
        return {"instruction": said, "response": told, "type": AWARENESS, "source_data": mark}

    folder, _ = bench.assemble(given([example("Ann"), example("Bob"), example("Ann"), pair(1)]))
    assert reasons(folder) == {"first:0:3": "duplicate"}


def test_the_same_inputs_give_the_same_files(bench: Bench) -> None:
    pairs = [pair(number) for number in range(50)] + [reworded(3)]
    made = [bench.assemble(given(pairs), cap=["domain=20"])[0] for _ in range(2)]
    contents = [
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.jsonl")}
        for folder in made
    ]
    assert contents[0] == contents[1]


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([], "no pairs: the inputs are empty"),
        ([{"instruction": "What is it?"}], "line 1: no response: not a pair"),
        (
            [pair(1, response="As an AI I cannot do that for anybody at all.")],
            "nothing is left of 1 pairs: refuses, or speaks as a model (1)",
        ),
    ],
)
def test_what_gives_no_dataset_is_an_error(bench: Bench, pairs: list[Record], message: str) -> None:
    with pytest.raises(AssemblyError) as error:
        bench.assemble(given(pairs))
    assert str(error.value).startswith(message)
