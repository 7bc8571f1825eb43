"""A run's model in its manifest: as it was written, and nothing that is not known."""

from __future__ import annotations

import pytest

from workers.core.json_fields import JsonFields
from workers.model_store import Fingerprint
from workers.run.run_model import RunModel

HERE = RunModel.of("lab/m", Fingerprint("/models/m", 4, "ab"), "{{ messages }}")


@pytest.mark.parametrize("model", [HERE, RunModel("m"), RunModel("odd", endpoint="http://a/v1")])
def test_it_comes_back_as_it_was(model: RunModel) -> None:
    values = model.to_json()
    assert RunModel.parse(JsonFields(values, "run.json: model")) == model
    assert None not in values.values() and values["name"] == model.name


def test_what_is_no_model_is_named() -> None:
    for values, problem in (
        ({}, "no 'name'"),
        ({"name": "m", "sha256": 7}, "'sha256' is not text"),
    ):
        with pytest.raises(ValueError, match=f"run.json: model: {problem}"):
            RunModel.parse(JsonFields(values, "run.json: model"))
