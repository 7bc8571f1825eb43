"""Pairs out and decisions back: JSON lines and Label Studio, and what does not fit is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from stages.manual_reviewer.decision import REASONS, Decision
from stages.manual_reviewer.note import ACCEPT, DecisionNote
from tests.review_help import hostile, pair, review_queue
from workers.core.errors import InputError
from workers.review.desk import Desk
from workers.review.exchange import export_pairs, import_decisions

GOOD = "A long header lets a remote attacker run code. Update to the fixed version."


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(review_queue(tmp_path, [*map(pair, range(1, 5)), hostile(5)], 10))
    made.take()
    return made


def exported(desk: Desk, path: Path) -> list[dict[str, Any]]:
    assert export_pairs(desk, path, "first") == len(desk.items)
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def write(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def states(desk: Desk) -> str:
    return " ".join(item.state for item in desk.items.values())


def test_a_place_that_can_not_be_written_to_is_named_as_it_was_given(
    desk: Desk, tmp_path: Path
) -> None:
    for place in (tmp_path, tmp_path / "none" / "out.jsonl"):
        with pytest.raises(InputError, match=f"^--export {place}: ") as found:
            export_pairs(desk, place, "first")
        assert ".tmp" not in str(found.value)
    desk.close()


def test_a_round_trip_brings_every_decision_back(desk: Desk, tmp_path: Path) -> None:
    rows = exported(desk, tmp_path / "out.jsonl")
    assert rows[4]["response"] == hostile(5)["response"]
    rows[0] |= {"decision": "accept"}
    rows[1] |= {"decision": "edit", "response": GOOD}
    rows[2] |= {"decision": "reject", "reason": "too old"}
    rows[4] |= {"decision": "accept", "response": "Bananas in 9.9.9.", "keep_anyway": True}
    file = write(tmp_path / "back.jsonl", rows)
    taken = import_decisions(desk, file, "first", by="bob")
    assert (taken.taken, taken.undecided, taken.problems) == (4, 1, [])
    assert states(desk) == "accept edit reject open edit"
    assert desk.item("0:2").current.response == GOOD
    assert desk.item("0:3").note == DecisionNote("reject", "too old", "bob")
    again = import_decisions(desk, file, "first", by="bob")
    assert (again.taken, again.known, again.problems) == (0, 4, [])
    assert [row["decision"] for row in exported(desk, tmp_path / "2.jsonl")] == [
        "accept", "edit", "reject", None, "edit"
    ]  # fmt: skip
    desk.close()


def test_what_does_not_fit_is_named_by_its_line_and_changes_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    rows = exported(desk, tmp_path / "out.jsonl")
    desk.decide("0:1", 0, Decision("reject", reason="wrong"))
    bad = [
        rows[0] | {"decision": "accept"},
        rows[1] | {"id": "0:99", "decision": "accept"},
        rows[1] | {"decision": "edit", "response": "Bananas in version 9.9.9."},
        rows[1] | {"decision": "applaud"},
        rows[1] | {"decision": "reject"},
        rows[1] | {"run": "second", "decision": "accept"},
        {"decision": "accept"},
        [],
        rows[1] | {"version": "0", "decision": "accept"},
    ]
    file = write(tmp_path / "back.jsonl", bad)
    with file.open("ab") as more:
        more.write(b"{torn\n\n")
    taken = import_decisions(desk, file, "first")
    expected = ["0:1 has been decided since", "0:99 is not here", "keep_anyway", "one of accept",
                "needs a reason", "of run second", "no 'id'", "not a JSON object", "a whole number",
                "not valid JSON"]  # fmt: skip
    assert len(taken.problems) == len(expected) and taken.taken == 0
    for number, (problem, words) in enumerate(zip(taken.problems, expected, strict=True), 1):
        assert problem.startswith(f"{file} line {number}: ") and words in problem
    assert states(desk) == "reject open open open open"
    desk.close()


def annotated(task: dict[str, Any], decision: str, **more: str) -> dict[str, Any]:
    """A task as Label Studio gives it back."""
    results = [{"from_name": "decision", "to_name": "response", "type": "choices",
                "value": {"choices": [decision]}}]  # fmt: skip
    if "reason" in more:
        results.append({"from_name": "reason", "to_name": "response", "type": "choices",
                        "value": {"choices": [more["reason"]]}})  # fmt: skip
    if "edited" in more:
        results.append({"from_name": "edited", "to_name": "response", "type": "textarea",
                        "value": {"text": [more["edited"]]}})  # fmt: skip
    done = {"id": 7, "completed_by": 1, "was_cancelled": False, "result": results}
    return {"id": 12, **task, "annotations": [*task.get("annotations", []), done]}


def test_a_round_trip_through_label_studio(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "tasks.json"
    export_pairs(desk, file, "first", "label-studio")
    tasks = json.loads(file.read_bytes())
    assert [task["data"]["id"] for task in tasks] == [f"0:{n}" for n in range(1, 6)]
    skipped = annotated(tasks[4], "accept")
    skipped["annotations"][0]["was_cancelled"] = True
    back = [
        annotated(tasks[0], "accept"),
        annotated(tasks[1], "edit", edited=GOOD),
        annotated(tasks[2], "reject", reason=REASONS[2]),
        annotated(annotated(tasks[3], "accept"), "reject", reason="wrong"),
        skipped,
    ]
    file.write_text(json.dumps(back))
    taken = import_decisions(desk, file, "first")
    assert (taken.taken, taken.undecided) == (3, 1)
    [problem] = taken.problems
    assert "task 4: " in problem and "2 annotators disagree about 0:4" in problem
    assert states(desk) == "accept edit reject open open"
    assert desk.item("0:3").note == DecisionNote("reject", REASONS[2])
    desk.close()


def test_the_labelling_interface_names_what_the_tasks_hold(desk: Desk, tmp_path: Path) -> None:
    export_pairs(desk, tmp_path / "tasks.json", "first", "label-studio")
    tree = ElementTree.parse(tmp_path / "tasks.json.config.xml")
    tags = list(tree.iter())
    data = json.loads((tmp_path / "tasks.json").read_bytes())[0]["data"]
    values = [value[1:] for tag in tags if (value := tag.get("value", "")).startswith("$")]
    assert set(values) <= data.keys() and {tag.get("name") for tag in tags} >= {
        "decision", "reason", "edited"
    }  # fmt: skip
    choices = [tag.get("value") for tag in tags if tag.tag == "Choice"]
    assert choices == ["accept", "edit", "reject", *REASONS]
    desk.close()


def test_an_empty_desk_and_a_file_that_can_not_be_read(desk: Desk, tmp_path: Path) -> None:
    desk.close()
    export_pairs(desk, tmp_path / "none.json", "first", "label-studio")
    assert json.loads((tmp_path / "none.json").read_bytes()) == []
    with pytest.raises(InputError, match="missing.jsonl: No such file"):
        import_decisions(desk, tmp_path / "missing.jsonl", "first")
    (tmp_path / "torn.json").write_text('[{"data":')
    with pytest.raises(InputError, match="torn.json: not valid JSON"):
        import_decisions(desk, tmp_path / "torn.json", "first")


def test_an_accept_of_an_open_pair_is_one(desk: Desk, tmp_path: Path) -> None:
    file = write(tmp_path / "b.jsonl", [{"id": "0:1", "version": 0, "decision": ACCEPT}])
    assert import_decisions(desk, file, "first").taken == 1
    assert desk.item("0:1").state == "accept"
    desk.close()
