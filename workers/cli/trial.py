"""One measured round of real questions to a model, for `selftest` and its tests.

Knows the generator's public interface.  Invariant: a round asks every question at once and
has all answers, or raises.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages.base import FilledPrompt, Prompt
from workers.generation.batched import BatchedMLXGenerator
from workers.generation.engines.select import select_engine
from workers.generation.meter import Meter
from workers.generation.model.load import LoadedModel
from workers.generation.model.memory import available_bytes
from workers.generation.settings import GenerationSettings
from workers.performance_logger import Drafts, PerformanceLogger, SessionSummary

STAGE, WARM_UP = "selftest", "warm-up"
_WARM_TOKENS = 4
_SUMMARY = Prompt(
    system="You describe security texts briefly and exactly.",
    user="Say in plain words what an administrator should do about this.\n\nText: {text}",
)
_FIELDS = Prompt(
    system="You describe security texts briefly and exactly.",
    user="Give the description, the risk level and the mitigations of this text as JSON."
    "\n\nText: {text}\n\nJSON:",
)
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "description": {"type": "string", "minLength": 1, "maxLength": 120},
        "risk_level": {"enum": ["low", "medium", "high", "critical"]},
        "mitigations": {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": 60},
            "maxItems": 2,
        },
    },
    "required": ["description", "risk_level", "mitigations"],
    "additionalProperties": False,
}
_WEAKNESSES = (
    "A buffer overflow in the TLS handshake parser lets a remote attacker run code",
    "The web form passes its input to the database, so an attacker reads other users' orders",
    "A phishing mail carries a document whose macro loads a program from a share",
    "The service keeps passwords in a log file that every local user can read",
    "Stolen session cookies stay valid for a year and on any device",
    "A scheduled task runs a script from a folder that any user can write to",
    "The update client does not check signatures, so a proxy can replace the package",
    "An old VPN gateway accepts a crafted packet and restarts in a state without filters",
)
_PLACES = ("component {} of the billing system", "release {} of the mail gateway", "host group {}")


# Bytes of memory that are free, given the bytes that the sequences in the batch hold now.
FreeMemory = Callable[[int], int]


@dataclass(frozen=True)
class TokenizedAnswer:
    """The tokens of a prompt, and those of the answer to it."""

    prompt: tuple[int, ...]
    tokens: tuple[int, ...]


@dataclass(frozen=True)
class TrialQuestion:
    """What is asked, and the schema that its answer has to fit, if any."""

    prompt: FilledPrompt
    schema: Mapping[str, Any] | None


@dataclass(frozen=True)
class Round:
    """All answers to a set of questions, and what was measured meanwhile.

    rows: sequences at once, between every two steps.
    """

    answers: tuple[TokenizedAnswer, ...]
    seconds: float
    summary: SessionSummary
    rows: tuple[int, ...]

    @property
    def tokens(self) -> int:
        return sum(len(answer.tokens) for answer in self.answers)

    @property
    def speed(self) -> float:
        """Generated tokens per second."""
        return self.tokens / self.seconds if self.seconds else 0.0

    @property
    def most_rows(self) -> int:
        return max(self.rows, default=0)

    @property
    def drafts(self) -> Mapping[str, Drafts]:
        """Drafted and accepted tokens by source of drafts."""
        stage = self.summary.stages.get(STAGE)
        return stage.drafts if stage else {}


def questions(count: int, max_tokens: int) -> list[TrialQuestion]:
    """Prompts of different lengths, every second one with a schema for its answer."""
    asked = []
    for number in range(count):
        text = _WEAKNESSES[number % len(_WEAKNESSES)]
        place = _PLACES[number % len(_PLACES)].format(number + 1)
        text = f"{text}; found in {place}. " * (1 + number % 3)
        prompt, schema = (_FIELDS, _SCHEMA) if number % 2 else (_SUMMARY, None)
        filled = prompt.fill(text=text)
        asked.append(TrialQuestion(FilledPrompt(filled.system, filled.user, max_tokens), schema))
    return asked


def play(
    loaded: LoadedModel,
    settings: GenerationSettings,
    asked: Sequence[TrialQuestion],
    free_memory: FreeMemory = lambda held: available_bytes(),
) -> Round:
    """Ask everything at once; raises what generation raises."""
    with tempfile.TemporaryDirectory(prefix="cyberllm-selftest-") as folder:
        logger = PerformanceLogger(Path(folder), STAGE)
        return asyncio.run(_play(loaded, settings, asked, free_memory, logger))


async def _play(
    loaded: LoadedModel,
    settings: GenerationSettings,
    asked: Sequence[TrialQuestion],
    free_memory: FreeMemory,
    logger: PerformanceLogger,
) -> Round:
    warming_up, meter = True, Meter(logger)
    engine = select_engine(loaded, settings, meter)

    def available() -> int:
        return available_bytes() if warming_up else free_memory(engine.held_bytes)

    rows: list[int] = []
    async with BatchedMLXGenerator(
        loaded, engine, settings, meter, available, more_expected=lambda: False
    ) as generator:
        # Not measured: kernels are compiled, and the engine measures what a pass costs.
        [warm] = questions(1, _WARM_TOKENS)
        await generator.complete(warm.prompt, warm.schema, WARM_UP)
        warming_up = False
        watching = asyncio.create_task(_watch_rows(generator, rows))
        begun = time.perf_counter()
        completions = await asyncio.gather(
            *(generator.complete(one.prompt, one.schema, STAGE) for one in asked)
        )
        seconds = time.perf_counter() - begun
        watching.cancel()
    answers = (
        TokenizedAnswer(generator.encode(one.prompt), completion.tokens)
        for one, completion in zip(asked, completions, strict=True)
    )
    return Round(tuple(answers), seconds, logger.summary(), tuple(rows))


async def _watch_rows(generator: BatchedMLXGenerator, rows: list[int]) -> None:
    while True:
        rows.append(generator.rows)
        await asyncio.sleep(0)  # once between two steps of the generator
