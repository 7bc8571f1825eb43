"""What the name of a field says of what it holds: the text itself, measures, signs, or a note on
the record.

Knows the names that people give to the fields of reports, advisories and tickets; reads no value.
Invariant: a name means one thing, and a name that is not known means OTHER.
"""

from __future__ import annotations

import re

from stages.text.record_text import plain_key
from stages.text.text_fields import BODY_KEYS, TITLE_KEYS

MAIN = "main"  # the text itself
FINDINGS = "findings"  # the text itself where there is no other, in some form of its own
MEASURES = "measures"
SIGNS = "signs"  # by which something is noticed
CAUSE = "cause"
IMPACT = "impact"
AFFECTED = "affected"
FIGURE = "figure"  # a number, a name or a date of what a record tells
TOLD = "told"  # something else that belongs to what a record tells
CODE = "code"  # of a rule or a query
NOTED = "noted"  # what is said of the record itself: its date, its author
OTHER = "other"

_AMONG = tuple(map(BODY_KEYS.index, ("letter", "recommendations", "descriptiondata")))
_MAIN = frozenset({*BODY_KEYS[: _AMONG[0]], *BODY_KEYS[_AMONG[2] :]})
_FINDINGS = frozenset(BODY_KEYS[_AMONG[0] : _AMONG[1]])


def _names(words: str) -> re.Pattern[str]:
    """A pattern of plain names, given as words with their endings in brackets."""
    return re.compile("|".join(words.split()))


_MEASURES = _names(
    r"(?:recommended|required|corrective|preventi(?:ve|tative)|followup|planned|immediate|suggested)?"
    r"(?:actions|measures|mitigations?|remediations?|steps|actionitems)(?:for(?:the)?(?:users?|customers"
    r"|operators|admins?|administrators|owners|hospitals|clinics|staff|you))?"
    r" recommend(?:ation|ed)?s? recommendedaction requiredaction solutions? workarounds?"
    r" fix(?:es)? howtofix advi[cs]e countermeasures actionplan whattodo hardening prevention"
    r" what(?:to|you|users|customers|admins|administrators|\w*(?:should|must|shall|ha(?:ve|s)to))"
    r"\w*do"
    r" nextsteps? do(?:not|nt)s? dosanddonts precautions?"
    r" followups? ifyou\w+ what(?:helps|works)"
    r" todos? protection(?:s|measures)? resolutionsteps mitigationsteps remediationsteps"
    r" correction remedy"
    r" (?:management|client|customer|auditee|owner|operator|company|vendor)"
    r"(?:response|reply|action|comment)s?"
    r" mitigationsandworkarounds"
)
_SIGNS = _names(
    r"indicators(?:of(?:compromise|attack))? iocs? detections? detectionguidance howtodetect signs"
    r" observed\w* whattolookfor hunting\w* artifacts artefacts"
)
_AFFECTED = _names(
    r"(?:un|not)?affected\w* impacted\w* vulnerable\w* (?:subject|concerned)?products?"
    r" versions"
    r" fixed(?:in|versions?|releases?) patchedversions? systems? platforms scope victims? targets?"
    r" targeted\w* sectors? equipment packages?"
    r" (?:products?|versions?|systems?|models?|devices?)(?:not|un)?affected"
)
_CODE = _names(
    r"logsource (?:search|hunting|detection|splunk|kql|spl)?(?:query|queries) search(?:string)?"
    r" (?:yara|sigma|snort|suricata|detection)?rule yara sigma snort suricata kql spl eql sql"
    r" regexp? commands? commandlines? cmdline"
)
_CAUSE = _names(r"(?:root)?causes?(?:analysis)?")
_IMPACT = _names(
    r"(?:business|user|customer)?impact(?:analysis|assessment|statement)? consequences?"
)
_TOLD = _names(
    r"timeline(?:ofevents)? chronology (?:disclosure|event|incident)timeline events"
    r" response(?:actions)? containment eradication recovery lessons?\w* whatwent\w+"
    r" wherewegotlucky prerequisites? exploitation\w* attackvectors? vectors initialaccess"
    r" techniques? tactics? ttps? mitreattack tools? limitations? notes? conclusions? results?"
    r" methods? methodology evidence assessment attribution outlook background aliases"
    r" alsoknownas knownas damages? losses outcome resolution(?:notes)? closenotes"
    r" closurenotes worknotes comments messages updates? discussion questions? answers?"
    r" detectiongaps openquestions openitems openpoints status(?:update|note)s?"
    r" falsepositives? verdict hypothesis why data caveats trigger expectednoise triage"
    r" decisions? vulnerabilit(?:y|ies)(?:type|overview|details)? weakness condition criteria"
    r" effect whatwe\w+ allegations? circumstances"
    r" strengths? (?:not|un)(?:tested|covered|examined) outofscope droppedfrom\w+"
)
_FIGURE = _names(
    r"exploited\w* known(?:attacks?|exploitation) loss recovered stolen downloads also lookslike"
    r" trafficlight figures numbers counts statistics identifiers"
)
_NOTED = _names(
    r" (?!what|how|why|(?:up|candi|man)dates?\Z)\w*(?:ids?|uuid|guid|urls?|links?|href|slug"
    r"|dates?|datetime|timestamp|email|emailaddress)"
    r" (?:last)?(?:created|modified|updated|published|reported|opened|closed|detected|resolved)"
    r"(?:at|on|by)?"
    r" times? datelines? bylines? authors? by from to cc bcc owner assignee assignedto"
    r" reporter requester analyst contact source publisher vendor organi[sz]ation company"
    r" issuer institution agency feed origin references? seealso related\w* tags keywords"
    r" labels categor(?:y|ies) topics? language lang licen[cs]es? copyright type kind class"
    r" classification tlp severity\w* level risk(?:level|rating|score)? priority urgency"
    r" confidence cvss\w* score base\w* vector(?:string)? version revision venue journal doi"
    r" credits? acknowledge?ments? thanks image photo channel thread status state"
    r" lastupdate satisfaction(?:score|rating)?"
    r" format schema\w* generator filename file path hash checksum sourcedata ownfields"
    r" domains metrics configurations weaknesses problemtypes? cwes? cves? cpes? distribution"
    r" revisionhistory history changelog channel workspace registrant researchers?"
    r" recipients?(?:group)? incident case finding hunt meeting release rulename malware"
    r" newsletter bulletin advisory report audit exercise topic family group actor campaign"
    r" disclosure platform amends replaces deck presenter show guest episode issue"
    r" questiontitle slug indicator talk conference sender askedby sentby sent posted site"
    r" paper article blogpost essay memo"
    r" held day letterto memoto addressedto"
    r" present attendees participants speakers panel apologies inattendance investigators?"
    r" audience readers(?:hip)? whoshouldread confidence(?:scale|level|language)? votes? upvotes"
    r" (?:hash(?:es)?|editors?|distribution|format|readers?|sources?|sharing|language|audience"
    r"|handling)notes? maintain(?:ers?|edby)"
    r" likes (?:is)?accepted signature salutation letterhead footer disclaimer legal(?:notice)?"
)
_OF = (
    (MAIN, _MAIN), (FINDINGS, _FINDINGS), (NOTED, frozenset(TITLE_KEYS)), (MEASURES, _MEASURES),
    (SIGNS, _SIGNS), (AFFECTED, _AFFECTED), (CODE, _CODE), (CAUSE, _CAUSE),
    (IMPACT, _IMPACT), (FIGURE, _FIGURE), (TOLD, _TOLD),
    (NOTED, _NOTED),
)  # fmt: skip
_SPELLED = {
    "iocs": "Indicators of compromise", "ioc": "Indicators of compromise", "ttps": "TTPs",
    "ttp": "TTPs", "mitreattack": "MITRE ATT&CK", "kql": "KQL", "spl": "SPL", "yara": "YARA",
    "q": "Question", "whattodo": "What to do", "todo": "To do", "todos": "To do",
    "logsource": "Log source",
    "rootcause": "Root cause", "falsepositives": "False positives",
    "nextsteps": "Next steps", "affectedproducts": "Affected products",
    "affectedversions": "Affected versions", "fixedin": "Fixed in", "worknotes": "Work notes",
    "closenotes": "Close notes", "alsoknownas": "Also known as",
    "lessonslearned": "Lessons learned", "kpis": "KPIs",
    # Of those who run the computers, since a document says "it" of nothing in a name.
    "whatitmustdo": "What IT must do", "whatitshoulddo": "What IT should do",
}  # fmt: skip
_OWN = re.compile(r"\A[ux]_")  # in front of a field that a user of ServiceNow or STIX has added
_HUMP = re.compile(r"(?<=[a-z\d])(?=[A-Z])")


_HAVE_TEXTS = frozenset("report incident case finding release article notice".split())


def meaning_of(key: str) -> str:
    """What a field of this name holds."""
    name = plain_key(_OWN.sub("", key, count=1))
    meaning = _meaning(name)
    if meaning == OTHER and (shorter := _FORM.sub("", name)) != name:
        known = _meaning(shorter)
        told = known in (MAIN, FINDINGS) or (known == NOTED and shorter in _HAVE_TEXTS)
        return OTHER if told else known  # which a record is read by
    return meaning


def _meaning(name: str) -> str:
    for meaning, names in _OF:
        known = name in names if isinstance(names, frozenset) else names.fullmatch(name)
        if known:
            return meaning
    return OTHER


def label_of(key: str) -> str:
    """A field's name in words, "Affected products" of affectedProducts and affected_products."""
    key = _OWN.sub("", key, count=1)
    if spelled := _SPELLED.get(plain_key(key)):
        return spelled
    words = re.split(r"(?:\.(?!\d)|(?<!\d)\.|[^\w'’.])+|_+", _HUMP.sub(" ", key).strip("_"))
    leant = len(words) > 1 and words[-2].lower() in _LEAN  # "how_long", "told_in_short"
    words = words[:-1] if len(words) > 1 and words[-1].lower() in _FORMS and not leant else words
    words = [_SHORTENED.get(one.lower(), one) for one in words]
    shown = " ".join(one if one.isupper() else _spelled(one.lower()) for one in words if one)
    return shown[:1].upper() + shown[1:]


# What the end of a name says of how its value is written.
_FORMS = frozenset("text short long html md markdown raw str body".split())
_LEAN = frozenset("how too so as in at for of the".split())  # on the word behind them
_FORM = re.compile(rf"(?<=\w{{3}})(?:{'|'.join(sorted(_FORMS))})\Z")
_SHORTENED = {
    "dont": "don't", "didnt": "didn't", "wasnt": "wasn't", "cant": "can't", "rev": "revision",
    "desc": "description", "info": "information", "rec": "recommendation",
    "recs": "recommendations", "vuln": "vulnerability", "vulns": "vulnerabilities",
    "adv": "advisory", "pct": "percent", "mgmt": "management", "prereqs": "prerequisites",
    "mitig": "mitigation", "tkt": "ticket",
    **{f"cvss{v}{number}": f"CVSS {number}" for v in ("", "v") for number in "234"},
}  # fmt: skip
_SHORT = frozenset(
    "ip ips id os url urls dns api vpn tls ssh mfa edr siem soc c2 http ioc iocs cvss".split()
)


def _spelled(word: str) -> str:
    return word.upper() if word in _SHORT else word
