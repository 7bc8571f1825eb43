"""From what is asked to a request of the engine: tokens, most tokens, grammar, sampler, stops.

Knows a model's tokenizer and window, and how to generate; queues and answers nothing.  Invariant:
a request that it makes fits the window, and its schema can be kept to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from stages.base import FilledPrompt, RecordError
from stages.completions import CompletionRequest
from workers.core.errors import ModelError
from workers.generation.model.load import LoadedModel
from workers.generation.requests import Completion, GenerateRequest
from workers.generation.settings import GenerationSettings
from workers.generation.tokens.grammar import Grammar, SchemaMatcher
from workers.generation.tokens.prompts import EncodedPrompt, PromptEncoder
from workers.generation.tokens.sampling import Sampling, make_sampler
from workers.generation.tokens.stops import StopTexts
from workers.generation.tokens.thinking import Thoughts, thoughts_of

Schema = Mapping[str, Any]
_LEAST_NUCLEUS = 1e-6  # holds the likeliest token alone
_EXPECTED = 1024  # tokens of an answer that nobody bounds: few use up a window


class RequestBuilder:
    """Makes the requests of one model, with the run's settings where they bring none."""

    def __init__(
        self, loaded: LoadedModel, settings: GenerationSettings, encoder: PromptEncoder
    ) -> None:
        self._loaded = loaded
        self._settings = settings
        self._encoder = encoder
        self._thoughts = thoughts_of(loaded.tokenizer) if settings.thinking else None
        self._grammar: Grammar | None = None

    def prompt(self, prompt: FilledPrompt, schema: Schema | None, stage: str) -> GenerateRequest:
        """The request of a stage; raises RecordError when it doesn't fit the window."""
        encoded = self._encoder.encode(prompt)
        most = self._settings.max_tokens or encoded.max_tokens
        return self._request(encoded, most, schema, stage, self._settings.sampling)

    @property
    def note(self) -> str:
        """What of the settings this model can't do: one line for people, or ""."""
        if self._settings.thinking and self._thoughts is None:
            return (
                "no thinking with this model: its chat template has no place for thoughts, and its "
                "tokenizer no tags"
            )
        return ""

    def thoughts(self, prompt: FilledPrompt, stage: str) -> GenerateRequest | None:
        """A request for what the model thinks before it answers a prompt; None where it does not.

        Raises RecordError where thoughts and answer don't fit the window.
        """
        if self._thoughts is None:
            return None
        encoded = self._thoughts.prompt(prompt)
        answer = self._settings.max_tokens or encoded.max_tokens
        return self._thinking(self._thoughts, encoded, answer, stage, self._settings.sampling)

    def thoughts_before(self, asked: CompletionRequest, stage: str) -> GenerateRequest | None:
        """The same for a conversation with settings of its own; a text is continued at once.

        Raises RecordError for one that can't be made.
        """
        if self._thoughts is None or asked.text is not None:
            return None
        encoded = _of_messages(self._thoughts.encoder, asked)
        answer = asked.max_tokens or self._settings.max_tokens or 1
        made = self._thinking(self._thoughts, encoded, answer, stage, self._sampling(asked))
        made.find_beginning = True
        return made

    def _thinking(
        self, how: Thoughts, encoded: EncodedPrompt, answer: int, stage: str, sampling: Sampling
    ) -> GenerateRequest:
        most = self._settings.thinking
        self._check_fits(encoded, most + how.reserve + answer)
        made = self._request(encoded, most, None, stage, sampling)
        made.stops = how.stops()
        return made

    def behind(self, asked: GenerateRequest, thought: Completion) -> EncodedPrompt:
        """The prompt with what was thought, ready for the answer."""
        assert self._thoughts is not None
        return self._thoughts.closed(asked.prompt, thought.tokens)

    def after_thoughts(
        self, asked: GenerateRequest, thought: Completion, schema: Schema | None
    ) -> GenerateRequest:
        """The request for the answer, behind what was thought."""
        encoded = self.behind(asked, thought)
        most = self._settings.max_tokens or encoded.max_tokens
        return self._request(encoded, most, schema, asked.stage, self._settings.sampling)

    def completion(
        self, asked: CompletionRequest, stage: str, behind: EncodedPrompt | None = None
    ) -> GenerateRequest:
        """A request with settings of its own, `behind` its thoughts if there are any.

        Raises RecordError for one that can't be made.
        """
        encoded = behind or self._encoded(asked)
        room = self._loaded.facts.window - len(encoded.tokens)
        bound = asked.max_tokens or self._settings.max_tokens
        most = bound or max(1, room)
        try:
            made = self._request(encoded, most, asked.schema, stage, self._sampling(asked))
        except (ModelError, ValueError) as error:  # of its schema
            raise RecordError(str(error)) from error
        made.expected = None if bound else _EXPECTED
        made.stops = StopTexts(self._loaded.tokenizer, asked.stop) if asked.stop else None
        made.top_logprobs = asked.top_logprobs
        made.find_beginning = True
        return made

    def _encoded(self, asked: CompletionRequest) -> EncodedPrompt:
        if asked.text is None:
            return _of_messages(self._encoder, asked)
        encoded = self._encoder.encode_text(asked.text)
        if not encoded.tokens:
            raise RecordError("there is nothing to continue: the prompt has no tokens")
        return encoded

    def _sampling(self, asked: CompletionRequest) -> Sampling:
        run = self._settings.sampling
        try:
            return Sampling(
                run.temp if asked.temperature is None else asked.temperature,
                run.top_p if asked.top_p is None else max(_LEAST_NUCLEUS, asked.top_p),
                run.seed if asked.seed is None else asked.seed,
            )
        except ValueError as error:
            raise RecordError(str(error)) from error

    def _request(
        self,
        encoded: EncodedPrompt,
        most: int,
        schema: Schema | None,
        stage: str,
        sampling: Sampling,
    ) -> GenerateRequest:
        # An answer under a schema gets at least what its shortest form takes.
        matcher = self._matcher(schema)
        most = max(matcher.reserve if matcher is not None else 1, most)
        self._check_fits(encoded, most)
        return GenerateRequest(
            prompt=encoded,
            max_tokens=most,
            stage=stage,
            make_matcher=lambda: self._matcher(schema),
            make_sampler=lambda: make_sampler(sampling, encoded.tokens),
            future=asyncio.get_running_loop().create_future(),
        )

    def _check_fits(self, encoded: EncodedPrompt, most: int) -> None:
        if len(encoded.tokens) + most > self._loaded.facts.window:
            raise RecordError(
                f"a prompt of {len(encoded.tokens)} tokens and an answer of up to {most} "
                f"don't fit the model's window of {self._loaded.facts.window} tokens"
            )

    def _matcher(self, schema: Schema | None) -> SchemaMatcher | None:
        if schema is None:
            return None
        if self._grammar is None:
            model = self._loaded
            self._grammar = Grammar(model.tokenizer, model.facts.vocab_size, model.fingerprint)
        return self._grammar.matcher(schema)


def _of_messages(encoder: PromptEncoder, asked: CompletionRequest) -> EncodedPrompt:
    try:
        return encoder.encode_messages(asked.messages)
    except ModelError as error:
        raise RecordError(f"messages: {error}") from error
