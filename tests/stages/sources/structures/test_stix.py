"""STIX objects on their own."""

from __future__ import annotations

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
