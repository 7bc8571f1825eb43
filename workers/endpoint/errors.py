"""How asking an endpoint can go wrong: it is not to be had, or it refuses this request.

Knows words only.  Invariant: neither says anything of a record's text or of the key.
"""

from __future__ import annotations


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
    """The server says that it can't answer this request: with the reason it gives."""
