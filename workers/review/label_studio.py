"""Label Studio's JSON: tasks to import there, and its annotations read back as plain fields.

Knows its shapes only.  Invariant: what `annotated` gives has the fields of a line of our own
JSONL export, or it is an error that says why not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

import orjson

from stages.base import Record
from stages.manual_reviewer.decision import REASONS
from stages.manual_reviewer.note import ACTIONS, EDIT, REJECT
from workers.core.json_fields import JsonFields

_DATA = ("run", "id", "version", "instruction", "response", "source", "domain", "kind", "doubt")


def tasks(rows: Iterable[Record]) -> Iterator[bytes]:
    """A JSON array of tasks, piece by piece."""
    separator = b"[\n"
    for row in rows:
        data = {name: row[name] for name in _DATA} | {"flags": ", ".join(row["flags"])}
        yield separator + orjson.dumps({"data": data})
        separator = b",\n"
    yield b"\n]\n" if separator == b",\n" else b"[]\n"


def config() -> bytes:
    """The labelling interface that goes with the tasks, as Label Studio's settings take it."""
    lines = [
        "<View>",
        '  <Header value="$instruction"/>',
        '  <Text name="response" value="$response"/>',
        '  <Choices name="decision" toName="response" choice="single" required="true">',
        *_choices(ACTIONS),
        "  </Choices>",
        _shown_for(REJECT),
        '  <Choices name="reason" toName="response" choice="single">',
        *_choices(REASONS),
        "  </Choices>",
        "  </View>",
        _shown_for(EDIT),
        # With one row it would be a field of one line, and lines of an answer would be lost.
        '  <TextArea name="edited" toName="response" value="$response" rows="8"'
        ' maxSubmissions="1" editable="true"/>',
        "  </View>",
        '  <Header value="Source" size="5"/>',
        '  <Text name="source" value="$source"/>',
        "</View>",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _shown_for(decision: str) -> str:
    """The beginning of a part that is shown when this was chosen."""
    when = 'visibleWhen="choice-selected" whenTagName="decision"'
    return f'  <View {when} whenChoiceValue="{decision}">'


def _choices(values: Iterable[str]) -> list[str]:
    return [f"    <Choice value={quoteattr(value)}/>" for value in values]


def annotated(task: JsonFields) -> JsonFields | None:
    """A task's decision as the fields of an export's line; None without an annotation.

    Raises the error of `task` when annotators disagree.
    """
    if "data" not in task.values:
        raise task.problem('has no "data": export the annotations as JSON, not as JSON-MIN')
    data = task.inner("data")
    given = [
        one
        for one in task.inner_list("annotations")
        if not one.read_or("was_cancelled", bool, False)
    ]
    answers = [_answers(one) for one in given]
    if not answers:
        return None
    if any(one != answers[0] for one in answers[1:]):
        raise task.problem(f"{len(answers)} annotators disagree about {data.read('id', str)}")
    return JsonFields({**_identity(data), **answers[0]}, "the task", type(task.problem("")))


def _identity(data: JsonFields) -> dict[str, Any]:
    return {name: data.values[name] for name in ("run", "id", "version") if name in data.values}


def _answers(annotation: JsonFields) -> dict[str, str]:
    """What one annotator said: decision, and reason or response."""
    said: dict[str, str] = {}
    for result in annotation.inner_list("result"):
        value = result.inner("value").values
        texts = value.get("choices", value.get("text"))
        first = texts[0] if isinstance(texts, list) and texts else texts
        if isinstance(first, str):
            said[result.read("from_name", str)] = first
    found = {"decision": said.get("decision", "")}
    if found["decision"] == REJECT:
        found["reason"] = said.get("reason", "")
    if found["decision"] == EDIT and "edited" in said:
        found["response"] = said["edited"]
    return found
