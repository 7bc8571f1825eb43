"""`models check URL`: names the server's models, and tries what it can do.

Joins address, key and checks; prints nothing.  Invariant: a server that can't chat is an error.
"""

from __future__ import annotations

from workers.core.errors import ModelError, UsageError
from workers.endpoint.check import abilities, lines_of
from workers.endpoint.errors import Refused, Unavailable
from workers.endpoint.load import client_of, served
from workers.settings.setting import web_address


async def check(url: str, model: str | None) -> list[str]:
    """The lines to print; raises UsageError for no address, ModelError for a server without use."""
    if problem := web_address(url):
        raise UsageError(f"models check {url}: {problem}")
    client = client_of(url)
    try:
        names = await served(url)
        if not (chosen := model or next(iter(names), None)):
            raise ModelError(f"{url}: names no model; give --model")
        return list(lines_of(await abilities(client, chosen), names))
    except (Unavailable, Refused) as error:
        raise ModelError(f"{url}: {error}") from error
    finally:
        await client.close()
