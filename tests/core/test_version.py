"""The version: of the installed package, else of the checkout, else unknown."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest

from tests.run_tools import PROJECT
from workers.core import version as module
from workers.core.version import PACKAGE, version


def test_the_installed_package_knows_its_version() -> None:
    assert version() == metadata.version(PACKAGE)


def test_a_checkout_that_is_not_installed_reads_setup_cfg(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "PACKAGE", "not-installed-anywhere")
    [written] = re.findall(r"^version = (.+)$", (PROJECT / "setup.cfg").read_text(), re.MULTILINE)
    assert version() == written
    assert version(tmp_path / "none.cfg") == "unknown"
