"""Each stage's own command: help that helps, and wrong values refused by their flag."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from stages import DEFAULT_STAGES, short_name, stage_by_name
from tests.in_process import Ran, run_here
from workers.cli.one_stage import main

MODULES = [short_name(name) for name in DEFAULT_STAGES]
# What users of such a stage's script were promised.
GENERATION = (
    *("--model", "--batch-size", "--batch-timeout", "--no-batching"),
    *("--enable-speculative", "--draft-model", "--num-draft-tokens"),
)


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., Ran]:
    """The command of a stage, to its end."""
    return lambda module, *given: run_here(partial(main, stage_by_name(module)), given, tmp_path)


def test_a_stage_is_a_module_that_python_runs() -> None:
    line = [sys.executable, "-m", "stages.domain_classifier", "--help"]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0 and "usage: python -m stages.domain_classifier IN" in done.stdout


@pytest.mark.parametrize("module", MODULES)
def test_help_names_input_output_and_the_generation_flags(
    command: Callable[..., Ran], module: str
) -> None:
    done = command(module, "--help")
    assert done.returncode == 0
    for word in ("IN", "OUT.jsonl", *GENERATION, "--disable-llm", "--version"):
        assert word in done.stdout
    description = stage_by_name(module).description
    assert f"{description[0].upper()}{description[1:]}." in done.stdout
    assert "--workers" not in done.stdout and "--stages" not in done.stdout


@pytest.mark.parametrize(
    ("module", "flag", "value"),
    [("data_filter", "--batch-size", "0"), ("data_structurer", "--temp", "-1"),
     ("domain_classifier", "--batch-timeout", "soon"), ("security_aligner", "--ratio", "1.5"),
     ("security_aligner", "--ratio", "half"), ("data_filter", "--ratio", "0.5")],
)  # fmt: skip
def test_a_wrong_value_ends_with_status_2_and_names_its_flag(
    command: Callable[..., Ran], module: str, flag: str, value: str
) -> None:
    done = command(module, "missing.jsonl", "-o", "out.jsonl", flag, value)
    assert done.returncode == 2 and flag in done.stderr
    assert "Traceback" not in done.stderr
