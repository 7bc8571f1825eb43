"""What a record is called in a question when it has no name that says what it is.

Data only.  Invariant: every kind that has questions has a noun.
"""

from __future__ import annotations

from stages.data_structurer.report_questions import (
    CAMPAIGN,
    DETECTION,
    GROUP,
    MALWARE,
    MITIGATION,
    REPORT,
    TOOL,
)
from stages.text import kinds

NOUNS: dict[str, str] = {
    kinds.VULNERABILITY: "the vulnerability",
    kinds.WEAKNESS: "the weakness",
    kinds.TECHNIQUE: "the attack technique",
    kinds.PATTERN: "the attack pattern",
    kinds.ADVISORY: "the advisory",
    kinds.PAPER: "the paper",
    kinds.CTF: "the event",
    kinds.INCIDENT: "the incident",
    kinds.OTHER: "the report",
    REPORT: "the report",
    MALWARE: "the malware",
    TOOL: "the tool",
    GROUP: "the group",
    CAMPAIGN: "the campaign",
    MITIGATION: "the mitigation",
    DETECTION: "the detection",
}
