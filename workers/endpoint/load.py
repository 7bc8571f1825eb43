"""From a run's settings to its endpoint: the address, the key of the environment, the model's name.

Knows settings and the environment; asks an endpoint only what it serves.  Invariant: the key is
read where it is used, and written nowhere.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping

from stages.completions import CompletionRequest
from workers.core.errors import ModelError
from workers.endpoint.client import Client
from workers.endpoint.errors import Refused, Unavailable
from workers.endpoint.generator import EndpointModel
from workers.endpoint.wire import MODELS
from workers.generation.meter import Meter
from workers.performance_logger import PerformanceLogger
from workers.run.run_folder import RunFolder
from workers.settings.config import DEFAULT_MODEL, RunConfig

KEY = "CYBERLLM_ENDPOINT_KEY"


def load_endpoint(run: RunFolder, logger: PerformanceLogger) -> EndpointModel:
    """The endpoint of a run, as its workers ask it."""
    config = run.config
    assert config.endpoint is not None, "a run with an endpoint"
    name = str(run.manifest.model["target"]["name"])
    defaults = CompletionRequest(
        max_tokens=config.max_tokens,
        temperature=config.temp,
        top_p=config.top_p if config.top_p < 1 else None,
        seed=config.seed,
    )
    client = client_of(config.endpoint, config.batch_size)
    meter = Meter(logger, memory=dict)
    return EndpointModel(client, name, defaults, config.batch_size, meter)


def client_of(url: str, most: int = 1, environ: Mapping[str, str] = os.environ) -> Client:
    """A client with the key of the environment, if there is one."""
    return Client(url, environ.get(KEY) or None, most)


def model_at(config: RunConfig) -> str:
    """What the endpoint calls the model of a new run: as asked for, else the first it serves.

    Raises ModelError for an endpoint that doesn't answer, or hasn't the model.
    """
    assert config.endpoint is not None, "a run with an endpoint"
    try:
        names = asyncio.run(served(config.endpoint))
    except (Unavailable, Refused) as error:
        raise ModelError(f"--endpoint {config.endpoint}: {error}") from error
    if config.model != DEFAULT_MODEL and config.model not in names:
        if names:
            shown = ", ".join(names[:5])
            raise ModelError(f"--model {config.model}: {config.endpoint} serves {shown}")
        return config.model
    if config.model == DEFAULT_MODEL and not names:
        raise ModelError(f"--endpoint {config.endpoint}: names no model; give --model")
    return names[0] if config.model == DEFAULT_MODEL else config.model


async def served(url: str) -> list[str]:
    """The models that an endpoint says it serves; raises Unavailable or Refused."""
    client = client_of(url)
    try:
        body = await client.get(MODELS)
    finally:
        await client.close()
    found = body.get("data")
    if not isinstance(found, list):
        raise Unavailable("answers with JSON that is no list of models")
    return [str(one["id"]) for one in found if isinstance(one, dict) and one.get("id")]
