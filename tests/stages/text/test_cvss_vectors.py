"""CVSS vectors: their version and score, whatever stands in them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from stages.text.cvss_vectors import Score, newest, scored, version_of

V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"
V3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"


@pytest.mark.parametrize(
    ("vector", "version", "score"),
    [
        (V2, "2.0", Score(7.5, "HIGH")),
        (f"({V2})", "2.0", Score(7.5, "HIGH")),
        (V3, "3.1", Score(9.8, "CRITICAL")),
        (V4, "4.0", Score(9.3, "CRITICAL")),
        ("CVSS:3.1/AV:N", "3.1", None),
        ("CVSS:9.9/AV:N", "9.9", None),
        ("high", "", None),
        ("", "", None),
    ],
)
def test_the_version_and_the_score_of_a_vector(
    vector: str, version: str, score: Score | None
) -> None:
    assert (version_of(vector), scored(vector)) == (version, score)


@dataclass(frozen=True)
class Rating:
    """What is looked at of a rating."""

    version: str
    primary: bool = False


def test_the_newest_counts_then_a_primary_source_then_the_first() -> None:
    old, first, second, own = (
        Rating("2.0", primary=True), Rating("3.1"), Rating("3.1"), Rating("3.1", primary=True)
    )  # fmt: skip
    assert newest([old, None, first, second]) is first
    assert newest([old, first, own]) is own
    assert newest([None]) is None
