"""Advisories of RustSec, by the tables of their head."""

from __future__ import annotations

from tests.source_help import record


def test_an_advisory_of_rustsec_is_read_by_its_head() -> None:
    """Its head was prose: summaries quoted it, and neither id, fix nor withdrawal was known."""
    head = (
        '```toml\n[advisory]\nid = "RUSTSEC-2031-1001"\npackage = "bearz"\ndate = "2031-01-01"\n'
        'aliases = ["CVE-2031-10001"]\n{more}[versions]\npatched = [{fixed}]\n'
        'unaffected = ["< 1.0.0"]\n```\n'
    )
    prose = "\n# Bears read freed memory\n\nThe iterator keeps a pointer.\n"
    found = record(head.format(more="", fixed='">= 1.4.2"') + prose, name="a.md")
    assert (found["title"], found["text"]) == ("Bears read freed memory", prose.strip())
    assert (found["id"], found["kind"]) == ("RUSTSEC-2031-1001", "vulnerability")
    assert found["affected"] == ["bearz (crates.io) from 1.0.0 before 1.4.2"]
    assert found["mitigations"] == ["Update bearz to 1.4.2."]
    assert found["aliases"] == ["CVE-2031-10001"] and "status" not in found
    unfixed = record(head.format(more='withdrawn = "2031-02-01"\n', fixed="") + prose, name="a.md")
    assert unfixed["status"] == "withdrawn"
    assert unfixed["fix_notes"] == ["No repaired version of bearz is named."]
    page = "```toml\n[dependencies]\nbearz = 1\n```\n\nAdd it."
    assert record(page, name="a.md")["text"] == page
