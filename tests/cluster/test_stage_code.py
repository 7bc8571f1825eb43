"""The hash of a run's stages: the same for the same code, another for a stage of somebody's own."""

from __future__ import annotations

import pytest

from stages import DEFAULT_STAGES
from workers.cluster.stage_code import stages_digest
from workers.core.errors import UsageError


def test_it_depends_on_code_and_not_on_which_of_ours_are_run() -> None:
    assert stages_digest(DEFAULT_STAGES) == stages_digest(DEFAULT_STAGES[:1])


def test_a_stage_of_ones_own_counts() -> None:
    own = "tests.own_stages.Asking"
    assert stages_digest([own]) != stages_digest([])
    with pytest.raises(UsageError):
        stages_digest(["tests.own_stages.Nobody"])
