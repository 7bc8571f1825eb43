"""What a manifest says of its model: one here, one of an endpoint, or none."""

from __future__ import annotations

from pathlib import Path

from tests.endpoint.odd_server import odd_server
from workers.cli.chosen_models import describe_models
from workers.run.run_model import TARGET, RunModel
from workers.settings.values import build_config


def test_each_kind(tiny_model: Path) -> None:
    here = describe_models(build_config({"model": str(tiny_model)}))
    assert here[TARGET].name == str(tiny_model) and here[TARGET].sha256
    with odd_server() as server:
        said = list[str]()
        there = describe_models(build_config({"endpoint": server.url}), said.append)
        assert there == {TARGET: RunModel("odd", endpoint=server.url)}
        nobody = build_config({"endpoint": server.url, "disable_llm": True})
        assert describe_models(nobody, said.append) == {}
        chosen, not_asked = said
        assert "asks its model odd; --model names another" in chosen
        assert "is not asked, nothing in this run needs a model" in not_asked
