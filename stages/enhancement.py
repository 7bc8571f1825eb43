"""What the data filter asks the model about a record: prompt and schema."""

from __future__ import annotations

from typing import Any

from stages.base import (
    Prompt,
    Shot,
)
from stages.text.sentences import PLAIN

# What stands before {text} is computed once per worker.  Nothing in it is a real product.
ENHANCEMENT_PROMPT = Prompt(
    system="You describe security texts briefly and exactly. You use only what the text says.",
    user="Describe: {text}",
    max_tokens=240,  # room for the longest answer the schema allows, and for closing it
    shots=(
        Shot(
            "Describe: Unlimited Window Titles\nThe program shows the title that a document gives"
            " itself without a limit on its length or its characters. A document from outside can"
            " take a title that looks like a message of the system.",
            '{"technical_description":"The program shows titles of documents without a limit on'
            " their length or characters, so that a document from outside can imitate a message of"
            ' the system.","risk_level":"medium","affected_systems":["Applications"],'
            '"mitigations":["Validate input","Train users"]}',
        ),
        Shot(
            "Describe: Printer Relay\nAdversaries may use the memory of a network printer to pass"
            " files between hosts that can't reach each other. Many printers keep jobs for days"
            " and ask for no password.",
            '{"technical_description":"Adversaries pass files between separated hosts through the'
            ' memory of a network printer, which keeps jobs for days and asks for no password.",'
            '"risk_level":"high","affected_systems":["Network devices","Embedded devices"],'
            '"mitigations":["Harden configurations","Segment networks","Monitor logs"]}',
        ),
    ),
)
LONGEST_DESCRIPTION = 240  # characters
# Closed lists: a small model picks well from a list and badly from nothing.  Give them more
# entries, or a plain string with a pattern, for a larger model.
SYSTEMS = (
    "Applications", "Web applications", "Web browsers", "Mail systems", "Databases",
    "Operating systems", "Windows", "Linux", "macOS", "Mobile devices", "Workstations", "Servers",
    "Network devices", "Cloud services", "Containers", "Virtual machines", "Identity systems",
    "Industrial control systems", "Embedded devices", "Processors and chips", "Office documents",
    "Software supply chains", "Users",
)  # fmt: skip
MITIGATIONS = (
    "Install updates", "Validate input", "Encode output", "Check array and buffer bounds",
    "Handle errors", "Release resources", "Limit privileges", "Check authorization",
    "Require multi-factor authentication", "Use strong passwords", "Rotate credentials",
    "Encrypt data", "Use proven cryptography", "Verify signatures", "Harden configurations",
    "Disable unused features", "Segment networks", "Filter network traffic", "Limit resource use",
    "Allow only known programs", "Monitor logs", "Monitor processes", "Keep backups",
    "Protect hardware", "Review code", "Test security", "Train users", "Share threat intelligence",
)  # fmt: skip
ENHANCEMENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "technical_description": {
            "type": "string",
            # Prose from the first character on: no markup, no code, no list.
            "pattern": rf"^[A-Z0-9]{PLAIN}{{19,{LONGEST_DESCRIPTION - 1}}}$",
        },
        "risk_level": {"enum": ["low", "medium", "high", "critical"]},
        "affected_systems": {
            "type": "array",
            "items": {"enum": list(SYSTEMS)},
            "minItems": 1,
            "maxItems": 3,
        },
        "mitigations": {
            "type": "array",
            "items": {"enum": list(MITIGATIONS)},
            "minItems": 1,
            "maxItems": 3,
        },
    },
    "required": ["technical_description", "risk_level", "affected_systems", "mitigations"],
    "additionalProperties": False,
}
