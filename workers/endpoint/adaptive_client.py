"""Bodies worded as a server wants them: found out by what it refuses.

Some models take `max_completion_tokens` alone, some no temperature, some servers no seed; each says
so when it refuses a request.  Knows those words; retries nothing that would be the same again.
Invariant: a field is renamed or left out only after the server has named it in a refusal.
"""

from __future__ import annotations

import re

from workers.endpoint.client import Client, Json
from workers.endpoint.errors import Refused

_LONGEST, _LONGEST_ELSEWHERE = "max_tokens", "max_completion_tokens"
_LEFT_OUT = ("temperature", "top_p", "seed")
_NOT_TAKEN = re.compile(
    r"unsupported|not support|unrecogni|unknown|not permitted|not allowed|unexpected", re.IGNORECASE
)


class AdaptiveClient:
    """Posts bodies through a client, worded as its server was found to want them."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._elsewhere = False
        self._not_taken: set[str] = set()

    @property
    def note(self) -> str:
        """What the server does not heed: one line for people, or ""."""
        names = " and ".join(sorted(self._not_taken))
        return f"the endpoint does not accept {names} and uses its own values" if names else ""

    async def close(self) -> None:
        await self._client.close()

    async def post(self, path: str, body: Json) -> Json:
        """The answer to a body; raises Unavailable or Refused."""
        while True:
            sent = self._worded(body)
            try:
                return await self._client.post(path, sent)
            except Refused as refusal:
                self._learn(str(refusal), sent)
                if self._worded(body) == sent:
                    raise

    def _worded(self, body: Json) -> Json:
        worded = {name: value for name, value in body.items() if name not in self._not_taken}
        if self._elsewhere and _LONGEST in worded:
            worded[_LONGEST_ELSEWHERE] = worded.pop(_LONGEST)
        return worded

    def _learn(self, refusal: str, sent: Json) -> None:
        if _LONGEST_ELSEWHERE in refusal and _LONGEST in sent:
            self._elsewhere = True
        elif _NOT_TAKEN.search(refusal):
            named = {name for name in _LEFT_OUT if re.search(rf"['\"`]{name}['\"`]", refusal)}
            self._not_taken |= named & sent.keys()
