"""What a user of mlx-lm would write: generate one by one, or batch_generate.

Both as mlx-lm documents them; answers under a schema get the project's own grammar, one
logits processor a row.  Invariant: prompts, longest answers and end tokens are the same as
everyone's.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import mlx.core as mx
import mlx_lm
from mlx_lm.generate import BatchGenerator
from mlx_lm.models.cache import make_prompt_cache

from benchmarks.messages import Job, TokenizedRequest
from workers.generation.model.load import load
from workers.generation.tokens.grammar import Grammar, SchemaProcessor
from workers.model_store import resolve

_PREFILL_ROWS = 8  # mlx-lm's own default
_WARM_UP = 2  # requests; nothing is kept from them, so that more would not help


class MlxLm:
    """mlx-lm with the model as it comes; the option `batched` chooses the way.

    The option `prompt_cache` starts every prompt from a cache of its shared beginning, as
    mlx-lm's documentation shows for prompts with a common context.
    """

    def __init__(self, model: str) -> None:
        self._loaded = load(resolve(model), accelerate=False)
        self._tokenizer = self._loaded.tokenizer
        self._grammar = Grammar(self._tokenizer, self._loaded.facts.vocab_size)

    def prepare(self, job: Job) -> None:
        """Warm up; caches of shared beginnings are made here too."""
        self._job = job
        self._prefixes: dict[tuple[int, ...], Any] = {}
        mx.clear_cache()
        for asked in job.requests if job.options.get("prompt_cache") else ():
            self._prefix(asked)
        self._answer([asked.briefly() for asked in job.warm_up[:_WARM_UP]])

    def answers(self) -> list[str]:
        """Answer the job."""
        return self._answer(self._job.requests)

    def _answer(self, requests: Sequence[TokenizedRequest]) -> list[str]:
        if not self._job.options.get("batched"):
            return [self._one(asked) for asked in requests]
        if any(asked.request.schema for asked in requests):
            return self._batch_with_grammar(requests)
        return self._batch(requests)

    def _one(self, asked: TokenizedRequest) -> str:
        tokens, cache = self._start(asked)
        text: str = mlx_lm.generate(
            self._loaded.model,
            self._tokenizer,
            tokens,
            max_tokens=asked.max_tokens,
            logits_processors=self._processors(asked),
            prompt_cache=cache,
        )
        return text

    def _batch(self, requests: Sequence[TokenizedRequest]) -> list[str]:
        starts = [self._start(asked) for asked in requests]
        cached = starts and starts[0][1] is not None
        answer = mlx_lm.batch_generate(
            self._loaded.model,
            self._tokenizer,
            [tokens for tokens, _ in starts],
            prompt_caches=[cache for _, cache in starts] if cached else None,
            max_tokens=[asked.max_tokens for asked in requests],
            **self._sizes(),
        )
        return list(answer.texts)

    def _batch_with_grammar(self, requests: Sequence[TokenizedRequest]) -> list[str]:
        """What batch_generate does, with a logits processor of its own for each row."""
        stop = [[token] for token in self._tokenizer.eos_token_ids]
        generator = BatchGenerator(self._loaded.model, stop_tokens=stop, **self._sizes())
        starts = [self._start(asked) for asked in requests]
        cached = starts and starts[0][1] is not None
        uids = generator.insert(
            [tokens for tokens, _ in starts],
            [asked.max_tokens for asked in requests],
            caches=[cache for _, cache in starts] if cached else None,
            logits_processors=[self._processors(asked) or [] for asked in requests],
        )
        found: dict[int, list[int]] = {uid: [] for uid in uids}
        while responses := generator.next_generated():
            for response in responses:
                if response.finish_reason != "stop":
                    found[response.uid].append(response.token)
        generator.close()
        return [self._tokenizer.decode(found[uid]) for uid in uids]

    def _sizes(self) -> dict[str, Any]:
        rows = self._job.rows
        return {"completion_batch_size": rows, "prefill_batch_size": min(_PREFILL_ROWS, rows)}

    def _processors(self, asked: TokenizedRequest) -> list[Any] | None:
        schema = asked.request.schema
        if schema is None:
            return None
        return [SchemaProcessor(self._grammar.matcher(schema), asked.max_tokens)]

    def _start(self, asked: TokenizedRequest) -> tuple[list[int], Any]:
        """The tokens to process, and the cache that holds those before them."""
        if not self._job.options.get("prompt_cache"):
            return list(asked.tokens), None
        return list(asked.tokens[asked.shared :]), copy.deepcopy(self._prefix(asked))

    def _prefix(self, asked: TokenizedRequest) -> Any:
        head = asked.tokens[: asked.shared]
        if head not in self._prefixes:
            cache = make_prompt_cache(self._loaded.model)
            self._loaded.model(mx.array(head)[None], cache=cache)
            mx.eval([layer.state for layer in cache])
            self._prefixes[head] = cache
        return self._prefixes[head]
