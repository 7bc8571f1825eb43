"""OSV records and GitHub's advisories: the right records as values."""

from __future__ import annotations

from stages.sources.structures.osv import read_github, read_osv
from tests.source_help import as_json, record
from tests.source_samples import CVE, TEXT

OSV = {
    "schema_version": "1.6.0",
    "id": "GHSA-2222-3333-4444",
    "aliases": [CVE],
    "summary": "Overflow in acme-viewer",
    "details": TEXT,
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
    "affected": [
        {
            "package": {"ecosystem": "npm", "name": "acme-viewer"},
            "ranges": [
                {"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.4.0"}]},
                {"type": "GIT", "events": [{"introduced": "0"}, {"fixed": "abc"}]},
            ],
        }
    ],
    "references": [{"type": "WEB", "url": "https://acme.example/a1"}],
    "database_specific": {"severity": "HIGH", "cwe_ids": ["CWE-122"]},
    "published": "2031-01-01T00:00:00Z",
    "modified": "2031-01-02T00:00:00Z",
}


def test_osv() -> None:
    found = record(as_json(OSV))
    assert (found["text"], found["title"]) == (TEXT, "Overflow in acme-viewer")
    assert (found["id"], found["aliases"]) == ("GHSA-2222-3333-4444", [CVE])
    assert found["source"] == "GitHub Advisory Database" and found["licence"] == "CC-BY-4.0"
    assert found["affected"] == ["acme-viewer (npm) before 2.4.0"]
    assert found["mitigations"] == ["Update acme-viewer to 2.4.0."]
    assert found["severity"] == "HIGH"  # as stated; the vector alone would make it critical
    assert found["cvss"] == {
        "version": "3.1",
        "base_score": 9.8,
        "severity": "CRITICAL",
        "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "computed": True,
    }
    assert "status" not in found


def test_a_withdrawn_osv_record() -> None:
    assert record(as_json({**OSV, "withdrawn": "2031-02-01T00:00:00Z"}))["status"] == "withdrawn"
    assert record(as_json({**OSV, "id": "PYSEC-2031-1"}))["source"] == "PyPA Advisory Database"


def test_a_record_with_no_more_than_osv_demands() -> None:
    found = record(as_json({"id": "GO-2031-0001", "modified": "2031-01-01", "summary": TEXT}))
    assert (found["source"], found["kind"]) == ("Go Vulnerability Database", "vulnerability")
    assert (found["text"], found["modified"]) == (TEXT, "2031-01-01")


def test_github_advisories_of_both_interfaces() -> None:
    rest = {
        "ghsa_id": "GHSA-2222-3333-4444",
        "cve_id": CVE,
        "summary": "Overflow",
        "description": TEXT,
        "severity": "high",
        "html_url": "https://github.com/advisories/GHSA-2222-3333-4444",
        "cwes": [{"cwe_id": "CWE-122", "name": "Heap"}],
        "vulnerabilities": [
            {
                "package": {"ecosystem": "pip", "name": "viewer"},
                "vulnerable_version_range": "< 2.4",
                "first_patched_version": "2.4",
            }
        ],
        "withdrawn_at": None,
    }
    found = record(as_json([rest]))
    assert (found["text"], found["severity"], found["aliases"]) == (TEXT, "high", [CVE])
    assert found["affected"] == ["viewer (pip) < 2.4"]
    assert found["mitigations"] == ["Update viewer to 2.4."]
    assert (found["cwes"], found["weaknesses"]) == (["CWE-122"], ["CWE-122 Heap"])
    node = {
        "ghsaId": "GHSA-2222-3333-4444",
        "summary": "Overflow",
        "description": TEXT,
        "severity": "HIGH",
        "withdrawnAt": "2031-02-01",
        "identifiers": [{"type": "CVE", "value": CVE}],
        "vulnerabilities": {
            "nodes": [
                {
                    "package": {"ecosystem": "PIP", "name": "viewer"},
                    "vulnerableVersionRange": "< 2.4",
                    "firstPatchedVersion": {"identifier": "2.4"},
                }
            ]
        },
    }
    found = record(as_json({"data": {"securityAdvisories": {"nodes": [node]}}}))
    assert (found["status"], found["aliases"]) == ("withdrawn", [CVE])
    assert found["affected"] == ["viewer (PIP) < 2.4"]
    assert found["mitigations"] == ["Update viewer to 2.4."]


def test_severities_in_words_wherever_osv_has_them() -> None:
    bare = {**OSV, "database_specific": {}, "severity": []}
    ubuntu = {**bare, "severity": [{"type": "Ubuntu", "score": "medium"}]}
    android = {**bare, "affected": [{"ecosystem_specific": {"severity": "High"}}]}
    package = {**bare, "affected": [{"severity": [{"type": "Ubuntu", "score": "low"}]}]}
    found = [record(as_json(one)).get("severity") for one in (bare, ubuntu, android, package)]
    assert found == [None, "medium", "High", "low"]


def test_ratings_of_githubs_graphql() -> None:
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    rated = {"cvssV3": {"score": 9.8, "vectorString": vector}}
    value = {"ghsaId": "GHSA-2222-3333-4444", "description": TEXT, "cvssSeverities": rated}
    found = record(as_json(value))
    assert (found["cvss"]["base_score"], found["severity"]) == (9.8, "CRITICAL")


def test_a_package_without_a_repaired_version_is_named() -> None:
    """Its users look for an update that there isn't."""
    line = {
        "id": "GHSA-2222-3333-4444", "details": "Lark reads keys.", "modified": "2099-01-01",
        "affected": [{"package": {"name": "lark", "ecosystem": "npm"}, "ranges": [
            {"type": "SEMVER", "events": [{"introduced": "0"}, {"last_affected": "1.8"}]}]}],
    }  # fmt: skip
    assert read_osv(line).fix_notes == ("No repaired version of lark through 1.8 is named.",)
    packages = [
        {"package": {"name": "lark"}, "vulnerable_version_range": "<= 1.8"},
        {"package": {"name": "gull", "ecosystem": "other"}, "vulnerable_version_range": "< 2.1",
         "patched_versions": "2.1"},
    ]  # fmt: skip
    read = read_github({"ghsa_id": line["id"], "vulnerabilities": packages})
    assert read.fix_notes == ("No repaired version of lark up to 1.8 is named.",)
    assert read.mitigations == ("Update gull to 2.1.",)
    assert read.affected == ("lark <= 1.8", "gull < 2.1")


def test_a_stated_score_is_the_one_that_is_kept() -> None:
    """One that is worked out from the vector may be another, and then two are told."""
    rated = {"vector_string": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "score": 9.7}
    read = read_github({"ghsa_id": "GHSA-2222-3333-4444", "cvss": rated, "vulnerabilities": []})
    assert read.cvss is not None and (read.cvss.version, read.cvss.score) == ("3.1", 9.7)
