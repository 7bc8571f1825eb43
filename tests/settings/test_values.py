"""Settings from plain values: typed, refused by their names, the same after a way through JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stages import ALL_STAGES, DEFAULT_STAGES
from workers.core.errors import UsageError
from workers.settings.config import RunConfig
from workers.settings.values import build_config, checked, config_from_json, parse_stages


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"batch_size": 0}, "--batch-size 0: must be from 1 to 1024"),
        ({"batch_size": "32"}, "--batch-size 32: must be a whole number"),
        ({"batch_size": True}, "--batch-size True: must be a whole number"),
        ({"batch_size": 1.5}, "--batch-size 1.5: must be a whole number"),
        ({"temp": float("nan")}, "--temp nan: must be from 0 to 10"),
        ({"no_batching": 1}, "--no-batching 1: must be true or false"),
        ({"kv_bits": 3}, "--kv-bits 3: must be 4 or 8"),
        ({"model": ""}, "--model '': must not be empty"),
        ({"stages": ["9_magic"]}, "--stages 9_magic: no stage '9_magic'; the stages are data_filt"),
        ({"stages": []}, "--stages '': must name at least one stage"),
        ({"stages": "data_filter,2_data_filter"}, "each only once"),
        ({"stages": [3]}, "--stages 3: must be a list of stage names"),
        ({"batchsize": 3}, "batchsize: no such setting; did you mean batch_size?"),
        ({"draft_model": "x"}, "--draft-model: needs --enable-speculative"),
        ({"endpoint": "localhost:80"}, "--endpoint localhost:80: must be an address such as"),
        ({"endpoint": "http://me:pass@x/v1"}, "--endpoint http://...@x/v1: must hold no name"),
        ({"endpoint": "http://x/v1", "kv_bits": 8}, "--kv-bits: can't be combined with --endpoint"),
        (
            {"endpoint": "http://x/v1", "cluster": "tcp://h:1"},
            "--cluster: can't be combined with --endpoint",
        ),
        (
            {"endpoint": "http://x/v1", "thinking": 9},
            "--thinking: can't be combined with --endpoint",
        ),
    ],
)
def test_a_wrong_value_is_refused_by_name(values: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        build_config(values)
    assert message in str(refused.value)


def test_json_gives_the_same_config() -> None:
    given = {"batch_size": 3, "temp": 1, "stages": "security_aligner,data_filter", "limit": 7}
    config = build_config({**given, "stage_options": {"6_security_aligner": {"ratio": 0.5}}})
    assert config_from_json(json.loads(json.dumps(config.to_json()))) == config
    assert isinstance(config.temp, float)


def test_none_means_the_default() -> None:
    assert checked("batch_size", None, "batch_size None") == RunConfig().batch_size
    assert build_config({"batch_size": None, "limit": None}) == RunConfig()


def test_stages_are_known_by_both_names_and_come_in_pipeline_order() -> None:
    assert parse_stages("security_aligner, 2_data_filter") == (
        "2_data_filter",
        "6_security_aligner",
    )
    assert parse_stages(list(reversed(ALL_STAGES))) == ALL_STAGES
    assert parse_stages("all") == parse_stages(["all"]) == ALL_STAGES
    assert set(ALL_STAGES) - set(DEFAULT_STAGES) == {"5_manual_reviewer"}
    assert parse_stages("magic,data_filter") == ("magic", "2_data_filter")


def test_a_stage_of_ones_own_comes_behind_the_one_named_before_it() -> None:
    given = "own:First,security_aligner,own:Last,data_filter,pkg.own:Next,pkg.own.More"
    assert parse_stages(given) == (
        "own.First",
        "2_data_filter",
        "pkg.own.Next",
        "pkg.own.More",
        "6_security_aligner",
        "own.Last",
    )
    assert parse_stages(parse_stages(given)) == parse_stages(given)
