"""A note on a flaw that has no verb, as a sentence: "CVE-1 concerns a race condition in ...".

Knows the words by which such notes call flaws, and no names.  Invariant: what stands behind the
added words is the note as it was written, but for its first letter and an article.
"""

from __future__ import annotations

import re

from stages.data_structurer.articles import article
from stages.text.sentences import sentence_ends

CONCERNS = "concerns"
# Flaws of which there is one or another, and those that are told of without an article.
_ONE = (
    r"(?:overflow|underflow|vulnerability|flaw|condition|error|issue|bug|weakness|write|read"
    r"|over-?read|dereference|leak|bypass|redirect|attack|use[- ]after[- ]free|double free)"
)
_ANY = (
    r"(?:transmission|disclosure|exposure|injection|traversal|scripting|deserialization|validation"
    r"|handling|neutralization|consumption|escalation|storage|corruption|exhaustion|authorization"
    r"|authentication|verification|generation|control|sanitization|forgery|upload|permissions"
    r"|restriction|execution|encryption|checks?|initialization"
    r"|(?:overflow|condition|error|issue|bug|read|write|leak|flaw)s|vulnerabilities)"
)
_FIRST = (
    r"(?:(?-i:[A-Z]{2,6})|cleartext|race|buffer|heap(?:-based)?|stack(?:-based)?|integer|memory"
    r"|improper|missing|insufficient|incorrect|inadequate|unrestricted|out-of-bounds|null|path"
    r"|directory|information|privilege|command|code|format|type|cross-site|off-by-one|uncontrolled"
    r"|multiple|stored|reflected|authentication|authorization|session|untrusted|weak|open"
    r"|server-side|predictable|insecure|remote|local|unauthenticated|logic|time-of-check|unsafe)"
)
_BEHIND = r"(?= (?:in|of|when|while|by|leading|through|via|within|during|between|for|due)\b)"
_NOTE = re.compile(
    rf"(?P<first>{_FIRST}) (?:[\w/-]+ ){{0,3}}?(?:(?P<one>{_ONE})|{_ANY})"
    rf"(?: \([A-Z-]{{2,6}}\))?{_BEHIND}|(?P<alone>use[- ]after[- ]free|double free){_BEHIND}",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r" (?:that|which|who|whose|where|when|while|if|because)\b")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|has|have|had|can|could|may|might|will|would|does|do|did|exists?"
    r"|affects?|occurs?|allow(?:s|ed)?|lets?|permit(?:s|ted)?|enable[sd]?|leads?|led|causes?|makes?"
    r"|made|fails?|exposes?|results?|gives?|gave|requires?|resulted|found|existed)\b"
    r"|\b(?-i:[a-z]{2,})(?<![sui])s (?!(?:of|in|by|on|with|from|to|and|or|for|via|as|at|into"
    r"|through|after|before|during|across|within|without|between|under|over|due|such|not|\w+ing)\b)[\w'\"/]",
    re.IGNORECASE,
)


def with_verb(text: str, name: str) -> str:
    """A text whose first sentence is a note without a verb as what `name` concerns."""
    note = _NOTE.match(text)
    first = text[: next(iter(sentence_ends(text)), len(text))]
    if note is None or _VERB.search(first) and _VERB.search(_CLAUSE.split(first, maxsplit=1)[0]):
        return text
    small = text if text[1:2].isupper() else text[:1].lower() + text[1:]
    one = note["alone"] or (note["one"] and note["first"].lower() != "multiple")
    return f"{name} {CONCERNS} {article(small) + ' ' if one else ''}{small}"
