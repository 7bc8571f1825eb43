"""The first pass: what is laid down is read again as it came, and the rest has its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from stages.awareness import AWARENESS
from stages.base import Record, Removed
from stages.final_assembler.decontaminate import Benchmarks
from stages.final_assembler.pairs import AssemblyError, SourcedRecord
from stages.final_assembler.spool import Codes, Spool, Spooled
from stages.recipe.recipe import shipped
from stages.similar.signatures import MOST
from tests.dataset_help import given, pair


@dataclass
class Bench:
    """A work folder, and what was dropped and told on the way."""

    folder: Path
    dropped: list[tuple[SourcedRecord, Removed]] = field(default_factory=list)
    progress: list[int] = field(default_factory=list)

    def fill(self, records: list[Record], benchmarks: Iterable[str] = ()) -> Spooled:
        spool = Spool(self.folder, Benchmarks(benchmarks), self._drop)
        return spool.fill(given(records).pairs, self.progress.append)

    def _drop(self, one: SourcedRecord, why: Removed) -> None:
        self.dropped.append((one, why))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_values_are_numbered_as_they_come() -> None:
    codes = Codes()
    assert [codes.of(one) for one in ("b", "a", "b", "", "a")] == [0, 1, 0, 2, 1]
    assert codes.names == ["b", "a", ""]


def test_pairs_are_read_again_as_they_came_with_their_origin(bench: Bench) -> None:
    records = [pair(1, note="a\nb\u2028\x85 <|im_end|>"), pair(2), pair(3)]
    spooled = bench.fill(records)
    assert list(spooled.again()) == list(given(records).pairs) == list(spooled.again())
    assert (len(spooled.pairs), bench.dropped, bench.progress[-1]) == (3, [], 3)


def test_nothing_leaves_empty_tables(bench: Bench) -> None:
    spooled = bench.fill([])
    assert (list(spooled.again()), len(spooled.pairs), len(spooled.sources)) == ([], 0, 0)


def test_pairs_of_one_source_share_its_row(bench: Bench) -> None:
    spooled = bench.fill([pair(1), pair(2), pair(1, type="other"), pair(2)])
    assert spooled.pairs["origin"].tolist() == [0, 1, 0, 1]
    assert len(spooled.sources) == len(set(spooled.sources["key"].tolist())) == 2
    digests = spooled.pairs["digest"].tolist()
    assert digests[0] == digests[2] != digests[1] == digests[3]


def test_a_source_keeps_its_row_from_block_to_block(bench: Bench) -> None:
    spooled = bench.fill([pair(1)] * (MOST - 1) + [pair(2), pair(1), pair(3)])
    assert spooled.pairs["origin"].tolist() == [0] * (MOST - 1) + [1, 0, 2]
    assert (len(spooled.sources), bench.progress) == (3, [MOST, MOST + 2])


def test_what_a_cap_counts_is_numbered_in_the_table(bench: Bench) -> None:
    spooled = bench.fill([pair(number) for number in (1, 4, 5, 2)])  # every fourth is malware
    assert spooled.pairs["domain"].tolist() == [0, 1, 0, 0]
    assert spooled.pairs["source"].tolist() == [0, 0, 1, 1]
    assert not spooled.pairs["kind"].any()


def test_a_pair_that_was_edited_past_its_source_is_dropped_with_the_gate(bench: Bench) -> None:
    edited = pair(2, response="Bananas are yellow fruits that grow in warm and rainy countries.")
    spooled = bench.fill([pair(1), edited, pair(3)])
    [(dropped, why)] = bench.dropped
    assert dropped.record == edited and dropped.origin.record == 2 and why.details["gate"]
    assert [one.origin.record for one in spooled.again()] == [1, 3]
    assert len(spooled.pairs) == 2 and bench.progress[-1] == 3


def test_each_pair_is_judged_by_the_recipe_it_came_with(bench: Bench) -> None:
    strict = replace(shipped(), bounds=replace(shipped().bounds, min_new_words=500))
    one, two = given([pair(1), pair(2)]).pairs
    spool = Spool(bench.folder, Benchmarks([]), bench._drop)
    assert len(spool.fill([one, replace(two, recipe=strict)], bench.progress.append).pairs) == 1
    assert [why.details["gate"] for _, why in bench.dropped] == ["new_words"]


def test_a_pair_out_of_a_benchmark_is_dropped_with_the_words(bench: Bench) -> None:
    said = " ".join(str(pair(2)["response"]).split()[:14])  # the rest is every pair's
    spooled = bench.fill([pair(1), pair(2)], [f"Is it so? {said}"])
    [(dropped, why)] = bench.dropped
    assert (dropped.origin.record, why.reason) == (2, "shares words with a benchmark")
    assert len(str(why.details["words"]).split()) == 13 and len(spooled.pairs) == 1


def test_examples_only_repeat_what_says_exactly_the_same(bench: Bench) -> None:
    spooled = bench.fill([pair(1), pair(2, type=AWARENESS)])
    assert spooled.pairs["tellable"].tolist() == [True, False]


def test_what_is_no_pair_is_an_error_and_the_folder_can_be_filled_again(bench: Bench) -> None:
    with pytest.raises(AssemblyError, match="no response"):
        bench.fill([pair(1), {"instruction": "What?", "response": " "}])
    assert len(bench.fill([pair(1)]).pairs) == 1
