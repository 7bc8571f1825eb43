"""The systems that a record affects: those its fields state, else those its text names.

Knows fields of products and platforms, the platforms' names as they are written, and what only
one of them has; decides nothing.  Invariant: what names a system stands in the text at the span
that comes with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stages.base import Record
from stages.text.facts import SAY_NOTHING
from stages.text.literals import FILE, PATH, REGISTRY, URL, literals
from stages.text.record_text import find_nodes, find_values

MOST = 20  # systems of one record
LONGEST = 120  # characters of a system's name
_FIELDS = ("affected", "affectedproducts", "affectedsystems", "products", "product",
           "packagename", "platforms", "xmitreplatforms", "operatingsystems")  # fmt: skip
_CPE = re.compile(r"cpe:(?:2\.3:|/)[aoh]:([^:]+):([^:]+)")

# Platform -> how a text names it.  Capitals count: "windows" may be those of a house.
NAMES: dict[str, str] = {
    "Windows": r"(?:Microsoft )?Windows(?: Server)?",
    "Linux": r"Linux",
    "macOS": r"macOS|Mac OS X|OS X",
    "Android": r"Android",
    "iOS": r"iOS|iPadOS",
    "ESXi": r"(?:VMware )?ESXi",
    "FreeBSD": r"FreeBSD",
    "Azure": r"(?:Microsoft )?Azure(?: AD)?|Entra ID",
    "AWS": r"AWS|Amazon Web Services",
    "Google Cloud": r"Google Cloud|GCP",
    "Kubernetes": r"Kubernetes",
    "Docker": r"Docker",
    "Office 365": r"(?:Microsoft |Office )365",
    "Google Workspace": r"Google Workspace",
    "Active Directory": r"Active Directory",
    "Microsoft Exchange": r"Exchange Server|Microsoft Exchange",
    "Chrome": r"(?:Google )?Chrome",
    "Firefox": r"(?:Mozilla )?Firefox",
}
# Platform -> what a text speaks of that only this platform has, or kinds of it.  Measured on
# ATT&CK with its platforms hidden (docs/quality.md); names of products that everybody uses, such
# as Slack or Outlook, are none: a text may speak of them and be about something else.
CUES: dict[str, str] = {
    "Windows": r"Registry|HKEY_\w+|HKLM|HKCU|PowerShell|[Rr]undll32|LSASS|lsass\.exe|WMI"
    r"|Windows Management Instrumentation|Group Policy|GPOs?|NTLM|NTFS|Win32|User Account Control"
    r"|Security Account Manager|[Vv]olume [Ss]hadow|schtasks|svchost|Sysmon|ntds\.dit|VBScript"
    r"|Kerberoast\w*|VBA|BITS|cmd\.exe",
    "macOS": r"launchd|[Ll]aunch ?(?:[Aa]gent|[Dd]aemon)s?|plists?|AppleScript|osascript"
    r"|Gatekeeper|Mach-O|dylibs?",
    "Linux": r"systemd|ELF|LD_PRELOAD|LKMs?|SELinux|auditd|Debian|Ubuntu|Red Hat|CentOS",
    "ESXi": r"esxcli|vim-cmd|VIBs?|vSphere",
    "Network Devices": r"[Nn]etwork [Dd]evices?|Cisco IOS|ROMMON|NVRAM",
    "Containers": r"kubectl|[Kk]ubelet|DaemonSets?|[Cc]ontainer (?:image|registr|escape)\w*",
    "IaaS": r"IaaS|[Ii]nfrastructure[- ]as[- ]a[- ][Ss]ervice|EC2|S3 buckets?|CloudTrail"
    r"|[Cc]loud (?:instance|compute instance|infrastructure)s?",
    "SaaS": r"SaaS|[Ss]oftware[- ]as[- ]a[- ][Ss]ervice|Salesforce",
    "Office 365": r"O365|M365|Exchange Online|[Oo]ffice [Ss]uites?",
    "Identity Provider": r"Okta|[Ii]dentity [Pp]roviders?|[Cc]onditional [Aa]ccess|AD FS",
    "Android": r"APKs?",
    "Industrial control systems": r"PLCs?|SCADA|[Pp]rogrammable logic controllers?|HMIs?"
    r"|ICS(?=/OT|\W+(?:network|environment|device)s?)|[Ii]ndustrial control systems?",
}
_PATTERNS = [
    (name, "|".join(filter(None, (NAMES.get(name), CUES.get(name))))) for name in {**NAMES, **CUES}
]
_GROUPS = {f"p{number}": name for number, (name, _) in enumerate(_PATTERNS)}
_NAMED = re.compile(
    r"(?<![\w\\/.-])(?:" + "|".join(f"(?P<p{n}>{p})" for n, (_, p) in enumerate(_PATTERNS))
    + r")(?![\w\\]|\.\w|-\w)"
)  # fmt: skip
# A platform that something is compared with, or spared, is not affected.
_SPARED = re.compile(
    r"(?:not|unlike|except|other than|instead of|rather than)\W+(?:\w+\W+){0,2}$", re.I
)
_QUOTED = frozenset({FILE, PATH, REGISTRY, URL})


@dataclass(frozen=True)
class Named:
    """A system that a text names, and where: text[start:end]."""

    name: str
    start: int
    end: int


def stated_systems(record: Record) -> list[str]:
    """The products and platforms that the record's own fields name, as they are written."""
    found = [*_products(record), *find_values(record, *_FIELDS)]
    found = [*found, *_cpes(record)] if not found else found
    systems = (" ".join(system.split()) for system in found)
    fit = (s for s in systems if s and len(s) <= LONGEST and s not in SAY_NOTHING)
    return list(dict.fromkeys(fit))[:MOST]


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
    return " ".join(part for part in parts if part.lower() not in ("", "n/a", "unknown"))


def _cpes(record: Record) -> Iterator[str]:
    for text in find_values(record, "criteria", "cpe23uri", "cpe"):
        if match := _CPE.match(text):
            yield " ".join(part.replace("\\", "").replace("_", " ") for part in match.groups())


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def named_systems(text: str) -> list[Named]:
    """The platforms that a text names, each at its first place; not within paths or addresses."""
    quoted = [(one.start, one.end) for one in literals(text) if one.kind in _QUOTED]
    found: dict[str, Named] = {}
    for match in _NAMED.finditer(text):
        name = _GROUPS[str(match.lastgroup)]
        inside = any(start <= match.start() < end for start, end in quoted)
        if not inside and not _SPARED.search(text, max(0, match.start() - 40), match.start()):
            found.setdefault(name, Named(name, *match.span()))
    return list(found.values())[:MOST]
