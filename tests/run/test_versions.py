"""What a run was made with: this process's versions, and as they were written."""

from __future__ import annotations

import sys

import orjson
import pytest

from workers.core.json_fields import JsonFields
from workers.core.version import PACKAGE, version
from workers.run import versions as module
from workers.run.versions import Versions


def parsed(values: dict[str, object]) -> Versions:
    return Versions.parse(JsonFields(values, "run.json: versions"))


def test_those_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACKAGES", ("orjson", "no-such-package"))
    here = Versions.here()
    assert here.program == version() and here.packages == {"orjson": orjson.__version__}
    assert here.python == ".".join(map(str, sys.version_info[:3]))


def test_they_come_back_as_they_were() -> None:
    for versions in (Versions.here(), Versions("1.0", packages={"mlx": "1"}), Versions()):
        assert parsed(dict(versions.to_json())) == versions
    assert Versions("1.0", "3.12.1").to_json() == {PACKAGE: "1.0", "python": "3.12.1"}


def test_what_is_no_version_is_named() -> None:
    with pytest.raises(ValueError, match="run.json: versions: 'mlx' is not text"):
        parsed({"mlx": 1})
