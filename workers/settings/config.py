"""The settings of a run: every one of them with its help, type and bounds, checked and frozen.

Knows nothing of how a value is written (values.py), where it comes from (sources.py) or of flags
(flags.py).  Invariant: a RunConfig that exists is valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from typing import Any

from stages import ALL_STAGES, DEFAULT_STAGES, is_stage_name, short_name
from workers.core.errors import UsageError
from workers.settings.setting import (
    LARGEST,
    Group,
    Setting,
    at_least,
    between,
    define,
    one_of,
    printable,
    web_address,
)
from workers.settings.shard import Shard
from workers.settings.shown import flag_of, shown_as

DEFAULT_MODEL = "smollm2-135m-instruct"
_OF_A_MODEL_HERE = (
    *("chat_template", "thinking", "enable_speculative"),
    *("no_batching", "kv_bits", "trust_remote_code"),
)


def _stages(names: tuple[str, ...]) -> str | None:
    for name in names:
        if not is_stage_name(name):
            known = ", ".join(map(short_name, ALL_STAGES))
            return f"no stage {name!r}; the stages are {known}, and your own as MODULE:CLASS"
    if not names or len(set(names)) != len(names):
        return "must name at least one stage, and each only once"
    return None


def _is_shard(text: str) -> str | None:
    try:
        Shard.parse(text)
    except ValueError as error:
        return str(error)
    return None


@dataclass(frozen=True)
class RunConfig:
    """Every setting of a run.  `None` means: decided by the model or the machine."""

    stages: tuple[str, ...] = define(
        DEFAULT_STAGES,
        "stages to run, separated by commas; `all` includes the manual reviewer; one of your own"
        " is MODULE:CLASS",
        Group.STAGES,
        tuple,
        _stages,
        "LIST",
    )
    recipe: str | None = define(
        None,
        "folder of YAML files that replace those of the recipe: prompts, questions, bounds ...",
        Group.STAGES,
        str,
        printable,
        "DIR",
    )
    workers: int | None = define(
        None,
        "number of worker processes (default: one for a GPU or an endpoint, two without a model, "
        "else one per core as memory allows)",
        Group.WORKERS,
        int,
        between(0, 256),
        "N",
    )
    cluster: str | None = define(
        None,
        "work on other machines too: address of a Dask scheduler, or its scheduler file; "
        "on resume, none goes on without them",
        Group.WORKERS,
        str,
        printable,
        "tls://HOST:PORT",
    )
    cluster_certs: str | None = define(
        None,
        "folder of the cluster's certificates, as `cluster certs` makes it",
        Group.WORKERS,
        str,
        printable,
        "DIR",
    )
    model: str = define(
        DEFAULT_MODEL,
        "Hugging Face id, folder of an MLX model, or the default model",
        Group.MODEL,
        str,
        printable,
        "ID|PATH",
    )
    chat_template: str | None = define(
        None,
        "chat template file; replaces the model's own, or supplies one to a model that has none",
        Group.MODEL,
        str,
        printable,
        "FILE",
    )
    endpoint: str | None = define(
        None,
        "OpenAI-compatible server to ask instead of a model here, such as "
        "http://127.0.0.1:8080/v1; --model is then the server's name for its model",
        Group.MODEL,
        str,
        web_address,
        "URL",
    )
    batch_size: int = define(
        32,
        "maximum batch size; lowered automatically when memory is short",
        Group.BATCHING,
        int,
        between(1, 1024),
        "N",
    )
    batch_timeout: float = define(
        0.1, "seconds to wait for a batch to fill", Group.BATCHING, float, between(0, 60), "S"
    )
    no_batching: bool = define(False, "process one request at a time", Group.BATCHING, bool)
    enable_speculative: bool = define(
        False,
        "one worker prefers the stages with long answers, and drafts with a second model",
        Group.SPECULATION,
        bool,
    )
    draft_model: str | None = define(
        None,
        "draft model for speculative decoding; needs the tokenizer of --model "
        "(default: a small one of its family that is here, or on the hub if --model is from there)",
        Group.SPECULATION,
        str,
        printable,
        "ID|PATH",
    )
    num_draft_tokens: int = define(
        4,
        "maximum number of tokens in a draft of the draft model; 0 turns speculation off",
        Group.SPECULATION,
        int,
        between(0, 16),
        "K",
    )
    kv_bits: int | None = define(
        None, "quantize the KV cache to 4 or 8 bits", Group.MEMORY, int, one_of(4, 8), "4|8"
    )
    max_tokens: int | None = define(
        None,
        "maximum number of tokens in an answer (default: each stage's own)",
        Group.SAMPLING,
        int,
        between(1, 65536),
        "N",
    )
    thinking: int = define(
        0,
        "maximum number of thinking tokens before each answer, which are then discarded",
        Group.SAMPLING,
        int,
        between(0, 65536),
        "N",
    )
    temp: float = define(
        0.0,
        "sampling temperature; 0 is greedy decoding",
        Group.SAMPLING,
        float,
        between(0, 10),
        "T",
    )
    top_p: float = define(
        1.0, "top-p (nucleus) sampling threshold", Group.SAMPLING, float, between(0.01, 1), "P"
    )
    seed: int = define(0, "random seed", Group.SAMPLING, int, between(0, LARGEST), "S")
    chunk_size: int | None = define(
        None,
        "records per chunk (default: what suits the input and the workers, at most 64)",
        Group.WORKERS,
        int,
        between(1, 100_000),
        "N",
    )
    limit: int | None = define(
        None, "process only the first N records of the input", Group.INPUT, int, at_least(1), "N"
    )
    shard: str | None = define(
        None,
        "process only shard I of N of the input; `merge` joins the runs of all N",
        Group.INPUT,
        str,
        _is_shard,
        "I/N",
    )
    format: str | None = define(
        None,
        "input format, if it can't be detected",
        Group.INPUT,
        str,
        printable,
        "NAME",
    )
    records_at: str | None = define(
        None,
        "where a JSON or YAML document holds its records, such as data.items",
        Group.INPUT,
        str,
        printable,
        "PATH",
    )
    dedup_threshold: float = define(
        0.9,
        "word similarity at which two records count as near duplicates; the first is kept",
        Group.INPUT,
        float,
        between(0.5, 1),
        "T",
    )
    no_dedup: bool = define(False, "keep duplicate records", Group.INPUT, bool)
    worker_timeout: float = define(
        120.0,
        "restart a worker that makes no progress for this many seconds",
        Group.WORKERS,
        float,
        at_least(1),
        "S",
    )
    disable_llm: bool = define(False, "use no model: rules and templates only", Group.MODEL, bool)
    memory_fraction: float = define(
        0.8, "fraction of the available memory to use", Group.MEMORY, float, between(0.05, 1), "F"
    )
    memory_reserve_mb: int = define(
        1024,
        "memory to leave to other programs, in MiB",
        Group.MEMORY,
        int,
        at_least(0),
        "MB",
    )
    trust_remote_code: bool = define(
        False, "allow a model to run Python code of its own", Group.MODEL, bool
    )
    stage_options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, setting in settings().items():
            value = getattr(self, name)
            if value is not None and (problem := setting.check(value)):
                raise UsageError(f"{shown_as(flag_of(name), value)}: {problem}")
        if self.workers == 0 and not self.cluster:
            raise UsageError("--workers 0: must be from 1 to 256, or 0 with --cluster")
        if self.draft_model and not self.enable_speculative:
            raise UsageError("--draft-model: needs --enable-speculative")
        self._check_endpoint()

    def _check_endpoint(self) -> None:
        """Raise UsageError for what only a model here can do."""
        if self.endpoint is None:
            return
        for name in _OF_A_MODEL_HERE:
            if getattr(self, name):
                raise UsageError(
                    f"{flag_of(name)}: can't be combined with --endpoint; set it on the server"
                )
        if self.cluster:
            raise UsageError(
                "--cluster: can't be combined with --endpoint; its machines run the model"
            )

    def to_json(self) -> dict[str, Any]:
        """Plain values for the manifest."""
        return {**asdict(self), "stages": list(self.stages)}


def shard_of(config: RunConfig) -> Shard:
    """The part of the input that a run processes."""
    return Shard.parse(config.shard)


@cache
def settings() -> Mapping[str, Setting]:
    """The settings of a run that are given as one value each, by their names."""
    return {f.name: f.metadata["setting"] for f in fields(RunConfig) if f.metadata}
