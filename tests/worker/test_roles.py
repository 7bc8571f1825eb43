"""Which stages each role takes, and in which order."""

from __future__ import annotations

import pytest

from workers.settings.values import build_config
from workers.worker.roles import ROLES, stages_for

MIXED = build_config(
    {
        "stage_options": {
            name: {"use_model": False} for name in ("2_data_filter", "6_security_aligner")
        }
    }
)


@pytest.mark.parametrize(
    ("role", "stages"),
    [("batch", "6432"), ("speculative", "6342"), ("cpu", "6")],
)
def test_stages_in_the_order_of_looking(role: str, stages: str) -> None:
    assert "".join(name[0] for name in stages_for(build_config({}), role)) == stages


def test_a_cpu_worker_takes_what_needs_no_model() -> None:
    assert list(stages_for(MIXED, "cpu")) == ["6_security_aligner", "2_data_filter"]
    assert len(stages_for(MIXED, "batch")) == 4
    assert len(stages_for(build_config({"disable_llm": True}), "cpu")) == 4


def test_no_worker_takes_the_stage_where_a_person_decides() -> None:
    config = build_config({"stages": "all"})
    for role in ROLES:
        assert "5_manual_reviewer" not in stages_for(config, role)
    assert len(stages_for(config, "batch")) == len(config.stages) - 1
