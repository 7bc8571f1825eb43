"""The desk: versions, undo, rules, sealing, and what another reviewer or a crash leaves."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from stages.base import Failed, Record, Removed, Result
from stages.manual_reviewer.decision import Decision
from stages.manual_reviewer.note import ACCEPT, EDIT, REJECT, DecisionNote
from stages.manual_reviewer.rules import accept_rule, sample
from stages.manual_reviewer.stage import ManualReviewer
from tests.forked import Child
from tests.queue_checks import problems
from tests.review_help import STAGE, flagged, pair, review_queue
from workers.core.errors import QueueError, UsageError
from workers.queue.chunk_paths import ChunkState
from workers.queue.chunk_queue import ChunkQueue
from workers.review import desk as desk_module
from workers.review.desk import Conflict, Desk, GatesFailed, Gone

REJECTED = Decision(REJECT, reason="wrong")
INVENTED = Decision(EDIT, response="Bananas were found in version 9.9.9 of it in June.")


def desk_of(folder: Path, *records: object, per_chunk: int = 4) -> Desk:
    made = Desk(review_queue(folder, list(records), per_chunk))  # type: ignore[arg-type]
    made.take()
    return made


def queue_in(folder: Path) -> ChunkQueue:
    return ChunkQueue(folder / "run" / STAGE)


def states(desk: Desk) -> dict[str, str]:
    return {item.id: item.state for item in desk.items.values()}


def test_decisions_are_journaled_at_once_and_a_new_desk_finds_them(tmp_path: Path) -> None:
    def decide(say: object) -> None:
        desk = desk_of(tmp_path, *map(pair, range(5)))
        desk.decide("0:1", 0, Decision(ACCEPT))
        desk.decide("0:2", 0, REJECTED)
        os.kill(os.getpid(), signal.SIGKILL)  # nothing is closed

    assert Child(decide).wait() == -signal.SIGKILL
    queue = queue_in(tmp_path)
    journal = (queue.folder / "claimed" / "chunk-000001.journal").read_text()
    assert '"outcome":"removed"' in journal and journal.count('"t":"outcome"') == 2
    again = Desk(queue)
    assert again.take() == 2
    assert list(states(again).values()) == ["accept", "reject", "open", "open", "open"]
    assert [again.item(f"0:{n}").version for n in (1, 2, 3)] == [1, 1, 0]
    again.close()


def test_a_decision_on_an_old_version_is_a_conflict_and_changes_nothing(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, pair(1), pair(2))
    desk.decide("0:1", 0, Decision(ACCEPT, by="anna"))
    with pytest.raises(Conflict) as met:
        desk.decide("0:1", 0, REJECTED)
    assert met.value.item.note == DecisionNote("accept", by="anna")
    with pytest.raises(Conflict):
        desk.undo("0:1", 0)
    assert desk.item("0:1").state == "accept"
    desk.decide("0:1", 1, REJECTED)  # having seen it, one may replace it
    assert (desk.item("0:1").state, desk.item("0:1").version) == ("reject", 3)
    desk.close()


def test_undo_opens_a_pair_again(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, pair(1), pair(2))
    desk.decide("0:1", 0, REJECTED)
    desk.undo("0:1", 1)
    assert desk.open == 2 and desk.item("0:1").version == 2 and desk.item("0:1").note is None
    desk.undo("0:1", 2)  # nothing to take back
    assert desk.item("0:1").version == 2
    desk.close()


def test_an_edit_that_fails_the_gates_is_kept_only_on_demand(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, pair(1))
    with pytest.raises(GatesFailed) as failed:
        desk.decide("0:1", 0, INVENTED)
    assert "literals" in {one.gate for one in failed.value.failures} and desk.open == 1
    desk.decide("0:1", 0, Decision(EDIT, response=INVENTED.response, keep_anyway=True))
    note = desk.item("0:1").note
    assert note and "literals" in {one.gate for one in note.failed_gates}
    assert desk.item("0:1").current.response == INVENTED.response
    with pytest.raises(UsageError, match="applaud"):
        desk.decide("0:1", 1, Decision("applaud"))
    desk.close()


def test_an_edit_that_no_dataset_would_hold_is_kept_by_nobody(tmp_path: Path) -> None:
    """Else a reviewer thinks that a pair is in, and the assembly leaves it out."""
    desk = desk_of(tmp_path, pair(1))
    for said in ("I cannot help with that flaw of the parser.", "Run it. <|im_end|>"):
        with pytest.raises(GatesFailed) as failed:
            desk.decide("0:1", 0, Decision(EDIT, response=said, keep_anyway=True))
        assert failed.value.final
    desk.close()


def test_a_chunk_is_sealed_when_its_decisions_are_too_old_to_undo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "UNDOABLE", 2)
    desk = desk_of(tmp_path, *map(pair, range(4)), per_chunk=1)
    desk.decide("0:1", 0, Decision(ACCEPT))
    desk.decide("0:2", 0, Decision(ACCEPT))
    assert desk.seal_settled() == 0
    desk.decide("0:3", 0, Decision(ACCEPT))
    assert desk.seal_settled() == 1
    with pytest.raises(Gone, match="0:1 is not here"):
        desk.undo("0:1", 1)
    desk.undo("0:2", 1)
    assert desk.counts() == {"accept": 2, "open": 2}
    assert desk.finish() == 1 and desk.counts() == {"accept": 2, "open": 2}
    desk.close()
    assert queue_in(tmp_path).names(ChunkState.DONE) == ["chunk-000001", "chunk-000003"]


def test_all_decided_and_closed_the_queue_is_finished(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, *map(pair, range(3)))
    desk.decide("0:1", 0, Decision(ACCEPT))
    desk.decide("0:2", 0, REJECTED)
    desk.decide("0:3", 0, Decision(EDIT, instruction="What can an attacker do with Gate 2 then?"))
    desk.close()
    queue = queue_in(tmp_path)
    assert problems(queue, ["0:1", "0:2", "0:3"]) == []
    kinds = [type(line.outcome) for line in queue.sealed("chunk-000001")]
    assert kinds == [Result, Removed, Result]


def test_rules_accept_what_no_person_has_to_see(tmp_path: Path) -> None:
    records = [pair(1), flagged(2), pair(3, quality={"grounded": 0.5}), *map(pair, range(4, 8))]
    queue = review_queue(tmp_path, records, per_chunk=3)
    desk = Desk(queue, [accept_rule("grounded>=0.95 and verbatim>=0.8")])
    desk.take()
    assert states(desk) == {"0:1": "accept", "0:2": "open", "0:3": "open"}
    assert desk.sealed == {"accept": 4}  # whole chunks go on at once
    rule = "grounded>=0.95 and verbatim>=0.8"
    assert desk.item("0:1").note == DecisionNote("accept", rule=rule)
    desk.decide("0:1", 1, REJECTED)  # a person has the last word
    desk.close()
    again = Desk(queue, [sample("0.000001%", 0)])
    again.take()
    assert states(again) == {"0:1": "reject", "0:2": "open", "0:3": "accept"}
    again.close()


def test_what_is_no_pair_is_a_dead_letter(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, {"text": "no pair"}, pair(1))
    assert desk.item("0:1").state == "failed" and desk.open == 1
    desk.decide("0:2", 0, Decision(ACCEPT))
    desk.close()
    [failed] = queue_in(tmp_path).failed("chunk-000001")
    assert isinstance(failed.outcome, Failed) and "no instruction" in failed.outcome.error


def test_repeated_pairs_are_flagged(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, pair(1), pair(1))
    assert [desk.item(i).pair.flags for i in ("0:1", "0:2")] == [(), ("repeats an earlier pair",)]
    desk.close()


def test_two_desks_never_hold_the_same_chunk(tmp_path: Path) -> None:
    first = desk_of(tmp_path, *map(pair, range(8)))
    second = Desk(queue_in(tmp_path))
    assert second.take() == 0 and second.chunks_elsewhere() == 2
    first.close()
    assert second.take() == 2 and second.chunks_elsewhere() == 0
    second.close()


def test_a_desk_holds_only_so_many_chunks(tmp_path: Path) -> None:
    desk = Desk(review_queue(tmp_path, list(map(pair, range(6))), 1), most_chunks=2)
    assert desk.take() == 2 and desk.chunks_elsewhere() == 4 and desk.take() == 0
    desk.decide("0:1", 0, Decision(ACCEPT))
    desk.finish()
    assert desk.take() == 1 and set(desk.items) == {"0:2", "0:3"}
    desk.close()


def test_a_damaged_chunk_is_named_and_the_others_are_reviewed(tmp_path: Path) -> None:
    queue = review_queue(tmp_path, list(map(pair, range(4))), 2)
    (queue.folder / "pending" / "chunk-000001.jsonl").write_bytes(b"{torn")
    desk = Desk(queue)
    assert desk.take() == 1 and list(desk.damaged) == ["chunk-000001"]
    assert "truncated" in desk.damaged["chunk-000001"] and desk.chunks_elsewhere() == 1
    desk.close()


def test_changes_since_a_number(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, *map(pair, range(3)))
    seen = desk.changes
    assert desk.changed_since(seen) == []
    desk.decide("0:2", 0, REJECTED)
    assert desk.changed_since(seen) == ["0:2"] and desk.changes == seen + 1
    desk.close()
    with pytest.raises(Gone):
        desk.item("0:2")


def test_what_can_not_be_written_is_an_error_and_no_decision(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, pair(1))
    (queue_in(tmp_path).folder / "locks" / "chunk-000001.lock").unlink()  # somebody tidied up
    with pytest.raises(QueueError, match="lock file was removed"):
        desk.decide("0:1", 0, Decision(ACCEPT))


FORGED = pair(2, response="Bananas were found in version 9.9.9 of it in June by Ada Lund.")


def from_a_file(folder: Path, *records: Record, **rules: str) -> Desk:
    stage = ManualReviewer()
    stage.from_outside = True
    accepting = [accept_rule(rule) for rule in rules.values()]
    made = Desk(review_queue(folder, list(records)), accepting, stage)
    made.take()
    return made


def test_a_pair_of_a_file_that_fails_a_gate_goes_whatever_it_says_of_itself(tmp_path: Path) -> None:
    """A rule would accept what somebody has invented, and the dataset leave it out afterwards."""
    desk = from_a_file(tmp_path, pair(1), FORGED, rule="grounded>=0.95")
    assert desk.sealed == {"accept": 1, "reject": 1}
    [_, gone] = queue_in(tmp_path).sealed("chunk-000001")
    assert isinstance(gone.outcome, Removed) and gone.outcome.details["gate"] == "literals"
    desk.close()


def test_a_rule_goes_by_what_is_measured_of_a_pair_of_a_file(tmp_path: Path) -> None:
    loose = pair(1, response="A remote attacker can send a long header and so run code as user u1.")
    loose["quality"] |= {"verbatim": 1.0}
    desk = from_a_file(tmp_path, pair(2), loose, rule="verbatim==1")
    assert states(desk) == {"0:1": "accept", "0:2": "open"}
    desk.close()


def test_what_no_gate_lets_in_can_be_edited_and_not_accepted(tmp_path: Path) -> None:
    desk = from_a_file(tmp_path, pair(1), FORGED)
    note = desk.item("0:2").note
    assert note and "literals" in note.reason
    with pytest.raises(GatesFailed):
        desk.decide("0:2", 1, Decision(ACCEPT))
    with pytest.raises(GatesFailed):
        desk.decide("0:2", 1, Decision(EDIT, instruction="What was found in Gate 2 in June?"))
    desk.decide("0:2", 1, Decision(EDIT, response=pair(2)["response"]))
    assert desk.item("0:2").state == "edit"
    desk.close()
