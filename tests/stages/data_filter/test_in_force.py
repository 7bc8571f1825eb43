"""What was taken back is removed by field or wording; what is only disputed stays."""

from __future__ import annotations

from typing import Any

import pytest

from stages.base import Removed, Result
from stages.data_filter.stage import DataFilter
from tests.stage_help import ScriptedModel, run

STAGE = DataFilter()
TEXT = "An attacker may exploit this vulnerability to run arbitrary code on the mail server."

FLAW = {"id": "CVE-2031-10001", "text": TEXT}


def sure() -> ScriptedModel:
    answer = {"technical_description": TEXT}
    return ScriptedModel(
        lambda prompt, schema: answer,
        lambda question, text: {"security": 0.98, "software": 0.01, "everyday": 0.01},
    )


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"cve": {"vulnStatus": "Rejected", "descriptions": [{"value": TEXT}]}}, "rejected"),
        ({"cveMetadata": {"state": "REJECTED"}, "containers": {"cna": {}}}, "rejected"),
        ({"CVE_data_meta": {"STATE": "RESERVED", "ID": "CVE-2031-1000"}, "text": TEXT}, "reserved"),
        ({**FLAW, "withdrawn": "2030-02-01T00:00:00Z"}, "withdrawn"),
        ({**FLAW, "withdrawn_at": "2030-02-01"}, "withdrawn"),
        ({**FLAW, "revoked": True}, "revoked"),
        ({"text": TEXT, "x_mitre_deprecated": True}, "deprecated"),
        (
            {"CWE-ID": "9", "Status": "Deprecated", "Description": TEXT},
            "deprecated",
        ),
        ({"document": {"category": "csaf_withdrawn"}, "text": TEXT}, "withdrawn"),
        ({"text": TEXT, "status": "withdrawn", "kind": "advisory", "original": {}}, "withdrawn"),
        ({"text": TEXT, "original": {"cve": {"vulnStatus": "Rejected"}}}, "rejected"),
        ({"text": f"** REJECT ** {TEXT}"}, "rejected"),
        ({"text": f"Rejected reason: {TEXT}"}, "rejected"),
        ({"text": f"DO NOT USE THIS CVE RECORD. {TEXT}"}, "rejected"),
        ({"text": f"** DISPUTED ** REJECTED: it is no flaw. {TEXT}"}, "rejected"),
        ({"title": "DEPRECATED: Widget", "text": TEXT}, "deprecated"),
        (
            {"metadata": {"maturity": "deprecated"}, "rule": {"rule_id": "9", "query": "a"}},
            "deprecated",
        ),
        ({"rule_id": "9", "query": "a", "maturity": "deprecated", "text": TEXT}, "deprecated"),
        (
            {"text": f'[metadata]\ntags = ["a"]\nmaturity = "deprecated"\n\n[rule]\n{TEXT}'},
            "deprecated",
        ),
        ({"text": f"**This technique has been deprecated. {TEXT}"}, "deprecated"),
        ({"x_capec_status": "Deprecated", "text": TEXT}, "deprecated"),
        (
            {"title": "T", "text": f"This advisory is withdrawn, since it is none. {TEXT}"},
            "withdrawn",
        ),
        (
            {
                "title": "T",
                "text": f"## Duplicate Advisory\nThis advisory has been withdrawn. {TEXT}",
            },
            "withdrawn",
        ),
        ({"text": f"[REJECTED CVE] {TEXT}"}, "rejected"),
        ({"text": f"This CVE has been marked as REJECTED in CVE List 5. {TEXT}"}, "rejected"),
        ({"text": f"This candidate is unused by its CNA. {TEXT}"}, "rejected"),
        ({"text": f"Not used. The CVE number was allocated. {TEXT}"}, "rejected"),
        ({"text": f"Withdrawn by the authors because of an error. {TEXT}"}, "withdrawn"),
        ({"text": f"This paper has been withdrawn. {TEXT}"}, "withdrawn"),
        ({"id": "GHSA-aaaa-bbbb-cccc", "text": f"Withdrawn: a duplicate. {TEXT}"}, "withdrawn"),
        ({"title": "Withdrawn: Widget", "text": TEXT}, "withdrawn"),
        ({"title": "Withdrawn Advisory: shoplane", "text": TEXT}, "withdrawn"),
        ({"title": "T", "text": f"## Withdrawn Advisory\nIt is a duplicate. {TEXT}"}, "withdrawn"),
        ({"text": TEXT, "is_retracted": True}, "withdrawn"),
        ({"text": TEXT, "retraction_date": "2030-01-01"}, "withdrawn"),
        ({"text": TEXT, "cve_status": "REJECTED"}, "rejected"),
        ({**FLAW, "rejectedReason": "a duplicate"}, "rejected"),
        ({"text": TEXT, "cveTags": [{"tags": ["rejected"]}]}, "rejected"),
        ({**FLAW, "status": "marked as withdrawn"}, "withdrawn"),
        ({"text": f"CVE-2031-10001 has been rejected by its CNA. {TEXT}"}, "rejected"),
        ({"text": f"Red Hat Product Security has rejected this CVE. {TEXT}"}, "rejected"),
        ({"text": f"This CVE was assigned in error. {TEXT}"}, "rejected"),
        ({"text": f"The vulnerability identifier was withdrawn by its CNA. {TEXT}"}, "rejected"),
        ({"text": f"This CVE number is now rejected. {TEXT}"}, "rejected"),
        ({"text": f"** WITHDRAWN ** {TEXT}"}, "withdrawn"),
        ({"id": "CVE-2031-10001", "text": f"Withdrawn - a duplicate. {TEXT}"}, "withdrawn"),
        ({"id": "CVE-2031-10001", "text": f"Rejected as a duplicate. {TEXT}"}, "rejected"),
        ({"title": "RETRACTED ARTICLE: Foo in linear time", "text": TEXT}, "withdrawn"),
        ({"id": "T1999", "tactics": ["x"], "name": "Foo (Deprecated)", "text": TEXT}, "deprecated"),
        ({"arxiv_id": "2301.00017", "title": "Foo (withdrawn)", "text": TEXT}, "withdrawn"),
        (
            {"doi": "10.1000/1", "abstract": TEXT, "comments": "Withdrawn for errors"},
            "withdrawn",
        ),
        ({"document": {"category": "csaf_superseded"}, "text": TEXT}, "superseded"),
        ({**FLAW, "status": {"id": 4, "name": "Rejected"}}, "rejected"),
        ({**FLAW, "statuses": ["rejected", {"value": "Rejected"}]}, "rejected"),
        ({"title": "Retraction Note to: A secure scheme", "text": TEXT}, "withdrawn"),
        ({"title": "RETRACTION: A secure scheme", "text": TEXT}, "withdrawn"),
        ({**FLAW, "revoked": 1}, "revoked"),
        ({**FLAW, "withdrawn": "3 January 2030"}, "withdrawn"),
        ({**FLAW, "withdrawn_at": 1893456000}, "withdrawn"),
        ({**FLAW, "rejectedReasons": [{"value": "a duplicate"}]}, "rejected"),
        ({"document": {"tracking": {"status": "draft"}}, "text": TEXT}, "draft"),
        ({"text": TEXT, "status": "draft advisory", "kind": "advisory", "original": {}}, "draft"),
        ({"title": "SA-1: Foo - WITHDRAWN", "text": TEXT}, "withdrawn"),
        ({"id": "CVE-2031-10001", "title": "Foo - Withdrawn", "text": TEXT}, "withdrawn"),
        ({"title": "CVE-2031-10001 (Rejected)", "text": TEXT, "kind": "other"}, "rejected"),
        ({"id": "CVE-2031-10001", "status": "Duplicate", "text": TEXT}, "rejected"),
        ({"id": "CVE-2031-10001", "state": "invalid", "text": TEXT}, "rejected"),
        ({"text": "ConsultIDs: CVE-1. Reason: This candidate is a duplicate of it."}, "rejected"),
        ({"id": "CVE-2031-10001", "text": TEXT, "漏洞状态": "已撤销"}, "withdrawn"),
        ({**FLAW, "estado": "Rechazado"}, "rejected"),
        ({"text": f"このアドバイザリは取り下げられました。{TEXT}"}, "withdrawn"),
        ({"text": f"Dieser Hinweis wurde zurückgezogen. {TEXT}"}, "withdrawn"),
        (
            {"id": "CVE-2031-10001", "text": TEXT, "statement": "This CVE has been rejected."},
            "rejected",
        ),
        ({"id": "CVE-2031-10001", "text": TEXT, "revocation_date": "2030-01-01"}, "revoked"),
        ({**FLAW, "rejection_reason": "not a vulnerability"}, "rejected"),
        # Flat entries: a table's row, a tool's export, attributes of XML.
        ({"id": "T1990", "name": "Pipe Trick", "text": TEXT, "deprecated": True}, "deprecated"),
        ({"id": "G9059", "type": "group", "text": TEXT, "revoked": True}, "revoked"),
        ({"attack_id": "S9059", "name": "Pipeworm", "text": TEXT, "revoked": True}, "revoked"),
        ({"id": "CNVD-2031-10001", "text": TEXT, "status": "rejected"}, "rejected"),
        ({"id": "CNNVD-203101-101", "text": TEXT, "status": "rejected"}, "rejected"),
        ({"id": "BDU:2031-01001", "text": TEXT, "status": "rejected"}, "rejected"),
        ({"id": "ZDI-CAN-99001", "text": TEXT, "status": "withdrawn"}, "withdrawn"),
        ({"id": "SSA-990001", "text": TEXT, "status": "withdrawn"}, "withdrawn"),
        ({"title": "CVE-2031-10001", "text": TEXT, "status": "Rejected"}, "rejected"),
        ({"@ID": "7079", "@Name": "Odd", "Text": TEXT, "@Status": "Deprecated"}, "deprecated"),
        # Lines of OSV and of vendors, rules of detection, documents with a front matter.
        (
            {"id": "MAL-2031-1001", "withdrawn": "2031-02-01T00:00:00Z", "details": TEXT},
            "withdrawn",
        ),
        (
            {"id": "BEAR-1", "schema_version": "1.7.0", "withdrawn": "2031-02-01", "details": TEXT},
            "withdrawn",
        ),
        ({"id": "BEAR-SA-2031-11", "status": "Rejected", "text": TEXT}, "rejected"),
        ({"logsource": {}, "detection": {}, "status": "deprecated", "text": TEXT}, "deprecated"),
        (
            {
                "text": TEXT,
                "original": {
                    "search": "x",
                    "known_false_positives": "none",
                    "status": "deprecated",
                },
            },
            "deprecated",
        ),
        ({"text": TEXT, "original": {"front_matter": {"status": "withdrawn"}}}, "withdrawn"),
        # A reason behind the word, a remark before or behind the text, and what took its place.
        ({**FLAW, "status": "Rejected: the door was never open in any release"}, "rejected"),
        ({**FLAW, "vulnStatus": "Rejected - nobody can reach it without keys"}, "rejected"),
        ({**FLAW, "status": "Withdrawn by the vendor because it is no flaw"}, "withdrawn"),
        ({**FLAW, "record_status": "Retired"}, "deprecated"),
        ({**FLAW, "entry_state": "merged"}, "superseded"),
        ({**FLAW, "superseded_by": "CVE-2031-10002"}, "superseded"),
        ({**FLAW, "duplicateOf": ["CVE-2031-10002"]}, "superseded"),
        (
            {
                "id": "BEAR-SA-2031-11",
                "text": f"Update 2031-02-03: This advisory is withdrawn. {TEXT}",
            },
            "withdrawn",
        ),
        (
            {
                **FLAW,
                "text": f"Note: Bear Labs has withdrawn this advisory, as it is wrong. {TEXT}",
            },
            "withdrawn",
        ),
        (
            {**FLAW, "text": f"[Editor's note, 3 May 2031] This entry was withdrawn. {TEXT}"},
            "withdrawn",
        ),
        ({**FLAW, "text": f"NOTE: its CNA has withdrawn this CVE. {TEXT}"}, "rejected"),
        ({**FLAW, "text": f"{TEXT} NOTE: this CVE was rejected since it is none."}, "rejected"),
        ({**FLAW, "text": f"{TEXT} NOTE: this CVE was rejected by its CNA."}, "rejected"),
        ({**FLAW, "text": f"REJECTED. {TEXT}"}, "rejected"),
        ({"ghsa_id": "GHSA-2222-3333-4444", "state": "draft", "description": TEXT}, "draft"),
        (
            {"ghsa_id": "GHSA-2222-3333-4444", "state": "closed", "publisher": {}, "text": TEXT},
            "rejected",
        ),
        ({"type": "relationship", "id": "relationship--1", "description": TEXT}, "no text"),
        ({"type": "indicator", "id": "indicator--1", "pattern": "[url:value = 'x']"}, "no text"),
        ({"type": "ipv4-addr", "value": "198.51.100.7"}, "no text"),
        ({"type": "bundle", "id": "bundle--1", "objects": []}, "no text"),
        ({"type": "marking-definition", "id": "marking-definition--1"}, "no text"),
        ({"type": "identity", "id": "identity--1", "description": TEXT}, "no text"),
    ],
)
def test_what_is_not_in_force_or_no_text_is_removed(record: dict[str, Any], reason: str) -> None:
    outcome = run(STAGE, record, sure())
    assert isinstance(outcome, Removed) and outcome.reason == reason and outcome.details


@pytest.mark.parametrize(
    "record",
    [
        {"text": f"** DISPUTED ** {TEXT}"},
        {"cve": {"vulnStatus": "Analyzed", "cveTags": [{"tags": ["disputed"]}], "text": TEXT}},
        {"cve": {"vulnStatus": "Deferred", "descriptions": [{"value": TEXT}]}},
        {"text": TEXT, "withdrawn": None, "revoked": False, "deprecated": "false"},
        {"text": TEXT, "status": "not withdrawn"},
        {
            "metadata": {"maturity": "production"},
            "rule": {"rule_id": "9", "query": "a", "description": TEXT},
        },
        {"text": TEXT, "metadata": {"status": "deprecated"}},
        {"text": f'[metadata]\nmaturity = "production"\n[rule]\n{TEXT}'},
        {"text": f"The advisory was withdrawn later. {TEXT}"},
        {"title": "Deprecated TLS versions let attackers read traffic", "text": TEXT},
        {"text": f"Withdrawn funds: {TEXT}"},
        {"text": f"Withdrawn: attackers have withdrawn 20 million of Ether. {TEXT}"},
        {"title": "Deprecated (weak) TLS versions are accepted", "text": TEXT},
        {"text": f"Deprecated - SSLv3 is still enabled on the server. {TEXT}"},
        {"text": f"DEPRECATED (weak) ciphers are accepted. {TEXT}"},
        {"text": f"REJECT: IN=eth0 OUT= DPT=22, {TEXT}"},
        {"title": "Deprecated: why TLS 1.0 has to go", "text": TEXT},
        {"text": TEXT, "status": "Ransom demand rejected"},
        {"text": TEXT, "payment_status": "rejected", "state": "Texas"},
        {"doi": "10.1000/1", "abstract": TEXT, "comments": "9 pages. An older one was withdrawn."},
        {"type": "malware", "id": "malware--1", "description": TEXT},
        {"type": "identity", "text": TEXT},
        {"text": TEXT, "references": [{"status": "withdrawn"}]},
        {"text": TEXT, "revoked": ["token-1", "token-2"]},
        {"text": TEXT, "rejected": 340, "withdrawn": "EUR 40,000"},
        {"text": TEXT, "rejected": "12 claims", "withdrawn": "$2030"},
        {"text": TEXT, "statuses": ["rejected", "published"], "status": {"code": "rejected"}},
        {"title": "Retraction of papers on ciphers grows", "text": TEXT},
        {"text": TEXT, "revocation_date": "2030-01-01", "deprecation_date": "2030-01-01"},
        {"text": TEXT, "status": "duplicate"},
        {"text": TEXT, "status": "Draft", "x_capec_status": "Draft"},
        {"title": "Patch - withdrawn", "text": TEXT},
        {"text": f"The ID was rejected by the door. {TEXT}"},
        {"id": "CVE-2031-10001", "text": TEXT, "statement": "Red Hat rejected the patch."},
        # What became of a certificate, a ticket or a demand.
        {"title": "A stolen certificate", "revoked": "2030-03-04", "text": TEXT},
        {"title": "A stolen certificate", "revoked": True, "text": TEXT},
        {"Ticket": "OPS-7", "CVE": "CVE-2031-10001", "Status": "Rejected", "text": TEXT},
        {"title": "CVE-2031-10001", "assignee": "mia", "status": "Rejected", "text": TEXT},
        {"id": "OPS-7", "title": "CVE-2031-10001", "status": "Rejected", "text": TEXT},
        {"id": "T1990", "title": "Patch the host", "status": "Rejected", "text": TEXT},
        {"type": "indicator", "id": "indicator--1", "description": TEXT},
        {"logsource": {}, "detection": {}, "status": "experimental", "text": TEXT},
        {"text": TEXT, "original": {"front_matter": {"status": "rejected"}}},
        {"id": "BEAR-2031-11", "status": "Rejected", "text": TEXT},
        # Nobody took these back, or something else: a product, a mend, what others tell.
        {**FLAW, "lifecycle": "retired", "status": "Retired"},
        {**FLAW, "state": "merged - the mend is in the main branch"},
        {**FLAW, "status": "Withdrawn from sale: nobody makes the lamp any more"},
        {**FLAW, "text": f"{TEXT} NOTE: Quay has looked at and rejected this CVE as no flaw."},
        {**FLAW, "text": f"{TEXT} Note: Withdrawn by the author is the package tide-old."},
        {"text": f"Update: WITHDRAWN. The makers have pulled the package. {TEXT}"},
        {"text": f"REJECTED. So says the log of each door. {TEXT}"},
        {"text": f"Thieves retracted this advisory from the site. {TEXT}"},
        {**FLAW, "status": "Disputed: the vendor has rejected the report"},
        {**FLAW, "status": "Published, the first report was rejected"},
        {**FLAW, "superseded_by": "KB5012345", "replaced_by": None, "merged_into": []},
        {**FLAW, "text": f"Bear Labs has not rejected this CVE. {TEXT}"},
        {**FLAW, "text": f"{TEXT} NOTE: CVE-2031-10002 was rejected as a duplicate of it."},
        {**FLAW, "text": f"{TEXT} Note: the vendor has rejected the patch."},
        {**FLAW, "text": f"{TEXT} NOTE: this CVE was rejected by the vendor, which others doubt."},
        {**FLAW, "text": f"{TEXT} NOTE: This vulnerability has been withdrawn from Quay's list."},
        {**FLAW, "duplicate_of": FLAW["id"]},
        {"text": f"Update 2031-02-03: The stolen funds were withdrawn. {TEXT}"},
        {"ghsa_id": "GHSA-2222-3333-4444", "state": "published", "description": TEXT},
        {"title": "Patch the host", "state": "closed", "superseded_by": "OPS-8", "text": TEXT},
        *(
            {"title": "Patch the host", "status": one, "text": TEXT}
            for one in ("Obsolete", "Rejected", "Superseded", "Cancelled", "Withdrawn")
        ),
    ],
)
def test_what_is_in_force_stays(record: dict[str, Any]) -> None:
    assert isinstance(run(STAGE, record, sure()), Result)


@pytest.mark.parametrize("unset", ["N", "f", "nan", "NaT", "-", "--", "NA", "undefined", "unknown",
                                   "not set", "not withdrawn", "never", "nil", "<NA>", "\\N", "0.0",
                                   "0000-00-00", "1970-01-01T00:00:00Z"])  # fmt: skip
def test_what_stands_in_a_column_for_nothing_sets_nothing(unset: str) -> None:
    """A column of "N" once emptied a whole table."""
    for name in ("deprecated", "revoked", "withdrawn", "rejected_reason", "x_mitre_deprecated"):
        record = {"text": TEXT, name: unset, "original": {"description": TEXT, name: unset}}
        assert isinstance(run(STAGE, record, sure()), Result)


def test_a_removal_names_what_it_goes_by() -> None:
    by_field = run(STAGE, {**FLAW, "revoked": True})
    by_words = run(STAGE, {"text": f"** REJECT ** {TEXT}"})
    assert isinstance(by_field, Removed) and by_field.details == {"field": "revoked"}
    assert isinstance(by_words, Removed) and by_words.details == {"words": "** REJECT **"}
