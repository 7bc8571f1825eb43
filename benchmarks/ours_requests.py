"""The engine as batch files use it: requests with settings of their own, beginnings to be found.

Invariant: nobody tells the engine what the prompts share.
"""

from __future__ import annotations

from benchmarks.messages import TokenizedRequest
from benchmarks.ours import Ours
from stages.base import Data
from stages.completions import CompletionRequest, Message


class OursRequests(Ours):
    """As `Ours`; a prompt's system and its one text are the turns of a conversation."""

    async def _answer(self, asked: TokenizedRequest) -> str:
        async with self._room:
            self._unstarted -= 1
            prompt = asked.request.prompt
            [question] = (part.text for part in prompt.user if isinstance(part, Data))
            turns = (Message("system", prompt.system), Message("user", question))
            request = CompletionRequest(
                turns, max_tokens=asked.max_tokens, schema=asked.request.schema
            )
            return (await self._generator.answer(request)).text
