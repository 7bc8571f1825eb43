"""CWE's weaknesses and CAPEC's attack patterns, from MITRE's XML catalogs.

Invariant: ids have their prefix (CWE-79, CAPEC-66) whatever the catalog writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from stages.sources.entry import DEPRECATED, Entry
from stages.sources.shapes.xml_values import children, prose, prose_at
from stages.sources.structures.reading import paragraphs
from stages.text.kinds import PATTERN, WEAKNESS

_GONE = ("deprecated", "obsolete")


def read_weakness(element: Element) -> Entry:
    number = element.get("ID", "")
    return Entry(
        text=paragraphs(
            prose_at(element, "Description"), prose_at(element, "Extended_Description")
        ),
        title=element.get("Name", ""),
        kind=WEAKNESS,
        id=f"CWE-{number}",
        source="CWE",
        links=(f"https://cwe.mitre.org/data/definitions/{number}.html",),
        licence="CWE Terms of Use (https://cwe.mitre.org/about/termsofuse.html)",
        language="en",
        mitigations=_all(element, "Potential_Mitigations", "Mitigation", "Description"),
        detections=tuple(_detections(element)),
        status=_status(element),
        more={
            "abstraction": element.get("Abstraction", ""),
            "likelihood_of_exploit": prose_at(element, "Likelihood_Of_Exploit"),
            "consequences": list(_consequences(element, "Common_Consequences", "Consequence")),
            "platforms": list(_platforms(element)),
            "examples": list(_observed(element)),
            "related": list(_related(element)),
        },
    )


def read_pattern(element: Element) -> Entry:
    number = element.get("ID", "")
    weaknesses = children(element, "Related_Weaknesses", "Related_Weakness")
    return Entry(
        text=paragraphs(
            prose_at(element, "Description"), prose_at(element, "Extended_Description")
        ),
        title=element.get("Name", ""),
        kind=PATTERN,
        id=f"CAPEC-{number}",
        source="CAPEC",
        links=(f"https://capec.mitre.org/data/definitions/{number}.html",),
        licence="CAPEC Terms of Use (https://capec.mitre.org/about/termsofuse.html)",
        language="en",
        severity=prose_at(element, "Typical_Severity"),
        cwes=tuple(f"CWE-{w.get('CWE_ID')}" for w in weaknesses if w.get("CWE_ID")),
        mitigations=_all(element, "Mitigations", "Mitigation"),
        detections=_all(element, "Indicators", "Indicator"),
        status=_status(element),
        more={
            "abstraction": element.get("Abstraction", ""),
            "likelihood_of_attack": prose_at(element, "Likelihood_Of_Attack"),
            "prerequisites": list(_all(element, "Prerequisites", "Prerequisite")),
            "skills": list(_all(element, "Skills_Required", "Skill")),
            "consequences": list(_consequences(element, "Consequences", "Consequence")),
            "steps": list(_steps(element)),
            "examples": list(_all(element, "Example_Instances", "Example")),
        },
    )


def _status(element: Element) -> str:
    return DEPRECATED if element.get("Status", "").lower() in _GONE else ""


def _all(element: Element, *path: str) -> tuple[str, ...]:
    return tuple(text for item in children(element, *path) if (text := prose(item)))


def _detections(element: Element) -> Iterator[str]:
    for method in children(element, "Detection_Methods", "Detection_Method"):
        name, told = prose_at(method, "Method"), prose_at(method, "Description")
        yield f"{name}: {told}" if name and told else name or told


def _consequences(element: Element, *path: str) -> Iterator[str]:
    """ "Confidentiality: Read Application Data. Note.": scope, impact and what is said of it."""
    for consequence in children(element, *path):
        scopes = ", ".join(prose(scope) for scope in children(consequence, "Scope"))
        impacts = ", ".join(prose(impact) for impact in children(consequence, "Impact"))
        told = ": ".join(part for part in (scopes, impacts) if part)
        note = prose_at(consequence, "Note")
        yield ". ".join(part.rstrip(".") for part in (told, note) if part) + "."


def _platforms(element: Element) -> Iterator[str]:
    for group in children(element, "Applicable_Platforms"):
        for item in group:
            name = item.get("Name") or item.get("Class") or ""
            if name and not name.startswith("Not "):
                yield name


def _observed(element: Element) -> Iterator[str]:
    for example in children(element, "Observed_Examples", "Observed_Example"):
        yield ": ".join(
            part for name in ("Reference", "Description") if (part := prose_at(example, name))
        )


def _related(element: Element) -> Iterator[str]:
    for item in children(element, "Related_Weaknesses", "Related_Weakness"):
        yield f"{item.get('Nature', '')} CWE-{item.get('CWE_ID', '')}".strip()


def _steps(element: Element) -> Iterator[str]:
    for step in children(element, "Execution_Flow", "Attack_Step"):
        techniques = (prose(technique) for technique in children(step, "Technique"))
        yield paragraphs(prose_at(step, "Description"), *techniques).replace("\n", " ")
