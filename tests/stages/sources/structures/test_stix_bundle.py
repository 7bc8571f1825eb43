"""STIX bundles: techniques with what mitigates, detects and uses them; and what a bundle lacks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.source_help import as_json, problems, read, records, without_original

TEXT = "Adversaries may hide a job in the print scheduler.(Citation: Someone (2031)) It runs again."


READ = "Adversaries may hide a job in the print scheduler. It runs again."


TECHNIQUE, GROUP, TOOL = "attack-pattern--1", "intrusion-set--1", "tool--1"


ACTION, STRATEGY, ANALYTIC = (
    "course-of-action--1",
    "x-mitre-detection-strategy--1",
    "x-mitre-analytic--1",
)


MARKING = "marking-definition--1"


def named(own_id: str, name: str, public: str = "", **more: Any) -> dict[str, Any]:
    references = [{"source_name": "mitre-attack", "external_id": public,
                   "url": f"https://attack.mitre.org/x/{public}"}]  # fmt: skip
    own = {"type": own_id.split("--")[0], "id": own_id, "name": name}
    return own | ({"external_references": references} if public else {}) | more


def linked(kind: str, source: str, target: str, words: str = "") -> dict[str, Any]:
    return {
        "type": "relationship",
        "id": f"relationship--{kind}-{source}-{target}".replace("--", "-").replace(
            "relationship-", "relationship--", 1
        ),
        "relationship_type": kind,
        "source_ref": source,
        "target_ref": target,
        "description": words,
    }


OBJECTS: list[dict[str, Any]] = [
    # Relationships come first: order must not matter.
    linked("uses", GROUP, TECHNIQUE, "The group hid jobs.(Citation: X)"),
    linked("uses", TOOL, TECHNIQUE),
    linked("mitigates", ACTION, TECHNIQUE, "Allow no jobs of users."),
    linked("detects", STRATEGY, TECHNIQUE),
    linked("detects", "x-mitre-data-component--1", TECHNIQUE, "Watch for new jobs."),
    {"type": "marking-definition", "id": MARKING, "definition_type": "statement",
     "definition": {"statement": "Copyright 2031, Example."}},
    named(TECHNIQUE, "Print Job", "T9101", description=TEXT,
          kill_chain_phases=[{"kill_chain_name": "mitre-attack", "phase_name": "persistence"}],
          x_mitre_platforms=["Windows"], x_mitre_detection="Look at the spooler.",
          object_marking_refs=[MARKING], created="2031-01-01", modified="2031-01-02"),
    named(GROUP, "Example Bear", "G9101", description="A group from nowhere.",
          aliases=["Example Bear", "PRINT BEAR"]),
    named(TOOL, "printat", "S9101", description="A tool that submits print jobs."),
    named(ACTION, "User Rights", "M9101", description="Give users few rights."),
    named("x-mitre-data-component--1", "Job Creation", description="A job is made."),
    named(STRATEGY, "Detect print jobs", "DET9101", x_mitre_analytic_refs=[ANALYTIC]),
    named(ANALYTIC, "Analytic 1", description="A job appears that nobody asked for.",
          x_mitre_platforms=["Windows"],
          x_mitre_log_source_references=[{"name": "WinEventLog:Print", "channel": "307"}]),
]  # fmt: skip


def bundle(*objects: dict[str, Any]) -> bytes:
    return as_json({"type": "bundle", "id": "bundle--1", "objects": list(objects)})


def by_id(data: bytes) -> dict[str, dict[str, Any]]:
    return {found["id"]: found for found in records(data)}


def test_a_technique_with_all_that_is_said_of_it() -> None:
    analytic = (
        "Detect print jobs (DET9101): Windows: A job appears that nobody asked for.\n"
        "Log sources: WinEventLog:Print 307."
    )
    assert without_original(by_id(bundle(*OBJECTS))["T9101"]) == {
        "text": READ,
        "title": "Print Job",
        "kind": "attack_technique",
        "id": "T9101",
        "source": "MITRE ATT&CK",
        "link": "https://attack.mitre.org/x/T9101",
        "links": ["https://attack.mitre.org/x/T9101"],
        "licence": "Copyright 2031, Example.",
        "language": "en",
        "mitigations": ["User Rights (M9101): Allow no jobs of users."],
        "detections": ["Look at the spooler.", analytic, "Job Creation: Watch for new jobs."],
        "published": "2031-01-01",
        "modified": "2031-01-02",
        "platforms": ["Windows"],
        "tactics": ["persistence"],
        "uses": ["Example Bear (G9101): The group hid jobs.", "printat (S9101)"],
        "stix_id": TECHNIQUE,
    }


def test_objects_that_are_texts_are_records_and_the_others_are_joined() -> None:
    found = by_id(bundle(*OBJECTS))
    assert {own_id: one["kind"] for own_id, one in found.items()} == {
        "T9101": "attack_technique",
        "G9101": "threat_group",
        "S9101": "tool",
        "M9101": "mitigation",
        "x-mitre-data-component--1": "detection",
        "DET9101": "detection",
    }
    assert found["G9101"]["aliases"] == ["PRINT BEAR"]
    assert found["G9101"]["uses"] == ["Print Job (T9101): The group hid jobs."]
    assert found["DET9101"]["text"].startswith("Windows: A job appears")
    assert found["T9101"]["original"] == OBJECTS[6]
    assert by_id(as_json(OBJECTS)) == found  # a list of objects without a bundle round it


def test_a_bare_pattern_is_no_text_and_a_note_is_its_content() -> None:
    pattern = {"pattern": "[domain-name:value = 'evil.example']", "pattern_type": "stix"}
    bare = {"type": "indicator", "id": "indicator--1", **pattern}
    named_one = {**bare, "id": "indicator--2", "description": "The domain of the print worm."}
    note = {"type": "note", "id": "note--1", "abstract": "Of the worm",
            "content": "It was seen in March.", "object_refs": ["indicator--2"]}  # fmt: skip
    first, second = records(bundle(bare, named_one, note))
    assert (first["text"], first["pattern"]) == (
        "The domain of the print worm.",
        pattern["pattern"],
    )
    assert (second["text"], second["title"]) == ("It was seen in March.", "Of the worm")


def test_revoked_and_deprecated_objects_say_so() -> None:
    gone = [
        named("attack-pattern--2", "Old", "T9102", description=TEXT, revoked=True),
        named("attack-pattern--3", "Older", "T9103", description=TEXT, x_mitre_deprecated=True),
        linked("revoked-by", "attack-pattern--2", TECHNIQUE),
    ]
    found = by_id(bundle(*OBJECTS, *gone))
    assert (found["T9102"]["status"], found["T9102"]["revoked_by"]) == (
        "revoked",
        "Print Job (T9101)",
    )
    assert found["T9103"]["status"] == "deprecated" and "status" not in found["T9101"]


def test_what_the_bundle_lacks_is_named_and_costs_no_record() -> None:
    data = bundle(
        named(TECHNIQUE, "Print Job", "T9101", description=TEXT),
        linked("uses", GROUP, TECHNIQUE, "Somebody hid jobs."),
        linked("mitigates", ACTION, "attack-pattern--9", "Allow nothing."),
    )
    technique, stray = read(data)
    assert technique.record is not None and technique.record["uses"] == ["Somebody hid jobs."]
    assert technique.notes == (f"refers to {GROUP}, which the bundle lacks",)
    assert (stray.place, stray.record) == ("objects[2]", None)
    assert stray.problem == (
        f"a relationship (mitigates from {ACTION}) to attack-pattern--9, which the bundle lacks"
    )


def test_a_damaged_object_costs_itself() -> None:
    whole = bundle(*OBJECTS)
    broken = whole.replace(b'"name": "Example Bear"', b'"name": "Example Bear')
    assert problems(broken) and "objects[7]: not valid JSON" in problems(broken)[0]
    kept = [one.record["id"] for one in read(broken) if one.record]
    assert kept == [own for own in by_id(whole) if own != "G9101"]


@pytest.mark.parametrize("gone", [{"revoked": True}, {"x_mitre_deprecated": True}, {}])
def test_what_is_no_longer_in_force_is_not_joined(gone: dict[str, Any]) -> None:
    objects = [
        linked("mitigates", ACTION, TECHNIQUE, "Allow no jobs."),
        linked("uses", TECHNIQUE, TOOL, "It calls the tool."),
        named(ACTION, "Limit Jobs", "M1901", description="Limit jobs.", **gone),
        named(TOOL, "printat", "S0901", description="A tool.", **gone),
        named(TECHNIQUE, "Print Job", "T9101", description=TEXT),
    ]
    bundle = {"type": "bundle", "id": "bundle--1", "objects": objects}
    found = next(one for one in records(as_json(bundle)) if one["id"] == "T9101")
    assert ("mitigations" in found, "uses" in found) == ((not gone), (not gone))
