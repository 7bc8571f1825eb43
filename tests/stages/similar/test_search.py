"""Repeats and links among texts, against what comparing every pair in full would give."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from stages.similar.search import find_links, repeats
from stages.similar.signatures import digest, sketch
from stages.similar.table import SKETCH, TableWriter

WORDS = [f"word{number}" for number in range(400)]


def table_of(texts: list[str], path: Path, own: list[str] | None = None) -> np.ndarray:
    """A table of texts, written in blocks of seven."""
    writer = TableWriter(path / "table", np.dtype(SKETCH))
    names = own or [""] * len(texts)
    for at in range(0, len(texts), 7):
        found = sketch(texts[at : at + 7])
        rows = np.zeros(len(found.digests), np.dtype(SKETCH))
        rows["digest"], rows["signature"] = found.digests, found.signatures
        rows["tellable"] = found.tellable
        rows["own"] = [digest(name) if name else 0 for name in names[at : at + 7]]
        writer.append(rows)
    return writer.finished()


def text(draw: random.Random, words: int = 60) -> str:
    return " ".join(draw.choices(WORDS, k=words))


def altered(draw: random.Random, original: str, changes: int) -> str:
    words = original.split()
    for at in draw.sample(range(len(words)), changes):
        words[at] = "other" + str(draw.random())
    return " ".join(words)


def test_the_same_words_repeat_whatever_their_case_and_punctuation(tmp_path: Path) -> None:
    table = table_of(["A b, c.", "other", "a  B c", "a b d"], tmp_path)
    assert [(one.row, one.of, one.similarity) for one in repeats(table, 0.85)] == [(2, 0, 1.0)]


@pytest.mark.parametrize("threshold", [0.6, 0.85, 0.95])
def test_near_texts_repeat_from_the_threshold_on(tmp_path: Path, threshold: float) -> None:
    draw = random.Random(3)
    texts = [text(draw, 200) for _ in range(40)]
    near = [altered(draw, one, 1) for one in texts]  # 3 of 198 runs: 0.97
    far = [altered(draw, one, 60) for one in texts]  # under 0.4
    table = table_of([*texts, *near, *far], tmp_path)
    found = {one.row: one for one in repeats(table, threshold)}
    expected = {40 + number: number for number in range(40)}
    if threshold < 0.95:  # near the threshold the estimate decides
        assert {row: one.of for row, one in found.items()} == expected
    assert found.keys() <= expected.keys()
    assert all(one.similarity >= threshold for one in found.values())


def test_short_texts_are_alike_only_word_by_word(tmp_path: Path) -> None:
    table = table_of(["one two three four", "one two three five", "One two three four!"], tmp_path)
    assert [(one.row, one.of) for one in repeats(table, 0.5)] == [(2, 0)]


def test_things_that_call_themselves_differently_never_repeat(tmp_path: Path) -> None:
    same = text(random.Random(1))
    table = table_of([same, same, same, same], tmp_path, ["CVE-1", "CVE-2", "", "CVE-2"])
    # The third names nothing, so it repeats; the fourth is what the second is.
    assert [(one.row, one.of) for one in repeats(table, 0.85)] == [(2, 0), (3, 1)]


def test_what_has_a_name_is_no_repeat_of_what_has_none(tmp_path: Path) -> None:
    """A copy of a report must not take the place of the record with the id."""
    same = text(random.Random(1))
    table = table_of([same, same, same], tmp_path, ["", "CVE-1", ""])
    assert [(one.row, one.of) for one in repeats(table, 0.85)] == [(2, 0)]


def test_rows_that_join_are_one_thing_whatever_they_say(tmp_path: Path) -> None:
    draw = random.Random(2)
    texts = [text(draw) for _ in range(5)]
    writer = np.array(table_of(texts, tmp_path, ["a", "b", "a", "a", "b"]))
    writer["joins"] = [True, True, True, False, True]
    found = list(repeats(writer, 0.85))
    assert [(one.row, one.of, one.joined) for one in found] == [(2, 0, True), (4, 1, True)]
    assert all(one.similarity < 0.5 for one in found)


def test_what_a_repeat_points_to_is_like_it_and_stays(tmp_path: Path) -> None:
    """A chain in which each is like the one before, and the last not like the first."""
    draw = random.Random(5)
    chain = [text(draw, 120)]
    for _ in range(30):
        chain.append(altered(draw, chain[-1], 3))
    table = table_of(chain, tmp_path)
    found = list(repeats(table, 0.85))
    dropped = {one.row for one in found}
    assert found
    assert len(dropped) < 30, "the end of the chain is nothing like its beginning"
    for one in found:
        assert one.of not in dropped
        equal = table["signature"][one.row] == table["signature"][one.of]
        assert equal.mean() >= 0.85


def test_links_hold_all_that_are_near(tmp_path: Path) -> None:
    draw = random.Random(7)
    texts = [text(draw, 100) for _ in range(30)]
    texts += [altered(draw, draw.choice(texts[:30]), 4) for _ in range(60)]
    table = table_of(texts, tmp_path)
    links = find_links(table, 0.7)
    linked = set(links.later.tolist())
    for row in range(len(texts)):
        equal = (table["signature"][:row] == table["signature"][row]).mean(axis=1)
        if (equal >= 0.75).any():
            assert row in linked
    assert (links.earlier < links.later).all()
    assert (np.diff(links.later) >= 0).all()
    assert (links.similarity >= 0.7).all()


def test_an_empty_table_has_none(tmp_path: Path) -> None:
    assert list(repeats(table_of([], tmp_path), 0.85)) == []
    assert list(repeats(table_of(["alone"], tmp_path), 0.85)) == []


def test_many_of_one_kind_take_time_in_proportion(tmp_path: Path) -> None:
    """A thousand copies, and a thousand near ones that may not repeat each other."""
    draw = random.Random(9)
    base = text(draw, 80)
    texts = [base] * 1000 + [altered(draw, base, 1) for _ in range(1000)]
    own = [""] * 1000 + [f"CVE-{number}" for number in range(1000)]
    links = find_links(table_of(texts, tmp_path, own), 0.85)
    assert len(links.later) < 40 * len(texts)
    assert len(list(repeats(table_of(texts[:1000], tmp_path), 0.85))) == 999
