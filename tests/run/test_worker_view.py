"""A worker as `status` shows it: the keys that scripts read, and back again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workers.core.json_fields import JsonFields
from workers.run.worker_view import WorkerView

VIEW = WorkerView(5, "batch", "working", "2_data_filter", "chunk-000001", 900, 2, 16)


def test_it_comes_back_as_it_was() -> None:
    keys = ["pid", "role", "state", "stage", "chunk", "rss_mb", "restarts", "batch_size"]
    assert list(VIEW.to_json()) == keys
    assert list(replace(VIEW, note="one by one").to_json()) == [*keys, "note"]
    for view in (VIEW, WorkerView(None, "cpu", "restarting")):
        assert WorkerView.parse(JsonFields(view.to_json(), "status.json")) == view


def test_a_wrong_type_is_named() -> None:
    with pytest.raises(ValueError, match="^status.json: 'pid' is not a whole number"):
        WorkerView.parse(JsonFields({**VIEW.to_json(), "pid": "5"}, "status.json"))
