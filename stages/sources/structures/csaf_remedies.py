"""What a CSAF document advises against its flaws, with the products that each remedy is for.

Knows remediations and groups of products.  Invariant: a remedy for some of the affected products
names them, or is left out; a workaround says that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from stages.sources.structures.reading import objects_at, strings_at, text_at
from stages.text.no_remedy import denies_remedy
from stages.text.sentences import sentence_ends
from stages.text.workarounds import MARK, as_workaround

_AFFECTED = ("known_affected", "first_affected", "last_affected")
_FIXES = ("vendor_fix", "mitigation", "workaround", "optional_patch", "fix_planned")
_NO_FIXES = {"no_fix_planned": "planned", "none_available": "available"}
# A word in place of advice, which says nothing without its category.
_NONE = re.compile(r"(?:none|n/?a|not (?:available|applicable))(?: for\b.{0,120})?\W*", re.I)
MOST_NAMED = 6  # products in a sentence

_UPDATE = re.compile(r"(?:Update|Upgrade) to (?=.*\d)")
# An order may stand behind "For Lark Mail,"; what else is said of a product may not.
_ORDER = re.compile(
    r"(?:Update|Upgrade|Install|Apply|Disable|Restrict|Limit|Block|Use|Set|Change|Configure|Avoid"
    r"|Remove|Enable|Ensure|Deactivate|Uninstall|Replace|Migrate|Contact|Only|Do|Follow|Check|Verify"
    r"|Isolate|Segment|Protect|Close|Revoke|Rotate|Restart|Download|Deploy|Switch|Patch)\b(?!:)"
)


def affected_ids(flaw: dict[str, Any]) -> list[str]:
    """The ids of the products that a flaw affects, and is not said to spare."""
    ids = (one for name in _AFFECTED for one in strings_at(flaw, "product_status", name))
    spared = spared_ids(flaw)
    return list(dict.fromkeys(one for one in ids if one not in spared))


def spared_ids(flaw: dict[str, Any]) -> tuple[str, ...]:
    """The ids of the products that a flaw is said not to affect."""
    return strings_at(flaw, "product_status", "known_not_affected")


def groups_of(tree: Any) -> dict[str, tuple[str, ...]]:
    """The ids of products that stand behind the id of a group."""
    found = objects_at(tree, "product_groups")
    return {text_at(one, "group_id"): strings_at(one, "product_ids") for one in found}


@dataclass
class _Remedy:
    """One piece of advice, with the products and flaws that it is for."""

    category: str
    details: str
    ids: dict[str, None] = field(default_factory=dict)
    cves: list[str] = field(default_factory=list)
    affected: set[str] = field(default_factory=set)


def remedies_of(
    flaws: list[dict[str, Any]],
    products: dict[str, str],
    groups: dict[str, tuple[str, ...]],
) -> Iterator[str]:
    """What is advised against some flaws; a workaround for one of several says for which."""
    for one in _together(flaws, groups, products, _FIXES):
        if not _NONE.fullmatch(one.details) and (details := _for_products(one, products)):
            if one.category == "workaround":
                marked = as_workaround(details)
                alone = len(flaws) > 1 and len(one.cves) == 1 and marked.startswith(f"{MARK}, ")
                details = (
                    f"{MARK} for {one.cves[0]}{marked.removeprefix(MARK)}" if alone else marked
                )
            yield details


def unfixed(
    flaws: list[dict[str, Any]],
    products: dict[str, str],
    groups: dict[str, tuple[str, ...]],
) -> Iterator[str]:
    """What is said of products that get no fix: "For Lark 2: Currently no fix is planned."."""
    for one in _together(flaws, groups, products, _NO_FIXES):
        names = list(dict.fromkeys(products.get(own_id, "") for own_id in one.ids))
        if not all(names) or len(names) > MOST_NAMED:
            continue
        if _NONE.fullmatch(one.details):
            if names:
                yield f"No fix is {_NO_FIXES[one.category]} for {_and(names)}."
        elif " " in one.details:
            said = f"For {_and(names)}: {one.details}" if names else one.details
            yield said if said.endswith(".") else f"{said}."


def _together(
    flaws: list[dict[str, Any]],
    groups: dict[str, tuple[str, ...]],
    products: dict[str, str],
    wanted: Collection[str],
) -> Iterator[_Remedy]:
    """Each piece of advice once, for all products and flaws that it is given for."""
    found: dict[tuple[str, str], _Remedy] = {}
    for flaw in flaws:
        for remedy in objects_at(flaw, "remediations"):
            category, details = text_at(remedy, "category"), text_at(remedy, "details")
            named = (groups.get(name, ()) for name in strings_at(remedy, "group_ids"))
            ids = (*strings_at(remedy, "product_ids"), *(own for ids in named for own in ids))
            if category == "vendor_fix" and (fixed := _the_update(details, ids, flaw, products)):
                details, ids = fixed, ()
            details = _alone(details)
            if category in wanted and details:
                one = found.setdefault((category, details), _Remedy(category, details))
                one.ids.update(dict.fromkeys(ids))
                one.affected.update(affected_ids(flaw))
                cve = text_at(flaw, "cve")
                one.cves += [cve] if cve and cve not in one.cves else []
    yield from found.values()


# What leans on an update that stands beside the document, and what has to follow on that.
_OF_IT = r"(?:this|these) (?:[\w-]+ ){0,3}?(?:updates?|errat(?:um|a)|patch(?:es)?|packages)"
_THIS_UPDATE = re.compile(
    rf"\b(?:applying|installing|apply|install) {_OF_IT}\b(?!.*\d\.\d)", re.I | re.S
)
_FOLLOWS = re.compile(rf"\b(?:{_OF_IT}|restart\w*|reboot\w*)\b", re.IGNORECASE)
_PART_OF = re.compile(r" as (?:an? )?(?:\w+ )?component of ")
_BUILT_FOR = re.compile(r"\.(?:x86_64|aarch64|ppc64(?:le)?|s390x|noarch|i[3-6]86|armv7\w*|src)$")
_REPAIRED = ("fixed", "first_fixed", "recommended")


def _the_update(
    details: str, ids: tuple[str, ...], flaw: dict[str, Any], products: dict[str, str]
) -> str:
    """The order to install what a remedy calls "this update", by the names of its repaired
    products; empty where it says itself what to do, or they can't be named."""
    repaired = {one for name in _REPAIRED for one in strings_at(flaw, "product_status", name)}
    fixed = [one for one in ids if one in repaired]
    names = list(dict.fromkeys(products.get(one, "") for one in fixed))
    if not _THIS_UPDATE.search(details) or not names or not all(names):
        return ""
    packages: dict[str, dict[str, None]] = {}  # by what they are parts of
    for name in names:
        package, _, whole = _PART_OF.sub("\n", name, count=1).partition("\n")
        packages.setdefault(whole, {})[_BUILT_FOR.sub("", package)] = None
    if sum(map(len, packages.values())) > MOST_NAMED:
        return ""
    told = [_and(list(some)) + (f" on {of}" if of else "") for of, some in packages.items()]
    return f"Install {', and '.join(told)}."


def _alone(details: str) -> str:
    """Advice without the sentences on "this update", where it doesn't say which one."""
    if not _THIS_UPDATE.search(details):
        return details
    ends = [0, *sentence_ends(details), len(details)]
    said = (details[a:b] for a, b in pairwise(ends))
    return "".join(one for one in said if not _FOLLOWS.search(one)).strip()


def _for_products(remedy: _Remedy, products: dict[str, str]) -> str:
    """The advice with its products; empty where it is for some, and they can't be named in it."""
    details, ids = remedy.details, remedy.ids
    for_all = not ids or remedy.affected <= ids.keys()
    if for_all and not (ids and _UPDATE.match(details)):
        return details
    names = list(dict.fromkeys(products.get(one, "") for one in ids))
    if denies_remedy(details.lower().rstrip(". ")):
        return ""
    if all(names) and len(names) <= MOST_NAMED:
        order = _ORDER.match(details)
        told = f", {details[:1].lower()}{details[1:]}" if order else f": {details}"
        return f"For {_and(names)}{told}"
    return _UPDATE.sub("Update the affected products to ", details) if for_all else ""


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
