"""Answers that must fit a JSON schema: which tokens may come next, row by row.

A matcher per row (llguidance) masks the logits.  Knows nothing of batches.
Invariant: an answer ends as valid JSON, even when its length limit cuts it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import llguidance.numpy
import mlx.core as mx
import numpy as np
from llguidance import LLMatcher

from workers.core.errors import ModelError
from workers.generation.tokens.token_table import grammar_tokenizer

# Tried in this order when an answer must close: end the string, list or object at hand.
_CLOSERS = ('"', "]", "}", '"]', '"}', '"]}', "]}", '",', "],", '":', "{", "[", "0")
_CLOSE_LIMIT = 512
_KEPT = 256  # compiled schemas; a stage has a few, requests of somebody's own may have many


class Grammar:
    """Compiled schemas of one tokenizer; hands out a matcher for each answer.

    vocab_size: tokens that the model knows; a tokenizer may have some more, which are never chosen.
    model: the content hash of the model, where it is known.
    Raises ModelError for a tokenizer that the grammar library can't read.
    """

    def __init__(self, tokenizer: Any, vocab_size: int, model: str = "") -> None:
        inner = getattr(tokenizer, "_tokenizer", tokenizer)
        self.eos_token_ids = sorted(tokenizer.eos_token_ids)
        self.vocab_size = vocab_size
        self.known_tokens = max(vocab_size, len(inner))
        try:
            known, ends = self.known_tokens, self.eos_token_ids
            self._tokenizer = grammar_tokenizer(inner, known, ends, model)
        except (ValueError, TypeError, AttributeError) as error:
            raise ModelError(
                f"answers under a schema are not possible with this model's tokenizer: {error}"
            ) from error
        self._closers = [
            tokens[0]
            for text in _CLOSERS
            if len(tokens := inner.encode(text, add_special_tokens=False)) == 1
        ]
        self._compiled: dict[str, LLMatcher] = {}
        self._reserves: dict[str, int] = {}

    def matcher(self, schema: Mapping[str, Any]) -> SchemaMatcher:
        """A matcher at the start of an answer; raises ModelError for a bad schema."""
        key = json.dumps(schema)
        if key not in self._compiled:
            self._make_room()
            source = LLMatcher.grammar_from_json_schema(
                key, defaults={"whitespace_flexible": False}
            )
            compiled = LLMatcher(self._tokenizer, source)
            if error := compiled.get_error():
                raise ModelError(f"schema can't be used as a grammar: {error[:200]}")
            self._reserves[key] = self._closing_cost(compiled)
            self._compiled[key] = compiled
        return SchemaMatcher(self, self._compiled[key].deep_copy(), self._reserves[key])

    def _make_room(self) -> None:
        """Forget the schema that was compiled first, when there are many."""
        if len(self._compiled) >= _KEPT:
            oldest = next(iter(self._compiled))
            del self._compiled[oldest], self._reserves[oldest]

    def _closing_cost(self, compiled: LLMatcher) -> int:
        """Tokens that the shortest close takes from the very start: no state needs many more."""
        matcher = SchemaMatcher(self, compiled.deep_copy(), _CLOSE_LIMIT)
        for count in range(1, _CLOSE_LIMIT):
            token = matcher.closing_token()
            if token is None or token in self.eos_token_ids:
                return count + 8
            matcher.advance(token)
        raise ModelError("schema can't be closed in a bounded number of tokens")

    def closing_choice(self, allowed: np.ndarray, forced: Sequence[int]) -> int | None:
        """The allowed token that brings an answer nearest to its end, if there is one.

        `forced` are the tokens of the only text that may follow, if only one may.
        """
        token: int
        for token in (*self.eos_token_ids, *self._closers, *forced[:1]):
            if allowed[token]:
                return token
        found = np.flatnonzero(allowed)
        return int(found[0]) if found.size else None


class SchemaMatcher:
    """How far one answer has come in its grammar, and how much room it has left."""

    def __init__(self, grammar: Grammar, matcher: LLMatcher, reserve: int) -> None:
        self._grammar = grammar
        self._matcher = matcher
        self.reserve = reserve
        self._bits = llguidance.numpy.allocate_token_bitmask(1, grammar.known_tokens)

    @property
    def vocab_size(self) -> int:
        """Size of the masks."""
        return self._grammar.vocab_size

    def advance(self, token: int) -> None:
        """Take in a token of the answer."""
        if not self._matcher.is_stopped():
            self._matcher.consume_token(token)

    @property
    def finished(self) -> bool:
        """Whether nothing but the end of text may follow."""
        return bool(self._matcher.is_stopped())

    def allowed(self) -> np.ndarray:
        """Boolean mask over the vocabulary, shape (vocab_size,)."""
        size = self._grammar.vocab_size
        if self._matcher.is_stopped():
            mask = np.zeros(size, dtype=bool)
            mask[self._grammar.eos_token_ids] = True
            return mask
        llguidance.numpy.fill_next_token_bitmask(self._matcher, self._bits)
        return np.unpackbits(self._bits.view(np.uint8)[0], count=size, bitorder="little").view(bool)

    def allows(self, token: int) -> bool:
        """Whether this token may come next."""
        return self.fitting((token,)) == 1

    def fitting(self, tokens: Sequence[int]) -> int:
        """How many of these tokens, one after the other, fit from here."""
        if self._matcher.is_stopped():
            return 0
        return int(self._matcher.validate_tokens(list(tokens)))

    def closing_token(self) -> int | None:
        """The next token of the shortest way to the end of the answer."""
        return self._grammar.closing_choice(self.allowed(), self._forced())

    def _forced(self) -> list[int]:
        """Tokens of the only text that may follow, as the tokenizer itself cuts it."""
        return [] if self._matcher.is_stopped() else list(self._matcher.compute_ff_tokens())

    def only_choice(self, left: int) -> int | None:
        """The token that must come next, if there is one; `left` tokens may still come.

        Either the answer has to close now, or the grammar leaves one text only.  That text
        is written in the tokenizer's own way, which is part of what an answer is: it holds
        with and without batches.
        """
        if left <= self.reserve:
            return self.closing_token()
        forced = self._forced()
        return int(forced[0]) if forced else None


class SchemaProcessor:
    """A logits processor of mlx-lm that keeps one row inside its schema.

    Called once per token with the row's context and its logits, shape (1, vocab).
    """

    def __init__(self, matcher: SchemaMatcher, max_tokens: int) -> None:
        self._matcher = matcher
        self._left = max_tokens
        self._started = False

    def __call__(self, context: mx.array, logits: mx.array) -> mx.array:
        if self._started:
            self._matcher.advance(int(np.array(context[-1])))
            self._left -= 1
        self._started = True
        token = self._matcher.only_choice(self._left)
        if token is None:
            mask = self._matcher.allowed()
        else:
            mask = np.zeros(self._matcher.vocab_size, dtype=bool)
            mask[token] = True
        return mx.where(mx.array(mask), logits, -mx.inf)
