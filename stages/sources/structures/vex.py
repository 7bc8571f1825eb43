"""What a CSAF document says is not affected by a flaw, and why: the point of a VEX, as sentences.

Knows the justifications that CSAF names.  Invariant: products are named as the document's own tree
names them, and where they are many, or one has no name, nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stages.sources.structures.reading import objects_at, strings_at, text_at

MOST_NAMED = 6  # products in a sentence

_WHY = {
    "component_not_present": "the component is not present",
    "vulnerable_code_not_present": "the vulnerable code is not present",
    "vulnerable_code_not_in_execute_path": "the vulnerable code is not in the execute path",
    "vulnerable_code_cannot_be_controlled_by_adversary": (
        "an adversary cannot control the vulnerable code"
    ),
    "inline_mitigations_already_exist": "inline mitigations already exist",
}


def unaffected(
    flaw: dict[str, Any], products: dict[str, str], why: Sequence[tuple[str, Sequence[str]]] = ()
) -> str:
    """Which products a flaw does not affect, each group with its reason, and of which that is not
    known yet; empty where nothing is said of it.

    why: what the document says of it in words of its own, and of which products; all, without ids.
    """
    by = f" by {cve}" if (cve := text_at(flaw, "cve")) else ""
    ids = strings_at(flaw, "product_status", "known_not_affected")
    groups: dict[str, list[str]] = {}
    for own_id in ids:
        said_of = [told for told, of in why if own_id in of]
        reason = f": {' '.join(said_of).rstrip('.')}" if said_of else _reason(flaw, own_id)
        groups.setdefault(reason, []).append(products.get(own_id, ""))
    spared = [(_are(names), reason) for reason, names in groups.items()]
    said = [f"{told} not affected{by}{reason}." for told, reason in spared if told]
    said += [told for told, of in why if not of] if said else []
    open_ones = strings_at(flaw, "product_status", "under_investigation")
    if told := _are([products.get(one, "") for one in open_ones]):
        said.append(f"Whether {told} affected{by} is under investigation.")
    return " ".join(said) if len(ids) <= MOST_NAMED else ""


def _reason(flaw: dict[str, Any], own_id: str) -> str:
    """Why a product is not affected, behind a colon; empty where no reason is stated."""
    flags = [one for one in objects_at(flaw, "flags") if own_id in strings_at(one, "product_ids")]
    known = (_WHY.get(text_at(one, "label"), "") for one in flags)
    return next((f": {why}" for why in known if why), "")


def _are(names: list[str]) -> str:
    """ "A is", "A and B are"; empty for none, for many, and where one has no name."""
    if not names or len(names) > MOST_NAMED or not all(names):
        return ""
    listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f"{listed} {'are' if len(names) > 1 else 'is'}"
