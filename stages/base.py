"""What a stage is, what it is handed, and the three ways a record can end.

A stage knows records and a `LanguageModel`; it knows nothing of workers, queues
or MLX.  Invariant: `process` returns exactly one outcome, or raises `RecordError`.
"""

from __future__ import annotations

import argparse
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from stages.recipe.recipe import Recipe

Record = dict[str, Any]
Findings = Mapping[str, Any]  # of a trial: plain JSON values


class RecordError(Exception):
    """This record can't be processed; it becomes a dead letter with this message."""


class UnusableAnswer(RecordError):
    """The model's answer is cut off, no JSON, or doesn't fit its schema; it is not to be used."""


@dataclass(frozen=True, init=False)
class Removed:
    """The record does not belong in the dataset; the reason is kept with it."""

    reason: str
    details: Record

    def __init__(self, reason: str, **details: Any) -> None:
        object.__setattr__(self, "reason", reason)
        object.__setattr__(self, "details", details)


@dataclass(frozen=True)
class LeftOut:
    """A record that a stage made and did not keep, with the reason and the figures behind it."""

    record: Record
    why: Removed


@dataclass(frozen=True, init=False)
class Result:
    """The record was processed into one or more output records.

    `left_out`: what else was made of it and not kept.  It goes to removed.jsonl beside the
    records that were removed whole; the record itself counts as a result.
    """

    records: tuple[Record, ...]
    left_out: tuple[LeftOut, ...]

    def __init__(self, *records: Record, left_out: Iterable[LeftOut] = ()) -> None:
        if not records:
            raise ValueError("a Result needs at least one record; use Removed to drop one")
        object.__setattr__(self, "records", records)
        object.__setattr__(self, "left_out", tuple(left_out))


@dataclass(frozen=True)
class Failed:
    """The record could not be processed: a dead letter, which `retry` requeues."""

    error: str


Outcome = Result | Removed | Failed


@dataclass(frozen=True)
class Label:
    """One possible answer: its name, the word a model would write, and example texts.

    `kinds` says of each example what kind of text it is.  Examples of a kind are alike, so
    cross-validation holds them out together; without kinds each example is a kind of its own.
    """

    name: str
    word: str
    examples: tuple[str, ...]
    kinds: tuple[str, ...] = ()

    @classmethod
    def of_kinds(cls, name: str, word: str, kinds: Mapping[str, tuple[str, ...]]) -> Label:
        """A label with its examples given by their kind."""
        return cls(
            name,
            word,
            tuple(text for texts in kinds.values() for text in texts),
            tuple(kind for kind, texts in kinds.items() for _ in texts),
        )


@dataclass(frozen=True)
class Question:
    """A choice among labels.

    `prompt` asks a model in words and holds `{text}`; the labels' examples let
    hidden states answer instead.  `exclusive` labels share one probability mass;
    otherwise each label has its own probability from 0 to 1.  `thresholds` are those by which
    the stage decides, under its own names for them: the run keeps them with the calibration.
    """

    name: str
    prompt: Prompt
    labels: tuple[Label, ...]
    exclusive: bool = True
    thresholds: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Choice:
    """The most likely label, its probability, and the probability of every label by name."""

    label: str
    probability: float
    probabilities: Mapping[str, float]


_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Shot:
    """A few-shot example: a user's turn, and a good answer to it."""

    user: str
    answer: str


@dataclass(frozen=True)
class Prompt:
    """A chat prompt: our text with `{named}` placeholders for text from records.

    What replaces a placeholder is data: it is tokenized apart, so nothing in it can become
    a control token, and braces in it mean nothing.  The shots are turns before the user's;
    the prefix up to the first placeholder is computed once per worker, so they cost little.
    """

    system: str
    user: str
    max_tokens: int = 256
    shots: tuple[Shot, ...] = ()

    def fill(self, **fields: str) -> FilledPrompt:
        """Replace every placeholder; raises KeyError for one without a field."""
        return FilledPrompt(self.system, _parts(self.user, fields), self.max_tokens, self.shots)


@dataclass(frozen=True)
class Data:
    """Text that came from a record, never to be read as instruction or control token."""

    text: str


@dataclass(frozen=True)
class FilledPrompt:
    """A prompt ready to be tokenized: the user's turn alternates our text and data."""

    system: str
    user: tuple[str | Data, ...]
    max_tokens: int
    shots: tuple[Shot, ...] = ()


def _parts(template: str, fields: Mapping[str, str]) -> tuple[str | Data, ...]:
    parts: list[str | Data] = []
    for index, piece in enumerate(_PLACEHOLDER.split(template)):
        if index % 2:
            parts.append(Data(fields[piece]))
        elif piece:
            parts.append(piece)
    return tuple(parts)


class LanguageModel(Protocol):
    """What a stage may ask of a model.  What many records await at once becomes one batch."""

    async def choose(self, question: Question, text: str) -> Choice:
        """Classify `text`: one forward pass, nothing is generated."""
        ...

    async def generate(self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None) -> Any:
        """Answer a prompt: a value that fits `schema`, or a string without one.

        Raises RecordError when prompt and answer don't fit the model's context window.
        """
        ...


@dataclass
class StageOptions:
    """Settings of one stage; each stage subclasses this with its own fields."""

    seed: int = field(default=0, metadata={"help": "random seed"})
    use_model: bool = field(default=True, metadata={"help": "whether to ask a model"})

    def __post_init__(self) -> None:
        if not isinstance(self.use_model, bool):
            raise ValueError(f"use_model {self.use_model}: must be true or false")


class Stage(ABC):
    """One step of the pipeline.

    `name` is its queue folder, e.g. "2_data_filter"; a stage of a user's own has its module's and
    its own name, and sets none.  `description` says in half a line what it does to a record; the
    help pages of its own command and of `run` show it.  `takes_pairs`: a record that is no pair of
    instruction and response is a dead letter there; `makes_pairs`: it makes them of others.
    `from_outside`: no stage of ours has judged the pairs that it is given in this run, so it does;
    `made_in_run`: one of ours has made them in this run, so what they say of their gates counts.
    """

    name: ClassVar[str]
    description: ClassVar[str]
    long_answers: ClassVar[bool] = False
    takes_pairs: ClassVar[bool] = False
    makes_pairs: ClassVar[bool] = False
    from_outside = made_in_run = False
    Options: ClassVar[type[StageOptions]] = StageOptions

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "name" not in cls.__dict__:
            cls.name = f"{cls.__module__}.{cls.__qualname__}"

    def __init__(self, options: StageOptions | None = None, recipe: Recipe | None = None) -> None:
        self.options = options or self.Options()
        self._recipe = recipe

    @property
    def recipe(self) -> Recipe:
        """What the stage says and goes by: as it was handed, else the shipped one."""
        if self._recipe is None:
            from stages.recipe.recipe import shipped

            return shipped()
        return self._recipe

    @property
    def needs_model(self) -> bool:
        """Whether `process` asks a model in this run.

        A stage that doesn't is handed None for it, and workers without a model may take it.
        """
        return self.options.use_model

    @classmethod
    def add_arguments(cls, parser: argparse._ActionsContainer) -> None:
        """Add the flags that only this stage has; each sets an Options field of that name.

        Leave a flag that is not given out of the namespace (`default=argparse.SUPPRESS`), and the
        bounds to the Options, whose ValueError begins with the option's name.
        """

    def questions(self) -> tuple[Question, ...]:
        """The questions `process` may ask with `llm.choose`, for calibration at start-up."""
        return ()

    def trial_key(self) -> str:
        """What a trial depends on besides the model, such as prompts and options; empty: no trial.

        Trials are kept by model and key, and asked for again only when either has changed.
        """
        return ""

    async def trial(self, llm: LanguageModel) -> Findings:
        """Find out, before the work begins, what this model is good for in this stage.

        Under "told" people may be told what was found, in one line.
        """
        return {}

    def learn(self, findings: Findings) -> None:
        """Take in what a trial found; called before the first record."""

    def screen(self) -> Callable[[Record], Removed | None] | None:
        """A check that sees all the records of a dataset in their order, in one process.

        Called once for each merge of results this stage ends; the function it gives is called
        with one record after the other, and says which of them is left out of the dataset.  None
        leaves that to the stage before it.
        """
        return None

    @abstractmethod
    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        """Turn one record into its outcome; `llm` is None unless `needs_model`."""
