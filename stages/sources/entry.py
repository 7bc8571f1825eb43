"""What a structure has read of one piece, and the record that it becomes.

Knows the names of a record's fields (docs/formats.md lists them); nothing of any feed.
Invariant: a record has text, title, kind, id and source, and its original under `original`;
every other field is there only where the original states it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stages.base import Record
from stages.sources.cvss import Cvss
from stages.text.kinds import OTHER

REJECTED, RESERVED, DISPUTED = "rejected", "reserved", "disputed"
WITHDRAWN, REVOKED, DEPRECATED = "withdrawn", "revoked", "deprecated"
SUPERSEDED, DRAFT = "superseded", "draft advisory"


@dataclass(frozen=True)
class Entry:
    """The fields of a record; empty where the original says nothing.

    `weaknesses` are those that the original names, "CWE-22 Path Traversal".  `scope_notes` are
    sentences on what is not affected, or not known to be, and on what it takes; `fix_notes` on what
    has no repair.  `more` holds fields
    of one kind only, such as the tactics of a technique.
    """

    text: str
    title: str = ""
    kind: str = OTHER
    id: str = ""
    source: str = ""
    links: tuple[str, ...] = ()
    licence: str = ""
    language: str = ""
    severity: str = ""
    cvss: Cvss | None = None
    cwes: tuple[str, ...] = ()
    weaknesses: tuple[str, ...] = ()
    affected: tuple[str, ...] = ()
    scope_notes: tuple[str, ...] = ()
    mitigations: tuple[str, ...] = ()
    fix_notes: tuple[str, ...] = ()
    detections: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    status: str = ""
    published: str = ""
    modified: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def record(self, original: Any) -> Record:
        """The record, with the piece that it was read from."""
        severity = self.severity or (self.cvss.severity if self.cvss else "")
        values = {
            "link": self.links[0] if self.links else "",
            "links": _each_once(self.links),
            "licence": self.licence,
            "language": self.language,
            "severity": severity,
            "cvss": self.cvss.to_json() if self.cvss else None,
            "cwes": _each_once(self.cwes),
            "weaknesses": _each_once(self.weaknesses),
            "affected": _each_once(self.affected),
            "scope_notes": _each_once(self.scope_notes),
            "mitigations": _each_once(self.mitigations),
            "fix_notes": _each_once(self.fix_notes),
            "detections": _each_once(self.detections),
            "aliases": _each_once(self.aliases),
            "status": self.status,
            "published": self.published,
            "modified": self.modified,
            **self.more,
        }
        stated = {name: value for name, value in values.items() if value}
        main = {"text": self.text.strip() or self.title, "title": self.title, "kind": self.kind}
        return {**main, "id": self.id, "source": self.source, **stated, "original": original}


@dataclass(frozen=True)
class SubEntry:
    """One of several records that an object holds: where in it, and what it was read from."""

    place: str
    entry: Entry
    original: Any


def _each_once(items: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(items)) if items else []
