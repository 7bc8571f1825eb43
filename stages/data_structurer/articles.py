"""Notes on flaws that leave out an article: "A web server allows" of "Web server allows".

Knows what such notes call products and people, and no names.  Invariant: no word is changed but
for its first letter, none but an article is added, and none is left out but a catalog's label or
a bare number of the catalog in brackets.
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
    r"|speaker|platform|monitor|appliance|extractor|handler|wallet|orchestrator|resolver|analyzer"
    r"|protector|routine|chipset|printer|honeypot|generator|decoder|feature|applet|webmail|shopping"
    r" cart|bulletin board|operating system|(?-i:CMS|PRNG|OS|IDS|ORM|CGI script)"
    r"|bootloader|runtime|shell|proxy|switch|phone|agent|extension)"
)
# What kinds of products are told apart by; a name of one is none of them.
_KINDS = (
    r"(?:(?:(?-i:[A-Z][A-Z\d]{1,4})|web|mail|e-?mail|file|chat|game|database|operating"
    r"|content management"
    r"|image|bulletin board|anti-?virus|antivirus|password|terminal|language|virtual"
    r"|virtualization|mobile|smartphone|remote|local|malicious|network|security|proxy|print|backup|media"
    r"|video|audio|document|package|version control|instant messaging|instant messenger|photo"
    r"|news|shopping cart|search|cloud|container(?:ization)?|machine-?learning|wireless"
    r"|industrial|medical|embedded|printer|installer|interrupt|graphics|audio|text|spreadsheet"
    r"|calendar|login|sandbox|sandboxing|process|kernel|financial|health|collaboration"
    r"|programming|scripting|command[- ]line|real-time|open source|privileged|setuid|logging"
    r"|monitoring|management|parental control|encryption|crypto(?:graphic)?|authentication"
    r"|single sign-on|directory|application|access|storage|blog|e-commerce|commerce|desktop"
    r"|building|[A-Za-z]+-(?:based|oriented|capable|checking|downloading|management)|residential"
    r"|cloud computing|Bluetooth|archive|crypto hardware|hardware|drive|traffic|signal|caching"
    r"|communication|remote management|handheld|packet|URL|source|message|payment|router|policy"
    r"|window|library|setup|update|installation|online|social|smart|SSL/TLS|data visualization"
    r"|unauthori[sz]ed|unauthenticated|authenticated"
    r"|unprivileged|low-privileged|anonymous"
    r"|development|build|hosting|generic|certain|third-party|internal|protection|multimedia"
    r"|parsing|gaming|device|booking|Python|PHP|Java|JavaScript|WordPress) )"
)
_BEHIND = (
    r"(?= (?:can|may|could|might|will|has|is|was|in|for|with|that|when|on|running|implementing"
    r"|[a-z]+s(?! (?:are|were|have|of)\b)|(?:does|did|has|is|was)n't|only|also|[a-z]+ly [a-z]+s)\b)"
)
_BARE = re.compile(rf"({_KINDS}{{0,3}}{_NOUNS}){_BEHIND}", re.IGNORECASE)
# How a catalog marks that several weaknesses play together; a reader of one note can't know.
_MARK = re.compile(
    r"(?:(?:chain(?:/composite)?|composite): |(?-i:[A-Z]{3})\. )(?=\S)", re.IGNORECASE
)
# What a catalog's note says of itself behind the note.
_OF_ITSELF = re.compile(
    r" (?:(?:It |This )?(?:might be|may be|could be|is) |Probably )?resultant from [^.]*\.$"
    r"| CWE-\d+ (?:\([^()]*\) )?-> .*$"
    r"|(?: (?:Overlaps (?:[a-z -]+|CWE-\d+)"
    r"|This is not (?:quite|really|exactly) CWE-\d+[^.]*)\.)+$",
    re.IGNORECASE,
)
_SMALL_WORD = re.compile(r"[a-z]+(?=[ ,-])")
_LANGUAGES = frozenset({"Python", "Java"})
# Letters that are spoken with a vowel in front, and those that are not.
_SPELLED = re.compile(
    r"(?!SOAP|SCADA|LAN|RAM|ROM|NAS|RADIUS|SIM|SAML|SAP)[AEFHILMNORSX][A-Z]{1,4}\b"
)
_VOWEL = re.compile(r"(?!uni|use|util|one\b|eu|(?-i:[A-Z]{2,5})\b)[aeiou]", re.IGNORECASE)
# The same within a note: "does not warn user when document contains".
_PEOPLE = r"(?:user|attacker|victim|administrator|admin|visitor|client|caller)"
_THINGS = (
    r"(?:(?:database|configuration|temporary|log|web|HTML|GUI|dialog|PDF|image|archive|backup|XML"
    r"|password|session) )?(?:document|database|application|program|product|server|browser|dialog"
    r"|dialog box|script|page|packet|file|library|driver|device|certificate|cookie)"
)
_WITHIN = re.compile(
    r"(?<= )(?P<before>when|if|while|because|warns?|asks?|lets?|allows?|allowing|letting|enabling"
    r"|enables?|requires?|stores?"
    r"|uses?|creates?|opens?|reads?|executes?|trusts?|by|to|from|in|into|on|for|with|of|via)"
    rf" (?P<noun>{_PEOPLE}|{_THINGS})"
    r"(?= (?:when|if|while|because|that|which|who|is|was|has|can|may|could|does|under|in|on|to"
    r"|with|from|by|for|contains|opens|uses|sends|allows|disconnects|visits|clicks)\b"
    r"|[.,;]? ?$|, )"
)
# "validated (CWE-180)": a number that says nothing to who doesn't know the catalog.
_NUMBER = re.compile(r" \((?:CWE-\d{1,5}(?:, | and )?)+\)")
# Marks that the tables of catalogs have lost.
_LOST = (
    (re.compile(r'(?<!")\baccept known good\b(?!")'), '"accept known good"'),
    (re.compile(r"(?<=-in-the-[Mm]iddle) (AITM|AiTM|MITM|MitM)\b"), r" (\1)"),
)


def with_article(text: str) -> str:
    """A text whose first noun has its article, where it is a kind of product or person."""
    text = without_mark(text)
    found = _BARE.match(text)
    if found is None:
        return text
    noun = found[1]
    first = noun.split()[0]
    is_name = any(letter.isupper() for letter in first[1:]) or first in _LANGUAGES
    noun = noun if is_name else noun[:1].lower() + noun[1:]
    return f"{article(noun).capitalize()} {noun}{text[found.end() :]}"


def without_mark(text: str) -> str:
    """A note without what a catalog says of the note itself."""
    if mark := _MARK.match(text):
        text = text[mark.end() :]
        text = text[:1].upper() + text[1:] if _SMALL_WORD.match(text) else text
    return _OF_ITSELF.sub("", text)


# One thing of several, behind a word that needs an article between: "in FTP server".
_ONE_THING = (
    rf"(?:{_NOUNS}|{_PEOPLE}|servlet|username|filename|pathname|hostname|password|URL|URI|parameter"
    r"|argument|header|request|response|pointer|array|loop|handle|value|variable|port|directory"
    r"|cookie|session|certificate|signature|buffer|link|string|field|character|sequence|query|packet|queue"
    r"|guest|message|connection|socket|thread|object|structure|database|document|page|domain|host|address"
    r"|archive|dialog(?: box)?|window|frame|element|attribute|token|login|account|race condition"
    r"|statement|expression|call|caller|check|file|image|attack|tree|(?:over|under)flow|dereference|crash|error|product"
    r"|PHP program)"
)
_BEFORE_ONE = (
    r"(?:in|into|of|by|via|to|from|with|on|for|as|using|when|if|because|while|that|where|after|before"
    r"|during|through|against|without|causes?|uses?|checks?|validates?|verif(?:y|ies)|restricts?"
    r"|limits?|overwrites?|creates?|opens?|reads?|returns?|triggers?|leads? to|leading to|causing"
    r"|allowing|enables?|hiding|bypass(?:es)?)"
)
_LACKS = re.compile(
    rf"(?<![\w-]){_BEFORE_ONE} "
    r"(?:(?!(?:an?|the|its|their|this|that|these|those|any|each|every|no|some|one|another|certain"
    r"|all|other|many|several|multiple|such|more|arbitrary|which|who|attackers|users)\b)"
    r"[A-Za-z][\w/+-]*(?<!'s) ){0,2}?"
    rf"{_ONE_THING}(?=[.,;:)]|$| (?:allow|let|to|in|of|that|which|when|for|via|is|has|was|can|and"
    r"|or|with|from|by|at|on|used|using|causes?|containing|results?|leads?|fails?|does|during|writes|reads|sends|includes|stores"
    r"|creates|runs|returns|accepts|executes|contains|trusts|performs|sets|parses|exposes)\b)",
)


def lacks_article(text: str) -> bool:
    """Whether a note names one thing of several without an article, as notes of a catalog do."""
    return _LACKS.search(text) is not None


_OF_ACTORS = re.compile(
    r"(?P<who>[^\s.]+(?: [^\s.]+){0,2} (?:is|was)) "
    r"(?P<what>(?!(?:one|part|also|likely)\b)"
    r"(?:(?!(?:an?|the|to|by|with|of|in|as|from|and|not|\w+(?:ed|ly))\b)[A-Za-z][\w-]+ ){1,4}"
    r"(?:group|actor|gang|collective|crew|back-?door|trojan|(?:down)?loader|dropper|(?:info)?stealer"
    r"|implant|worm|rootkit|bootkit|wiper|botnet|tool|utility|framework)\b)"
)


_LOOSE_STOP = re.compile(r"(?<=[a-z]) \.(?=\s+[A-Z]|\s*$)")


def of_kind(text: str) -> str:
    """ "Foo is a criminal group." of "Foo is criminal group ."."""
    text = _LOOSE_STOP.sub(".", text)
    found = _OF_ACTORS.match(text)
    if found is None:
        return text
    return f"{found['who']} {article(found['what'])} {found['what']}{text[found.end() :]}"


def article(noun: str) -> str:
    """ "a" or "an", by how the first word is spoken."""
    return "an" if _SPELLED.match(noun) or _VOWEL.match(noun) else "a"


def without_numbers(text: str) -> str:
    """A catalog's prose without bare numbers in brackets or a blank before a full stop, and with
    marks that it has lost."""
    text = _LOOSE_STOP.sub(".", _NUMBER.sub("", text))
    for lost, mark in _LOST:
        text = lost.sub(mark, text)
    return text


def with_articles(text: str) -> str:
    """A note with the articles of nouns in its midst, which notes leave out as well."""

    def told(found: re.Match[str]) -> str:
        noun = found["noun"]
        one = "the" if re.fullmatch(_PEOPLE, noun) else article(noun)
        return f"{found['before']} {one} {noun}"

    return _WITHIN.sub(told, text)
