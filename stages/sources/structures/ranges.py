"""What is affected, in words: products with their versions, from CPE names and version lists.

Knows CPE 2.3 and the version objects of CVE records.  Invariant: every name and version is
quoted from the original.
"""

from __future__ import annotations

import re
from typing import Any

from stages.sources.structures.reading import objects, objects_at, text_at

_CPE_PART = re.compile(r"(?<!\\):")
_ESCAPE = re.compile(r"\\(.)")
_BOUNDS = (
    ("versionStartIncluding", "from"),
    ("versionStartExcluding", "after"),
    ("versionEndIncluding", "through"),
    ("versionEndExcluding", "before"),
)
_ANY = ("*", "-", "")


def cpe_words(criteria: str) -> str:
    """ "acme shoplane 4.2" of a CPE 2.3 or 2.2 name; empty if it is none."""
    escaped = "\\" in criteria
    if criteria.startswith("cpe:2.3:"):
        parts = (_CPE_PART.split(criteria) if escaped else criteria.split(":", 6))[3:6]
    elif criteria.startswith("cpe:/"):
        parts = criteria.split(":", 5)[2:5]
    else:
        return ""
    words = " ".join([part for part in parts if part not in _ANY]).replace("_", " ")
    return _ESCAPE.sub(r"\1", words) if escaped else words


def cpe_matches(configurations: Any) -> tuple[str, ...]:
    """What the vulnerable CPE names of NVD's configurations (both versions) mean, in words."""
    # An entry may have hundreds of them, which makes this the bulk of reading NVD.
    found: dict[str, None] = {}
    _collect(configurations, found, 8)
    return tuple(found)


def _collect(node: Any, found: dict[str, None], depth: int) -> None:
    for item in objects(node) if depth else ():
        matches = item.get("cpeMatch") or item.get("cpe_match")
        for match in matches if isinstance(matches, list) else ():
            if isinstance(match, dict) and (words := _match_words(match)):
                found[words] = None
        for name in ("nodes", "children"):
            if name in item:
                _collect(item[name], found, depth - 1)


def _match_words(match: dict[str, Any]) -> str:
    criteria = match.get("criteria") or match.get("cpe23Uri")
    if match.get("vulnerable") is False or not isinstance(criteria, str):
        return ""
    words = cpe_words(criteria)
    for name, word in _BOUNDS:
        if words and name in match:
            words = f"{words} {word} {text_at(match, name)}"
    return words


def cve_affected(affected: Any) -> tuple[str, ...]:
    """Products and their affected versions, of the `affected` list of a CVE record."""
    found = []
    for item in objects(affected):
        name = _product(item)
        versions = [
            words for version in objects_at(item, "versions") if (words := _version(version))
        ]
        if not name or (item.get("defaultStatus") == "unaffected" and not versions):
            continue
        found.append(f"{name} {', '.join(versions)}" if versions else name)
    return tuple(found)


def _product(item: dict[str, Any]) -> str:
    vendor, product = text_at(item, "vendor"), text_at(item, "product")
    product = product or text_at(item, "packageName")
    known = [part for part in (vendor, product) if part.lower() not in ("n/a", "unknown", "")]
    if len(known) == 2 and known[1].lower().startswith(known[0].lower()):
        return known[1]
    return " ".join(known)


def _version(version: dict[str, Any]) -> str:
    """ "from 1.0 before 4.2.1"; empty for versions that are not affected."""
    if text_at(version, "status").lower() not in ("affected", ""):
        return ""
    first = text_at(version, "version")
    for name, word in (("lessThan", "before"), ("lessThanOrEqual", "through")):
        if last := text_at(version, name):
            begin = "" if first in ("", "0", "*", "unspecified", "n/a") else f"from {first} "
            return f"{begin}{word} {last}" if last != "*" else f"from {first}" if begin else ""
    return "" if first.lower() in ("n/a", "unspecified", "*") else first


def cve4_affected(affects: Any) -> tuple[str, ...]:
    """Products and versions of the `affects` of a CVE 4 record."""
    found = []
    for vendor in objects_at(affects, "vendor", "vendor_data"):
        for product in objects_at(vendor, "product", "product_data"):
            names = {"vendor": vendor.get("vendor_name"), "product": product.get("product_name")}
            versions = [_cve4_version(v) for v in objects_at(product, "version", "version_data")]
            words = ", ".join(version for version in versions if version)
            if name := _product(names):
                found.append(f"{name} {words}".strip())
    return tuple(found)


def _cve4_version(version: dict[str, Any]) -> str:
    value, affected = text_at(version, "version_value"), text_at(version, "version_affected")
    if value.lower() in ("n/a", "unspecified", "*", ""):
        return ""
    words = {"<": "before ", "<=": "through ", ">": "after ", ">=": "from "}
    return words.get(affected.strip("!?"), "") + value
