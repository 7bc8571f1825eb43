"""Examples that several processes read: each part once, the same numbers, and nothing left over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from workers.generation.decisions.shared_reading import SharedReading
from workers.generation.decisions.texts import Texts
from workers.generation.model.load import load
from workers.generation.tokens.prompts import PromptEncoder

EXAMPLES = [f"Advisory {n}: " + "the service reads a crafted header. " * (n % 4) for n in range(80)]


def ask() -> np.ndarray:
    return np.ones((2, 3))


class Reader(Texts):
    """Notes which texts it was given to read."""

    def features(self, texts: Sequence[str], layers: Sequence[int]) -> dict[int, np.ndarray]:
        self.read = [*getattr(self, "read", []), *texts]
        return super().features(texts, layers)


@pytest.fixture
def reader(tiny_model: Path) -> Reader:
    loaded = load(tiny_model)
    return Reader(loaded, PromptEncoder(loaded.tokenizer))


def test_features_are_those_of_reading_alone_in_the_order_of_the_examples(
    reader: Reader, tmp_path: Path
) -> None:
    shared = SharedReading(reader, EXAMPLES, tmp_path / "parts", ask).features()
    for layer, alone in Texts.features(reader, EXAMPLES, reader.layers).items():
        assert shared[layer].shape == alone.shape
        assert np.allclose(shared[layer], alone, atol=1e-5)


def test_what_a_helper_has_read_is_not_read_again(reader: Reader, tmp_path: Path) -> None:
    reading = SharedReading(reader, EXAMPLES, tmp_path / "parts", ask)
    reading.help(lambda: bool(getattr(reader, "read", [])))  # done after a part
    first = list(reader.read)
    assert 0 < len(first) < len(EXAMPLES)
    reading.help(lambda: False)
    reading.features()
    assert sorted(reader.read) == sorted(EXAMPLES) and reader.read[: len(first)] == first


def test_a_helper_leaves_out_what_another_process_reads(reader: Reader, tmp_path: Path) -> None:
    reading = SharedReading(reader, EXAMPLES, tmp_path / "parts", ask)
    reading.folder.mkdir()
    with FileLock(reading.folder / "000000.lock"):
        reading.help(lambda: False)
    assert len(reader.read) == len(EXAMPLES) - 32


@pytest.mark.parametrize("damage", [b"half", b""])
def test_a_damaged_part_is_read_anew_and_clearing_leaves_nothing(
    reader: Reader, tmp_path: Path, damage: bytes
) -> None:
    reading = SharedReading(reader, EXAMPLES, tmp_path / "parts", ask)
    before = reading.features()
    (reading.folder / "000000.npy").write_bytes(damage)
    assert all(np.allclose(before[layer], again) for layer, again in reading.features().items())
    assert len(reader.read) == len(EXAMPLES) + 32
    reading.clear()
    assert not list(tmp_path.iterdir())


def test_a_helper_asks_as_well(reader: Reader, tmp_path: Path) -> None:
    reading = SharedReading(reader, EXAMPLES, tmp_path / "parts", ask)
    reading.help(lambda: False)
    later = replace(reading, ask=lambda: pytest.fail("asked again"))
    assert later.asked().tolist() == ask().tolist()
