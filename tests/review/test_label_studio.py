"""Label Studio's shapes: tasks, the interface that shows them, annotations read back."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import orjson
import pytest

from stages.manual_reviewer.decision import REASONS
from workers.core.errors import UsageError
from workers.core.json_fields import JsonFields
from workers.review.label_studio import annotated, config, tasks

ROW = {
    **{"run": "first", "id": "0:1", "version": 2, "instruction": "Q?", "response": "A.\u202e"},
    **{"source": "S", "domain": "malware", "kind": "x", "doubt": 0.2, "flags": ["a", "b"]},
    "not for them": 1,
}


def task(*annotations: dict[str, Any]) -> JsonFields:
    data = {name: ROW[name] for name in ("run", "id", "version")}
    return JsonFields({"data": data, "annotations": list(annotations)}, "tasks.json", UsageError)


def annotation(**said: Any) -> dict[str, Any]:
    return {"result": [{"from_name": name, "value": value} for name, value in said.items()]}


ACCEPTED = annotation(decision={"choices": ["accept"]})


@pytest.mark.parametrize("count", [0, 1, 3])
def test_tasks_are_one_array(count: int) -> None:
    found = orjson.loads(b"".join(tasks([ROW] * count)))
    assert len(found) == count
    for one in found:
        assert one["data"]["flags"] == "a, b" and one["data"]["response"] == ROW["response"]
        assert "not for them" not in one["data"]


def test_the_interface_offers_every_decision_and_reason() -> None:
    interface = ElementTree.fromstring(config())
    found = {one.get("value") for one in interface.iter("Choice")}
    assert {"accept", "edit", "reject", *REASONS} == found
    # Of the tags, only View and Choices can depend on a choice, and one row is one line.
    shown = {one.get("whenChoiceValue"): one[0].get("name") for one in interface.iter("View")}
    assert shown == {None: None, "reject": "reason", "edit": "edited"}
    (edited,) = interface.iter("TextArea")
    assert int(edited.get("rows", "1")) > 1 and "visibleWhen" not in edited.attrib


def test_a_task_as_label_studio_documents_its_export() -> None:
    shown = {"to_name": "response", "origin": "manual"}
    results = [
        {**shown, "id": "a", "from_name": "decision", "type": "choices",
         "value": {"choices": ["edit"]}},
        {**shown, "id": "b", "from_name": "edited", "type": "textarea",
         "value": {"text": ["Two\nlines."]}, "meta": {"lead_time": 3.2}},
    ]  # fmt: skip
    given = {"id": 1001, "completed_by": {"id": 1, "email": "a@example.org"}, "result": results,
             "was_cancelled": False, "ground_truth": False, "lead_time": 4.3, "task": 1,
             "result_count": 2, "parent_annotation": None}  # fmt: skip
    exported = {"id": 1, "project": 83, "created_at": "2031-01-01T00:00:00Z", "inner_id": 1,
                "data": {k: v for k, v in ROW.items() if k != "not for them"}, "meta": {},
                "annotations": [given], "drafts": [], "predictions": [], "cancelled_annotations": 0,
                "comment_count": 0, "file_upload": "tasks.json"}  # fmt: skip
    found = annotated(JsonFields(exported, "tasks.json", UsageError))
    assert found is not None and found.values == {
        **{"run": "first", "id": "0:1", "version": 2},
        **{"decision": "edit", "response": "Two\nlines."},
    }
    flat = {"id": 1, "decision": "accept", "annotation_id": 1001}
    with pytest.raises(UsageError, match="export the annotations as JSON, not as JSON-MIN"):
        annotated(JsonFields(flat, "the task", UsageError))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (ACCEPTED, {"decision": "accept"}),
        (
            annotation(decision={"choices": ["reject"]}, reason={"choices": ["wrong"]}),
            {"decision": "reject", "reason": "wrong"},
        ),
        (
            annotation(decision={"choices": ["edit"]}, edited={"text": ["B."]}),
            {"decision": "edit", "response": "B."},
        ),
        (annotation(decision={"choices": []}), {"decision": ""}),
    ],
)
def test_an_annotation_has_the_fields_of_an_export(given: Any, said: dict[str, str]) -> None:
    found = annotated(task(given))
    assert found is not None
    assert found.values == {"run": "first", "id": "0:1", "version": 2, **said}


def test_no_annotation_or_a_cancelled_one_is_no_decision() -> None:
    assert annotated(task()) is None
    assert annotated(task({**ACCEPTED, "was_cancelled": True})) is None


def test_annotators_who_disagree_decide_nothing() -> None:
    assert annotated(task(ACCEPTED, ACCEPTED)) is not None
    with pytest.raises(UsageError, match="2 annotators disagree about 0:1"):
        annotated(task(ACCEPTED, annotation(decision={"choices": ["reject"]})))
