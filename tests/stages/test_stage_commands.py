"""Each stage's own command: help that helps, and wrong values refused by their flag."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stages import ALL_STAGES

MODULES = [name.split("_", 1)[1] for name in ALL_STAGES]


def command(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"stages.{module}", *arguments], capture_output=True, text=True
    )


@pytest.mark.parametrize("module", MODULES)
def test_help_names_input_output_and_the_generation_flags(module: str) -> None:
    done = command(module, "--help")
    assert done.returncode == 0
    for word in ("IN.jsonl", "OUT.jsonl", "--batch-size", "--no-batching", "--disable-llm"):
        assert word in done.stdout


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
