"""Two records of one thing as one."""

from __future__ import annotations

import pytest

from stages.base import Record
from stages.sources.joined import join, may_join, name_of

FIRST: Record = {"text": "one", "title": "", "kind": "vulnerability", "id": "CVE-2030-1001",
                 "source": "NVD", "cwes": ["CWE-1"], "original": {"a": 1}}  # fmt: skip


def test_what_is_missing_is_added_and_what_is_said_stays() -> None:
    other = {**FIRST, "text": "two", "title": "T", "source": "CVE Program", "cwes": ["CWE-2"],
             "licence": "x", "severity": "high", "original": {"b": 2}}  # fmt: skip
    joined = join(FIRST, other, alike=True)
    assert joined == {**FIRST, "title": "T", "source": "NVD, CVE Program", "licence": "x",
                      "cwes": ["CWE-1", "CWE-2"], "severity": "high"}  # fmt: skip
    assert FIRST["cwes"] == ["CWE-1"]


def test_other_words_follow_unless_they_are_there_already() -> None:
    assert join(FIRST, {"text": "two"}, alike=False)["text"] == "one\n\ntwo"
    assert join({**FIRST, "text": "one two"}, {"text": "two"}, alike=False)["text"] == "one two"
    assert join(FIRST, {"text": "two"}, alike=True)["text"] == "one"


def test_a_name_is_kind_and_public_id() -> None:
    assert (
        name_of({**FIRST, "id": "cve-2030-1001"})
        == name_of(FIRST)
        == name_of({"cve_id": "CVE-2030-1001", "description": "x"})
    )
    assert name_of({**FIRST, "status": "rejected"}) != name_of(FIRST)
    assert name_of({**FIRST, "kind": "advisory"}) != name_of(FIRST)


def test_a_databases_entry_for_one_cve_is_about_that_cve() -> None:
    advisory = {**FIRST, "id": "GHSA-aaaa-bbbb-cccc", "aliases": ["CVE-2030-1001", "PYSEC-2030-7"]}
    assert name_of(advisory) == name_of(FIRST)
    assert join(FIRST, advisory, alike=True)["aliases"] == ["GHSA-aaaa-bbbb-cccc", "PYSEC-2030-7"]
    assert join(advisory, FIRST, alike=True)["aliases"] == advisory["aliases"]
    several = {**advisory, "aliases": ["CVE-2030-1001", "CVE-2030-1002"]}
    assert "GHSA-AAAA" in name_of(several)
    assert name_of({**advisory, "status": "withdrawn"}) != name_of(FIRST)
    assert name_of({**FIRST, "aliases": ["CVE-2030-1002"]}) == name_of(FIRST)


@pytest.mark.parametrize("own", ["", "7", "item-12", "CVE", "../x"])
def test_ids_of_ones_own_name_nothing(own: str) -> None:
    assert name_of({**FIRST, "id": own}) == ""


def test_only_what_a_reader_made_is_joined() -> None:
    assert may_join(FIRST)
    assert not may_join({"id": "CVE-2030-1001", "text": "x"})


OLD = {"version": "2.0", "base_score": 7.5, "severity": "HIGH"}
NEW = {"version": "3.1", "base_score": 9.8, "severity": "CRITICAL", "source": "nvd"}


def test_the_newest_rating_counts_and_its_severity() -> None:
    old, new = ({**FIRST, "cvss": one, "severity": one["severity"]} for one in (OLD, NEW))
    for pair in ((old, new), (new, old)):
        joined = join(*pair, alike=True)
        assert (joined["cvss"], joined["severity"]) == (NEW, "CRITICAL")
    assert join(FIRST, old, alike=True)["cvss"] == join(old, FIRST, alike=True)["cvss"] == OLD
    bare = {**FIRST, "cvss": {"version": "4.0"}}
    assert "severity" not in join(old, bare, alike=True)  # no word of another version's


def test_a_severity_in_words_stays_beside_a_newer_rating() -> None:
    new = {**FIRST, "cvss": NEW, "severity": "CRITICAL"}
    worded = {**FIRST, "cvss": OLD, "severity": "important"}
    same_word = {**FIRST, "cvss": OLD, "severity": "HIGH",
                 "original": {"database_specific": {"severity": "HIGH"}}}  # fmt: skip
    for one, severity in ((worded, "important"), (same_word, "HIGH")):
        for pair in ((one, new), (new, one)):
            joined = join(*pair, alike=True)
            assert (joined["cvss"], joined["severity"]) == (NEW, severity)


def test_of_one_version_a_primary_sources_rating_counts() -> None:
    other = {"version": "3.1", "base_score": 7.5, "severity": "HIGH", "source": "adp"}
    primary = {"metrics": {"cvssMetricV31": [{"type": "Primary", "cvssData": {
        "version": "3.1", "baseScore": 9.8}}]}}  # fmt: skip
    pair = ({**FIRST, "cvss": other}, {**FIRST, "cvss": NEW, "original": primary})
    assert join(*pair, alike=True)["cvss"] == NEW
    assert join({**FIRST, "cvss": other}, {**FIRST, "cvss": NEW}, alike=True)["cvss"] == other


def test_things_of_other_kinds_have_no_public_name() -> None:
    assert name_of({**FIRST, "kind": "indicator", "id": "T1566"}) == ""
    assert name_of({**FIRST, "kind": "threat_report"}) == ""
