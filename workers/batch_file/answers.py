"""From the sealed outcomes of a run to the output file: a line for each request, in their order.

Knows OpenAI's batch output and the run's sealed chunks.  Invariant: the file has one line for each
line of the input that was not blank, and is there whole or not at all.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from stages.base import Failed
from stages.requests.problems import split
from workers.core.files import publish
from workers.queue.lineage import lineages
from workers.queue.sealed import SealedLine
from workers.run.run_folder import RunFolder


@dataclass
class Written:
    """What the output file holds, and the tokens it took."""

    answers: int = 0
    errors: dict[str, int] = field(default_factory=dict)  # by their code
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0

    def count_answer(self, usage: dict[str, Any]) -> None:
        self.answers += 1
        self.prompt_tokens += usage["prompt_tokens"]
        self.cached_tokens += usage.get("prompt_tokens_details", {}).get("cached_tokens", 0)
        self.completion_tokens += usage.get("completion_tokens", 0)  # embeddings have none

    def count_error(self, code: str) -> None:
        self.errors[code] = self.errors.get(code, 0) + 1


def write_answers(run: RunFolder, output: Path) -> Written:
    """Write the output of a run whose requests all have an outcome.  Raises OSError."""
    written = Written()
    with tempfile.TemporaryFile(dir=run.path) as scratch:
        places = _written_as_they_come(run, scratch, written)
        publish(output, _in_order(scratch, places))
    return written


def _written_as_they_come(
    run: RunFolder, scratch: BinaryIO, written: Written
) -> list[tuple[int, int, int]]:
    """Requests were grouped: their lines are noted by number, place and length."""
    places = []
    for lineage in lineages(run.queues[0]):
        for sealed in lineage.sealed:
            number, line = _output(sealed, written)
            places.append((number, scratch.tell(), len(line)))
            scratch.write(line)
    return places


def _in_order(scratch: BinaryIO, places: list[tuple[int, int, int]]) -> Iterator[bytes]:
    scratch.flush()
    for _, at, length in sorted(places):
        yield os.pread(scratch.fileno(), length, at)


def _output(sealed: SealedLine, written: Written) -> tuple[int, bytes]:
    """The number of a request's line, and the line of the output."""
    if isinstance(sealed.outcome, Failed):
        return _error(sealed, sealed.outcome, written)
    [answer] = sealed.records
    number: int = answer["line"]
    written.count_answer(answer["body"]["usage"])
    response = {"status_code": 200, "request_id": f"req_{number}", "body": answer["body"]}
    return number, _line(number, answer["custom_id"], response, None)


def _error(sealed: SealedLine, failed: Failed, written: Written) -> tuple[int, bytes]:
    assert sealed.record is not None, "whatever was in the file became a record"
    number: int = sealed.record["line"]
    code, message = split(failed.error)
    written.count_error(code)
    error = {"code": str(code), "message": message, "line": number}
    return number, _line(number, _custom_id(sealed.record), None, error)


def _custom_id(record: dict[str, Any]) -> str | None:
    if "problem" in record:
        return record["custom_id"]  # type: ignore[no-any-return]
    return str(orjson.loads(record["request"])["custom_id"])


def _line(number: int, custom_id: str | None, response: Any, error: Any) -> bytes:
    line = {"id": f"batch_req_{number}", "custom_id": custom_id}
    return orjson.dumps({**line, "response": response, "error": error}) + b"\n"
