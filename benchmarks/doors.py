"""`python -m benchmarks.doors`: requests of one's own, and a server in the place of the engine.

Chat requests with one long system prompt, with and without a schema, against mlx-lm and llama.cpp;
and the stages' requests through an endpoint, against the same server asked directly.  All by turns
in one run.  Invariant: everybody answers the same requests, and a ratio is one of the same round.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.doors_endpoint import Direct, Door, llama_server, requests_of_stages
from benchmarks.messages import Job, TokenizedRequest
from benchmarks.processes import Impossible, Layout, Team
from benchmarks.run import machine
from benchmarks.tables import TextTable
from benchmarks.work import BenchmarkRequest
from stages.base import Data, FilledPrompt
from stages.completions import Message
from workers.model_store import resolve
from workers.pool.sizing import core_count
from workers.settings.config import DEFAULT_MODEL

SYSTEM_TOKENS, ANSWER_TOKENS, ROWS = 400, 64, 32
_GUIDE = (
    "You answer questions of analysts about computer security in full sentences. Say what a thing "
    "is, how it works, whom it concerns and what is done about it. Name no product that was not "
    "named to you, and never guess a number. "
)
_SUBJECTS = "phishing ransomware botnets rootkits spyware worms keyloggers backdoors".split()
_ASPECTS = "What is|Who uses|Who is hit by|What shows|How to stop|Why is there|When came|Where is"
SCHEMA = {
    "type": "object",
    "properties": {
        "answer": {"type": "string"},
        "severity": {"enum": ["low", "medium", "high", "critical"]},
    },
    "required": ["answer", "severity"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Peer:
    """Whom we are compared with, how it runs, and the least ratio that is wanted."""

    name: str
    layout: Layout
    goal: float
    batched: bool = False

    @property
    def options(self) -> dict[str, Any]:
        return {"batched": True} if self.batched else {}


@dataclass(frozen=True)
class Contest:
    """A peer that answers the same requests as the engine of batch files."""

    title: str
    schema: bool
    peer: Peer


def _one_each() -> Layout:
    """As runs do it on a Linux CPU: a single-threaded worker for each core."""
    return Layout("requests", processes=core_count())


_CHAT = "chat requests with one system prompt"
_MLX_LM = Layout("mlx_lm")
CONTESTS = {
    "one": Contest(_CHAT, False, Peer("mlx_lm.generate one by one", _MLX_LM, 6.0)),
    "batch": Contest(_CHAT, False, Peer("mlx_lm.batch_generate", _MLX_LM, 2.0, batched=True)),
    "schema": Contest(
        f"{_CHAT} under a JSON schema",
        True,
        Peer("llama.cpp's server, same GGUF", Layout("llama.cpp"), 1.5),
    ),
}


def chat_requests(count: int, schema: bool, turn: int) -> list[TokenizedRequest]:
    """Questions behind one system prompt of some 400 tokens; each round has its own prompt."""
    from mlx_lm.utils import load_tokenizer

    from workers.generation.tokens.prompts import PromptEncoder

    encoder = PromptEncoder(load_tokenizer(resolve(DEFAULT_MODEL)))
    system = f"Round {turn}. "
    while len(encoder.encode_data(system)) < SYSTEM_TOKENS:
        system += _GUIDE
    questions = [f"{a} {s}?" for s in _SUBJECTS for a in _ASPECTS.split("|")]
    made = []
    for question in (questions * -(-count // len(questions)))[:count]:
        turns = (Message("system", system), Message("user", question))
        prompt = FilledPrompt(system, (Data(question),), ANSWER_TOKENS)
        request = BenchmarkRequest(prompt, question, schema=SCHEMA if schema else None)
        made.append(
            TokenizedRequest(request, encoder.encode_messages(turns).tokens, 0, ANSWER_TOKENS, 0)
        )
    return made


class Contestants:
    """The processes of all, started when first needed."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._teams: dict[Layout, Team] = {}

    def seconds(
        self, layout: Layout, options: dict[str, Any], asked: Sequence[TokenizedRequest]
    ) -> float:
        """How long the requests take; raises Impossible."""
        if layout not in self._teams:
            self._teams[layout] = Team(layout, DEFAULT_MODEL, self._log)
        warm_up = tuple(chat_requests(2, bool(asked[0].request.schema), turn=-1))
        job = Job(ROWS, tuple(asked), warm_up, options)
        return self._teams[layout].run(job).seconds

    def close(self) -> None:
        for team in self._teams.values():
            team.close()


def _contest(contest: Contest, all_of: Contestants, count: int, rounds: int) -> list[str]:
    """The row of a contest."""
    peer, ratios, problem = contest.peer, list[float](), ""
    for turn in range(rounds):
        asked = chat_requests(count, contest.schema, turn)
        ours = all_of.seconds(_one_each(), {}, asked)
        print(f"  round {turn + 1}: batch file engine {ours:.1f} s", flush=True)
        try:
            theirs = all_of.seconds(peer.layout, peer.options, asked)
        except Impossible as error:
            problem = str(error)
            break
        print(f"  round {turn + 1}: {peer.name} {theirs:.1f} s", flush=True)
        ratios.append(theirs / ours)
    return [f"{contest.title}, against {peer.name}", problem or _spread(ratios), f"{peer.goal:g}"]


def _spread(ratios: Sequence[float]) -> str:
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def _endpoint_row(count: int, rounds: int) -> list[str]:
    """The stages' requests through an endpoint, against the server asked directly at its best."""
    requests = requests_of_stages(count)
    ratios = []
    with llama_server(slots=8) as url:
        direct, door = Direct(url), Door(url)
        best = direct.best_level(requests)
        print(f"  the server is fastest with {best} at a time", flush=True)
        requests = direct.answered(requests, best)
        door.answer(requests)  # it finds its level
        for turn in range(rounds):
            theirs, ours = _timed(lambda: direct.answered(requests, best)), door.timed(requests)
            ratios.append(theirs / ours)
            both = (
                f"directly {theirs:.1f} s, {direct.failed} requests failed; "
                f"--endpoint {ours:.1f} s, {door.failed} failed, best level {door.level}"
            )
            print(f"  round {turn + 1}: {both}", flush=True)
        door.close()
    against = f"the server asked directly, {best} at a time"
    return [f"the stages over an endpoint, against {against}", _spread(ratios), "0.95"]


def _timed(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=64, help="chat requests (default: 64)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds by turns (default: 3)")
    parser.add_argument("--only", choices=(*CONTESTS, "endpoint"), help="one part only")
    options = parser.parse_args()
    rows: list[list[str]] = []
    chosen = [name for name in CONTESTS if options.only in (None, name)]
    with tempfile.TemporaryDirectory() as folder:
        all_of = Contestants(Path(folder) / "engines.log")
        for contest in (CONTESTS[name] for name in chosen):
            print(contest.title, flush=True)
            rows.append(_contest(contest, all_of, options.requests, options.rounds))
        all_of.close()
    if options.only in (None, "endpoint"):
        print("the stages over an endpoint", flush=True)
        rows.append(_endpoint_row(options.requests, options.rounds))
    print(json.dumps(machine() | {"load_after": round(os.getloadavg()[0], 2)}))
    print(TextTable("Ratios, median (lowest to highest)", ["work", "ratio", "goal"], rows).text())


if __name__ == "__main__":
    main()
