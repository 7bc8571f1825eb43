"""A product and its versions that stand in fields of their own: `product`, `affected_versions`.

Knows the names that scanners and advisories give such fields.  Invariant: a version is never told
without its product, and what repairs one product is never advised for several.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from stages.base import Record
from stages.text.nothing_said import says_nothing
from stages.text.record_text import as_scalar, plain_key

LONGEST = 80  # characters of a name or a version: more is prose
MOST = 20  # versions of a record

# As `plain_key` spells them.  Trivy has PkgName, InstalledVersion and FixedVersion.
_PRODUCT = ("product", "productname", "affectedproduct", "pkgname", "packagename", "software")
_AFFECTED = ("affectedversions", "affectedversion", "versionsaffected", "versionaffected",
             "vulnerableversions", "vulnerableversion", "affectedversionrange",
             "vulnerableversionrange", "installedversion")  # fmt: skip
_FIXED = ("fixedin", "fixedversion", "fixedversions", "fixinversion", "patchedversion",
          "patchedversions", "patchedin", "firstpatchedversion")  # fmt: skip
# What a row names, where it runs, and what of it is affected.
_OF_A_ROW = (
    (*_PRODUCT, "name", "component", "package", "model"),
    ("platform", "os", "operatingsystem", "architecture"),
    ("affected", *_AFFECTED),
)
_ANY = re.compile("any|all|-|n/?a", re.IGNORECASE)
_STATED = ("affected", "affectedproducts", "affectedsystems", "products")

_BARE = re.compile(
    r"(?:[<>=≤≥~^*]|v?\d|(?:all|any)\b|(?:versions?|releases?|before|prior|up to|from|through|until"
    r"|earlier|older|between|after|since)\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?;] |\n")
_VERSION = re.compile(r"v?\d[\w.+:~-]*")
_NUMBERED = re.compile(r"\d\.\d|[,;/]| and ")  # several products, or one with its versions


# A word of a range: "<2.3", "V3.1,", "before", "vers:all/*".
_OF_A_RANGE = re.compile(
    r"[<>=≤≥~^*|&/-]*(?:v?\d[\w.+:~*-]*)?[,;.]?|vers:\w+/\S*|(?:all|any|other|versions?|releases?"
    r"|before|prior|up|to|from|through|until|earlier|older|newer|later|than|between|after|since|and"
    r"|or|including|below),?",
    re.IGNORECASE,
)


def is_only_versions(text: str) -> bool:
    """Whether a text names versions, and not what they are versions of."""
    return all(map(_OF_A_RANGE.fullmatch, text.split()))


def versions_of_product(record: Record) -> list[str]:
    """ "Foo Server 1.0" of a product and each of its versions; versions that name what they are of
    stand behind the product as they are.  Empty where the record states what is affected itself."""
    plain = {plain_key(key): value for key, value in record.items()}
    if any(plain.get(name) for name in _STATED):
        return []
    product, versions = _product(plain), _values(plain, _AFFECTED)
    bare = [one for one in versions if _BARE.match(one)]
    named = [one for one in versions if one not in bare]
    if not product or (named and not bare and product.lower() in named[0].lower()):
        return named
    own = [f"{product} {one}" for one in bare] or [product]
    return [*own, *named] if versions else []


def versions_in_rows(record: Record) -> list[str]:
    """ "Foo Server (Windows) 1.0 - 1.2" of rows that name a product each and its affected versions;
    empty where no list is such a table."""
    for rows in record.values():
        if not isinstance(rows, list) or not rows or not all(type(one) is dict for one in rows):
            continue
        plain = [{plain_key(key): as_scalar(one) for key, one in row.items()} for row in rows]
        parts = [[_first(names, row) for names in _OF_A_ROW] for row in plain]
        if all(name and versions for name, _, versions in parts):
            told = [row for row in parts if not says_nothing(row[2])]
            return [
                f"{name}{f' ({on})' if on and not _ANY.fullmatch(on) else ''} {versions}"
                for name, on, versions in told
                if len(name) <= LONGEST and len(versions) <= LONGEST
            ][:MOST]
    return []


def _first(names: Sequence[str], row: Mapping[str, str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def update_of(record: Record) -> str:
    """ "Update Foo Server to 1.5." of a record that says in which version one product is fixed;
    else empty."""
    plain = {plain_key(key): value for key, value in record.items()}
    product = _product(plain)
    fixed = [part for one in _values(plain, _FIXED) for part in re.split(r", | or |\|\| ?", one)]
    if not product or _NUMBERED.search(product) or not all(map(_VERSION.fullmatch, fixed)):
        return ""
    return f"Update {product} to {' or '.join(fixed)}." if fixed else ""


def _product(plain: Record) -> str:
    """The one product, or the package of an object that has a name."""
    stated = next((name for name in _PRODUCT if plain.get(name)), "")
    found = _values(plain, (stated,)) if stated else []
    return found[0] if len(found) == 1 else ""


def _values(plain: Record, names: tuple[str, ...]) -> list[str]:
    """The short values of the first field that has any."""
    for name in names:
        value: Any = plain.get(name)
        listed = value[:MOST] if isinstance(value, list) else [value]
        found = [" ".join(as_scalar(one).split()) for one in listed]
        fit = [one for one in found if one and len(one) <= LONGEST and not _SENTENCE.search(one)]
        if fit := [one for one in fit if not says_nothing(one)]:
            return fit
    return []
