"""Pairs as a reviewer sees them: whatever a record holds, nothing raises."""

from __future__ import annotations

from typing import Any

import pytest

from stages.gates.measures import Span
from stages.manual_reviewer.pair import FIGURES, ReviewedPair, is_odd
from tests.review_help import flagged, hostile, pair


def test_what_a_pair_says_of_itself() -> None:
    seen = ReviewedPair(pair(1))
    assert seen.problem is None and seen.domain == "network_security" and not seen.flags
    assert seen.source[slice(*(seen.spans[0].start, seen.spans[0].end))].startswith("A remote")
    assert seen.about == {"id": "V-1", "name": "Gate 1", "url": "https://example.org"}
    assert (seen.figure("grounded"), seen.figure("confidence"), seen.figure("words")) == (
        1,
        0.9,
        14,
    )


def test_spans_are_put_in_order_and_within_the_text() -> None:
    quality = {"spans": [[30, 40], [5, 20], [10, 25], [39, 10**6], [7, 7], [1], "x", [True, 3]]}
    seen = ReviewedPair(pair(1, quality=quality))
    end = len(seen.source)
    assert seen.spans == (Span(5, 20), Span(20, 25), Span(30, 40), Span(40, end))


@pytest.mark.parametrize("wrong", [None, 3, [], {}, "text", [None], {"text": 3}, float("inf")])
def test_nothing_in_a_record_raises(wrong: Any) -> None:
    for name in ("instruction", "response", "source_data", "quality", "domains", "flags", "type"):
        seen = ReviewedPair({**pair(1), name: wrong})
        assert 0 <= seen.doubt <= 1 and seen.spans is not None and seen.flags is not None
        assert all(seen.figure(figure) is not False for figure in FIGURES)
    assert ReviewedPair(hostile(1)).problem is None


def test_a_record_without_a_question_or_an_answer_is_no_pair() -> None:
    assert "no instruction" in str(ReviewedPair({"response": "x"}).problem)
    assert "no response" in str(ReviewedPair({"instruction": "x?", "response": " "}).problem)


def test_doubt_grows_with_what_speaks_against_a_pair() -> None:
    good = ReviewedPair(pair(1)).doubt
    assert good < 0.1 < ReviewedPair(pair(1), repeats=True).doubt
    assert ReviewedPair(flagged(1)).doubt > 0.5
    by_model = {**pair(1)["quality"], "written_by": "model", "grounded": 0.91}
    assert ReviewedPair(pair(1, quality=by_model)).doubt > 0.4
    by_form = {**pair(1)["quality"], "written_by": "form", "verbatim": 0.0}
    assert ReviewedPair(pair(1, quality=by_form)).doubt == good


def test_flags_name_what_a_reviewer_should_look_at() -> None:
    assert ReviewedPair(flagged(1)).flags == ("review required",)
    assert ReviewedPair(pair(1, review_required=True)).review_required
    assert not ReviewedPair(pair(1, review_required="yes")).review_required
    assert "unusual characters" in ReviewedPair(hostile(1)).flags
    assert "no source" in ReviewedPair(pair(1, source_data={})).flags


def test_odd_characters_are_those_that_can_not_be_seen() -> None:
    assert all(map(is_odd, "\u202e\x1b\x00\u200b\ufeff\u2028\ue000"))
    assert not any(map(is_odd, "a\n\té漢😀€"))
