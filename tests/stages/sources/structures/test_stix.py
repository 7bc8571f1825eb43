"""STIX objects on their own."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.structures.stix import (
    Joined,
    has_text,
    is_object,
    is_stix,
    public_id,
    read_stix,
    without_citations,
)
from tests.source_help import as_json, records


def test_capec_as_stix_and_an_object_alone() -> None:
    pattern = {
        "type": "attack-pattern",
        "id": "attack-pattern--7",
        "name": "Guessing",
        "description": "An adversary guesses.",
        "external_references": [{"source_name": "capec", "external_id": "CAPEC-9001"}],
    }
    (found,) = records(as_json(pattern))
    assert (found["kind"], found["id"], found["source"]) == (
        "attack_pattern",
        "CAPEC-9001",
        "CAPEC",
    )


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ({"type": "tool", "id": "tool--1"}, True),
        ({"type": "tool", "id": "malware--1"}, False),
        ({"type": "tool", "id": "tool--"}, False),
        ({"type": "tool", "id": "tool--1 OR 1"}, False),
        ({"type": 7, "id": "7--1"}, False),
        ({"id": "tool--1"}, False),
        ({}, False),
    ],
)
def test_a_stix_object_has_a_type_and_an_id_of_it(value: dict[str, Any], is_one: bool) -> None:
    assert is_stix(value) is is_object(value) is is_one


def test_a_bundle_is_no_object_and_a_relationship_no_text() -> None:
    bundle = {"type": "bundle", "id": "bundle--1"}
    assert is_stix(bundle) and not is_object(bundle)
    assert not has_text({"type": "relationship"}) and has_text({"type": "malware", "name": "X"})


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("It hides.(Citation: A (2031)) It runs. (Citation: B)", "It hides. It runs."),
        ("(Citation: A)", ""),
        ("(Citation: open", "(Citation: open"),
        ("f(x)", "f(x)"),
    ],
)
def test_citations_go(text: str, plain: str) -> None:
    assert without_citations(text) == plain


def test_an_object_is_known_by_its_first_public_id() -> None:
    value = {
        "type": "attack-pattern",
        "external_references": [
            {"source_name": "blog", "external_id": "1"},
            {"source_name": "mitre-ics-attack", "external_id": "T0801"},
            {"source_name": "mitre-attack", "external_id": "T1001"},
        ],
    }
    assert public_id(value) == ("MITRE ATT&CK", "T0801")
    assert public_id({"external_references": "x"}) == ("", "")


@pytest.mark.parametrize(
    ("own_type", "referred", "own_id"),
    [
        ("indicator", "T1566", ""),
        ("report", "CVE-2030-1001", ""),
        ("malware", "T1059", ""),
        ("malware", "S0154", "S0154"),
        ("attack-pattern", "S0154", ""),
        ("course-of-action", "M1038", "M1038"),
        ("vulnerability", "T1059", ""),
        ("vulnerability", "CVE-2030-1001", "CVE-2030-1001"),
        ("x-mitre-tactic", "TA0001", "TA0001"),
        ("intrusion-set", "G0001", "G0001"),
    ],
)
def test_an_id_that_an_object_only_refers_to_is_not_its_own(
    own_type: str, referred: str, own_id: str
) -> None:
    source = "cve" if referred.startswith("CVE") else "mitre-attack"
    references = [{"source_name": source, "external_id": referred}]
    value = {"type": own_type, "id": f"{own_type}--1", "external_references": references}
    found = read_stix({**value, "name": "A phishing kit"})
    assert found.id == (own_id or value["id"])
    assert (found.source == "STIX") is (not own_id)


def test_what_others_say_of_an_object_is_joined_to_what_it_says() -> None:
    value = {
        "type": "attack-pattern",
        "id": "attack-pattern--1",
        "description": "It hides.",
        "x_mitre_detection": "Look for jobs.",
        "revoked": "true",
    }
    joined = Joined(detections=("Count jobs.",), mitigations=("No jobs.",), author="Acme")
    found = read_stix(value, joined)
    assert (found.source, found.id) == ("Acme", "attack-pattern--1")
    assert found.detections == ("Look for jobs.", "Count jobs.")
    assert found.mitigations == ("No jobs.",) and found.status == ""
