"""Row 34: the reviewer is killed while a person decides.

Knows the page's requests and the run's folder; decides as a person would, and remembers what was
answered.  Invariant: what the program has acknowledged is known here and not asked of it.
"""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

from tests.faults.recount import recount
from tests.faults.rig import Job, Rig, Run
from tests.faults.tally import Tally

_PAIRS = 240  # decided at some hundred a second
_CHUNK = 12
_WAITING, _FINISHED = 4, 0


@dataclass
class _Page:
    """The requests of one browser."""

    port: int
    token: str

    def ask(self, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        head = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = json.dumps(body) if body else None
        connection.request("POST" if body else "GET", f"/api/{path}", data, head)
        response = connection.getresponse()
        found = response.status, json.loads(response.read())
        connection.close()
        return found

    def rows(self) -> dict[str, dict[str, Any]]:
        """The pairs that can still be decided about, or taken back."""
        return {row["id"]: row for row in self.ask("list?show=all")[1]["rows"]}


@dataclass
class _Person:
    """Decides, and knows what was acknowledged: by pair, the decision; None: taken back."""

    rig: Rig
    answered: dict[str, str | None] = field(default_factory=dict)
    begun: str = ""  # the pair whose answer had not come yet
    asked: str | None = None

    def decide_all(self, page: _Page) -> None:
        """Until nothing is open, or the reviewer is gone; now and then one is taken back."""
        rows = page.rows()
        open_ids = [own_id for own_id, row in rows.items() if row["state"] == "open"]
        self.rig.random.shuffle(open_ids)
        for own_id in open_ids:
            version = rows[own_id]["version"]
            version = self._decide(page, own_id, version)
            if self.rig.random.random() < 0.1:
                self._send(page, own_id, None, "undo", version)

    def _decide(self, page: _Page, own_id: str, version: int) -> int:
        action = self.rig.random.choice(("accept", "reject", "edit"))
        more = {"response": f"Edited answer of {own_id}."} if action == "edit" else {}
        how = {"action": action, "reason": "wrong", "keep_anyway": True, **more}
        return self._send(page, own_id, action, "decide", version, **how)

    def _send(
        self, page: _Page, own_id: str, means: str | None, path: str, version: int, **how: Any
    ) -> int:
        self.begun, self.asked = own_id, means
        status, said = page.ask(path, id=own_id, version=version, **how)
        assert status == 200, said
        self.answered[own_id] = means
        self.begun = ""
        return int(said["version"])

    def fits(self, own_id: str, state: str) -> bool:
        """Whether a pair's state is what was acknowledged, or what was being asked for."""
        states = [self.answered.get(own_id)]
        if own_id == self.begun:
            states.append(self.asked)
        return state in [one or "open" for one in states]


def reviewers_killed(rig: Rig, times: int) -> Tally:
    """Row 34: after kill -9 at any moment every decision that was answered is there, once."""
    tally, left = Tally(), times
    while left > 0:
        run = _waiting_run(rig)
        person = _Person(rig)
        left -= _kill_while_deciding(run, person, left, tally)
        _finish(run, person, tally)
    return tally


def _waiting_run(rig: Rig) -> Run:
    """A run that has come to its review."""
    source = rig.root / "pairs.jsonl"
    source.write_text("".join(json.dumps(_pair(number)) + "\n" for number in range(_PAIRS)))
    ids = [f"0:{number + 1}" for number in range(_PAIRS)]
    flags = ("--stages", "manual_reviewer", "--disable-llm", "--chunk-size", str(_CHUNK))
    run = rig.run(Job(source, ids, flags), workers=1)
    ended = run.once()
    assert ended.status == _WAITING, ended.text
    return run


def _pair(number: int) -> dict[str, object]:
    text = f"A remote attacker can send a long header to run code as user u{number}."
    source = {"kind": "vulnerability", "id": f"V-{number}", "name": f"Gate {number}", "text": text}
    question = f"What can an attacker do with Gate {number}?"
    return {"instruction": question, "response": text, "type": "impact", "source_data": source}


def _kill_while_deciding(run: Run, person: _Person, most: int, tally: Tally) -> int:
    """Kill the reviewer until all is decided, or often enough; how often it was."""
    kills = 0
    while kills < most:
        with _reviewer(run) as (process, page):
            _compare(page, person, tally)
            killer = Timer(person.rig.somewhere(0.02, 0.4), process.kill)
            killer.start()
            with suppress(OSError, http.client.HTTPException):
                person.decide_all(page)
            killer.join()
        kills += 1
        tally.injected += 1
        if len([one for one in person.answered.values() if one]) > 0.8 * _PAIRS:
            break
    return kills


def _compare(page: _Page, person: _Person, tally: Tally) -> None:
    """What the new start shows, against what the old ones acknowledged."""
    rows = page.rows()
    for own_id, row in rows.items():
        fits = person.fits(own_id, row["state"])
        tally.expect(fits, f"{own_id} is {row['state']}, not {person.answered.get(own_id)}")
    if person.begun in rows:
        state = rows[person.begun]["state"]
        person.answered[person.begun] = None if state == "open" else state
        person.begun = ""
    # A chunk that was decided whole is sealed by a start, and its pairs are not shown again.
    unseen = [i for i in person.answered if i not in rows and not person.answered[i]]
    tally.expect(not unseen, f"pairs that are open are not shown: {unseen[:5]}")


def _finish(run: Run, person: _Person, tally: Tally) -> None:
    """Decide the rest, and look at the results of the run."""
    with _reviewer(run) as (process, page):
        _compare(page, person, tally)
        while page.ask("state")[1]["open"]:
            person.decide_all(page)
        page.ask("finish", all=True)
        tally.expect(process.wait(30) == _FINISHED, "the reviewer did not end by itself")
    ended = run.once()
    tally.expect(ended.status == _FINISHED, f"resume ended with {ended.status}: {ended.text}")
    tally.add(recount(run.folder, run.job.ids))
    found = _results(run.folder)
    wrong = [i for i, means in person.answered.items() if found.get(i) != means]
    tally.misfiled += len(wrong)
    tally.expect(not wrong, f"not as decided: {[(i, found.get(i)) for i in wrong[:5]]}")


def _results(folder: Path) -> dict[str, str]:
    """How each pair ended, by its id."""
    found: dict[str, str] = {}
    for path in folder.glob("*/done/*.jsonl"):
        for line in map(json.loads, path.read_text().splitlines()):
            kept = line["outcome"] == "result"
            found[line["id"]] = line["records"][0]["review"]["decision"] if kept else "reject"
    return found


@contextmanager
def _reviewer(run: Run) -> Iterator[tuple[subprocess.Popen[str], _Page]]:
    """The reviewer's page, served by a process that is gone at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "stages.manual_reviewer", run.name], cwd=run.rig.project,
        env=run.rig.environ(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if link := re.search(r"http://127\.0\.0\.1:(\d+)/#(\S+)", line):
                yield process, _Page(int(link[1]), link[2])
                return
        raise AssertionError(f"no link: {printed}")
    finally:
        process.kill()
        process.communicate()
