"""Ids where old feeds keep them."""

from __future__ import annotations

from typing import Any

import pytest

from stages.text.kinds import ADVISORY, OTHER, PATTERN, VULNERABILITY, WEAKNESS, identify

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
