"""The list of stages: their order, both of their names, and modules imported only when asked."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stages import ALL_STAGES, short_name, stage_by_name
from stages.base import Stage
from tests.run_tools import PROJECT


def test_every_stage_is_found_by_its_names() -> None:
    for name in ALL_STAGES:
        found = stage_by_name(name)
        assert issubclass(found, Stage) and found.name == name
        assert stage_by_name(short_name(name)) is found
    with pytest.raises(ValueError, match="no stage '7_cook'"):
        stage_by_name("7_cook")


def test_every_stage_says_in_half_a_line_what_it_does() -> None:
    texts = [stage_by_name(name).description for name in ALL_STAGES]
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert 10 < len(text) <= 60 and text[0].islower() and not text.endswith(".")


def test_the_order_is_that_of_the_numbers() -> None:
    numbers = [int(name.split("_")[0]) for name in ALL_STAGES]
    assert numbers == sorted(set(numbers))


def test_naming_stages_imports_none() -> None:
    code = "import sys, stages; assert stages.ALL_STAGES and 'stages.base' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True)
