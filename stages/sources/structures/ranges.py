"""What is affected, in words: products with their versions, from CPE names and version lists.

Knows CPE 2.3 and the version objects of CVE records.  Invariant: every name and version is
quoted from the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stages.sources.structures.reading import objects, objects_at, strings_at, text_at
from stages.text.vendors import called

_CPE_PART = re.compile(r"(?<!\\):")
_ESCAPE = re.compile(r"\\(.)")
# Another update, such as a service pack, is of the release itself, which may have dozens.
_CANDIDATE = re.compile(r"(?:rc|alpha|beta|pre|preview|dev|milestone)[\d_.-]*$", re.IGNORECASE)
_BOUNDS = (
    ("versionStartIncluding", "from"),
    ("versionStartExcluding", "after"),
    ("versionEndIncluding", "through"),
    ("versionEndExcluding", "before"),
)
_ANY = ("*", "-", "")
_AFFECTED, _UNAFFECTED, _UNKNOWN = "affected", "unaffected", "unknown"
_ANY_PRODUCT = ("all", "*", "-")
MOST_PLATFORMS = 2  # more are a list of all that there is
_NO_PLATFORM = re.compile(r"(?:all|any|unknown|firmware|software|hardware|devices?|n/a|-|\*)", re.I)
_EVERY = "(all versions)"
_ALL = ("all", "all versions")
_ENDS = (("lessThan", "before"), ("lessThanOrEqual", "through"))
_ANY_VERSION = frozenset(("", "0", "*", "unspecified", "n/a"))


def cpe_words(criteria: str) -> str:
    """ "acme shoplane 4.2-rc1" of a CPE 2.3 or 2.2 name; empty if it is none."""
    escaped = "\\" in criteria
    if criteria.startswith("cpe:2.3:"):
        parts = (_CPE_PART.split(criteria) if escaped else criteria.split(":", 7))[3:7]
    elif criteria.startswith("cpe:/"):
        parts = criteria.split(":", 6)[2:6]
    else:
        return ""
    shown = ["" if part in _ANY else part for part in parts] + [""] * 4
    vendor, product, version, update = shown[:4]
    version = f"{version}-{update}" if version and _CANDIDATE.match(update) else version
    named = called(vendor, product) if product else vendor
    words = " ".join(filter(None, [named.replace("_", " "), version]))
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


def cve_affected(affected: Any, text: str = "") -> tuple[str, ...]:
    """Products and their affected versions, of the `affected` list of a CVE record, whose `text`
    may say which of them a repaired version ends."""
    found = []
    for item in objects(affected):
        name, versions = _product(item), list(objects_at(item, "versions"))
        if name and _is_affected(item, versions):
            words = _versions(versions, text_at(item, "defaultStatus").lower() == _AFFECTED, text)
            found.append(" ".join(filter(None, [name, _platforms(item), words])))
    return tuple(found)


def cve_spared(affected: Any) -> Iterator[str]:
    """What the `affected` list of a CVE record says of products and versions that are not affected,
    or not known to be, in sentences."""
    for item in objects(affected):
        name, versions = _product(item), list(objects_at(item, "versions"))
        default = text_at(item, "defaultStatus").lower()
        if not name or name.lower() in _ANY_PRODUCT:
            continue
        if not _is_affected(item, versions) and (default == _UNAFFECTED or not default):
            listed = [words for one in versions for s in _segments(one, _UNAFFECTED)
                      if (words := s.words) and words.lower() not in _ALL]  # fmt: skip
            yield f"{' '.join([name, ', '.join(listed)]).strip()} is not affected."
        if default != _AFFECTED and (repaired := _repaired_within(versions)):
            shown = " and ".join([*filter(None, [", ".join(repaired[:-1])]), repaired[-1]])
            yield f"{name} {shown} {'are' if len(repaired) > 1 else 'is'} not affected."
        open_ones = [words for one in versions for s in _segments(one, _UNKNOWN)
                     if (words := s.words)]  # fmt: skip
        if open_ones or (default == _UNKNOWN and not versions):
            shown = " ".join([name, ", ".join(open_ones)]).strip()
            yield f"Whether {shown} is affected is not known."


def _repaired_within(versions: list[dict[str, Any]]) -> list[str]:
    """The versions within ranges of affected ones that are stated not to be affected, such as
    releases with a patch of their own."""
    found = []
    for one in versions:
        ends = {segment.last for segment in _segments(one, _AFFECTED)}
        spared = [at for change in objects_at(one, "changes") if (at := text_at(change, "at"))
                  and text_at(change, "status").lower() == _UNAFFECTED]  # fmt: skip
        found += [at for at in spared if ends and at not in ends]
    return list(dict.fromkeys(found))


def _platforms(item: dict[str, Any]) -> str:
    """ "on Windows", of a product that is affected on some platforms only."""
    named = [one for one in strings_at(item, "platforms") if not _NO_PLATFORM.fullmatch(one)]
    return f"on {' and '.join(named)}" if 0 < len(named) <= MOST_PLATFORMS else ""


def _is_affected(item: dict[str, Any], versions: list[dict[str, Any]]) -> bool:
    """Whether some version is affected; one that the list leaves out is as the default says."""
    default = text_at(item, "defaultStatus").lower()
    listed = any(segment for version in versions for segment in _segments(version, _AFFECTED))
    return listed or default == _AFFECTED or (not default and not versions)


def _versions(versions: list[dict[str, Any]], by_default: bool, text: str) -> str:
    """The affected versions; where all are by default, what the unaffected ones leave of them: of a
    single one those before it, where the text says so."""
    listed = [words for one in versions for s in _segments(one, _AFFECTED) if (words := s.words)]
    if not by_default:
        every = any(s.is_every for one in versions for s in _segments(one, _AFFECTED))
        return ", ".join(listed) or (_EVERY if every else "")
    others = [segment for one in versions for segment in _segments(one, "unaffected")]
    begins = [segment.after for segment in others if segment.is_first and segment.last != "*"]
    ends = [f"before {segment.first}" for segment in others if segment.is_last]
    bounds = " ".join([*begins[:1], *ends[:1]])
    except_for = [s.words for s in others if not s.is_first and not s.is_last and s.words]
    if len(versions) == len(except_for) == 1 and _ends_at(except_for[0], text):
        return f"before {except_for[0]}"
    excepted = f"except {', '.join(except_for)}" if except_for else ""
    return ", ".join(part for part in (bounds or ", ".join(listed), excepted) if part)


def _ends_at(version: str, text: str) -> bool:
    """Whether a text says that what is affected are the versions before this one."""
    before = r"\b(?:prior to|before|earlier than|below)(?: the)?(?: versions?| releases?)? v?"
    found = re.search(rf"{before}{re.escape(version)}(?![\w-]|\.\w)", text, re.IGNORECASE)
    if not found or _NOT_AFFECTED.match(text, found.end()):
        return False
    return not _BEGINS.search(text[: found.start()])


# "from 1.3.5", "2.0 and later, but" in front of the end of a range.
_BEGINS = re.compile(r"\d[\w.]*(?: (?:and|or) (?:later|newer|above|higher))?,?(?: but| and)? ?\Z")
_NOT_AFFECTED = re.compile(r",? (?:is|are|was|were) (?:not |un)affected")


@dataclass(frozen=True)
class _Segment:
    """Versions of one status: a single one, or from `first` to `last`, which `word` leads to."""

    first: str
    word: str = ""
    last: str = ""

    @property
    def is_first(self) -> bool:
        """Whether it is a range without a beginning."""
        return bool(self.word) and self.first.lower() in _ANY_VERSION

    @property
    def is_last(self) -> bool:
        """Whether it is a range that has a beginning, and no end."""
        return self.last == "*" and not self.is_first

    @property
    def is_every(self) -> bool:
        """Whether it states that it is all versions."""
        return (self.is_first and self.last == "*") or (not self.word and self.first == "*")

    @property
    def after(self) -> str:
        """The versions behind it."""
        return f"from {self.last}" if self.word == "before" else f"after {self.last}"

    @property
    def words(self) -> str:
        """ "from 1.0 before 4.2.1"; empty for all versions."""
        begin = "" if self.is_first else f"from {self.first}"
        if self.word:
            word = "through" if self.last.endswith(".*") else self.word  # "2.5.*": all of that line
            return begin if self.last == "*" else f"{begin} {word} {self.last}".strip()
        return "" if self.first.lower() in _ANY_VERSION - {"0"} else self.first


def _segments(version: dict[str, Any], wanted: str) -> Iterator[_Segment]:
    """The parts of a version object that have a status, which `changes` may end or begin."""
    status, first = text_at(version, "status").lower() or _AFFECTED, text_at(version, "version")
    for change in objects_at(version, "changes"):
        at, becomes = text_at(change, "at"), text_at(change, "status").lower()
        if at and becomes != status:
            if status == wanted:
                yield _Segment(first, "before", at)
            first, status = at, becomes
    if status == wanted:
        ends = ((word, text_at(version, name)) for name, word in _ENDS)
        word, last = next(((word, last) for word, last in ends if last), ("", ""))
        # "from 2.0 before 2.0" has no version in it: the first one is the fixed one again.
        yield _Segment("" if word == "before" and first == last else first, word, last)


def _product(item: dict[str, Any]) -> str:
    vendor, product = text_at(item, "vendor"), text_at(item, "product")
    package = text_at(item, "packageName")
    name = called(
        *("" if part.lower() in ("n/a", "unknown") else part for part in (vendor, product))
    )
    spelled, known = (_NO_LETTER.sub("", one.lower()) for one in (package, name))
    alike = not spelled or not known or spelled in known or known in spelled
    alike = alike or _NO_LETTER.sub("", product.lower()) in spelled
    return name or package if alike else f"{package} in {name}"


_NO_LETTER = re.compile(r"[^a-z0-9]")


def cve4_affected(affects: Any) -> tuple[str, ...]:
    """Products and versions of the `affects` of a CVE 4 record."""
    found = []
    for vendor in objects_at(affects, "vendor", "vendor_data"):
        for product in objects_at(vendor, "product", "product_data"):
            names = {"vendor": vendor.get("vendor_name"), "product": product.get("product_name")}
            versions = list(objects_at(product, "version", "version_data"))
            affected = [one for one in versions if not _is_excluded(one)]
            words = ", ".join(text for one in affected if (text := _cve4_version(one)))
            if (name := _product(names)) and (affected or not versions):
                found.append(f"{name} {words}".strip())
    return tuple(found)


def _is_excluded(version: dict[str, Any]) -> bool:
    """Whether a version is stated to be not affected ("!<"), or not known to be ("?")."""
    return text_at(version, "version_affected").startswith(("!", "?"))


def _cve4_version(version: dict[str, Any]) -> str:
    value, affected = text_at(version, "version_value"), text_at(version, "version_affected")
    if value.lower() in ("n/a", "unspecified", "*", ""):
        return ""
    words = {"<": "before ", "<=": "through ", ">": "after ", ">=": "from "}
    return words.get(affected, "") + value
