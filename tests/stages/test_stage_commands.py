"""Each stage's own command: help that helps, and wrong values refused by their flag."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stages import DEFAULT_STAGES, short_name, stage_by_name

MODULES = [short_name(name) for name in DEFAULT_STAGES]
# What users of such a stage's script were promised.
GENERATION = (
    *("--model", "--batch-size", "--batch-timeout", "--no-batching"),
    *("--enable-speculative", "--draft-model", "--num-draft-tokens"),
)


def command(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"stages.{module}", *arguments], capture_output=True, text=True
    )


@pytest.mark.parametrize("module", MODULES)
def test_help_names_input_output_and_the_generation_flags(module: str) -> None:
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
    module: str, flag: str, value: str
) -> None:
    done = command(module, "missing.jsonl", "-o", "out.jsonl", flag, value)
    assert done.returncode == 2 and flag in done.stderr
    assert "Traceback" not in done.stderr
