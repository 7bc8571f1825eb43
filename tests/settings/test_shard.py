"""Shards: every record in exactly one of them, the same one each time."""

from __future__ import annotations

import pytest

from workers.settings.shard import Shard


def test_each_record_is_in_one_shard_and_stays_there() -> None:
    ids = [f"{file}:{number}" for file in range(3) for number in range(1, 400)]
    shards = [Shard.parse(f"{number}/4") for number in range(1, 5)]
    sizes = [sum(shard.has(record_id) for record_id in ids) for shard in shards]
    assert sum(sizes) == len(ids) and min(sizes) > len(ids) / 8
    # For good: shards on other machines depend on it.
    assert [shard.number for shard in shards if shard.has("0:17")] == [3]


def test_no_shard_is_everything() -> None:
    assert Shard.parse(None).has("0:1") and Shard.parse("1/1").has("7:3")


@pytest.mark.parametrize("text", ["", "0/3", "4/3", "1", "a/b", "1/3/2", "-1/3", " 1/3"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be I/N such as 2/8"):
        Shard.parse(text)
