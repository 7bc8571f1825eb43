"""MISP's events, as its exports, feeds and searches give them.

Invariant: what taxonomies, galaxies and templates of objects say is no text of an event; only what
its authors have written about it, and not deleted, is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stages.sources.entry import Entry
from stages.sources.structures.reading import first_text, links_of, objects_at, text_at
from stages.text.kinds import REPORT

EVENT = "Event"
_OF_AN_EVENT = frozenset("Attribute Object Orgc Org threat_level_id analysis".split())
_WRITTEN = frozenset("comment text".split())  # types of attributes that may hold prose
_DELETED = frozenset({"true", "1"})
_LEAST_WORDS = 4  # of one that does
_MOST_LISTED = 20  # indicators that an event's record names


def is_event(value: dict[str, Any]) -> bool:
    event = _event(value)
    return isinstance(event.get("info"), str) and len(_OF_AN_EVENT & event.keys()) > 1


def read_event(value: dict[str, Any]) -> Entry:
    event = _event(value)
    attributes = list(_attributes(event))
    reports = [text_at(one, "content") for one in _kept(event, "EventReport")]
    prose = [text_at(one, "value") for one in attributes if _is_prose(one)]
    remarks = [line for one in attributes if not _is_prose(one) and (line := _remark(one))]
    links = [text_at(one, "value") for one in attributes if text_at(one, "type") == "link"]
    said = [one for one in (*reports, *prose, "\n".join(remarks)) if one]
    clusters = [
        text_at(cluster, "value")
        for galaxy in objects_at(event, "Galaxy")
        for cluster in _kept(galaxy, "GalaxyCluster")
    ]
    listed = [one for one in attributes if one.get("to_ids") is True]
    return Entry(
        text="\n\n".join(dict.fromkeys(said)),
        title=text_at(event, "info"),
        kind=REPORT,
        id=first_text(event, "uuid", "id"),
        source=text_at(event, "Orgc", "name") or "MISP",
        links=links_of(links),
        published=text_at(event, "date"),
        more={
            "tags": [name for one in objects_at(event, "Tag") if (name := text_at(one, "name"))],
            "galaxies": list(dict.fromkeys(name for name in clusters if name)),
            "indicators": [_indicator(one) for one in listed[:_MOST_LISTED]],
        },
    )


def _event(value: dict[str, Any]) -> dict[str, Any]:
    inner = value.get(EVENT)
    return inner if isinstance(inner, dict) else value


def _attributes(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The attributes of an event and of its objects."""
    for holder in (event, *_kept(event, "Object")):
        yield from _kept(holder, "Attribute")


def _kept(holder: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The objects under a name but those that were deleted, which an export may still hold."""
    for one in objects_at(holder, name):
        if str(one.get("deleted")).strip().lower() not in _DELETED:
            yield one


def _is_prose(attribute: dict[str, Any]) -> bool:
    words = text_at(attribute, "value").split()
    return text_at(attribute, "type") in _WRITTEN and len(words) >= _LEAST_WORDS


def _indicator(attribute: dict[str, Any]) -> str:
    said = text_at(attribute, "comment")
    told = f"{text_at(attribute, 'type')}: {text_at(attribute, 'value')}"
    return f"{told} ({said})" if said else told


def _remark(attribute: dict[str, Any]) -> str:
    """What its authors say of an indicator, as an item of a list."""
    said, value = text_at(attribute, "comment"), text_at(attribute, "value")
    return f"- {value}: {said}" if said and value else ""
