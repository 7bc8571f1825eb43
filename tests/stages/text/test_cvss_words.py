"""What people write of CVSS into one field, and what is none of it."""

from __future__ import annotations

from typing import Any

import pytest

from stages.text.cvss_words import (
    WrittenCvss,
    as_score,
    as_vector,
    as_version,
    read_cvss,
    several_scores,
)

V31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
V2 = "AV:N/AC:M/Au:N/C:P/I:P/A:P"


@pytest.mark.parametrize(
    ("written", "score", "version"),
    [(9.8, 9.8, ""), ("9.8", 9.8, ""), (" 7 ", 7.0, ""), ("9.8/10", 9.8, ""), ("7,5", 7.5, ""),
     ("9.8 CRITICAL", 9.8, ""), ("9.8 (Critical)", 9.8, ""), ("CVSSv3: 9.8", 9.8, "3"),
     ("CVSS v3.1: 7.5 (High)", 7.5, "3.1"), ("CVSS:3.1 Base Score 9.8", 9.8, "3.1"),
     ("CVSSv3.1 Base Score: 7.5", 7.5, "3.1"), ("9.8 (CVSS 3.1)", 9.8, "3.1"),
     ("9.8 (Critical, CVSS v4.0)", 9.8, "4.0"), ("CVSS 9.8", 9.8, ""), ("CVSS 3.1", None, ""),
     ("9.8 (v3.1)", 9.8, "3.1"), ("7.5 (v2)", 7.5, "2"), ("7.5 (2)", None, ""),
     ("CVSS:3.1", None, ""), ("v9", None, ""), ("99", None, ""), (-1, None, ""), (True, None, ""),
     ("high", None, ""), (float("nan"), None, ""), (10**400, None, ""), (None, None, ""),
     ("CVSS " * 500, None, ""), ("9" * 5_000, None, "")],
)  # fmt: skip
def test_scores_as_they_are_written(written: Any, score: float | None, version: str) -> None:
    assert read_cvss(written) == WrittenCvss(score, version)
    assert as_score(written) == score


def test_one_score_of_each_version_in_a_text() -> None:
    """Such a field said nothing, and its flaw was of no severity."""
    both = [WrittenCvss(9.8, "3.1"), WrittenCvss(7.5, "2")]
    assert several_scores("9.8 (v3.1) / 7.5 (v2)") == both
    assert several_scores("CVSS v3.1: 9.8; CVSS v2: 7.5") == both
    for other in ("9.8 / 10", "9.8 (v3.1)", "9.8 (v3.1) / high", "9.8 (v3) / 7.5 (v3)", 9.8, None):
        assert several_scores(other) == []


def test_vectors_stand_alone_or_within_a_text() -> None:
    assert as_vector(f"({V2})") and as_vector(V4) and not as_vector("AV antivirus")
    assert read_cvss(f"{V31} (9.8)") == WrittenCvss(9.8, "", (V31,))
    assert read_cvss(f"9.8 CRITICAL {V31}") == WrittenCvss(9.8, "", (V31,))
    assert read_cvss(f"{V31}\n{V4}").vectors == (V31, V4)
    assert read_cvss(f"NVD: {V2}; 6.8").vectors == (V2,)


@pytest.mark.parametrize(
    ("stated", "version"),
    [("3.1", "3.1"), ("v3.1", "3.1"), (3.1, "3.1"), ("CVSS:4.0", "4.0"), ("CVSSv31", "3.1"),
     ("CVSS_V3", "3"), (3, ""), ("5.0", ""), ("Primary", ""), (None, "")],
)  # fmt: skip
def test_versions_as_they_are_stated(stated: Any, version: str) -> None:
    assert as_version(stated) == version
