"""A chunk in one worker's hands: one outcome per record, a resumed journal, and the seal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stages.base import Failed, Removed, Result
from tests.queue_checks import chunk_name, drain, make_queue, problems
from workers.core.errors import QueueError
from workers.queue.journal import Journal
from workers.queue.journal_entries import OutcomeRecorded, OutcomeWithdrawn, SessionStarted
from workers.queue.sealed import SealedLine


def test_one_outcome_per_record(tmp_path: Path) -> None:
    chunk = make_queue(tmp_path).claim()
    assert chunk is not None
    chunk.record("0:1", Removed("x"))
    for record_id in ("0:1", "0:2"):
        with pytest.raises(QueueError, match=record_id):
            chunk.record(record_id, Removed("y"))


def test_unreadable_lines_fail_at_once(tmp_path: Path) -> None:
    queue = make_queue(tmp_path, chunks=0)
    queue.publish(chunk_name(0), [{"id": "0:1", "error": "x.jsonl line 1: bad"}])
    chunk = queue.claim()
    assert chunk is not None and chunk.groups() == []
    chunk.seal()
    assert queue.failed(chunk.name) == [SealedLine("0:1", Failed("x.jsonl line 1: bad"))]


def test_sealing_three_times_gives_the_same_bytes(tmp_path: Path) -> None:
    seen = set()
    for trial in range(3):
        queue = make_queue(tmp_path / str(trial), records=3)
        for _ in range(trial):
            chunk = queue.claim("w")
            assert chunk is not None
            chunk.release()
        drain(queue)
        seen.add((queue.folder / "done" / f"{chunk_name(0)}.jsonl").read_bytes())
    assert len(seen) == 1


def test_dead_letters_of_a_seal_that_did_not_happen_are_not_kept(tmp_path: Path) -> None:
    """Killed after failed/ was written; the journal's unsynced tail then lost in a power cut."""
    queue = make_queue(tmp_path)
    lost = {"id": "0:1", "outcome": "failed", "error": "x", "attempts": 1, "record": {"n": 1}}
    (queue.folder / "failed" / f"{chunk_name(0)}.jsonl").write_text(json.dumps(lost) + "\n")
    drain(queue)
    assert problems(queue, ["0:1"]) == []


def test_a_resumed_chunk_has_the_outcomes_of_its_journal(tmp_path: Path) -> None:
    queue = make_queue(tmp_path, records=3)
    first = queue.claim("w1")
    assert first is not None
    first.begin(first.remaining())
    first.record("0:2", Removed("why", p=0.5))
    first.release()
    again = queue.claim("w2")
    assert again is not None
    assert again.outcomes == {"0:2": SealedLine("0:2", Removed("why", p=0.5), {"n": 2})}
    assert again.remaining() == ["0:1", "0:3"]
    again.begin(again.remaining())
    again.record("0:1", Failed("no"))
    assert again.outcomes["0:1"].attempts == 2
    again.release()


def test_a_journal_of_another_chunk_is_refused_by_line(tmp_path: Path) -> None:
    queue = make_queue(tmp_path)
    journal = Journal(queue.folder / "claimed" / f"{chunk_name(0)}.journal")
    journal.append(SessionStarted("w1"))
    journal.append(OutcomeRecorded(SealedLine("0:9", Result({}))))
    journal.close()
    with pytest.raises(QueueError, match="journal line 2: outcome of 0:9, which is not open"):
        queue.claim("w2")


def test_a_chunk_is_given_back_once(tmp_path: Path) -> None:
    queue = make_queue(tmp_path)
    chunk = queue.claim("w1")
    assert chunk is not None
    chunk.release()
    again = queue.claim("w2")
    assert again is not None
    chunk.release()  # the second time it holds nothing
    assert queue.claim("w3") is None
    again.release()


def test_an_outcome_taken_back_is_open_again_also_for_the_next_claim(tmp_path: Path) -> None:
    queue = make_queue(tmp_path, records=2)
    chunk = queue.claim("w1")
    assert chunk is not None
    chunk.record("0:1", Removed("a slip"))
    chunk.withdraw("0:1")
    with pytest.raises(QueueError, match="0:1 has no outcome to withdraw"):
        chunk.withdraw("0:1")
    chunk.record("0:1", Result({"n": 1}))
    chunk.record("0:2", Removed("a slip"))
    chunk.withdraw("0:2")
    chunk.release()
    assert queue.count_undecided() == 1
    again = queue.claim("w2")
    assert again is not None and again.remaining() == ["0:2"]
    assert (again.revision("0:1"), again.revision("0:2")) == (3, 2)
    assert not again.suspected  # nobody died, whatever was taken back
    again.record("0:2", Result({"n": 2}))
    again.seal()
    assert problems(queue, ["0:1", "0:2"]) == [] and queue.count_undecided() == 0
    assert [line.records for line in queue.sealed(again.name)] == [({"n": 1},), ({"n": 2},)]


def test_a_withdrawal_without_an_outcome_is_refused_by_line(tmp_path: Path) -> None:
    queue = make_queue(tmp_path)
    journal = Journal(queue.folder / "claimed" / f"{chunk_name(0)}.journal")
    journal.append(OutcomeWithdrawn("0:1"))
    journal.close()
    with pytest.raises(QueueError, match="journal line 1: 0:1 has no outcome to withdraw"):
        queue.claim("w2")


def test_an_unreadable_line_keeps_its_outcome(tmp_path: Path) -> None:
    queue = make_queue(tmp_path, chunks=0)
    queue.publish(chunk_name(0), [{"id": "0:1", "error": "x.jsonl line 1: bad"}])
    chunk = queue.claim()
    assert chunk is not None
    with pytest.raises(QueueError, match="0:1"):
        chunk.withdraw("0:1")
