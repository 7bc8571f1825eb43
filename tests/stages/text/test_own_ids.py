"""What has an id of its own cites the ids of others; a row whose only id is a CVE is its entry."""

from __future__ import annotations

from typing import Any

import pytest

from stages.text.entries import is_entry
from stages.text.kinds import ADVISORY, INCIDENT, OTHER, VULNERABILITY, identify

CITED = {"CVE": "CVE-2099-0287", "text": "We rebooted the host after the patch."}


@pytest.mark.parametrize(
    ("record", "kind", "own_id"),
    [
        ({"Ticket": "OPS-7"}, OTHER, ""),
        ({"case_number": 4711}, OTHER, ""),
        ({"key": "OPS-7", "fields": {}}, OTHER, ""),
        ({"id": "OPS-7"}, OTHER, "OPS-7"),
        ({"bulletin": "RB-99-04", "Dear reader": "We have found a cut rope."}, OTHER, ""),
        ({"advisory": "RA-99-04", "problem": "Ropes can be cut.", "remedy": "Buy chains."}, OTHER,
         ""),
        ({"Assigned to": "Kim"}, OTHER, ""),
        ({"id": "OPS-7", "technique_id": "T1059", "cwe_id": "79"}, OTHER, "OPS-7"),
        ({"advisory_id": "ACME-3"}, ADVISORY, "ACME-3"),
        ({"actor": "Heron", "victim": "Mill", "date": "2099-01-01"}, INCIDENT, ""),
        ({"incident_id": "I-9"}, INCIDENT, "I-9"),
    ],
)  # fmt: skip
def test_a_ticket_or_an_incident_does_not_become_the_entry_that_it_cites(
    record: dict[str, Any], kind: str, own_id: str
) -> None:
    """Else "Describe CVE-2099-0287" is answered by what somebody did on a Tuesday night."""
    found = identify(CITED | record)
    assert (found.kind, found.id) == (kind, own_id)
    assert not is_entry(CITED | record)


@pytest.mark.parametrize(
    "record",
    [{}, {"advisory": "RA-99-04"}, {"id": 7}, {"id": "7"}, {"id": "row 5"}, {"id": "CVE-2099-0287"},
     {"dueDate": "2099-01-01"}, {"id": "VULN-7", "cvss": 9.8, "cwe_id": "CWE-79"}, {"report": "https://acme.example/7"},
     {"id": "a0000000-0000-4000-8000-000000000001"}, {"issue": "A missing check."}],
)  # fmt: skip
def test_a_row_whose_only_id_is_a_cve_stays_its_entry(record: dict[str, Any]) -> None:
    found = identify(CITED | record)
    assert (found.kind, found.id) == (VULNERABILITY, "CVE-2099-0287")
    assert is_entry(CITED | record)


def test_githubs_advisory_that_was_closed_is_no_ticket() -> None:
    record = {"ghsa_id": "GHSA-2222-3333-4444", "vulnerabilities": [], "closed_at": "2099-01-01"}
    assert identify(record).kind == VULNERABILITY
