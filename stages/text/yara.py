"""A YARA rule as a text: what it says of itself, which is all of it that is prose.

Knows the form of a rule; reads no record.  Invariant: a text that is anything besides one rule, or
a rule that does not say what it is for, has none.
"""

from __future__ import annotations

import re

LEAST_WORDS = 4  # of a description
_BEGINS = re.compile(
    r"\s*(?:(?://[^\n]*\n|/\*(?:(?!\*/)[\s\S])*\*/|import \"\w+\"|include \"[^\"\n]+\")\s*)*"
    r"(?:(?:private|global)\s+){0,2}rule\s+\w+(?:\s*:[\w\s]+|\s*)\{"
)
_RULE = re.compile(r"^[ \t]*(?:(?:private|global)[ \t]+){0,2}rule[ \t]+\w", re.MULTILINE)
_CONDITION = re.compile(r"^[ \t]*condition[ \t]*:", re.MULTILINE)
_SAID = re.compile(r"^[ \t]*(?:description|desc)[ \t]*=[ \t]*\"([^\"\\\n]+)\"[ \t]*$", re.M | re.I)


def description_of_rule(text: str) -> str:
    """What the rule that a text is says that it is for, as a sentence; else empty."""
    if "condition" not in text or not _BEGINS.match(text) or not text.rstrip().endswith("}"):
        return ""
    said = _SAID.findall(text)
    alone = len(_RULE.findall(text)) == 1 and _CONDITION.search(text) is not None
    if not alone or len(said) != 1 or len(said[0].split()) < LEAST_WORDS:
        return ""
    told = said[0].strip()
    return told if told.endswith((".", "!", "?")) else f"{told}."
