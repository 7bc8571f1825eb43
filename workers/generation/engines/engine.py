"""What an engine is: something that runs requests step by step."""

from __future__ import annotations

from typing import Protocol

from workers.generation.model.memory import Footprint
from workers.generation.requests import Finished, GenerateRequest


class Engine(Protocol):
    """Runs rows step by step."""

    @property
    def note(self) -> str:
        """How it runs, what is lost by that and why, in one line; empty where nothing is lost."""
        ...

    @property
    def keeps(self) -> Footprint:
        """Bytes that it keeps of a row."""
        ...

    @property
    def places(self) -> int:
        """Most tokens of a decoding row in one pass: its last one, and a draft."""
        ...

    @property
    def prompt_tokens(self) -> int:
        """Most tokens of prompts that it reads in one pass, of all rows together."""
        ...

    @property
    def active(self) -> int:
        """Rows taken and not finished."""
        ...

    @property
    def held_bytes(self) -> int:
        """Bytes of KV held for active rows."""
        ...

    @property
    def held_tokens(self) -> list[int]:
        """Tokens that each of these rows has places for in use; empty where that is not known."""
        ...

    @property
    def longest(self) -> int:
        """Most tokens that memory is planned for in any active row."""
        ...

    def add(self, requests: list[GenerateRequest]) -> None:
        """Take rows; they start with the next step."""
        ...

    def give_back(self, count: int) -> list[GenerateRequest]:
        """Let go of up to `count` rows, the newest first; they may be added again later."""
        ...

    def drop_done(self) -> None:
        """Let go of rows that nobody waits for any more."""
        ...

    def step(self, others_follow: bool = True) -> list[Finished]:
        """Advance the rows; the answers that ended.

        `others_follow`: other rows will take the places of those that end.
        """
        ...

    def drop_all(self) -> list[GenerateRequest]:
        """Forget everything and give the unfinished requests back, oldest first."""
        ...
