"""The kind and the id of a record come from its structure, never from words in its prose."""

from __future__ import annotations

from typing import Any

import pytest

from examples import make_input
from stages.text.kinds import (
    ADVISORY,
    OTHER,
    PATTERN,
    VULNERABILITY,
    WEAKNESS,
    identify,
)

PROSE = "CVE-2021-44228, CWE-79 and T1059 are discussed. An incident, an advisory, a paper: all."
META = {"CVE_data_meta": {"ID": "CVE-2020-14001", "ASSIGNER": "cve@mitre.org"}}


@pytest.mark.parametrize("record", [META, {"cve": META}])
def test_cve_4_and_nvd_1_keep_their_id_in_a_head(record: dict[str, Any]) -> None:
    found = identify(record)
    assert (found.kind, found.id) == (VULNERABILITY, "CVE-2020-14001")


@pytest.mark.parametrize(
    ("record", "kind", "own_id"),
    [({"id": "VMSA-2031-0007"}, ADVISORY, "VMSA-2031-0007"),
     ({"@ID": "108", "@Name": "Blind", "@Abstraction": "Detailed"}, PATTERN, "CAPEC-108"),
     ({"ID": "9", "Name": "Flood", "Abstraction": "Standard"}, PATTERN, "CAPEC-9"),
     ({"@ID": "20", "@Name": "Bad", "@Abstraction": "Class"}, WEAKNESS, "CWE-20"),
     ({"ID": "20", "Name": "Bad", "Abstraction": "none of ours"}, OTHER, "20"),
     ({"name": "CVE-2020-14001", "threat_severity": "Low"}, VULNERABILITY, "CVE-2020-14001"),
     ({"name": "About CVE-2020-14001"}, OTHER, "")],
)  # fmt: skip
def test_entries_of_tables_xml_and_red_hat(record: dict[str, Any], kind: str, own_id: str) -> None:
    found = identify(record)
    assert (found.kind, found.id) == (kind, own_id)


@pytest.mark.parametrize(
    ("record", "kind", "own_id"),
    [
        ({"id": "CVE-2099-0001"}, "vulnerability", "CVE-2099-0001"),
        ({"cve": {"id": "CVE-2099-0001"}, "id": "row 5"}, "vulnerability", "CVE-2099-0001"),
        ({"cveMetadata": {"cveId": "CVE-2099-1"}}, "vulnerability", "CVE-2099-1"),
        ({"cve_id": "CVE-2099-0001", "cwe_id": "CWE-79"}, "vulnerability", "CVE-2099-0001"),
        ({"id": "GHSA-aaaa-bbbb-cccc", "severity": "high"}, "vulnerability", "GHSA-aaaa-bbbb-cccc"),
        ({"id": "X-1", "aliases": ["CVE-2099-0001"]}, "vulnerability", "CVE-2099-0001"),
        ({"id": "CWE-79"}, "weakness", "CWE-79"),
        ({"cwe_id": "79", "name": "XSS"}, "weakness", "CWE-79"),
        ({"cwe_id": 79}, "weakness", "CWE-79"),
        ({"weakness_abstraction": "Base"}, "weakness", ""),
        ({"stix_id": "attack-pattern--1", "external_id": "T1001"}, "attack_technique", "T1001"),
        ({"type": "attack-pattern", "id": "attack-pattern--1", "external_references": [
            {"source_name": "Some blog", "external_id": "T9999"},
            {"source_name": "mitre-attack", "external_id": "T1001.002"}]},
         "attack_technique", "T1001.002"),
        ({"id": "T1001"}, "other", "T1001"),
        ({"id": "CAPEC-66"}, "attack_pattern", "CAPEC-66"),
        ({"capec_id": 66}, "attack_pattern", "CAPEC-66"),
        ({"type": "attack-pattern", "id": "attack-pattern--1"}, "attack_pattern",
         "attack-pattern--1"),
        ({"id": "RHSA-2099:0001", "cve": "CVE-2099-0001"}, "advisory", "RHSA-2099:0001"),
        ({"document": {"csaf_version": "2.0", "tracking": {"id": "X-7"}}}, "advisory", "X-7"),
        ({"advisory_id": "A-1"}, "advisory", "A-1"),
        ({"arxiv_id": "2401.01234", "title": "T"}, "research_paper", "2401.01234"),
        ({"doi": "10.1000/182"}, "research_paper", "10.1000/182"),
        ({"abstract": "We show.", "authors": ["A"]}, "research_paper", ""),
        ({"id": 5, "weight": 20.1, "format": "Jeopardy", "onsite": False}, "ctf_event", "5"),
        ({"incident_id": "I-9", "summary": "s"}, "incident", "I-9"),
        ({"threat_actor": "X", "victim": "Y", "date": "2099-01-01"}, "incident", ""),
        ({"author": "A", "format": "pdf", "date": "2099-01-01"}, "other", ""),
        ({"title": "Incident at the plant", "text": PROSE}, "other", ""),
    ],
)  # fmt: skip
def test_kind_and_id_come_from_structure(record: dict[str, Any], kind: str, own_id: str) -> None:
    identity = identify(record)
    assert (identity.kind, identity.id) == (kind, own_id)


def test_words_in_prose_do_not_make_a_kind() -> None:
    for key in ("text", "title", "description", "summary"):
        assert identify({key: PROSE}).kind == "other"


def test_real_records_are_recognised() -> None:
    rows = make_input.cwe_rows()
    for kind, records in (
        ("attack_technique", make_input.attack_techniques()),
        ("weakness", make_input.cwe_weaknesses(rows)),
        ("vulnerability", make_input.nvd_entries(rows)),
        ("other", make_input.off_topic()),
    ):
        assert {identify(record).kind for record in records} == {kind}
