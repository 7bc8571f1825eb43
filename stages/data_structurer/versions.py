"""The product and versions that a text names as vulnerable, as it names them.

Knows how entries of CVE begin: "In Lark 2.0 through 2.4, ...", "A flaw in Lark before 2.5 allows".
Invariant: what is found stands in the text, with all ranges and products that it lists together.
"""

from __future__ import annotations

import re

from stages.base import Record
from stages.text.record_text import record_text
from stages.text.sentences import sentence_ends

READ_AT_MOST = 2_000  # characters: what is vulnerable is said at the beginning

_VERSION = r"v?\d{1,6}(?:\.(?:\d{1,6}|x|\*)){0,5}(?:[-.]?(?:rc|beta|alpha|sp|p|u|update)-?\d+)?"
_BOUND = r"(?:before|prior to|through|up to(?: and including)?|earlier than|from)"
_RANGE = (
    rf"(?:versions? )?(?:{_BOUND} )?(?:versions? )?{_VERSION}"
    rf"(?: (?:to|{_BOUND}) (?:version )?{_VERSION}){{0,2}}(?: and (?:earlier|prior|below|older))?"
)
_MORE = r"(?: (?:for |of )?[A-Z0-9][\w+-]*){0,5}?"
_NAME = rf"(?:[A-Z][\w.+-]*{_MORE}|[a-z][a-z\d]*(?:[-_][a-z\d]+){{0,4}})"
_LISTED = rf"{_NAME} {_RANGE}(?:(?:,| and|, and) (?:{_NAME} )?{_RANGE}){{0,8}}"
# No name of a product begins so, and no list ends before such words.
_NO_NAME = (
    r"(?!(?:An?|The|All|[Vv]ersions?|before|from|SSL|TLS|HTTP|USB|CVSS|Bluetooth|Section|RFC"
    r"|Install|Update|Updating|Upgrade|Upgrading|Apply|Patch|Fixed|Use|Using|Downgrade|Migrate|Run|Get"
    r"|In|On|It|This|These|Some|Multiple|Several|IPv"
    r"|[Ff]irmware|[Ss]oftware|releases?|products?|plugin|kernels?|branch(?:es)?)\b)"
)
_ENDS = (
    r"(?![\w.-]*\w)(?!,?(?: and)? v?\d)"
    r"(?!,? (?:on|when|if|with|for|running|using|and|or|in|as|where|except|only|through"
    r"|series|family|devices?|models?|controllers?|routers?|editions?)\b)"
    r"(?= |,|\.?\s|\.?$)"
)
_BEGINS = re.compile(rf"^(?:In )?(?P<what>{_NO_NAME}{_LISTED}){_ENDS}")
_WITHIN = re.compile(rf"\b(?:in|of|affects?) (?:the )?(?P<what>{_NO_NAME}{_LISTED}){_ENDS}")
# "The Gull plugin for WordPress is vulnerable to ... in all versions up to, and including, 2.4.1".
_EXTENSION = re.compile(
    r"^The (?P<name>[^.]{2,80}? (?:plugin|theme|extension|module) for \w+) is vulnerable to .*?"
    r"\bin (?P<range>(?:all )?versions? (?:up to(?:,? and including,?)?|before|prior to)"
    rf" {_VERSION})"
    r"(?=[ ,]|\.?$)"
)
# "was found in Lark 2.4": the one version in which somebody has looked.
_FOUND = re.compile(
    r"\b(?:was|has been) (?:found|discovered|identified|detected) in (?:the )?"
    rf"(?P<what>{_NO_NAME}{_NAME} {_VERSION})(?=(?: and classified| on|\.?$|,))"
)
_HAS_VERSION = re.compile(rf"\b{_BOUND} | to v?\d|\d\.[\dx]|\d and \d")
_IS_RANGE = re.compile(rf"\b{_BOUND} | to v?\d|\d and |\.x\b")
# What says so of a version behind it: "Lark 2.1 fixes", "Lark 2.0 is not affected".
_IS_SAFE = re.compile(
    r"(?:\b(?:not|never|un)[ -]?|n't )(?:be )?(?:affected|vulnerable)\b"
    r"|\d (?:fix(?:es|ed)|address(?:es|ed)"
    r"|resolve[sd]|corrects?|patche[sd]|closes|removes"
    r"|(?:has|have|was|were|is|are) (?:been )?(?:now )?(?:released|available|fixed|patched"
    r"|published))\b"
    r"|\b(?:is|are) (?:now )?(?:expected|planned|scheduled|due|to (?:come|follow|be released))\b"
    r"|\bwill (?:be (?:released|available|published|shipped)|follow|fix|correct|address|close)\b",
    re.IGNORECASE,
)
# Sentences that tell where a flaw is not, or no longer.
_NOT_THERE = re.compile(
    r"\b(?:fix(?:e[sd])?|resolve[sd]?|address(?:es|ed)|patch(?:es|ed)|correct(?:s|ed)|remediated"
    r"|available|released?|updates?|upgrade|unaffected|introduced|n[o']t|no longer)\b",
    re.IGNORECASE,
)


def versions_in(record: Record) -> str:
    """ "Lark 2.0 through 2.4, and 3.0"; empty where the text says it otherwise, or not at once."""
    text = record_text(record)[:READ_AT_MOST]
    for sentence in (one for line in text.split("\n") for one in _sentences(line)):
        if match := _EXTENSION.match(sentence):
            return f"the {match['name']} in {match['range']}"
        if _IS_SAFE.search(sentence):
            continue
        if match := _BEGINS.match(sentence):
            return match["what"] if _HAS_VERSION.search(match["what"]) else ""
        if match := _FOUND.search(sentence):
            return match["what"]
        found = (one for one in _WITHIN.finditer(sentence) if _is_there(sentence, one.start()))
        if known := next((one["what"] for one in found if _IS_RANGE.search(one["what"])), ""):
            return known
    return ""


def _sentences(line: str) -> list[str]:
    ends = [0, *sentence_ends(line), len(line)]
    return [line[a:b].strip() for a, b in zip(ends, ends[1:], strict=False)]


def _is_there(sentence: str, at: int) -> bool:
    return _NOT_THERE.search(sentence[:at]) is None


_SYSTEM = r"(?:Android|iOS|iPadOS|Windows|macOS|Mac|Linux|Chrome ?OS)"
_ON_SYSTEMS = re.compile(
    rf"\b(?:before|prior to|through|up to) (?P<version>{_VERSION}) on"
    rf" (?P<systems>{_SYSTEM}(?:,? (?:and |or )?{_SYSTEM})*)\b(?! \d)"
)


def with_platform(affected: str, text: str) -> str:
    """What is affected with the systems on which the text says it of the same version alone."""
    found = [one for one in _ON_SYSTEMS.finditer(text) if affected.endswith(f" {one['version']}")]
    return f"{affected} on {found[0]['systems']}" if len(found) == 1 else affected
