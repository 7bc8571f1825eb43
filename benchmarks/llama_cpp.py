"""llama.cpp's server on the same weights, in their GGUF form, through the xllamacpp wheel.

As many slots as rows, continuous batching, its prompt cache and its own grammar for JSON
schemas.  Invariant: prompts are the tokens that every engine gets, and answers are greedy.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.messages import CannotRun, Job, TokenizedRequest
from workers.model_store import fetch_gguf
from workers.pool.sizing import core_count
from workers.settings.config import DEFAULT_MODEL

_SLOT_TOKENS = 2048  # of context for each slot


class LlamaCpp:
    """A server with one slot a row."""

    def __init__(self, model: str) -> None:
        if model != DEFAULT_MODEL:
            raise CannotRun("a GGUF is at hand for the default model only")
        try:
            import xllamacpp
        except ImportError as error:
            raise CannotRun("xllamacpp is not installed: pip install -e '.[bench]'") from error
        self._library = xllamacpp
        self._gguf = fetch_gguf()
        self._rows = 0
        self.note = _features(xllamacpp.get_system_info())

    def prepare(self, job: Job) -> None:
        """A server of the job's size; it is kept from round to round, its prompt cache too."""
        if job.rows != self._rows:
            self._server = None
            self._server = self._library.Server(self._parameters(job.rows))
            self._rows = job.rows
        self._job = job
        self._answer([asked.briefly() for asked in job.warm_up])

    def _parameters(self, rows: int) -> Any:
        parameters = self._library.CommonParams()
        parameters.model.path = str(self._gguf)
        parameters.n_gpu_layers = 0
        parameters.n_parallel = rows
        parameters.n_ctx = rows * _SLOT_TOKENS
        parameters.cpuparams.n_threads = core_count()
        parameters.cpuparams_batch.n_threads = core_count()
        return parameters

    def answers(self) -> list[str]:
        """Answer the job."""
        return self._answer(self._job.requests)

    def _answer(self, requests: Sequence[TokenizedRequest]) -> list[str]:
        with ThreadPoolExecutor(self._rows) as clients:
            return list(clients.map(self._ask, requests))

    def _ask(self, asked: TokenizedRequest) -> str:
        request: dict[str, Any] = {
            "prompt": list(asked.tokens),
            "n_predict": asked.max_tokens,
            "temperature": 0,
            "cache_prompt": True,
        }
        if asked.request.schema is not None:
            request["json_schema"] = asked.request.schema
        assert self._server is not None
        reply: Any = self._server.handle_completions(request)
        if "choices" not in reply:
            raise CannotRun(f"llama.cpp: {str(reply)[:200]}")
        return str(reply["choices"][0]["text"])


def _features(info: str) -> str:
    """The CPU features that this build uses."""
    used = [
        part.split(" = ")[0].split(":")[-1].strip() for part in info.split("|") if "= 1" in part
    ]
    return "built for " + ", ".join(used)
