"""What a manifest says of its model: one here, one of an endpoint, or none."""

from __future__ import annotations

from pathlib import Path

from tests.endpoint.odd_server import odd_server
from workers.cli.chosen_models import describe_models
from workers.settings.values import build_config


def test_each_kind(tiny_model: Path) -> None:
    here = describe_models(build_config({"model": str(tiny_model)}))
    assert here["target"]["name"] == str(tiny_model) and here["target"]["sha256"]
    with odd_server() as server:
        there = describe_models(build_config({"endpoint": server.url}))
        assert there == {"target": {"name": "odd", "endpoint": server.url}}
        assert describe_models(build_config({"endpoint": server.url, "disable_llm": True})) == {}
