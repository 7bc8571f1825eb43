"""How asking an endpoint can go wrong: it is not to be had, or it refuses this request.

Knows words only.  Invariant: neither says anything of the key; what a server says of a request is
passed on in its own words.
"""

from __future__ import annotations

from stages.base import RecordError


class Unavailable(Exception):
    """No answer that can be used.

    of_request: whether the request itself may be the cause, as when a server falls over it.
    retry_after: seconds that the server asks to be left alone, if it does.
    busy: whether it is only being asked too much.
    late: whether it took too long, which may be because of all that it was asked.
    """

    def __init__(
        self,
        reason: str,
        of_request: bool = True,
        retry_after: float = 0.0,
        busy: bool = False,
        late: bool = False,
    ) -> None:
        super().__init__(reason)
        self.of_request = of_request
        self.retry_after = retry_after
        self.busy = busy
        self.late = late


class Refused(Exception):
    """The server says that it can't answer this request: with the reason it gives.

    status: of HTTP, 0 where it came as an answer.
    """

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


class RefusedRequestError(RecordError):
    """The endpoint refuses this request, and answers others; `status` is that of the refusal."""

    def __init__(self, refusal: Refused) -> None:
        super().__init__(f"the endpoint refuses this request: {refusal}")
        self.status = refusal.status
