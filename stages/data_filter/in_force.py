"""Whether a record is in force and a text at all: what was withdrawn is no training data.

Knows the status fields of feeds, and the fixed wording by which their editors take an entry
back; an article about a withdrawn entry is not touched.  Invariant: a disputed entry that was
not rejected stays, and every removal names the field or the words behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stages.base import Record, Removed
from stages.data_filter.published import is_replaced, not_published
from stages.data_filter.taken_back import (
    BY_WHOM,
    GONE,
    NOT_THEIRS,
    OF_ENTRIES,
    REMARK,
    WORDING,
    by_status,
)
from stages.text.entries import has_catalogue_form, is_entry
from stages.text.kinds import ADVISORY, PAPER, identify
from stages.text.public_ids import MALWARE_ID
from stages.text.record_text import RecordText, as_scalar, find_values, plain_key
from stages.text.text_fields import WRAPPER_KEYS

# What feeds call the status of a record; that of an address or a payment is none.
_STATUS = re.compile(
    r"(?:x|xmitre|capec|xcapec|cve|vuln|vulnerability|record|entry|advisory|publication|review|article"
    r"|paper|weakness|tracking|assigner|object|document)?(?:status(?:es)?|states?)|lifecycle|maturity"
    r"|category|type"
    r"|(?:漏洞|公告|脆弱性)?(?:状态|狀態|状態|ステータス)|상태|estado|situaci[oó]n"
    r"|situa[cç][aã]o|statuts?|stato|статус|состояние"
)
# A flag, a date or a reason: `withdrawn: "2030-01-01"` as well as `is_revoked: true`.
_FLAG = re.compile(
    r"(?:is|was|date|xmitre|xcapec)?(withdrawn|retracted|revoked|rejected|deprecated)"
    r"(?:at|on|date|time|(reasons?))?"
    r"|(?:date)?(?:of)?(withdrawal|retraction|revocation|rejection|deprecation)"
    r"(?:date|(reasons?|notice))"
)
# Names that only feeds and journals give such fields.  In a ticket or a report any other tells what
# became of the ticket, a certificate or a demand.
_OF_FEEDS = re.compile(
    r"(?:x?mitre|x?capec|cve|vuln|advisory|publication|article|paper|weakness|assigner|漏洞|公告|脆弱性"
    r"|(?:is|was|date(?:of)?)?retract)"
)
_OF_NOUN = {"withdrawal": "withdrawn", "retraction": "withdrawn", "revocation": "revoked",
            "rejection": "rejected", "deprecation": "deprecated"}  # fmt: skip
# Fields that a rule of detection has and nothing else, as Sigma, Splunk and Elastic write it.
_OF_RULES = (
    frozenset({"logsource", "detection"}),
    frozenset({"search", "howtoimplement"}),
    frozenset({"search", "knownfalsepositives"}),
    frozenset({"ruleid", "query"}),
)
_OF_ELASTIC = frozenset({"metadata", "rule"})  # its files: what is said of a rule, and the rule
_OF_OSV = frozenset({"id", "schemaversion"})
# What the front matter of a document can say of the document; a draft of a decision is rejected.
_OF_DOCUMENTS = ("withdrawn", "revoked", "deprecated", "superseded")
# In a report, their date is that of a certificate or a protocol.
_OF_CERTIFICATES = ("revocation", "deprecation")
# How catalogues take an entry back; a ticket whose id looks like theirs may be rejected.
_OF_CATALOGUES = ("deprecated", "revoked")
# What tables and databases write where nothing is set, and dates of no day.
_UNSET = re.compile(
    r"|false|f|no|n|nein|non|нет|否|いいえ|0(?:\.0+)?|off|none|null|nil|nan|nat|na|n/a|#n/a|<na>"
    r"|undefined|unknown|unset|never|tbd|empty|active|current|valid|[(<](?:none|null|empty)[)>]|\\n"
    r"|[-\u2010-\u2015?./ _]+|\[\]|\{\}|(?:0000-00-00|0001-01-01|1970-01-01)(?:[t ].*)?"
    r"|not (?:applicable|available|set|specified|provided|given|yet|withdrawn|retracted|revoked"
    r"|rejected|deprecated)\b.*",
    re.DOTALL,
)
_NOT = re.compile(r"not\b")  # "not withdrawn"; of a reason, it may be one: "not a vulnerability"
# What was rejected or withdrawn in an incident: 340, "EUR 40,000", "12 claims".
_AMOUNT = re.compile(
    r"\s*(?:(?:[A-Z]{3}|[$€£¥₿])\s?\d|(?!.*\b(?:19|20)\d\d(?:\d{4})?(?:\b|T))"
    r"(?!(?:1|\d{10}|\d{13})\s*$)\d)"
)
_EPOCH = 10**9  # seconds; a number below is no date
# A label alone counts in a title, and of an entry that a database has given an id.
_LABEL = re.compile(
    r"[\s*_>#]*[(\[]?(?:(Withdrawn|Retracted|Rejected|Reject)(?: article| paper| advisory)?[)\]]?"
    r"(?:\s*:|\s+[-\u2013\u2014]\s"
    r"| (?:as|because|due to|since|by (?:the |its )?(?:CNA|authors?))\b)"
    r"|(Deprecated|Revoked|Obsolete)[)\]]?\s*:)",
    re.IGNORECASE,
)
_GONE_WORDS = "Withdrawn|Retracted|Deprecated|Revoked|Rejected"
_LABEL_BEHIND = re.compile(
    rf"[(\[]({_GONE_WORDS})[)\]]\s*$"
    r"|(?:\s[-\u2013\u2014|]+|:)\s+(Withdrawn|Retracted|Rejected)\s*$",
    re.IGNORECASE,
)
# Of any title: in capital letters, or of a number alone, as feeds write it.
_LABEL_BEHIND_ANY = re.compile(
    r"(?:(?:\s[-\u2013\u2014|]+|:)\s+|\s[(\[])(WITHDRAWN|RETRACTED|REJECTED)[)\]]?\s*$"
    r"|\A\W*(?:CVE-\d{4}-\d{4,19}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3})\W{1,4}"
    rf"(?i:({_GONE_WORDS}|Reserved))\W*\Z"
)
# Of any title: an article may begin "Deprecated: why TLS 1.0 has to go".
_LABEL_OF_ANY = re.compile(r"\W*((?i:Withdrawn|Retracted)|DEPRECATED|REJECTED)(?: [A-Z]+)?\)?\s*:")
# What journals call the notice of a retraction: it says nothing of what the paper was about.
_NOTICE = re.compile(r"\W*(Retraction)(?: (?:note|notice)(?: (?:to|for|of|on))?)?\s*:", re.I)
# What authors tell arXiv of a paper that they take back.
_COMMENT = re.compile(
    r"\W*(?:(?:this|the) )?(?:(?:paper|article|manuscript|submission|preprint|work) )?"
    r"(?:(?:has|have|was|is)(?: been)? )?(?:withdrawn|retracted)\b",
    re.IGNORECASE,
)
# A heading that announces why: the next line says it.
_HEADING = re.compile(r"\s*(?:#{1,6}[ ]?)?[A-Z][\w ]{2,40}:?[ \t]*\n+")
_BEGINS = r"[\s*_>#]*"
_OF_ANY = tuple((n, re.compile(rf"{_BEGINS}(?:{p})", re.I)) for n, p in WORDING + BY_WHOM)
_OF_REMARKS = tuple((n, re.compile(rf"{_BEGINS}{REMARK}(?:{p})", re.I)) for n, p in WORDING)
_OF_NOTES = tuple(
    (n, re.compile(rf"{_BEGINS}{REMARK}(?:{p}){NOT_THEIRS.get(n, '')}", re.I)) for n, p in WORDING
)
_OF_ENTRIES = _OF_REMARKS + tuple(
    (n, re.compile(rf"{_BEGINS}{REMARK}(?:{p})", re.I)) for n, p in OF_ENTRIES
)
# A remark behind the text of an entry; one on another entry begins with its id.
_NOTE = re.compile(r"(?<=[.!?)\]*\n])\s+(?:NOTE|Note) ?:(?! ?CVE-\d)")
MOST_WRAPPERS = 64
FIRST = 3  # passages that an editor's remark may stand in front of

# Objects of STIX and of its like that connect or mark others and say nothing themselves; of the
# others, those without a text are none.
NO_TEXTS = frozenset(
    "relationship marking-definition identity sighting observed-data extension-definition"
    " language-content bundle location opinion grouping x-mitre-matrix x-mitre-collection"
    " file ipv4-addr ipv6-addr domain-name url email-addr email-message artifact process mutex"
    " software network-traffic windows-registry-key x509-certificate directory"
    " autonomous-system mac-addr user-account".split()
)


def no_text(record: Record, read: RecordText) -> Removed | None:
    """Why a record is no text, by its type in STIX; None for any other."""
    empty = not (read.text or read.emptied)
    for node in _wrapped(record):
        kind = node.get("type")
        is_none = isinstance(kind, str) and kind in NO_TEXTS
        if (empty and is_none) or (_is_object(node) and (empty or is_none)):
            return Removed("no text", type=kind)
    return None


def _is_object(node: dict[str, Any]) -> bool:
    """Whether it is an object of STIX, whose `revoked` says that it is no longer valid."""
    kind, own_id = node.get("type"), node.get("id")
    return isinstance(kind, str) and isinstance(own_id, str) and own_id.startswith(f"{kind}--")


def _is_of_csaf(value: Any) -> bool:
    return isinstance(value, str) and value.strip().lower().startswith("csaf")


def not_in_force(record: Record, read: RecordText) -> Removed | None:
    """Why a record was taken back, by its status fields, else by its wording; else None."""
    listed, catalogued = is_entry(record), has_catalogue_form(record)
    identity = identify(record)
    kind = identity.kind
    paper = kind == PAPER
    nodes = list(_wrapped(record))
    of_a_feed = (
        listed or kind in (PAPER, ADVISORY) or _is_object(record) or any(map(_has_form, nodes))
    )
    statements: list[str] = []
    for node in nodes:
        is_front = any(node is one.get("front_matter") for one in nodes)
        for key, value in node.items():
            name = plain_key(key)
            counts = of_a_feed or _OF_FEEDS.match(name) or _is_of_csaf(value)
            gone = _by_field(name, value, listed, identity.id)
            counts = counts or (catalogued and gone in _OF_CATALOGUES)
            if gone and (counts or (is_front and gone in _OF_DOCUMENTS)):
                return Removed(gone, field=key)
            if listed and name == "statement" and isinstance(value, str):
                statements.append(value)  # what Red Hat says of an entry beside its description
    if unpublished := not_published(record):
        return unpublished
    if label := _title_label(read.title, listed or paper):
        return _labelled(label)
    if paper and (comment := next(filter(_COMMENT.match, _comments(record)), "")):
        return Removed("withdrawn", words=comment[:80])
    labels = _LABEL if listed else None
    said = (read.title, *read.bodies[:FIRST], *statements)
    return next(filter(None, (_by_words(part, labels, listed or paper) for part in said)), None)


def _has_form(node: dict[str, Any]) -> bool:
    """Whether it has the form of a rule of detection or of OSV's entries, whatever its id."""
    names, own_id = frozenset(map(plain_key, node)), as_scalar(node.get("id"))
    return (
        bool(MALWARE_ID.fullmatch(own_id))
        or names >= _OF_OSV
        or any(names >= one for one in _OF_RULES)
    )


def _title_label(title: str, listed: bool) -> re.Match[str] | None:
    """The label by which a title says that what it names was taken back."""
    if notice := _NOTICE.match(title):
        return notice
    if label := _LABEL_OF_ANY.match(title) or _LABEL_BEHIND_ANY.search(title):
        return label
    return (_LABEL.match(title) or _LABEL_BEHIND.search(title)) if listed else None


def _comments(record: Record) -> list[str]:
    return [value for value in find_values(record, "comments", "comment") if isinstance(value, str)]


def _by_words(part: str, labels: re.Pattern[str] | None, edited: bool) -> Removed | None:
    """Why a passage is taken back, by its first words, those under its first heading, or those of
    a note in an entry."""
    if labels and (label := labels.match(part)):
        return _labelled(label)
    heading = _HEADING.match(part)
    notes = [note.start() for note in _NOTE.finditer(part)] if labels else []
    wording = _OF_ENTRIES if edited else _OF_ANY
    places = [(at, wording) for at in (0, *((heading.end(),) if heading else ()))]
    for at, patterns in places + [(at, _OF_NOTES) for at in notes]:
        for gone, pattern in patterns:
            if match := pattern.match(part, at):
                return Removed(gone, words=match.group().strip())
    return None


def _labelled(label: re.Match[str]) -> Removed:
    word = next(filter(None, label.groups()))
    word = _OF_NOUN.get(word.lower(), word.lower())
    return Removed(GONE[word], words=label.group().strip())


def _by_field(name: str, value: Any, listed: bool, own_id: str) -> str:
    """Why a field takes a record back; `listed`: it is an entry that a database has given an id."""
    if _STATUS.fullmatch(name):
        found = {by_status(name, word, listed) for word in _words(value)}
        return found.pop() if len(found) == 1 else ""
    if (flag := _FLAG.fullmatch(name)) and _is_set(value, reason=bool(flag[2] or flag[4])):
        if not listed and flag[3] in _OF_CERTIFICATES:
            return ""
        word = flag[1] or _OF_NOUN[flag[3]]
        return GONE[word]
    if listed and is_replaced(name, value, own_id):
        return "superseded"
    if name == "cvetags" and "rejected" in _tags(value):
        return "rejected"
    return ""


def _words(value: Any) -> list[str]:
    """A status in a word, {"name": "Rejected"}, or a list of either."""
    if isinstance(value, dict):
        named = (value.get(name) for name in ("name", "value", "label", "text", "status", "state"))
        value = next((one for one in named if isinstance(one, str)), "")
    if isinstance(value, list):
        return [word for one in value if not isinstance(one, list) for word in _words(one)]
    return [value] if isinstance(value, str) else []


def _tags(value: Any) -> list[str]:
    """The tags of NVD's `cveTags`: lists in objects, one for each source."""
    objects = [one for one in (value if isinstance(value, list) else []) if isinstance(one, dict)]
    lists = [one["tags"] for one in objects if isinstance(one.get("tags"), list)]
    return [tag.lower() for tags in lists for tag in tags if isinstance(tag, str)]


def _is_set(value: Any, reason: bool) -> bool:
    """Whether a flag, a date or prose is given; lists count as reasons only, and other numbers
    and sums of money say what somebody withdrew or rejected."""
    if isinstance(value, str):
        said = value.strip().lower()
        unset = _UNSET.fullmatch(said) or (_NOT.match(said) and not reason)
        return not unset and (reason or not _AMOUNT.match(value))
    if isinstance(value, int | float):
        return value == 1 or value >= _EPOCH  # True is 1
    return bool(value) and (reason or not isinstance(value, list))


def _wrapped(record: Record) -> Iterator[dict[str, Any]]:
    """The record and the objects that only wrap it, its original among them."""
    waiting: list[dict[str, Any]] = [record]
    for number in range(MOST_WRAPPERS):
        if number >= len(waiting):
            return
        node = waiting[number]
        yield node
        names = WRAPPER_KEYS | {"original", "frontmatter", "cvedatameta", "databasespecific"}
        names |= _OF_ELASTIC if node.keys() >= _OF_ELASTIC else set()
        waiting += [v for k, v in node.items() if plain_key(k) in names and isinstance(v, dict)]
