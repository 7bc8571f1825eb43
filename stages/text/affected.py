"""The systems that a record affects: those its fields state, else those its text names.

Knows fields of products and platforms, and looks for the names that it is given; decides
nothing.  Invariant: what names a system stands in the text at the span
that comes with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stages.base import Record
from stages.text.literals import FILE, PATH, REGISTRY, URL, literals
from stages.text.nothing_said import says_nothing
from stages.text.own_values import own_sources
from stages.text.product_versions import versions_in_rows, versions_of_product
from stages.text.record_text import find_nodes, find_values, plain_key
from stages.text.vendors import called

MAX_DEPTH = 12
MOST = 20  # systems of one record
LONGEST = 120  # characters of a system's name
_FIELDS = ("affected", "affectedproducts", "affectedsystems", "products")
_OTHER_FIELDS = ("product", "packagename", "pkgname", "platforms", "xmitreplatforms",
                 "operatingsystems", "operatingsystem", "os")  # fmt: skip
_STATES = ("defaultstatus", "status", "fixstate", "affectedstate")
_NOT_AFFECTED = frozenset({"unaffected", "notaffected", "knownnotaffected", "donotaffect"})
_CPE = re.compile(r"cpe:(?:2\.3:|/)[aoh]:([^:]+):([^:]+)")

# A platform that something is compared with, or spared, is not affected; "not X or Y" spares Y too.
_OTHERS = r"(?:(?:[A-Z][\w.]*|macOS|iOS|iPadOS|\d[\w.]*|and|or|nor)[\s,/]+)*"
_SPARED = re.compile(
    r"(?:(?i:\bnot(?! only\b| just\b)|\bneither|\bunlike|\bexcept|\bother than|\binstead of"
    rf"|\brather than|\bwithout|\bno)[^\w,;]+(?:\w+[^\w,;]+){{0,2}}){_OTHERS}$"
)
# What somebody poses as is not attacked; what malware calls its files by may well be.
_POSES = re.compile(
    r"(?i:\b(?:pos(?:e[sd]?|ing) as|pretend(?:s|ed|ing)? to be|claim(?:s|ed|ing)? to (?:be"
    r"|represent|work for|call from|come from)|impersonat(?:es?|ed|ing)"
    r"|imitat(?:es?|ed|ing)|faked?|bogus)"
    rf"(?: (?:an?|the|some|official|real|from|of|for))*) {_OTHERS}$"
)
_COMPONENT = re.compile(
    r"(?: (?:[A-Z]\w+|system|kernel|core|own))? (?:services?|process(?:es)?|binar\w+|files?"
    r"|drivers?|executables?|components?|tasks?|librar\w+|modules?|daemons?|apps?|apks?|installers?"
    r"|applications?|updates?|patch(?:es)?|packages?|extensions?)\b"
)
_SPARED_BEHIND = re.compile(
    r"(?:[\s,/&]|\b(?:and|or|nor|builds?|users?|versions?|systems?|hosts?|servers?|clients?|devices?"
    r"|customers?|installations?|itself|themselves)\b|\b[A-Z][\w.]*|\b(?:mac|i|iPad)OS\b|\b\d[\w.]*){0,12}"
    r"(?i:\b(?:is|are|was|were|do|does|did|remains?)(?: not|n't) (?:\w+ )?(?:affected|vulnerable"
    r"|impacted|exploitable|at risk)\b|\b(?:(?:is|are|was|were|remains?) )?unaffected\b"
    r"|\b(?:needs? (?:not|no)|needn't|(?:do|does|did)(?: not|n't) (?:need|have) to"
    r"|(?:is|are|was|were|remains?) (?:safe|spared|immune)"
    r"|(?:is|are|was|were)(?: not|n't) (?:concerned|targeted|hit|attacked|supported|involved))\b)"
)
# Who says something is not what it is about: "reported by Red Hat", "the Chrome team".
_SPEAKS = re.compile(
    r"(?i:\b(?:report(?:ed)?|found|discovered|disclosed|published|announced|flagged|noticed|credited"
    rf"|issued|released|rated|tracked|advisory)(?: \w+){{0,3}}? by (?:the )?){_OTHERS}(?:by )?$"
    r"|(?i:\baccording to (?:the )?|\bresearchers? (?:at|from|of) (?:the )?)$"
)
_SPEAKS_BEHIND = re.compile(
    r"(?:'s|’s)? (?:(?:security |research |response )*(?:teams?|researchers?|engineers?|project"
    r"|developers|analysts)\b|(?:says?|said|announced|warns?|warned|credits?|thanks)\b)"
)
# What attackers keep for themselves, what analysts work with, and what a visitor's program says.
_OF_OTHERS = re.compile(
    r"(?i:\b(?:hosted|hosts|ran|runs?|running|rented|rents?|kept|keeps?|operated?s?|set up|moved)\b"
    r"[^.;]{0,40}?\b(?:(?:command|control|c2|c&c|cnc|staging|phishing|leak)[- ]"
    r"(?:[a-z-]+ ){0,3}?|their own )(?:servers?|hosts?|infrastructure|panels?"
    r"|sites?|pages?|proxy|proxies|machines?|back ?ends?|nodes?)\b[^.;,]{0,20}?"
    r"\b(?:on|in|at|with|behind)(?: (?!by\b)\w+){0,3}[ -])$"
    r"|(?i:\b(?:analys(?:is|ed)|analy[sz]ed|reverse[- ]engineer(?:ed|ing)|de(?:compiled|bugged)"
    r"|disassembled)\b(?! of\b)(?:(?! of )[^.;,]){0,60}?\b(?:on|in|with|under|using|for)"
    rf"(?: \w+){{0,2}} {_OTHERS})$"
    r"|(?i:\buser[- ]agents?\b)[^.;,]{0,40}$"
)
_OF_OTHERS_BEHIND = re.compile(
    r"[\w ]{0,10}(?i:\buser[- ]agents?\b)"
    r"|(?:(?! and )[^.;,]){0,40},? (?:which|that|but (?:it|they|that))"
    r" (?:was|were|is|are|stayed|remain(?:s|ed)?)"
    r" (?:(?:not|never) (?:\w+ )?(?:touched|reached|breached|harmed|hit|affected|compromised"
    r"|accessed|targeted|attacked|involved)|untouched|unaffected|unharmed|not at risk)\b"
)
# Who was hit, and how many: no systems.
_HURT = re.compile(
    r"(?:about|over|around|at least|more than|nearly|up to|approx\.?|~)? ?\d[\d,.]*[kKmM]? "
    r"(?:million |thousand )?(?:\w+ ){0,2}?(?:patients|customers|users|people|records|accounts"
    r"|employees|clients|students|persons|individuals|victims|organi[sz]ations|companies|members"
    r"|citizens|residents|subscribers|hosts|devices|systems|servers|sites|websites|stores|hospitals"
    r"|schools|machines|computers|workstations|endpoints)\.?",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")
_UNHURT = r"(?:is |are )?(?:not |un-?|non-?)(?:affected|vulnerable|impacted|exploitable)"
_SAYS_SPARED = re.compile(
    rf"[(\[:,;–—-]\s*{_UNHURT}[)\]]?\s*\.?$|\s{_UNHURT}\s*\.?$", re.IGNORECASE
)
# What is to be installed instead: "Install 3.18", "Update Lark to 3.18".
_ORDERED = re.compile(
    r"(?:install|update|upgrade|apply|migrate|downgrade|patch|move|switch)"
    r"(?: (?:to|the|from|version|release|at least))* v?\d"
    r"|(?:install|update|upgrade|migrate|move|switch) [^.]{1,60} to (?:version )?v?\d",
    re.IGNORECASE,
)
_QUOTED = frozenset({FILE, PATH, REGISTRY, URL})


class SystemNames:
    """Systems with the patterns of what names them, or of what only they have, as one pattern."""

    def __init__(self, patterns: Mapping[str, str]) -> None:
        """`patterns`: for each system one that `re` takes, for whole words."""
        self._groups = {f"p{number}": name for number, name in enumerate(patterns)}
        ways = "|".join(f"(?P<p{n}>{p})" for n, p in enumerate(patterns.values()))
        self._pattern = re.compile(rf"(?<![\w\\/.-])(?:{ways})(?![\w\\]|\.\w|-\w)")

    def found_in(self, text: str) -> Iterator[Named]:
        """Every place where a system is named, from left to right."""
        for match in self._pattern.finditer(text):
            yield Named(self._groups[str(match.lastgroup)], *match.span())


@dataclass(frozen=True)
class Named:
    """A system that a text names, and where: text[start:end]."""

    name: str
    start: int
    end: int


def stated_systems(record: Record) -> list[str]:
    """The products and platforms that the record's own fields name, as they are written."""
    for source in own_sources(record):
        if systems := _systems(without_spared(source)):
            return systems
    return []


def without_spared(value: Any, depth: int = MAX_DEPTH) -> Any:
    """A value without the objects in its lists that are stated not to be affected."""
    if isinstance(value, dict) and depth:
        return {key: without_spared(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list) and depth:
        return [without_spared(item, depth - 1) for item in value if not _is_spared(item)]
    return value


def _is_spared(item: Any) -> bool:
    """Whether an object says so by a status, and has no version that is affected."""
    if not isinstance(item, dict):
        return False
    plain = {plain_key(key): value for key, value in item.items()}
    states = (plain.get(name) for name in _STATES)
    versions = plain.get("versions")
    hit = any(
        isinstance(one, dict) and _text(one.get("status")).lower() == "affected"
        for one in (versions if isinstance(versions, list) else [])
    )
    return not hit and any(plain_key(_text(state)) in _NOT_AFFECTED for state in states)


def _systems(source: Record) -> list[str]:
    named = versions_in_rows(source) or find_values(source, *_FIELDS)
    named = named or versions_of_product(source)
    named = named or find_values(source, *_OTHER_FIELDS)
    found = [*_products(source), *named] or [*_cpes(source)]
    systems = (" ".join(system.split()) for system in found)
    fit = (system for system in systems if len(system) <= LONGEST and names_a_system(system))
    return list(dict.fromkeys(fit))[:MOST]


def names_a_system(text: str) -> bool:
    """Whether a value of such a field names a system, and none that is spared."""
    if _LETTER.search(text) is None or says_nothing(text):
        return False
    return not (_HURT.fullmatch(text) or _ORDERED.match(text) or _SAYS_SPARED.search(text))


def _products(record: Record) -> Iterator[str]:
    """The names in the objects of `affected`, as CVE 5 and OSV write them."""
    for value in find_nodes(record, "affected"):
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield _product(item)


def _product(item: dict[str, Any]) -> str:
    package = item.get("package")
    if isinstance(package, dict):
        return _text(package.get("name"))
    parts = (_text(item.get(name)) for name in ("vendor", "product"))
    return called(*("" if part.lower() in ("n/a", "unknown") else part for part in parts))


def _cpes(record: Record) -> Iterator[str]:
    for text in find_values(record, "criteria", "cpe23uri", "cpe"):
        if match := _CPE.match(text):
            yield " ".join(part.replace("\\", "").replace("_", " ") for part in match.groups())


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def named_systems(text: str, names: SystemNames) -> list[Named]:
    """The systems that a text names, each at its first place; not within paths or addresses."""
    quoted = [(one.start, one.end) for one in literals(text) if one.kind in _QUOTED]
    found: dict[str, Named] = {}
    for one in names.found_in(text):
        inside = any(start <= one.start < end for start, end in quoted)
        if not inside and not _is_only_mentioned(text, one):
            found.setdefault(one.name, one)
    return list(found.values())[:MOST]


def _is_only_mentioned(text: str, one: Named) -> bool:
    """Whether a text names a system that it says is spared, that speaks or is imitated, or that
    others work with."""
    before = re.split(r"[.;:!?\n]\s", text[max(0, one.start - 120) : one.start])[-1]
    behind = text[one.end : one.end + 80]
    spoken = _SPEAKS.search(before) or _SPEAKS_BEHIND.match(behind)
    posed = _POSES.search(before) and not _COMPONENT.match(behind)
    spared = _SPARED.search(before) or _SPARED_BEHIND.match(behind)
    others = _OF_OTHERS.search(before) or _OF_OTHERS_BEHIND.match(behind)
    return bool(spoken or posed or spared or others)
