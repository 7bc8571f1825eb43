"""Documents of every structure with members that are missing or of wrong types, at random.

What is read may be anything; what is tested is that nothing but a SourceError is raised, and
that each record can be written and looked at by what comes behind the readers.
"""

from __future__ import annotations

from random import Random
from typing import Any

import orjson
import pytest

from stages.base import RecordError
from stages.data_filter.stage import DataFilter
from stages.sources.found import SourceError
from stages.sources.joined import join, may_join, name_of
from stages.text.kinds import identify
from tests.source_help import as_json, read
from tests.source_samples import CVE, TEXT

WRONG: list[Any] = [None, 7, "", "x", True, 1.5, [], {}, [None], [7], [[]], {"a": None},
                    {"value": 7}, [{"lang": 7, "value": []}]]  # fmt: skip
SAID = [{"lang": "en", "value": TEXT}, {"lang": "es", "value": "Un fallo."}]
CVSS = {"version": "3.1", "baseScore": 9.8, "baseSeverity": "CRITICAL",
        "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}  # fmt: skip
CPE = {"vulnerable": True, "criteria": "cpe:2.3:a:acme:viewer:2.4:*:*:*:*:*:*:*",
       "versionEndExcluding": "2.5"}  # fmt: skip
NODES = [{"operator": "OR", "cpeMatch": [CPE], "children": [{"cpe_match": [CPE]}]}]
LINKS = [{"url": "https://acme.example/1", "tags": ["Patch"]}]
EVENTS = [{"introduced": "0"}, {"fixed": "2.5"}]
PACKAGE = {"package": {"name": "viewer", "ecosystem": "npm"}, "versions": ["1.0"],
           "ranges": [{"type": "SEMVER", "events": EVENTS}]}  # fmt: skip
FLAW = {"cve": CVE, "title": "T", "notes": [{"category": "description", "text": TEXT}],
        "cwe": {"id": "CWE-122"}, "product_status": {"known_affected": ["P1"]},
        "remediations": [{"category": "vendor_fix", "details": "Update."}],
        "threats": [{"category": "impact", "details": "a b"}],
        "scores": [{"cvss_v3": CVSS}]}  # fmt: skip
TREE = {"branches": [{"branches": [{"product": {"product_id": "P1", "name": "Viewer"}}]}]}
DOCUMENTS: list[Any] = [
    {"vulnerabilities": [{"cve": {
        "id": CVE, "vulnStatus": "Analyzed", "descriptions": SAID, "references": LINKS,
        "metrics": {"cvssMetricV31": [{"source": "x", "type": "Primary", "cvssData": CVSS}]},
        "weaknesses": [{"description": [{"lang": "en", "value": "CWE-122"}]}],
        "configurations": [{"nodes": NODES}], "cveTags": [{"tags": ["disputed"]}]}}]},
    {"CVE_Items": [{"cve": {
        "CVE_data_meta": {"ID": CVE}, "description": {"description_data": SAID},
        "problemtype": {"problemtype_data": [{"description": [{"value": "CWE-122"}]}]},
        "references": {"reference_data": LINKS}}, "configurations": {"nodes": NODES},
        "impact": {"baseMetricV3": {"cvssV3": CVSS}, "baseMetricV2": {"severity": "HIGH"}}}]},
    {"cveMetadata": {"cveId": CVE, "state": "PUBLISHED"}, "containers": {
        "cna": {"title": "T", "descriptions": SAID, "solutions": SAID, "references": LINKS,
                "metrics": [{"cvssV3_1": CVSS}],
                "problemTypes": [{"descriptions": [{"cweId": "CWE-122"}]}],
                "affected": [{"vendor": "acme", "product": "viewer", "versions": [
                    {"version": "1", "lessThan": "2", "status": "affected"}]}]},
        "adp": [{"metrics": [{"cvssV3_1": CVSS}], "references": LINKS}]}},
    {"document": {"csaf_version": "2.0", "title": "T", "publisher": {"name": "Acme"},
                  "notes": [{"category": "summary", "text": TEXT}],
                  "tracking": {"id": "A-1", "initial_release_date": "2031"}},
     "product_tree": TREE, "vulnerabilities": [FLAW, {**FLAW, "cve": "CVE-2031-10002"}]},
    {"cvrfdoc": {"document_title": "T", "document_notes": {"note": [TEXT]}, "vulnerability": [
        {"cve": CVE, "notes": {"note": TEXT}, "cwe": {"id": "CWE-122"}},
        {"cve": "CVE-2031-10002", "notes": {"note": [{"type": "General", "text": TEXT}]}}]}},
    {"schema_version": "1.6.0", "id": "GHSA-2222-3333-4444", "aliases": [CVE], "details": TEXT,
     "severity": [{"type": "CVSS_V3", "score": CVSS["vectorString"]}], "affected": [PACKAGE],
     "references": LINKS, "database_specific": {"cwe_ids": ["CWE-122"]}},
    [{"ghsa_id": "GHSA-2222-3333-4444", "description": TEXT, "identifiers": [{"value": CVE}],
      "vulnerabilities": [{**PACKAGE, "first_patched_version": {"identifier": "2.5"}}],
      "cvss": {"vector_string": CVSS["vectorString"]}, "cwes": [{"cwe_id": "CWE-122"}]}],
    {"notices": [{"id": "USN-7001-1", "title": "T", "description": TEXT, "cves_ids": [CVE],
                  "release_packages": {"noble": [{"name": "viewer", "version": "2.5"}]}}]},
    {"name": CVE, "threat_severity": "Low", "details": [TEXT], "bugzilla": {"description": "x"},
     "cvss3": {"cvss3_base_score": "9.8", "cvss3_scoring_vector": CVSS["vectorString"]},
     "package_state": [{"product_name": "RHEL", "fix_state": "Affected", "package_name": "v"}]},
    {"results": [{"cve_id": CVE, "description": TEXT, "vendors": ["acme", "acme$PRODUCT$viewer"],
                  "metrics": {"cvssV3_1": {"data": {"score": 9.8, "vector": "x"}}}}]},
    {"results": [{"id": "a", "name": "T", "description": TEXT, "tlp": "white",
                  "indicators": [{"indicator": "evil.example", "type": "domain"}],
                  "attack_ids": [{"id": "T9101"}], "malware_families": []}]},
    {"type": "bundle", "id": "bundle--1", "objects": [
        {"type": "attack-pattern", "id": "attack-pattern--1", "name": "T", "description": TEXT,
         "external_references": [{"source_name": "mitre-attack", "external_id": "T9101"}],
         "kill_chain_phases": [{"phase_name": "x"}], "object_marking_refs": ["m--1"]},
        {"type": "relationship", "id": "relationship--1", "relationship_type": "uses",
         "source_ref": "tool--1", "target_ref": "attack-pattern--1", "description": TEXT}]},
    {"vulnerabilities": [{"cveID": CVE, "vulnerabilityName": "T", "shortDescription": TEXT,
                          "requiredAction": "Patch.", "dueDate": "2031", "cwes": ["CWE-122"],
                          "vendorProject": "Acme", "product": "Viewer", "dateAdded": "x"}]},
]  # fmt: skip


def changed(value: Any, random: Random) -> Any:
    """A copy in which some members are gone, and some are of wrong types."""
    if random.random() < 0.05:
        return random.choice(WRONG)
    if isinstance(value, dict):
        return {k: changed(v, random) for k, v in value.items() if random.random() > 0.05}
    if isinstance(value, list):
        return [changed(one, random) for one in value if random.random() > 0.05]
    return value


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: str(next(iter(one)))[:20])
def test_whatever_a_document_holds_nothing_else_is_raised(document: Any) -> None:
    random, rules = Random(7), DataFilter()
    first = read(as_json(document))[0].record
    assert first is not None and TEXT in first["text"]
    for _ in range(120):
        try:
            found = read(as_json(changed(document, random)))
        except SourceError:
            continue
        for record in (one.record for one in found if one.record is not None):
            assert orjson.dumps(record) and isinstance(name_of(record), str)
            assert isinstance(identify(record).kind, str)
            if may_join(record):
                join(first, record, alike=False)
            try:
                rules.removed_at_once(record)
            except RecordError:
                continue
