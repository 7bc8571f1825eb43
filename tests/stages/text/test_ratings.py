"""CVSS ratings in the shapes of every feed: newest version, primary source, vectors alone."""

from __future__ import annotations

from typing import Any

import pytest

from stages.text.ratings import other_ratings, rating_of
from tests.stage_help import hostile_records

V31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
V2 = "AV:N/AC:M/Au:N/C:P/I:P/A:P"


def nvd(name: str, score: float, kind: str, version: str) -> dict[str, Any]:
    data = {"version": version, "baseScore": score}
    return {name: [{"source": f"{kind}@example.org", "type": kind, "cvssData": data}]}


@pytest.mark.parametrize(
    ("record", "score", "called"),
    [
        ({"cve": {"metrics": nvd("cvssMetricV31", 9.8, "Primary", "3.1")}}, 9.8, "CVSS 3.1"),
        ({"impact": {"baseMetricV3": {"cvssV3": {"baseScore": 8.1}}}}, 8.1, "CVSS 3"),
        ({"metrics": {"cvssMetricV2": [{"cvssData": {"baseScore": 10}}]}}, 10, "CVSS 2"),
        ({"metrics": [{"cvssV3_1": {"baseScore": 5.0}}]}, 5.0, "CVSS 3.1"),
        ({"id": "CVE-2099-0001", "severity": "HIGH", "score": "8.1"}, 8.1, "CVSS"),
        ({"severity": [{"type": "CVSS_V3", "score": V31}]}, 9.8, "CVSS 3.1"),
        ({"severity": [{"score": V31}, {"score": V4}]}, 9.3, "CVSS 4.0"),
        ({"cvss": {"score": 7.5, "vectorString": V31}}, 7.5, "CVSS 3.1"),
        ({"cvss_v2": V2}, 6.8, "CVSS 2.0"),
        ({"cvss": 7.5}, 7.5, "CVSS"),
        ({"cvss_v3_score": "9.8 (Critical)"}, 9.8, "CVSS 3"),
        ({"cvss": {"version": "3.1", "base_score": 4.3}}, 4.3, "CVSS 3.1"),
        ({"vulnerabilities": [{"scores": [{"cvss_v3": {"baseScore": 5}}]}]}, 5.0, "CVSS 3"),
        ({"CVSS": "9.8 (v3.1) / 7.5 (v2)"}, 9.8, "CVSS 3.1"),
        ({"cvss": "CVSS v3.1: 9.8", "cvss_v2": 5.0}, 9.8, "CVSS 3.1"),
        ({"cvss": 9.8, "cvss2": "5.0"}, 9.8, "CVSS"),
        ({"baseScore": 9.8, "baseScoreVersion": "3.1"}, 9.8, "CVSS 3.1"),
        ({"version": "2.0", "cvss_score": 7.1, "cvss_version": 3.1}, 7.1, "CVSS 3.1"),
        ({"version": "2.0", "baseScore": 7.1}, 7.1, "CVSS"),
        ({"cvss": f"{V31} (9.8)"}, 9.8, "CVSS 3.1"),
        ({"cvss": f"9.8 CRITICAL {V31}"}, 9.8, "CVSS 3.1"),
        ({"cvss": f"{V31}, {V4}"}, 9.3, "CVSS 4.0"),
        ({"cvss": {"base": 7.1, "temporal": 6.2}}, 7.1, "CVSS"),
        ({"cvss_score": "7,5"}, 7.5, "CVSS"),
        ({"CVSS": {"redhat": {"V3Score": 5.3}, "nvd": {"V3Score": 9.8}}}, 9.8, "CVSS 3"),
        ({"ratings": [{"method": "CVSSv31", "score": 7.5}]}, 7.5, "CVSS 3.1"),
        # The version stands beside what holds the scores, in whatever order.
        (
            {
                "cvss": [
                    {"version": "2.0", "metrics": {"baseScore": 5.0}},
                    {"version": "3.1", "metrics": {"baseScore": 9.1}},
                ]
            },
            9.1,
            "CVSS 3.1",
        ),
        (
            {"rating": {"version": "3.1", "vector": V31, "data": {"baseScore": 9.8}}},
            9.8,
            "CVSS 3.1",
        ),
        ({"release": {"version": "3.1", "metrics": {"baseScore": 9.1}}}, 9.1, "CVSS"),
        ({"cvss_base": "6.4"}, 6.4, "CVSS"),
        ({"cvss3": {"cvss3_base_score": "8.8", "cvss3_scoring_vector": V31}}, 8.8, "CVSS 3.1"),
    ],
)
def test_one_rating_of_every_shape(record: dict[str, Any], score: float, called: str) -> None:
    rating = rating_of(record)
    assert rating is not None and (rating.score, rating.called) == (score, called)


def test_the_newest_version_counts_and_its_primary_source_first() -> None:
    metrics = {
        **nvd("cvssMetricV2", 10.0, "Primary", "2.0"),
        "cvssMetricV31": [
            {"type": "Secondary", "cvssData": {"version": "3.1", "baseScore": 7.3}},
            {"type": "Primary", "cvssData": {"version": "3.1", "baseScore": 9.8}},
        ],
    }
    rating = rating_of({"cve": {"metrics": metrics}})
    assert rating is not None and (rating.score, rating.version) == (9.8, "3.1")


def test_the_cna_of_a_cve_5_record_comes_before_others() -> None:
    other = [{"metrics": [{"cvssV3_1": {"baseScore": 9.0, "version": "3.1"}}]}]
    cna = {"metrics": [{"cvssV3_1": {"baseScore": 5.0, "version": "3.1"}}]}
    rating = rating_of({"containers": {"adp": other, "cna": cna}})
    assert rating is not None and rating.score == 5.0


@pytest.mark.parametrize(
    "record",
    [{"score": 5}, {"id": "CVE-2099-0001", "severity": "LOW", "score": "8.1"},
     {"id": "LARK-1", "severity": "HIGH", "score": "8.1"}, {"cvss_version": 3},
     {"cvss": 11}, {"cvss": True}, {"cvss": "CVSS:3.1/AV:N"},
     {"epss_score": 0.4}, {"cvss_v3_impact_score": 5.9}, {"cvss": "CVSS:3.1"},
     {"cvss_v4": {"vector_string": None, "score": 0.0}},
     {"references": [{"cvss": 9.8}]}, {"cvss": float("nan")}, {"cvss": "high"}, {"cvss": 10**400}],
)  # fmt: skip
def test_what_is_no_rating(record: dict[str, Any]) -> None:
    assert rating_of(record) is None


@pytest.mark.parametrize(
    "record",
    [{"cvss_v2_base_score": 5.0, "cvss_v3_base_score": 9.8},
     {"cvssV3BaseScore": 9.8, "cvssV2BaseScore": 5.0},
     {"CVSS v3.0 Base Score": "9.8", "CVSS v2.0 Base Score": "5.0"},
     {"cvss_v3_impact_score": 5.9, "cvss_v3_base_score": 9.8, "cvss3_temporal_score": 8.0},
     {"cvss_severities": {"cvss_v3": {"vector_string": V31, "score": 9.8},
                          "cvss_v4": {"vector_string": None, "score": 0.0}}},
     {"cvss": "CVSSv3: 9.8"}, {"cvss": f"9.8 ({V31})"},
     {"cvssv3_score": f"9.8 - {V31}"}, {"cvss_score": "9.8 - Critical"}],
)  # fmt: skip
def test_the_base_score_of_the_newest_version_among_flat_ones(record: dict[str, Any]) -> None:
    rating = rating_of(record)
    assert rating is not None and rating.score == 9.8


@pytest.mark.parametrize(
    "row",
    [
        {"cvss_base_score": "10.0", "cvss3_base_score": "9.1", "cvss3_temporal_score": "8.0"},
        {"CVSS_BASE": 10.0, "CVSS3_BASE": 9.1, "CVSS_TEMPORAL": 7.1, "CVSS3_TEMPORAL": 8.0},
    ],
)
def test_a_scanners_score_without_a_version_is_of_version_2(row: dict[str, Any]) -> None:
    """Two scores that can't be told apart are told in no answer."""
    rating = rating_of(row)
    assert rating is not None and (rating.score, rating.called) == (9.1, "CVSS 3")
    assert [(one.called, one.score) for one in other_ratings(row, rating)] == [("CVSS 2", 10.0)]


def test_levels_follow_the_scale_of_the_version() -> None:
    two, three = rating_of({"cvss_v2": 9.5}), rating_of({"cvss_v3": 9.5})
    assert two is not None and two.level == "high"
    assert three is not None and three.level == "critical"


def test_hostile_records_never_raise() -> None:
    for record in hostile_records(200):
        rating_of(record)


def test_a_stated_score_is_not_rated_again_by_its_vector() -> None:
    record = {"metrics": {"cvssV3_1": {"version": "3.1", "baseScore": 5.0, "vectorString": V31}}}
    rating = rating_of(record)
    assert rating is not None and rating.score == 5.0
    assert other_ratings(record, rating) == []


@pytest.mark.parametrize(
    ("record", "others"),
    [
        ({"baseScore": 9.8, "baseScoreVersion": "3.1", "baseScoreVector": V31}, []),
        ({"cvss_score": 9.8, "cvss_vector": V31}, []),
        ({"cvss3_base_score": 8.8, "cvss3_scoring_vector": V31}, []),
        (
            {"CVSS": {"ghsa": {"V3Score": 5.3}, "nvd": {"V3Score": 9.8, "V3Vector": V31,
                                                       "V2Score": 6.8, "V2Vector": V2}}},
            [("CVSS 3", 5.3, "ghsa"), ("CVSS 2.0", 6.8, "nvd")],
        ),
    ],
)  # fmt: skip
def test_a_rating_is_not_another_one_for_its_vector_or_its_version(
    record: dict[str, Any], others: list[tuple[str, float, str]]
) -> None:
    rating = rating_of(record)
    assert rating is not None and rating.called == "CVSS 3.1"
    found = [(one.called, one.score, one.source) for one in other_ratings(record, rating)]
    assert found == others
