"""What a scanner has found, flaw by flaw, with its package and its ratings."""

from __future__ import annotations

from typing import Any

from stages.sources.structures.scans import flaws_of, is_result
from stages.text.affected import stated_systems
from stages.text.facts import stated_actions
from stages.text.kinds import identify
from stages.text.severity import severity_of
from tests.source_help import as_json, read
from tests.source_samples import CVE, TEXT

FLAW: dict[str, Any] = {
    "VulnerabilityID": CVE,
    "PkgName": "viewer",
    "InstalledVersion": "2.3",
    "FixedVersion": "2.4",
    "Status": "fixed",
    "Title": "viewer: overflow",
    "Description": TEXT,
    "CVSS": {"ghsa": {"V3Score": 5.3}, "nvd": {"V3Score": 9.8}},
    "PrimaryURL": "https://scan.example/1",
}


def scan(*flaws: dict[str, Any]) -> bytes:
    clean = {"Target": "b.lock", "Class": "lang-pkgs", "Type": "npm"}
    found = {**clean, "Target": "a.lock", "Vulnerabilities": list(flaws)}
    return as_json({"SchemaVersion": 2, "Results": [clean, found]})


def test_each_flaw_is_a_record_with_its_package_and_its_ratings() -> None:
    one, other = read(scan(FLAW, FLAW | {"VulnerabilityID": "CVE-2031-2"}))
    found = one.record or {}
    assert (found["kind"], found["id"], found["title"]) == ("vulnerability", CVE, FLAW["Title"])
    assert stated_systems(found) == ["viewer 2.3"]
    assert stated_actions(found) == ["Update viewer to 2.4."]
    assert severity_of(found).basis()["from"] == "CVSS 3"
    assert other.place.endswith("Vulnerabilities[1]")


def test_a_place_without_flaws_is_neither_a_record_nor_a_problem() -> None:
    assert [*read(scan())] == []
    assert flaws_of({"Target": "a", "Class": "x", "Vulnerabilities": None}) == []


def test_a_line_of_a_flaw_is_a_vulnerability_too() -> None:
    assert identify(FLAW).kind == "vulnerability" and identify(FLAW).id == CVE
    assert identify(FLAW).url == FLAW["PrimaryURL"]


def test_what_is_no_result_of_a_scan() -> None:
    values: list[Any] = [{}, {"Target": "x"}, {"Target": 1, "Class": "x"}, [], None]
    for value in values:
        assert not is_result(value)
