"""The stage itself decides nothing."""

from __future__ import annotations

import asyncio

import pytest

from stages.base import RecordError
from stages.manual_reviewer.stage import ManualReviewer
from tests.review_help import pair


def test_only_a_person_decides() -> None:
    stage = ManualReviewer()
    assert not stage.needs_model
    with pytest.raises(RecordError, match=r"python -m stages\.manual_reviewer"):
        asyncio.run(stage.process(pair(1), None))


def test_duplicates_are_left_out_of_a_dataset_that_ends_here() -> None:
    screen = ManualReviewer().screen()
    assert screen(pair(1)) is None and screen(pair(1)) is not None
