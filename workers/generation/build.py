"""A generator put together: meter, engine and generator for a model that is loaded.

Knows which parts there are; every part can be made, and handed in, by itself.  Invariant:
what the parts write is counted in one log.
"""

from __future__ import annotations

from collections.abc import Callable

from workers.generation.batched import BatchedMLXGenerator
from workers.generation.engines.select import select_engine
from workers.generation.meter import Meter
from workers.generation.model.device_memory import device_bytes
from workers.generation.model.load import LoadedModel
from workers.generation.settings import DEFAULTS, GenerationSettings
from workers.generation.steps import Begin, silent
from workers.performance_logger import PerformanceLogger


def build_generator(
    loaded: LoadedModel,
    settings: GenerationSettings = DEFAULTS,
    logger: PerformanceLogger | None = None,
    available: Callable[[], int] = device_bytes,
    more_expected: Callable[[], bool] = lambda: True,
    others_follow: Callable[[], bool] = lambda: True,
    begin: Begin = silent,
) -> BatchedMLXGenerator:
    """A generator with the engine that these settings call for; see BatchedMLXGenerator.

    Raises UsageError for settings that this model can't be run with.
    """
    meter = Meter(logger)
    engine = select_engine(loaded, settings, meter, begin)
    return BatchedMLXGenerator(
        loaded, engine, settings, meter, available, more_expected, others_follow, begin
    )
