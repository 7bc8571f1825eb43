"""`models check URL`: names the server's models, and tries what it can do.

Joins address, key and checks.  Invariant: a server that can't chat is an error.
"""

from __future__ import annotations

import asyncio

from workers.core.errors import ModelError, UsageError
from workers.core.exit_status import ExitStatus
from workers.endpoint.check import abilities, lines_of
from workers.endpoint.errors import Refused, Unavailable
from workers.endpoint.load import client_of, first_of, served
from workers.settings.setting import web_address


def check_endpoint(url: str | None, model: str | None) -> int:
    """Print what a server can do; raises UsageError for no address, ModelError for no use."""
    problem = "give the server's address" if url is None else web_address(url)
    if problem or url is None:
        raise UsageError(f"models check {url or ''}: {problem}".replace(" :", ":"))
    print("\n".join(asyncio.run(_lines(url, model))))
    return ExitStatus.FINISHED


async def _lines(url: str, model: str | None) -> list[str]:
    client = client_of(url)
    try:
        names = await served(url)
        if not (chosen := model or (first_of(names) if names else "")):
            raise ModelError(f"{url}: names no model; give --model")
        return list(lines_of(await abilities(client, chosen), names))
    except (Unavailable, Refused) as error:
        raise ModelError(f"{url}: {error}") from error
    finally:
        await client.close()
