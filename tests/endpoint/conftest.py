"""What tests of endpoints share: a server that answers well and badly."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.endpoint.odd_server import OddServer, odd_server


@pytest.fixture
def server() -> Iterator[OddServer]:
    """A server in a good mood."""
    with odd_server() as server:
        yield server
