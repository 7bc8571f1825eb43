"""Products and their versions as a sentence names them: "Lark Mail from 2.0 up to 2.4".

Feeds write names in small letters with the vendor in front, and ranges by signs.  Invariant: every
number stays, and a name is changed only into one that the record's text has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_RANGES = re.compile(
    r"(?:[:,]? ?(?:except )?(?:from|after|before|through|up to|prior to|except|[<>=]=?"
    r"|vers:\w+/[<>=]*) ?(?i:v)?\d"
    r"|,? (?i:v)?\d[\w.]*(?:-[\w.]+)?(?:,|$))"
)
_V = r"(?=[vV]?\d)"
_SIGNS = (
    (re.compile(r"vers:\w+/"), ""),
    (re.compile(r"\|"), ", "),
    (re.compile(r">= ?(\S+?), ?<(?!=) ?(\S+)"), r"from \1 before \2"),
    (re.compile(r">= ?(\S+?), ?<= ?(\S+)"), r"from \1 up to \2"),
    (re.compile(r"(?<![<>])>(?!=) ?(\S+?), ?<(?!=) ?(\S+)"), r"after \1 before \2"),
    (re.compile(r"(?<![<>])>(?!=) ?(\S+?), ?<= ?(\S+)"), r"after \1 up to \2"),
    (re.compile(rf"<= ?{_V}"), "up to "),
    (re.compile(rf">= ?{_V}"), "from "),
    (re.compile(rf"< ?{_V}"), "before "),
    (re.compile(rf"> ?{_V}"), "after "),
    (re.compile(rf"(?:^|(?<= ))= ?{_V}"), ""),
    (re.compile(r"\b(from \S+) to before "), r"\1 before "),
    (re.compile(r"\b(from \S+) through "), r"\1 up to "),
)
_EXCEPT = re.compile(r"(?:^|,? )except ")
_NO_BEGINNING = re.compile(r"(?:before|up to|through|prior to) ")
_ONE = re.compile(r"[vV]?\d\S*")
# "Lark Mail (All versions)", and "Lark Mail: All versions < 2.1", which the range says as well.
_ALL = re.compile(r"[ ,:(]+(?:(?i:all versions?)|vers:\w+/\*|\*)[ )]*$")
_ALL_OF_RANGE = re.compile(
    r"[ ,:(]+(?i:all versions?),? "
    r"(?=(?:[<>=]|vers:|before|prior to|up to|from|through)[^()]*\d[^()]*\)?$)"
)


def in_words(
    affected: Sequence[str], text: str, vendors: Sequence[str] = (), by_cpe: bool = False
) -> list[str]:
    """Products with their versions as people write them, each product once, and each of `vendors`
    in front of the first of its own; `text` is where their names may stand.

    by_cpe: they are CPE names, which are in small letters however a product is written.
    """
    found: dict[str, list[str]] = {}
    for one in affected:
        name, versions = _parted(one)
        called = _called(name, text)
        called = _titled(called) if by_cpe and called == called.lower() == name else called
        versions = [_as_in(text, one) for one in versions] if by_cpe else versions
        found.setdefault(called, []).extend(versions)
    shown = _each_vendor_once(list(found), vendors)
    those = zip(shown, found.values(), strict=True)
    return [_with_versions(name, versions, text) for name, versions in those]


def _titled(name: str) -> str:
    """ "Acme FX-20 firmware" of a name in small letters."""
    words = name.split(" ")
    return " ".join(
        one if one in _GENERIC else one.upper() if re.search(r"\d", one) else one.capitalize()
        for one in words
    )


def _as_in(text: str, version: str) -> str:
    """A version with the capitals that the text gives it."""
    found = re.search(rf"(?<![\w.]){re.escape(version)}(?![\w.]*\w)", text, re.IGNORECASE)
    return found[0] if found else version


def _each_vendor_once(names: Sequence[str], vendors: Sequence[str]) -> list[str]:
    """Names of products without a vendor that stands in front of an earlier one."""
    shown, told = [], set[str]()
    for name in names:
        vendor = next((one for one in vendors if name.startswith(f"{one} ")), "")
        shown.append(name.removeprefix(f"{vendor} ") if vendor in told else name)
        told |= {vendor} - {""}
    return shown


_EVERY = "all"


def _parted(affected: str) -> tuple[str, list[str]]:
    """The name of a product, and its versions in words, one range or version each."""
    if every := _ALL.search(affected):
        return affected[: every.start()], [_EVERY]
    shown = _ALL_OF_RANGE.sub(" ", affected)
    if shown != affected and shown.count("(") != shown.count(")"):
        shown = shown.removesuffix(")")
    found = _RANGES.search(shown)
    end = found.start() if found else len(shown)
    versions = shown[end:].strip(" ,:")
    for signs, words in _SIGNS:
        versions = signs.sub(words, versions)
    if excepted := _EXCEPT.search(versions):
        rest = versions[: excepted.start()].strip()
        others = _and(versions[excepted.end() :].split(", "))
        return shown[:end], [f"{rest or _IN_ALL} except {others}"]
    return shown[:end], [one for one in versions.split(", ") if one]


_IN_ALL = "in all versions"


def _with_versions(name: str, versions: Sequence[str], text: str) -> str:
    """A product with all its versions: single ones, ranges, and last those without a beginning."""
    told = list(dict.fromkeys(versions))
    if _EVERY in told:
        return f"all versions of {name}"
    told = list(dict.fromkeys(_begun(one, told, text) for one in told))
    told.sort(key=_numbers)
    single = [one for one in told if _ONE.fullmatch(one)]
    whole = [one for one in told if _NO_BEGINNING.match(one)]
    ranges = [one for one in told if one not in single and one not in whole]
    if whole and (single or ranges):
        whole = [f"all versions {one}" for one in whole]
    if single and (whole or ranges):
        single[0] = f"version{'s' if len(single) > 1 else ''} {single[0]}"
    return " ".join(filter(None, [name, _and([*single, *ranges, *whole])]))


def _numbers(versions: str) -> list[int]:
    """What versions are put in order by: the numbers of the first one."""
    found = _ONE.search(versions)
    return [int(one) for one in re.findall(r"\d{1,18}", found[0])] if found else []


def _and(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def _begun(versions: str, told: Sequence[str], text: str) -> str:
    """A range without a beginning with the one that the record states elsewhere: beside another
    range that ends there, or in its text."""
    if not _NO_BEGINNING.match(versions) or len(told) == 1:
        return versions
    if other := next((one for one in told if one.endswith(f" {versions}")), ""):
        return other
    end = re.escape(versions.rpartition(" ")[2])
    stated = re.search(
        r"(?:\bfrom|\bversions?|\bsince|>=) ?v?(\d[\w.]*),? (?:(?:up )?to |and )?"
        rf"(?:before |prior to |< ?)v?{end}(?![\w.]*\d)",
        text,
        re.IGNORECASE,
    )
    return f"from {stated[1]} {versions}" if stated else versions


_BETWEEN = r"[ _-]"
_PART_OF_DEVICE = (" firmware", " software", " os")


def _called(name: str, text: str) -> str:
    """A name in small letters as the text writes it, if need be without its first word, or with
    the firmware behind it that the text does not name."""
    if name != name.lower():
        return name
    for behind in ("", *(one for one in _PART_OF_DEVICE if name.endswith(one))):
        if found := _written(name.removesuffix(behind), text):
            return f"{found}{behind}"
    return _each_as_written(name, text)


def _written(name: str, text: str) -> str:
    words = name.split()
    for begin in range(len(words)):
        called = " ".join(words[begin:])
        if len(called) < 3:
            break
        pattern = _BETWEEN.join(map(re.escape, words[begin:]))
        found = re.search(rf"(?<![\w-]){pattern}(?![\w-])", text, re.IGNORECASE)
        if found and not (begin and _is_part(called, text[: found.start()])):
            return found[0]
    return ""


def _each_as_written(name: str, text: str) -> str:
    """A name whose words stand apart in the text, each as the text writes it; else as it is."""
    written = []
    for word in name.split():
        found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE)
        if found is None and word not in _GENERIC:
            return name
        written.append(found[0] if found and word not in _GENERIC else word)
    return " ".join(written)


_ECOSYSTEM = re.compile(r" \([^()]*\)$")
LONGEST_PRODUCT = 60  # characters


def product_of(affected: Sequence[str], text: str) -> str:
    """The only product of a record's, without its versions and its registry; else empty."""
    names = {_called(_parted(one)[0].strip(), text) for one in affected}
    name = _ECOSYSTEM.sub("", next(iter(names))) if len(names) == 1 else ""
    return name if 2 < len(name) <= LONGEST_PRODUCT and "(" not in name else ""


def is_named(product: str, said: str) -> bool:
    """Whether a text has a word of a product's name."""
    words = re.findall(r"\w{3,}", product.lower())
    return any(re.search(rf"\b{re.escape(one)}", said.lower()) for one in words)


_GENERIC = frozenset("server client firmware software router driver plugin app web core os".split())


def _is_part(called: str, before: str) -> bool:
    """Whether a name without its first word is that of another product, or of a kind of them."""
    return called in _GENERIC or re.search(r"(?<![.!?] )\b[A-Z][\w-]* $", before) is not None
