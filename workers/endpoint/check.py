"""What a server can do, found out by asking it: `models check URL`.

Knows the few small requests that show it.  Invariant: each line says what was seen, never what a
server says of itself, but for the names of its models.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace

import orjson

from stages.base import UnusableAnswer
from stages.completions import CompletionRequest, Message, TextCompletion
from workers.endpoint.adaptive_client import AdaptiveClient
from workers.endpoint.choice import TOPS
from workers.endpoint.client import Client
from workers.endpoint.errors import Refused, Unavailable
from workers.endpoint.wire import answer_of, body_of, path_of
from workers.generation.tokens.schemas import checked

Ask = Callable[[CompletionRequest], Awaitable[TextCompletion]]
_SHAPE = {  # as stages have it: words that are given, and a pattern with an opening of its own
    "type": "object",
    "properties": {
        "colour": {"enum": ["mauve", "taupe"]},
        "why": {"type": "string", "pattern": r"^Because \(as seen\) [ -~\u00a0-\u024f]{2,12}$"},
    },
    "required": ["colour", "why"],
    "additionalProperties": False,
}
_CHAT = CompletionRequest((Message("user", "Name a colour."),), max_tokens=24, temperature=0.0)
_RAW = replace(_CHAT, messages=(), text="The colour of the sky is", max_tokens=4)


@dataclass(frozen=True)
class Ability:
    """Something a server may be able to do: whether it can, and what was seen."""

    name: str
    can: bool
    seen: str

    @property
    def line(self) -> str:
        """For people."""
        return f"  {self.name:<28} {'yes' if self.can else 'no':<4} {self.seen}"


async def abilities(client: Client, model: str) -> list[Ability]:
    """What the server can do with a model; raises Unavailable or Refused where it can't chat."""
    dialect = AdaptiveClient(client)

    async def ask(asked: CompletionRequest) -> TextCompletion:
        return answer_of(await dialect.post(path_of(asked), body_of(asked, model)))

    plain = await ask(_CHAT)
    return [
        Ability("chat completions", True, f"{plain.completion_tokens} tokens"),
        await _seen("completions", ask, _RAW, lambda done: (True, "")),
        await _seen("JSON schemas", ask, replace(_CHAT, schema=_SHAPE, max_tokens=48), _keeps),
        await _log_probabilities(ask),
        Ability("counts tokens", plain.prompt_tokens > 0, f"{plain.prompt_tokens} read"),
    ]


async def _log_probabilities(ask: Ask) -> Ability:
    """As many as are let be asked for."""
    for top in TOPS:
        asked = replace(_CHAT, max_tokens=1, top_logprobs=top)
        found = await _seen("log probabilities", ask, asked, _tells)
        if found.can:
            return found
    return found


async def _seen(
    name: str,
    ask: Ask,
    asked: CompletionRequest,
    judge: Callable[[TextCompletion], tuple[bool, str]],
) -> Ability:
    try:
        return Ability(name, *judge(await ask(asked)))
    except (Refused, Unavailable) as error:
        return Ability(name, False, str(error))


def _keeps(done: TextCompletion) -> tuple[bool, str]:
    try:
        checked(orjson.loads(done.text), _SHAPE)
    except (orjson.JSONDecodeError, UnusableAnswer):
        return False, "it ignores the schema; answers that do not fit are asked for again"
    return True, ""


def _tells(done: TextCompletion) -> tuple[bool, str]:
    top = done.logprobs[0].top if done.logprobs else ()
    return bool(top), f"of {len(top)} tokens" if top else "labels are asked for in words"


def lines_of(found: list[Ability], names: list[str]) -> Iterator[str]:
    """What `models check` prints."""
    yield f"models: {', '.join(names[:10]) or 'it names none'}"
    yield from (one.line for one in found)
