"""What is asked of the engine and what comes back: plain typed messages.

Knows nothing of MLX.  Invariant: a request is answered or failed exactly once.
"""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from stages.base import Choice, Question
from stages.completions import Embedding
from workers.generation.tokens.grammar import SchemaMatcher
from workers.generation.tokens.logprobs import LogprobNotes, Noted
from workers.generation.tokens.prompts import EncodedPrompt
from workers.generation.tokens.sampling import KeyedSampler
from workers.generation.tokens.stops import StopTexts


@dataclass(frozen=True)
class Completion:
    """A finished answer: its tokens without the end token, and why it ended.

    cached: tokens of the prompt that were not read again, for others had begun with them.
    """

    tokens: tuple[int, ...]
    finish_reason: str  # "stop" or "length"
    cached: int = 0
    logprobs: tuple[Noted, ...] | None = None

    @property
    def cut(self) -> bool:
        """Whether it ended only because it may not be longer."""
        return self.finish_reason == "length"


@dataclass
class GenerateRequest:
    """One row: a prompt, how it may end, and who waits for it.

    The matcher (None: any text) and the sampler (None: greedy) are made anew when a row
    starts over.  `top_logprobs`: how many to note at each place; None: none are noted.
    `find_beginning`: whether what its prompt shares with others is still to be found.
    `expected`: tokens of the answer that memory is planned for; None: `max_tokens`, as asked for.
    """

    prompt: EncodedPrompt
    max_tokens: int
    stage: str
    make_matcher: Callable[[], SchemaMatcher | None]
    make_sampler: Callable[[], KeyedSampler | None]
    future: Future[Completion]
    stops: StopTexts | None = None
    top_logprobs: int | None = None
    find_beginning: bool = False
    expected: int | None = None

    def new_notes(self) -> LogprobNotes | None:
        """Where the log probabilities of an answer are noted; None where nobody asks for them."""
        return None if self.top_logprobs is None else LogprobNotes(self.top_logprobs)

    @property
    def longest(self) -> int:
        """Most tokens this row can hold."""
        return len(self.prompt.tokens) + self.max_tokens

    def planned(self, written: int = 0) -> int:
        """Tokens that memory is planned for, with so many of the answer written.

        An answer that outgrows what was expected is planned for twice as much, again and again.
        """
        return len(self.prompt.tokens) + self._planned_answer(written)

    def given_back(self, written: int) -> GenerateRequest:
        """The request, to start anew: its answer is known to be longer than it is by now."""
        if self.expected is not None:
            self.expected = self._planned_answer(written)
        return self

    def _planned_answer(self, written: int) -> int:
        if self.expected is None:
            return self.max_tokens
        return min(self.max_tokens, self.expected << (written // self.expected).bit_length())


@dataclass(frozen=True)
class Finished:
    """A request and its answer."""

    request: GenerateRequest
    completion: Completion


@dataclass
class ChooseRequest:
    """One text to be judged under a question; `length` is how many of its tokens are read."""

    question: Question
    text: str
    length: int
    stage: str
    future: Future[Choice]


@dataclass
class EmbedRequest:
    """The tokens of a text whose vector is wanted."""

    tokens: tuple[int, ...]
    stage: str
    future: Future[Embedding]


Request = ChooseRequest | EmbedRequest | GenerateRequest


def alike(waiting: Iterable[ChooseRequest], most: int) -> list[ChooseRequest]:
    """The oldest request and those of its question nearest in length: little is padded."""
    first, *others = waiting
    same = [request for request in others if request.question is first.question]
    same.sort(key=lambda request: abs(request.length - first.length))
    return [first, *same[: most - 1]]
