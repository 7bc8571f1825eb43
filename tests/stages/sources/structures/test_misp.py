"""MISP's events: what their authors wrote, and nothing that a galaxy or a template says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.source_help import as_json, record, records, without_original

HASH = "a1" * 16


def event(info: str = "Ropes stolen by mail", **more: Any) -> dict[str, Any]:
    boilerplate = "A rope object describes a rope with all of its meta-information."
    return {
        "id": "7",
        "uuid": "u-7",
        "info": info,
        "date": "2031-02-03",
        "threat_level_id": "2",
        "analysis": "2",
        "Orgc": {"id": "1", "name": "CERT Harbour"},
        "Tag": [{"name": "tlp:green"}],
        "Galaxy": [
            {
                "name": "Thief",
                "description": boilerplate,
                "GalaxyCluster": [{"value": "Grey Gull", "description": boilerplate}],
            }
        ],
        "Attribute": [
            {"type": "domain", "value": "gull.example", "comment": "Takes orders", "to_ids": True},
            {"type": "ip-dst", "value": "203.0.113.7", "comment": "", "to_ids": True},
            {"type": "text", "value": "The thieves wrote to all crews.", "comment": ""},
            {"type": "text", "value": "TLP", "to_ids": False},
            {"type": "link", "value": "https://harbour.example/1"},
            {"type": "domain", "value": "none.example", "comment": "Wrong", "deleted": True},
        ],
        "Object": [
            {
                "name": "rope",
                "description": boilerplate,
                "Attribute": [{"type": "md5", "value": HASH, "comment": "Dropper"}],
            }
        ],
        "EventReport": [{"name": "Report", "content": "# Ropes\n\nFour ships lost theirs."}],
        **more,
    }


def test_an_event_alone_in_a_file() -> None:
    """It was refused, or a galaxy's description was taken for what the event says."""
    found = record(as_json({"Event": event()}))
    assert without_original(found) == {
        "text": "# Ropes\n\nFour ships lost theirs.\n\nThe thieves wrote to all crews.\n\n"
        f"- gull.example: Takes orders\n- {HASH}: Dropper",
        "title": "Ropes stolen by mail",
        "kind": "threat_report",
        "id": "u-7",
        "source": "CERT Harbour",
        "link": "https://harbour.example/1",
        "links": ["https://harbour.example/1"],
        "published": "2031-02-03",
        "tags": ["tlp:green"],
        "galaxies": ["Grey Gull"],
        "indicators": ["domain: gull.example (Takes orders)", "ip-dst: 203.0.113.7"],
    }


def test_events_in_each_list_that_an_export_has() -> None:
    one, two = event(), event("Lamps stolen by phone")
    wrapped = [{"Event": one}, {"Event": two}]
    lines = b"\n".join(map(as_json, wrapped))
    for data in (as_json(wrapped), as_json({"response": wrapped}), as_json([one, two]), lines):
        assert [found["title"] for found in records(data)] == [one["info"], two["info"]]


def test_an_event_of_which_nothing_is_written_is_its_title() -> None:
    found = record(as_json({"Event": event(Attribute=[], Object=[], EventReport=[])}))
    assert found["text"] == found["title"] == "Ropes stolen by mail"


def test_an_event_of_something_else_stays_what_it_is() -> None:
    log = {"Event": {"info": "started", "System": {"EventID": 1}}, "text": "A rope was taken."}
    assert record(as_json(log), "in.jsonl")["text"] == "A rope was taken."


@pytest.mark.parametrize("deleted", [True, 1, "1", "true", "True"])
def test_what_was_deleted_is_not_told(deleted: Any) -> None:
    """An export holds it still: what an analyst took back stood in answers."""
    gone = {"deleted": deleted}
    wrong = {"type": "text", "value": "The crews had sold the ropes.", "to_ids": True}
    cluster = {"value": "Blue Tern", **gone}
    found = record(
        as_json(
            event(
                EventReport=[{"content": "All crews are thieves.", **gone}],
                Object=[{"name": "rope", "Attribute": [wrong], **gone}],
                Attribute=[{**wrong, **gone}],
                Galaxy=[{"name": "Thief", "GalaxyCluster": [cluster, {"value": "Grey Gull"}]}],
            )
        )
    )
    assert found["text"] == found["title"] and "indicators" not in found
    assert found["galaxies"] == ["Grey Gull"]


@pytest.mark.parametrize("deleted", [False, 0, "0", "false", "", None])
def test_what_was_not_deleted_is_told(deleted: Any) -> None:
    """A field that says so for everything would empty an event."""
    report = {"content": "Four ships lost theirs.", "deleted": deleted}
    found = record(as_json(event(EventReport=[report], Attribute=[], Object=[])))
    assert found["text"] == "Four ships lost theirs."
