"""What a pair says of its gates holds for the texts that were judged, and for no others."""

from __future__ import annotations

from typing import Any

import pytest

from stages.gates.gates import Pair, judge
from stages.gates.measures import SourceText
from stages.gates.quality import digest_of, passed_checks
from stages.recipe.recipe import shipped

TEXTS = ("What is Foo?", "A flaw.", "Foo is a flaw.")


def test_the_digest_of_a_verdict_is_that_of_what_was_judged() -> None:
    verdict = judge(Pair(*TEXTS[:2], "Foo"), SourceText(TEXTS[2], "other"), shipped().bounds)
    quality = verdict.quality.to_json()
    assert quality["digest"] == digest_of(*TEXTS)
    assert passed_checks(quality, *TEXTS) == set(quality["checks"]) != set()
    for changed in (("x", *TEXTS[1:]), (TEXTS[0], "x", TEXTS[2]), (*TEXTS[:2], "x")):
        assert passed_checks(quality, *changed) == set()


def test_texts_are_not_run_together() -> None:
    assert digest_of("a", "b", "") != digest_of("ab", "", "") != digest_of("1:a", "b", "")


@pytest.mark.parametrize(
    "quality",
    [None, 5, [], {}, {"checks": ["literals"]}, {"checks": ["literals"], "digest": ["x"]},
     {"checks": 5, "digest": digest_of(*TEXTS)}, {"checks": [{}], "digest": digest_of(*TEXTS)}],
)  # fmt: skip
def test_whatever_a_record_has_there_opens_no_gate(quality: Any) -> None:
    assert passed_checks(quality, *TEXTS) == set()
