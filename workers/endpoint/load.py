"""From a run's settings to its endpoint: the address, the key of the environment, the model's name.

Knows settings and the environment; asks an endpoint only what it serves.  Invariant: the key is
read where it is used, and written nowhere.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence

from stages.completions import CompletionRequest
from workers.core.errors import ModelError
from workers.endpoint.client import Client
from workers.endpoint.errors import Refused, Unavailable
from workers.endpoint.generator import EndpointModel
from workers.endpoint.wire import MODELS
from workers.generation.meter import Meter
from workers.performance_logger import PerformanceLogger
from workers.run.run_folder import RunFolder
from workers.run.run_model import TARGET
from workers.settings.config import DEFAULT_MODEL, RunConfig

KEY = "CYBERLLM_ENDPOINT_KEY"


def load_endpoint(run: RunFolder, logger: PerformanceLogger) -> EndpointModel:
    """The endpoint of a run, as its workers ask it."""
    config = run.config
    assert config.endpoint is not None, "a run with an endpoint"
    name = run.manifest.model[TARGET].name
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
    """A client with the key of the environment, if there is one; raises ModelError for none."""
    return Client(url, _key(environ), most)


def _key(environ: Mapping[str, str]) -> str | None:
    """The key, without blanks and line ends around it, as files and shells leave them."""
    key = environ.get(KEY, "").strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ModelError(f"{KEY}: must be one word of printable ASCII")  # its value is nobody's
    return key or None


def model_at(config: RunConfig) -> str:
    """What the endpoint calls the model of a new run: as asked for, else the first it serves.

    Raises ModelError for an endpoint that doesn't answer, or hasn't the model.
    """
    url = config.endpoint
    assert url is not None, "a run with an endpoint"
    try:
        names = asyncio.run(served(url))
    except Unavailable as error:
        raise ModelError(f"--endpoint {url}: {error}{_hint(url)}") from error
    if config.model != DEFAULT_MODEL:
        return _called(config.model, names, url)
    if not names:
        raise ModelError(f"--endpoint {url}: names no model; give --model{_hint(url)}")
    return first_of(names)


def _called(model: str, names: Sequence[str], url: str) -> str:
    """The endpoint's own name for a model; any where it names none."""
    for name in (model, f"{model}:latest"):  # ollama completes names like this
        if name in names or not names:
            return name
    raise ModelError(f"--model {model}: {url} serves {', '.join(names[:5])}")


def first_of(names: Sequence[str]) -> str:
    """The first model that is to answer: not one for embeddings, which some servers list too."""
    return next((name for name in names if "embed" not in name.lower()), names[0])


def _hint(url: str) -> str:
    return "" if "/v1" in url else "; most servers want /v1 at the end of the address"


async def served(url: str) -> list[str]:
    """The models that an endpoint says it serves; none where it has no such list.

    Raises Unavailable.
    """
    client = client_of(url)
    try:
        body = await client.get(MODELS)
    except Refused:
        return []
    finally:
        await client.close()
    found = body.get("data")
    if not isinstance(found, list):
        raise Unavailable("its answer is not a list of models")
    return [str(one["id"]) for one in found if isinstance(one, dict) and one.get("id")]
