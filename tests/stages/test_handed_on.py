"""Pairs that one stage hands to another as a file: whoever runs the stages one by one gets what a
run gets."""

from __future__ import annotations

import asyncio
import json

import pytest

from examples import make_input
from stages import stage_by_name
from stages.base import Record, Result, Stage
from stages.data_structurer.options import StructurerOptions
from stages.data_structurer.stage import DataStructurer
from stages.domain_classifier.stage import DomainClassifier
from stages.gating import gate
from stages.manual_reviewer.stage import ManualReviewer
from stages.security_aligner.stage import SecurityAligner


def through(stage: Stage, records: list[Record]) -> list[Record]:
    """What a stage makes of a file's records, as it stands in its own file."""
    stage.from_outside = True
    made = (asyncio.run(stage.process(one, None)) for one in records)
    found = [pair for one in made if isinstance(one, Result) for pair in one.records]
    written: list[Record] = json.loads(json.dumps(found))
    return written


@pytest.fixture(scope="module")
def pairs() -> list[Record]:
    """Those of the shipped example's records."""
    return through(
        DataStructurer(StructurerOptions(answers="record")), make_input.records(60, seed=2)
    )


@pytest.mark.parametrize("stage", ["domain_classifier", "security_aligner"])
def test_no_pair_is_lost_whichever_stage_comes_next(pairs: list[Record], stage: str) -> None:
    assert len(pairs) > 60
    assert len(through(stage_by_name(stage)(), pairs)) >= len(pairs)


def test_no_pair_is_lost_by_the_reviewer_or_the_assembler(pairs: list[Record]) -> None:
    reviewer = ManualReviewer()
    reviewer.from_outside = True
    assert [reviewer.refused(one) for one in pairs] == [None] * len(pairs)
    assert [gate(one) for one in pairs] == [None] * len(pairs)


def test_no_pair_is_lost_on_the_whole_way(pairs: list[Record]) -> None:
    """The aligner's corrections are handed on, and so are its examples."""
    classified = through(DomainClassifier(), pairs)
    aligned = through(SecurityAligner(), classified)
    assert len(classified) == len(pairs) and len(aligned) > len(pairs)
    assert [gate(one) for one in aligned] == [None] * len(aligned)
    assert len(through(DomainClassifier(), aligned)) == len(aligned)
