"""What is known of duplicates, read beside the split."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from workers.core.errors import QueueError
from workers.run.marks import DUPLICATES, JOINED, DuplicateOf, Mark, Marks


def write(folder: Path, duplicates: list[object], joined: list[object]) -> Marks:
    for name, found in ((DUPLICATES, duplicates), (JOINED, joined)):
        (folder / name).write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in found))
    return Marks(folder)


def test_each_record_has_its_mark_in_the_order_of_the_input(tmp_path: Path) -> None:
    kept = DuplicateOf("0:1", "near", 0.91, "a record 1")
    other = {"text": "b", "title": "t"}
    marks = write(
        tmp_path,
        [{"id": "0:3", **kept.to_json()}, {"id": "1:1", "of": "0:1", "how": "id", "similarity": 0}],
        [{"id": "0:1", "alike": True, "record": other}],
    )
    assert marks.of("0:1") == Mark(joined=((other, True),))
    assert marks.of("0:2") == Mark()
    assert marks.of("0:3") == Mark(kept)
    assert marks.of("1:1") == Mark(DuplicateOf("0:1", "id", 0))


def test_all_that_is_joined_is_applied_in_order(tmp_path: Path) -> None:
    others = [{"text": said, "cwes": [said]} for said in ("b", "c")]
    marks = write(tmp_path, [], [{"id": "0:1", "alike": False, "record": one} for one in others])
    assert marks.of("0:1").applied({"text": "a"}) == {"text": "a\n\nb\n\nc", "cwes": ["b", "c"]}


def test_damage_is_named_with_its_line(tmp_path: Path) -> None:
    marks = write(tmp_path, [{"id": "0:1", "of": 3}], [])
    with pytest.raises(QueueError, match="duplicates.jsonl line 1: 'of' is not text"):
        marks.of("0:1")
    (tmp_path / DUPLICATES).write_bytes(b"{")
    with pytest.raises(QueueError, match="duplicates.jsonl line 1: damaged"):
        Marks(tmp_path)
