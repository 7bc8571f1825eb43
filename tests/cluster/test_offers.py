"""What a machine is told of a run: the manifest, the recipe, and hashes to compare."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from workers.cluster import offers
from workers.cluster.offers import offer_of
from workers.cluster.stage_code import stages_digest
from workers.core.errors import PoolError
from workers.run.run_folder import RunFolder


def test_it_is_what_workers_at_home_go_by(home: RunFolder) -> None:
    offer = offer_of(home)
    assert offer.manifest.encode() == home.manifest.to_bytes()
    assert offer.stages == stages_digest(home.config.stages)
    assert offer.dask == version("distributed")


def test_a_recipe_that_is_no_text_is_named(
    home: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    class File:
        data = b"\xff\xfe\xff"

    class Odd:
        files = {"bounds.yaml": File()}  # noqa: RUF012

    monkeypatch.setattr(offers, "kept_recipe", lambda run: Odd())
    with pytest.raises(PoolError, match=f"the recipe of run {home.name}: not UTF-8"):
        offer_of(home)
