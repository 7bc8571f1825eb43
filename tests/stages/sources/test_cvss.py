"""CVSS ratings: as stated, worked out where a vector stands alone, and the newest of several."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.cvss import Cvss, from_data, from_vector, newest, text_of, version_of

V3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"


@pytest.mark.parametrize(
    ("vector", "version", "score", "severity"),
    [
        (V2, "2.0", 7.5, "HIGH"),
        (f"({V2})", "2.0", 7.5, "HIGH"),
        (V3, "3.1", 9.8, "CRITICAL"),
        (V4, "4.0", 9.3, "CRITICAL"),
    ],
)
def test_the_score_of_a_vector_alone(
    vector: str, version: str, score: float, severity: str
) -> None:
    found = from_vector(vector, "acme")
    assert found == Cvss(version, score, severity, vector, "acme", computed=True)


@pytest.mark.parametrize("vector", ["CVSS:3.1/AV:N", "CVSS:3.1/", "CVSS:9.9/AV:N", "CVSS:3.1/☃"])
def test_a_broken_vector_is_a_rating_without_a_score(vector: str) -> None:
    assert from_vector(vector) == Cvss(vector[5:8], vector=vector)


@pytest.mark.parametrize("value", [None, 3, [], {}, "", "high", "AV:N/AC:L"])
def test_what_is_no_vector_is_no_rating(value: Any) -> None:
    assert from_vector(value) is None and from_data(value) is None


def test_what_is_stated_counts_before_what_could_be_worked_out() -> None:
    data = {"version": "3.1", "baseScore": 5, "baseSeverity": "medium", "vectorString": V3}
    assert from_data(data, "acme", True) == Cvss("3.1", 5.0, "MEDIUM", V3, "acme", primary=True)
    assert from_data({"baseScore": 5.0}, severity="low", version="2.0") == Cvss("2.0", 5.0, "LOW")


@pytest.mark.parametrize("score", [None, True, "9.8", [9.8]])
def test_a_score_that_is_no_number_is_worked_out_of_the_vector(score: Any) -> None:
    found = from_data({"baseScore": score, "vectorString": V3})
    assert found is not None and (found.score, found.computed) == (9.8, True)


def test_the_newest_version_counts_then_a_primary_source_then_the_first() -> None:
    old, first, second = Cvss("2.0", primary=True), Cvss("3.1", 1.0), Cvss("3.1", 2.0)
    own = Cvss("3.1", 3.0, primary=True)
    assert newest([old, None, first, second]) is first
    assert newest([old, first, own]) is own
    assert newest([None]) is None


def test_a_rating_as_json_leaves_out_what_is_not_known() -> None:
    assert Cvss("3.1", 0.0, "NONE").to_json() == {
        "version": "3.1",
        "base_score": 0.0,
        "severity": "NONE",
    }
    assert Cvss("4.0", computed=True).to_json() == {"version": "4.0", "computed": True}


def test_versions_and_texts() -> None:
    assert [version_of(one) for one in (V2, V3, "CVSS:3.1", "")] == ["2.0", "3.1", "", ""]
    assert (text_of("  a "), text_of(7), text_of(None)) == ("a", "", "")
