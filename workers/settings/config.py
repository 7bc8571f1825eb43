"""The settings of a run: read once, checked once, frozen, and written to its manifest.

Knows flags, environment (`CYBERLLM_*`) and YAML, in that order of precedence; knows
nothing of files in a run.  Invariant: a RunConfig that exists is valid.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from workers.core.errors import UsageError

DEFAULT_MODEL = "smollm2-135m-instruct"
STAGE_NAMES = (
    "2_data_filter",
    "3_data_structurer",
    "4_domain_classifier",
    "6_security_aligner",
)


def _at_least(low: float) -> Callable[[Any], str | None]:
    return lambda value: None if value >= low else f"must be {low} or more"


def _between(low: float, high: float) -> Callable[[Any], str | None]:
    return lambda value: None if low <= value <= high else f"must be from {low} to {high}"


def _one_of(*choices: Any) -> Callable[[Any], str | None]:
    return lambda value: (
        None if value in choices else f"must be one of {', '.join(map(str, choices))}"
    )


def _setting(
    default: Any,
    text: str,
    kind: type = str,
    check: Callable[[Any], str | None] | None = None,
    metavar: str | None = None,
) -> Any:
    return field(
        default=default,
        metadata={"help": text, "kind": kind, "check": check, "metavar": metavar},
    )


@dataclass(frozen=True)
class RunConfig:
    """Every setting of a run.  `None` means: decided by the model or the machine."""

    stages: tuple[str, ...] = STAGE_NAMES
    workers: int | None = _setting(None, "worker processes in all", int, _between(1, 256), "N")
    model: str = _setting(
        DEFAULT_MODEL, "Hugging Face id, MLX folder, or the default", str, None, "ID|PATH"
    )
    batch_size: int = _setting(
        32, "most rows in one batch; memory decides below it", int, _between(1, 1024), "N"
    )
    batch_timeout: float = _setting(
        0.1, "seconds to wait for a batch to fill", float, _between(0, 60), "S"
    )
    no_batching: bool = _setting(False, "run one request at a time", bool)
    enable_speculative: bool = _setting(
        False, "keep one worker for long answers, with the draft model if one is given", bool
    )
    draft_model: str | None = _setting(None, "model that drafts", str, None, "ID|PATH")
    num_draft_tokens: int = _setting(
        4,
        "most tokens the draft model drafts at a time; 0: no speculation",
        int,
        _between(0, 16),
        "K",
    )
    kv_bits: int | None = _setting(
        None, "quantize the KV cache to 4 or 8 bits", int, _one_of(4, 8), "4|8"
    )
    max_tokens: int | None = _setting(
        None,
        "most tokens of one answer; the stage decides without it",
        int,
        _between(1, 65536),
        "N",
    )
    temp: float = _setting(0.0, "sampling temperature; 0 is greedy", float, _between(0, 10), "T")
    top_p: float = _setting(
        1.0, "nucleus of the distribution to sample from", float, _between(0.01, 1), "P"
    )
    seed: int = _setting(0, "seed of everything drawn at random", int, _between(0, 2**63 - 1), "S")
    chunk_size: int | None = _setting(
        None,
        "records per chunk (default: what suits the input and the number of workers)",
        int,
        _between(1, 100_000),
        "N",
    )
    limit: int | None = _setting(
        None, "stop after this many records of the input", int, _at_least(1), "N"
    )
    worker_timeout: float = _setting(
        120.0, "replace a worker that makes no step this long", float, _at_least(1), "S"
    )
    disable_llm: bool = _setting(False, "do only what needs no model", bool)
    memory_fraction: float = _setting(
        0.8, "share of available memory to use", float, _between(0.05, 1), "F"
    )
    memory_reserve_mb: int = _setting(
        1024, "memory left to everything else, MiB", int, _at_least(0), "MB"
    )
    trust_remote_code: bool = _setting(False, "let a model folder run its own code", bool)
    stage_options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, spec in _checked_fields().items():
            value = getattr(self, name)
            problem = spec["check"](value) if value is not None else None
            if problem:
                raise UsageError(f"{flag_of(name)} {value}: {problem}")
        for stage in self.stages:
            if stage not in STAGE_NAMES:
                raise UsageError(f"--stages {stage}: known stages are {', '.join(STAGE_NAMES)}")
        if len(set(self.stages)) != len(self.stages) or not self.stages:
            raise UsageError("--stages: name each stage once, and at least one")
        if self.draft_model and not self.enable_speculative:
            raise UsageError("--draft-model: give --enable-speculative too")

    def to_json(self) -> dict[str, Any]:
        """Plain values for the manifest."""
        return {**asdict(self), "stages": list(self.stages)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> RunConfig:
        """The inverse of `to_json`; unknown settings are a UsageError."""
        return build_config(values)


def flag_of(name: str) -> str:
    """The command-line flag that sets a field: batch_size -> --batch-size."""
    return "--" + name.replace("_", "-")


def _flag_fields() -> dict[str, Mapping[str, Any]]:
    return {f.name: f.metadata for f in fields(RunConfig) if f.metadata}


def _checked_fields() -> dict[str, Mapping[str, Any]]:
    return {name: spec for name, spec in _flag_fields().items() if spec["check"]}


def add_flags(parser: argparse.ArgumentParser, only: tuple[str, ...] | None = None) -> None:
    """One flag per setting; absent flags stay out of the namespace, so that lower levels count."""
    for name, spec in _flag_fields().items():
        if only is not None and name not in only:
            continue
        default = RunConfig.__dataclass_fields__[name].default
        shown = "" if default is None or spec["kind"] is bool else f" (default {default})"
        if spec["kind"] is bool:
            parser.add_argument(
                flag_of(name),
                dest=name,
                action="store_true",
                default=argparse.SUPPRESS,
                help=spec["help"],
            )
        else:
            parser.add_argument(
                flag_of(name),
                dest=name,
                type=spec["kind"],
                default=argparse.SUPPRESS,
                metavar=spec["metavar"],
                help=(spec["help"] + shown).replace("%", "%%"),
            )


_IN_WORDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, spec in _flag_fields().items():
        text = environ.get(f"CYBERLLM_{name.upper()}")
        if text is None:
            continue
        found[name] = _parse(f"CYBERLLM_{name.upper()}", text, spec["kind"])
    return found


def _parse(source: str, text: str, kind: type) -> Any:
    if kind is bool:
        if text.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise UsageError(f"{source}={text}: say 1 or 0")
        return text.lower() in {"1", "true", "yes"}
    try:
        return kind(text)
    except ValueError:
        raise UsageError(f"{source}={text}: not {_IN_WORDS[kind]}") from None


def _from_yaml(path: Path) -> dict[str, Any]:
    import yaml

    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"--config {path}: {error.strerror}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise UsageError(f"--config {path} line {line}: {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"--config {path}: not valid YAML: {error}") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise UsageError(f"--config {path}: must hold settings, one `name: value` a line")
    try:
        return _clean({str(key).replace("-", "_"): value for key, value in values.items()})
    except UsageError as error:
        raise UsageError(f"--config {path}: {error}") from error


def _coerce(name: str, value: Any) -> Any:
    """YAML and JSON give typed values; refuse a wrong type by name."""
    spec = _flag_fields().get(name)
    if spec is None or value is None:
        return value
    kind = spec["kind"]
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise UsageError(f"{name}: {value!r} is not {_IN_WORDS[kind]}")
    return value


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """Known names and right types, or a UsageError."""
    known = [f.name for f in fields(RunConfig)]
    for name in values:
        if name not in known:
            from difflib import get_close_matches

            near = get_close_matches(name, known, 1)
            raise UsageError(f"unknown setting {name!r}" + (f"; {near[0]}?" if near else ""))
    return {name: _coerce(name, value) for name, value in values.items()}


def build_config(values: Mapping[str, Any]) -> RunConfig:
    """A checked RunConfig from plain values; raises UsageError naming the setting at fault."""
    clean = _clean(values)
    if "stages" in clean:
        clean["stages"] = parse_stages(clean["stages"])
    return RunConfig(**clean)


def parse_stages(value: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Stage names in pipeline order, from a list or "data_filter,4_domain_classifier"."""
    names = value.split(",") if isinstance(value, str) else list(value)
    by_short = {name.split("_", 1)[1]: name for name in STAGE_NAMES}
    full = [by_short.get(name.strip(), name.strip()) for name in names]
    return tuple(sorted(full))


def load_config(
    flags: Mapping[str, Any],
    yaml_path: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> RunConfig:
    """Merge command line over environment over YAML over defaults."""
    values: dict[str, Any] = {}
    if yaml_path is not None:
        values.update(_from_yaml(yaml_path))
    values.update(_from_environment(environ))
    values.update(flags)
    return build_config(values)
