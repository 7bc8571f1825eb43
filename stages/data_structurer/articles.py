"""Notes on flaws that leave out an article: "A web server allows" of "Web server allows".

Knows what such notes call products and people, and no names.  Invariant: no word is changed but
for its first letter, none but an article is added, and none is left out but a catalog's label.
"""

from __future__ import annotations

import re

_NOUNS = (
    r"(?:product|program|application|app|server|client|browser|kernel|driver|library|package"
    r"|plug-?in|module|component|service|daemon|system|interpreter|emulator|parser|tool"
    r"|framework|scanner|firewall|router|device|manager|suite|utility|script|function|method"
    r"|process|protocol|mechanism|interface|engine|gateway|controller|hypervisor|wiki|forum"
    r"|editor|viewer|player|wallet|camera|chip|processor|compiler|installer|updater|toolkit"
    r"|website|portal|filter|implementation|routine|unit|attacker|user|administrator"
    r"|bootloader|runtime|shell|proxy|switch|phone|agent|extension)"
)
# What kinds of products are told apart by; a name of one is none of them.
_KINDS = (
    r"(?:(?:(?-i:[A-Z]{2,5})|web|mail|e-?mail|file|chat|game|database|operating|content management"
    r"|image|bulletin board|anti-?virus|antivirus|password|terminal|language|virtual"
    r"|virtualization|mobile|remote|local|malicious|network|security|proxy|print|backup|media"
    r"|video|audio|document|package|version control|instant messaging|instant messenger|photo"
    r"|news|shopping cart|search|cloud|container(?:ization)?|machine-?learning|wireless"
    r"|industrial|medical|embedded|printer|installer|interrupt|graphics|audio|text|spreadsheet"
    r"|calendar|login|sandbox|sandboxing|process|kernel|financial|health|collaboration"
    r"|programming|scripting|command[- ]line|real-time|open source|privileged|setuid|logging"
    r"|monitoring|management|parental control|encryption|crypto(?:graphic)?|authentication"
    r"|single sign-on|directory|application|access|storage|blog|e-commerce|commerce|desktop"
    r"|development|build|hosting|generic|certain|third-party|internal|protection|multimedia"
    r"|parsing|gaming|device|booking|Python|PHP|Java|JavaScript|WordPress) )"
)
_BEHIND = (
    r"(?= (?:can|may|could|might|will|has|is|was|in|for|with|that|when|on|running|implementing"
    r"|[a-z]+s(?! (?:are|were|have|of)\b)|(?:does|did|has|is|was)n't|only|also|[a-z]+ly [a-z]+s)\b)"
)
_BARE = re.compile(rf"({_KINDS}{{0,3}}{_NOUNS}){_BEHIND}", re.IGNORECASE)
# How a catalog marks that several weaknesses play together; a reader of one note can't know.
_MARK = re.compile(r"(?:chain(?:/composite)?|composite): (?=\S)", re.IGNORECASE)
_SMALL_WORD = re.compile(r"[a-z]+(?=[ ,])")
_LANGUAGES = frozenset({"Python", "Java"})
# Letters that are spoken with a vowel in front, and those that are not.
_SPELLED = re.compile(
    r"(?!SOAP|SCADA|LAN|RAM|ROM|NAS|RADIUS|SIM|SAML|SAP)[AEFHILMNORSX][A-Z]{1,4}\b"
)
_VOWEL = re.compile(r"(?!uni|use|util|one\b|eu|(?-i:[A-Z]{2,5})\b)[aeiou]", re.IGNORECASE)


def with_article(text: str) -> str:
    """A text whose first noun has its article, where it is a kind of product or person."""
    if mark := _MARK.match(text):
        text = text[mark.end() :]
        text = text[:1].upper() + text[1:] if _SMALL_WORD.match(text) else text
    found = _BARE.match(text)
    if found is None:
        return text
    noun = found[1]
    first = noun.split()[0]
    is_name = any(letter.isupper() for letter in first[1:]) or first in _LANGUAGES
    noun = noun if is_name else noun[:1].lower() + noun[1:]
    return f"{article(noun).capitalize()} {noun}{text[found.end() :]}"


def article(noun: str) -> str:
    """ "a" or "an", by how the first word is spoken."""
    return "an" if _SPELLED.match(noun) or _VOWEL.match(noun) else "a"
