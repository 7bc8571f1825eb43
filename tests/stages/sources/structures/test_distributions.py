"""Ubuntu's notices and Red Hat's and Ubuntu's CVE pages: the right records as values."""

from __future__ import annotations

from tests.source_help import as_json, record
from tests.source_samples import CVE, TEXT


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
    assert (found["text"], found["statement"]) == (TEXT, "Only Enterprise Linux 9 is affected.")
    assert found["cvss"] == {
        "version": "3.1",
        "base_score": 8.8,
        "vector": "CVSS:3.1/AV:N",
        "source": "Red Hat",
    }
    assert found["affected"] == ["viewer before 2.4-1.el9 (RHEL 9)", "viewer (RHEL 7)"]
    assert found["scope_notes"] == ["viewer in RHEL 8 is not affected."]
    assert found["mitigations"] == [
        "In RHEL 9, update viewer to 2.4-1.el9.", "Open no images of strangers."]  # fmt: skip
    assert found["fix_notes"] == ["No repaired package is named for viewer in RHEL 7."]


def test_a_package_of_red_hat_is_affected_before_the_release_that_fixes_it() -> None:
    fixed = ("a-b-1.2-3.el8", "kernel-0:4.18.0-1.el8_2", "nodejs:18-80.1", "ocp4/foo:v4.1-2", "a-1")
    packages = [{"product_name": f"RHEL {at}", "package": one} for at, one in enumerate(fixed)]
    flaw = {"name": CVE, "details": [TEXT], "threat_severity": "Low", "affected_release": packages}
    assert record(as_json(flaw))["affected"] == [
        "a-b before 1.2-3.el8 (RHEL 0)", "kernel before 4.18.0-1.el8_2 (RHEL 1)",
        "RHEL 2", "RHEL 3", "RHEL 4",
    ]  # fmt: skip


def test_what_red_hat_does_not_call_affected_is_not_listed() -> None:
    states = ("Affected", "Will not fix", "Fix deferred", "Not affected", "Under investigation",
              "Out of support scope", "")  # fmt: skip
    packages = [{"product_name": state, "fix_state": state, "package_name": "viewer"}
                for state in states]  # fmt: skip
    flaw = {"name": CVE, "threat_severity": "Low", "details": [TEXT], "package_state": packages}
    assert record(as_json(flaw))["affected"] == [
        "viewer (Affected)", "viewer (Will not fix; will not be fixed)",
        "viewer (Fix deferred; its fix is deferred)"]  # fmt: skip


def test_the_vendors_own_description_stands_in_front_of_the_short_one() -> None:
    """Else "What is it?" is answered by the one line that says neither how nor what comes of it."""
    flaw = {"name": CVE, "threat_severity": "Low", "details": ["Viewer before 2.4 crashes.", TEXT]}
    assert record(as_json(flaw))["text"] == f"{TEXT}\nViewer before 2.4 crashes."


def test_each_release_of_ubuntu_has_its_state() -> None:
    """A reader of the package's name alone takes every release for affected, and for repaired."""
    states = [("noble", "released", "2.4-1"), ("jammy", "needed", ""),
              ("focal", "not-affected", ""),
              ("upstream", "released", "2.4")]  # fmt: skip
    statuses = [{"release_codename": r, "status": s, "description": d} for r, s, d in states]
    flaw = {"id": CVE, "description": TEXT, "priority": "low",
            "packages": [{"name": "viewer", "statuses": statuses}]}  # fmt: skip
    found = record(as_json({"cves": [flaw]}))
    assert found["affected"] == ["viewer before 2.4-1 (Ubuntu noble)", "viewer (Ubuntu jammy)"]
    assert found["scope_notes"] == ["viewer in Ubuntu focal is not affected."]
    assert found["mitigations"] == ["In Ubuntu noble, update viewer to 2.4-1."]
    assert found["fix_notes"] == [
        "No repaired viewer has been released for Ubuntu jammy (needed)."]  # fmt: skip


def test_that_nothing_mitigates_a_flaw_of_red_hat_is_told_in_short() -> None:
    """Whoever waits for the update asks for what to do until then."""
    denial = (
        "Mitigation for this issue is either not available or the currently available options don't"
        " meet the criteria of the harbour."
    )
    flaw = {"name": CVE, "details": [TEXT], "threat_severity": "Low", "mitigation": denial}
    told = "No mitigation is available that meets the criteria of the vendor."
    assert record(as_json(flaw))["fix_notes"] == [told]
    assert "fix_notes" not in record(as_json(flaw | {"mitigation": "Light no lamp."}))
