"""Vulnerability feeds, written to their specifications: the right records as values."""

from __future__ import annotations

from typing import Any

import pytest

from tests.source_help import as_json, read, record, records, without_original

TEXT = "A heap overflow in the image decoder of Acme Viewer lets remote attackers run code."
CVE = "CVE-2031-10001"


def nvd_entry(**changes: Any) -> dict[str, Any]:
    cve: dict[str, Any] = {
        "id": CVE,
        "sourceIdentifier": "security@acme.example",
        "published": "2031-01-02T03:04:05.678",
        "lastModified": "2031-02-02T03:04:05.678",
        "vulnStatus": "Analyzed",
        "descriptions": [{"lang": "es", "value": "Un fallo."}, {"lang": "en", "value": TEXT}],
        "references": [{"url": "https://acme.example/a1", "source": "security@acme.example"}],
    }
    return {"cve": cve | changes}


def rating(version: str, score: float, severity: str, kind: str, source: str) -> dict[str, Any]:
    data = {"version": version, "baseScore": score, "baseSeverity": severity, "vectorString": "V"}
    return {"source": source, "type": kind, "cvssData": data}


def nvd(*entries: dict[str, Any]) -> bytes:
    return as_json({"format": "NVD_CVE", "version": "2.0", "vulnerabilities": list(entries)})


def test_nvd_2() -> None:
    entry = nvd_entry(
        weaknesses=[{"description": [{"lang": "en", "value": "CWE-122"}]}],
        configurations=[
            {
                "nodes": [
                    {
                        "cpeMatch": [
                            {
                                "vulnerable": True,
                                "criteria": "cpe:2.3:a:acme:image_viewer:*:*:*:*:*:*:*:*",
                                "versionStartIncluding": "2.0",
                                "versionEndExcluding": "2.4",
                            },
                            {"vulnerable": False, "criteria": "cpe:2.3:o:acme:os:1:*:*:*:*:*:*:*"},
                        ]
                    }
                ]
            }
        ],
    )
    found = record(nvd(entry))
    assert without_original(found) == {
        "text": TEXT,
        "title": "",
        "kind": "vulnerability",
        "id": CVE,
        "source": "NVD",
        "link": f"https://nvd.nist.gov/vuln/detail/{CVE}",
        "links": [f"https://nvd.nist.gov/vuln/detail/{CVE}", "https://acme.example/a1"],
        "language": "en",
        "cwes": ["CWE-122"],
        "affected": ["acme image viewer from 2.0 before 2.4"],
        "published": "2031-01-02T03:04:05.678",
        "modified": "2031-02-02T03:04:05.678",
    }
    assert found["original"] == entry


def test_the_newest_cvss_counts_and_its_primary_source_first() -> None:
    metrics = {
        "cvssMetricV2": [rating("2.0", 5.0, "MEDIUM", "Primary", "nvd@nist.gov")],
        "cvssMetricV31": [
            rating("3.1", 7.1, "HIGH", "Secondary", "cna@acme.example"),
            rating("3.1", 9.8, "CRITICAL", "Primary", "nvd@nist.gov"),
        ],
    }
    found = record(nvd(nvd_entry(metrics=metrics)))
    assert found["severity"] == "CRITICAL"
    assert found["cvss"] == {
        "version": "3.1",
        "base_score": 9.8,
        "severity": "CRITICAL",
        "vector": "V",
        "source": "nvd@nist.gov",
    }
    metrics["cvssMetricV40"] = [rating("4.0", 6.9, "MEDIUM", "Secondary", "cna@acme.example")]
    found = record(nvd(nvd_entry(metrics=metrics)))
    assert (found["severity"], found["cvss"]["version"]) == ("MEDIUM", "4.0")
    assert found["original"]["cve"]["metrics"] == metrics


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"vulnStatus": "Rejected"}, "rejected"),
        ({"vulnStatus": "Modified"}, None),
        ({"vulnStatus": "Reserved"}, "reserved"),
        ({"cveTags": [{"sourceIdentifier": "x", "tags": ["disputed"]}]}, "disputed"),
        ({"descriptions": [{"lang": "en", "value": f"** DISPUTED ** {TEXT}"}]}, "disputed"),
        ({"descriptions": [{"lang": "en", "value": "** REJECT ** Not one."}]}, "rejected"),
        ({"descriptions": [{"lang": "en", "value": "Rejected reason: none."}]}, "rejected"),
    ],
)
def test_the_status_of_an_entry(changes: dict[str, Any], status: str | None) -> None:
    assert record(nvd(nvd_entry(**changes))).get("status") == status


def test_an_empty_english_text_does_not_hide_another() -> None:
    said = [{"lang": "en", "value": " "}, {"lang": "es", "value": "Un fallo grave."}]
    found = record(nvd(nvd_entry(descriptions=said)))
    assert (found["text"], found["language"]) == ("Un fallo grave.", "es")


def nvd_1() -> dict[str, Any]:
    described = {"description_data": [{"lang": "en", "value": TEXT}]}
    matches = [{"vulnerable": True, "cpe23Uri": "cpe:2.3:a:acme:viewer:1.0:*:*:*:*:*:*:*"}]
    return {
        "cve": {
            "CVE_data_meta": {"ID": CVE, "ASSIGNER": "cve@acme.example"},
            "problemtype": {"problemtype_data": [{"description": [{"value": "CWE-122"}]}]},
            "references": {"reference_data": [{"url": "https://acme.example/a1"}]},
            "description": described,
        },
        "configurations": {"nodes": [{"operator": "OR", "children": [{"cpe_match": matches}]}]},
        "impact": {
            "baseMetricV3": {
                "cvssV3": {"version": "3.0", "baseScore": 8.8, "baseSeverity": "HIGH"}
            },
            "baseMetricV2": {"cvssV2": {"baseScore": 6.8}, "severity": "MEDIUM"},
        },
        "publishedDate": "2021-01-01T00:00Z",
        "lastModifiedDate": "2021-01-02T00:00Z",
    }


def test_nvd_1_1() -> None:
    found = record(as_json({"CVE_data_type": "CVE", "CVE_Items": [nvd_1()]}))
    assert (found["text"], found["id"], found["source"]) == (TEXT, CVE, "NVD")
    assert (found["severity"], found["cvss"]["base_score"]) == ("HIGH", 8.8)
    assert found["affected"] == ["acme viewer 1.0"] and found["cwes"] == ["CWE-122"]
    assert found["published"] == "2021-01-01T00:00Z"


def cve_5(**changes: Any) -> dict[str, Any]:
    cna: dict[str, Any] = {
        "title": "Heap overflow in Acme Viewer",
        "providerMetadata": {"orgId": "1", "shortName": "acme"},
        "descriptions": [{"lang": "de", "value": "Fehler."}, {"lang": "en-US", "value": TEXT}],
        "affected": [
            {
                "vendor": "Acme",
                "product": "Viewer",
                "versions": [
                    {"version": "2.0", "status": "affected", "lessThan": "2.4"},
                    {"version": "1.9", "status": "unaffected"},
                ],
            },
            {"vendor": "n/a", "product": "n/a", "versions": [{"version": "n/a"}]},
        ],
        "problemTypes": [{"descriptions": [{"cweId": "CWE-122", "description": "x"}]}],
        "metrics": [{"format": "CVSS", "cvssV3_1": {"baseScore": 8.8, "baseSeverity": "HIGH",
                                                    "version": "3.1", "vectorString": "V"}}],
        "solutions": [{"lang": "en", "value": "Install 2.4."}],
        "workarounds": [{"lang": "en", "value": "Open no images of strangers."}],
        "references": [{"url": "https://acme.example/a1"}],
    }  # fmt: skip
    adp = {
        "providerMetadata": {"shortName": "CISA-ADP"},
        "metrics": [{"cvssV3_1": {"version": "3.1", "baseScore": 9.8, "baseSeverity": "CRITICAL"}}],
        "references": [{"url": "https://other.example/b"}],
    }
    meta = {"cveId": CVE, "state": "PUBLISHED", "datePublished": "2031-01-01"}
    return {
        "dataType": "CVE_RECORD",
        "cveMetadata": meta | changes.pop("meta", {}),
        "containers": {"cna": cna | changes, "adp": [adp]},
    }


def test_cve_5_takes_the_words_of_the_cna_and_its_rating_before_those_of_others() -> None:
    found = record(as_json(cve_5()))
    assert without_original(found) == {
        "text": TEXT,
        "title": "Heap overflow in Acme Viewer",
        "kind": "vulnerability",
        "id": CVE,
        "source": "CVE Program",
        "link": f"https://www.cve.org/CVERecord?id={CVE}",
        "links": [
            f"https://www.cve.org/CVERecord?id={CVE}",
            "https://acme.example/a1",
            "https://other.example/b",
        ],
        "licence": "CVE Terms of Use (https://www.cve.org/Legal/TermsOfUse)",
        "language": "en",
        "severity": "HIGH",
        "cvss": {
            "version": "3.1",
            "base_score": 8.8,
            "severity": "HIGH",
            "vector": "V",
            "source": "acme",
        },
        "cwes": ["CWE-122"],
        "affected": ["Acme Viewer from 2.0 before 2.4"],
        "mitigations": ["Install 2.4.", "Open no images of strangers."],
        "published": "2031-01-01",
    }


def test_a_rejected_cve_5_says_so_with_its_reason() -> None:
    entry = cve_5(
        meta={"state": "REJECTED"},
        descriptions=[],
        rejectedReasons=[{"lang": "en", "value": "Assigned twice."}],
    )
    found = record(as_json(entry))
    assert (found["status"], found["text"]) == ("rejected", "Assigned twice.")


def test_cve_4() -> None:
    product = {
        "product_name": "Viewer",
        "version": {"version_data": [{"version_affected": "<", "version_value": "2.4"}]},
    }
    found = record(
        as_json(
            {
                "CVE_data_meta": {"ID": CVE, "STATE": "PUBLIC", "TITLE": "Overflow"},
                "data_format": "MITRE",
                "affects": {
                    "vendor": {
                        "vendor_data": [
                            {"vendor_name": "Acme", "product": {"product_data": [product]}}
                        ]
                    }
                },
                "description": {"description_data": [{"lang": "eng", "value": TEXT}]},
                "solution": [{"lang": "eng", "value": "Install 2.4."}],
            }
        )
    )
    assert (found["text"], found["title"], found["language"]) == (TEXT, "Overflow", "en")
    assert found["affected"] == ["Acme Viewer before 2.4"]
    assert found["mitigations"] == ["Install 2.4."] and "status" not in found


def test_kev() -> None:
    flaw = {
        "cveID": CVE,
        "vendorProject": "Acme",
        "product": "Viewer",
        "vulnerabilityName": "Acme Viewer Heap Overflow",
        "dateAdded": "2031-03-01",
        "shortDescription": TEXT,
        "requiredAction": "Apply updates.",
        "dueDate": "2031-03-21",
        "knownRansomwareCampaignUse": "Known",
        "notes": "https://acme.example/a1 ; https://acme.example/a2",
        "cwes": ["CWE-122"],
    }
    found = record(as_json({"title": "Catalog", "count": 1, "vulnerabilities": [flaw]}))
    assert without_original(found) == {
        "text": TEXT,
        "title": "Acme Viewer Heap Overflow",
        "kind": "vulnerability",
        "id": CVE,
        "source": "CISA KEV",
        "link": "https://acme.example/a1",
        "links": [
            "https://acme.example/a1",
            "https://acme.example/a2",
            "https://www.cisa.gov/known-exploited-vulnerabilities-catalog",
        ],
        "licence": "CC0-1.0",
        "language": "en",
        "cwes": ["CWE-122"],
        "affected": ["Acme Viewer"],
        "mitigations": ["Apply updates."],
        "published": "2031-03-01",
        "due_date": "2031-03-21",
        "ransomware_use": "Known",
    }


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


def test_opencve_old_and_new() -> None:
    old = {
        "id": CVE,
        "summary": TEXT,
        "created_at": "2031-01-01",
        "cvss": {"v2": 5.0, "v3": 7.5},
        "vendors": {"acme": ["viewer"]},
        "cwes": ["CWE-122"],
    }
    found = record(as_json([old]))
    assert (found["source"], found["text"], found["affected"]) == ("OpenCVE", TEXT, ["acme viewer"])
    assert found["cvss"]["base_score"] == 7.5
    new = {
        "cve_id": CVE,
        "description": TEXT,
        "title": "Overflow",
        "metrics": {
            "cvssV3_1": {
                "data": {"score": 9.8, "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
                "provider": "nvd",
            }
        },
        "vendors": ["acme", "acme$PRODUCT$image_viewer"],
        "weaknesses": ["CWE-122"],
    }
    found = record(as_json({"count": 1, "next": None, "results": [new]}))
    assert (found["title"], found["affected"]) == ("Overflow", ["acme image viewer"])
    assert (found["severity"], found["cvss"]["source"]) == ("CRITICAL", "nvd")


def test_ubuntu_notices_of_the_interface_and_the_database() -> None:
    notice = {
        "id": "USN-9000-1",
        "title": "Viewer vulnerability",
        "summary": "Viewer could be made to crash.",
        "description": TEXT,
        "instructions": "Update your system.",
        "cves_ids": [CVE],
        "published": "2031-01-01T00:00:00",
        "release_packages": {"noble": [{"name": "viewer", "version": "2.4-1", "is_source": True}]},
        "references": ["https://launchpad.net/bugs/1"],
        "type": "USN",
    }
    found = record(as_json({"notices": [notice], "total_results": 1}))
    assert (found["kind"], found["id"], found["aliases"]) == ("advisory", "USN-9000-1", [CVE])
    assert found["text"] == f"Viewer could be made to crash.\n{TEXT}"
    assert found["affected"] == ["viewer before 2.4-1 (Ubuntu noble)"]
    assert found["mitigations"] == ["Update your system."]
    entry = {
        "id": "9000-1",
        "title": "Viewer vulnerability",
        "description": TEXT,
        "action": "Update your system.",
        "cves": [CVE],
        "releases": {"noble": {"sources": {"viewer": {"version": "2.4-1"}}}},
    }
    found = record(as_json({"9000-1": entry}))
    assert (found["id"], found["aliases"], found["text"]) == ("USN-9000-1", [CVE], TEXT)
    assert found["affected"] == ["viewer before 2.4-1 (Ubuntu noble)"]


def test_ubuntu_cve() -> None:
    flaw = {
        "id": CVE,
        "description": TEXT,
        "ubuntu_description": "Ubuntu builds without the decoder.",
        "priority": "medium",
        "packages": [{"name": "viewer"}],
    }
    found = record(as_json({"cves": [flaw]}))
    assert (found["source"], found["severity"], found["affected"]) == (
        "Ubuntu",
        "medium",
        ["viewer"],
    )
    assert found["text"] == f"{TEXT}\nUbuntu builds without the decoder."


def test_red_hat_cve() -> None:
    flaw = {
        "threat_severity": "Important",
        "public_date": "2031-01-01T00:00:00Z",
        "bugzilla": {"description": "viewer: heap overflow", "id": "1"},
        "cvss3": {"cvss3_base_score": "8.8", "cvss3_scoring_vector": "CVSS:3.1/AV:N"},
        "cwe": "CWE-122",
        "details": [TEXT],
        "statement": "Only Enterprise Linux 9 is affected.",
        "affected_release": [{"product_name": "RHEL 9", "package": "viewer-0:2.4-1.el9"}],
        "package_state": [
            {"product_name": "RHEL 8", "fix_state": "Not affected", "package_name": "viewer"},
            {"product_name": "RHEL 7", "fix_state": "Affected", "package_name": "viewer"},
        ],
        "mitigation": {"value": "Open no images of strangers.", "lang": "en:us"},
        "name": CVE,
    }
    found = record(as_json(flaw))
    assert (found["source"], found["severity"]) == ("Red Hat", "Important")
    assert found["text"] == f"{TEXT}\nOnly Enterprise Linux 9 is affected."
    assert found["cvss"] == {
        "version": "3.1",
        "base_score": 8.8,
        "vector": "CVSS:3.1/AV:N",
        "source": "Red Hat",
    }
    assert found["affected"] == ["RHEL 9: fixed in viewer-0:2.4-1.el9", "RHEL 7: viewer"]
    assert found["mitigations"] == ["Open no images of strangers."]


def test_nested_lines_are_read_as_in_a_document_and_flat_ones_stay_as_they_are() -> None:
    flat = {"id": "A-1", "title": "A note", "description": TEXT, "severity": "odd"}
    lines = [as_json(nvd_entry()), as_json(cve_5()), as_json(flat), as_json(OSV)]
    found = records(b"\n".join(lines))
    assert [one.get("source") for one in found] == ["NVD", "CVE Program", None, None]
    assert found[2:] == [flat, OSV]


def test_format_names_a_structure_that_the_records_must_have() -> None:
    found = read(nvd(nvd_entry(), {"id": "x", "description": TEXT}), format="nvd")
    assert found[0].record is not None
    assert found[1].problem == "no nvd record: its fields are id, description"


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, [[]], [None]])
@pytest.mark.parametrize("name", ["descriptions", "metrics", "weaknesses", "references", "cveTags"])
def test_wrong_types_are_as_good_as_nothing(name: str, value: Any) -> None:
    (found,) = read(nvd(nvd_entry(**{name: value})))
    assert found.record or (name == "descriptions" and found.problem)
    assert read(as_json([cve_5(**{"affected": value, "solutions": value})]))[0].record
