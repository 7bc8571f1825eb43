"""Options of single stages: from YAML or flags, by full name, refused by the stage's own bounds."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import pytest

from workers.core.errors import UsageError
from workers.settings.stage_options import Options, from_flags, from_yaml, merged

ALIGNER = "6_security_aligner"


def test_yaml_may_name_a_stage_either_way() -> None:
    for name in (ALIGNER, "security_aligner"):
        assert from_yaml({name: {"ratio": 0.5}}) == {ALIGNER: {"ratio": 0.5}}
    assert from_yaml({}) == {}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (3, "stage_options: must map names of stages to options"),
        ({"magic": {}}, "stage_options magic: no such stage; the stages are data_filter, "),
        ({"security_aligner": 3}, "stage_options security_aligner: must map names of options to"),
        ({"security_aligner": {"ratoi": 1}}, "no option 'ratoi'; the options are seed, "),
        ({"security_aligner": {"ratio": 1.5}}, "security_aligner: ratio 1.5: must be a number"),
        ({"security_aligner": {}, ALIGNER: {}}, f"stage_options {ALIGNER}: the same stage twice"),
        ({"data_filter": {"ratio": 1}}, "stage_options data_filter: no option 'ratio'"),
    ],
)
def test_what_a_stage_does_not_take_is_refused_by_name(given: Any, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        from_yaml(given)
    assert message in str(refused.value)


def test_flags_of_a_stage_become_its_options() -> None:
    args = Namespace(ratio=0.5, seed=3, command="run")
    assert from_flags(args) == {ALIGNER: {"ratio": 0.5}}
    assert from_flags(args, ["2_data_filter"]) == {}
    assert from_flags(Namespace(command="run")) == {}


def test_a_wrong_flag_is_named_as_a_flag() -> None:
    with pytest.raises(UsageError, match=r"^--ratio 1.5: must be a number from 0 to 1$"):
        from_flags(Namespace(ratio=1.5))


def test_the_higher_of_two_wins_option_by_option() -> None:
    low: Options = {ALIGNER: {"ratio": 0.1, "seed": 1}, "2_data_filter": {"seed": 2}}
    assert merged(low, {ALIGNER: {"ratio": 0.9}}) == {
        ALIGNER: {"ratio": 0.9, "seed": 1},
        "2_data_filter": {"seed": 2},
    }
