"""The words by which feeds and their editors take an entry back, and what each stands for.

Knows statuses, and the fixed wording that a passage begins with, in the languages of security
feeds; reads no record.  Invariant: every word stands for one reason, rejected, reserved, withdrawn,
revoked, deprecated, superseded or draft; a status in prose, too long or of a product, for none.
"""

from __future__ import annotations

import re

GONE = {
    "rejected": "rejected", "reject": "rejected", "reserved": "reserved",
    "withdrawn": "withdrawn", "revoked": "revoked", "deprecated": "deprecated",
    "obsolete": "deprecated", "retracted": "withdrawn", "cancelled": "withdrawn",
    "superseded": "superseded", "draft advisory": "draft",
    # In feeds of other languages.
    "已撤销": "withdrawn", "已撤回": "withdrawn", "撤销": "withdrawn", "撤回": "withdrawn",
    "已拒绝": "rejected", "拒绝": "rejected", "已驳回": "rejected", "已作废": "withdrawn",
    "作废": "withdrawn", "已废弃": "deprecated", "已弃用": "deprecated",
    "取り下げ": "withdrawn", "取下げ": "withdrawn", "却下": "rejected", "廃止": "deprecated",
    "철회": "withdrawn", "철회됨": "withdrawn", "거부": "rejected", "거부됨": "rejected",
    "rechazado": "rejected", "rechazada": "rejected", "retirado": "withdrawn",
    "retirada": "withdrawn", "anulado": "withdrawn", "anulada": "withdrawn",
    "obsoleto": "deprecated", "obsoleta": "deprecated", "rejeitado": "rejected",
    "rejeitada": "rejected", "rejeté": "rejected", "rejetée": "rejected", "retiré": "withdrawn",
    "retirée": "withdrawn", "annulé": "withdrawn", "annulée": "withdrawn", "obsolète": "deprecated",
    "zurückgezogen": "withdrawn", "abgelehnt": "rejected", "verworfen": "rejected",
    "veraltet": "deprecated", "respinto": "rejected", "respinta": "rejected",
    "ritirato": "withdrawn", "ritirata": "withdrawn", "отозван": "withdrawn",
    "отозвана": "withdrawn", "отозвано": "withdrawn", "отклонен": "rejected",
    "отклонена": "rejected", "отклонено": "rejected", "отменен": "withdrawn",
    "отменена": "withdrawn", "устарел": "deprecated", "устарела": "deprecated",
}  # fmt: skip
# Of an entry that a database has given an id; a ticket may be a duplicate, and say what happened.
GONE_OF_ENTRIES = {"duplicate": "rejected", "duplicated": "rejected", "invalid": "rejected",
                    "unused": "rejected"}  # fmt: skip
# Where the status names the entry: a product may be retired, too, and a mend merged.
GONE_OF_NAMED = {"retired": "deprecated", "merged": "superseded"}
UNNAMED = frozenset("status statuses state states lifecycle maturity category type".split())
# Words of a status before the one that counts: "csaf_withdrawn", "marked as rejected".
_REASON = re.compile(r"[:;,.(\[\u2013\u2014]|\s-\s|\b(?:as|because|since|due|by|for|in)\b")
_BEFORE = frozenset("csaf cve record entry advisory paper article marked as is was has been now"
                    " this the it state status".split())  # fmt: skip
# What an editor may write before: "Update 2031-05-01:", "[Editor's note, 1 May 2031]".
REMARK = (
    r"(?:\[?(?:editor(?:'s|s)?\W? ?note|note|notice|updated?|edit|important|attention)"
    r"(?:,? \(?(?:on |of |from )?(?:\d[\d./-]{5,9}|(?:\d{1,2}\.? )?[a-z]{3,9}\.? (?:\d{1,2}, ?)?"
    r"\d{4})\)?)?(?:\]:?|:| ?[-\u2013\u2014])[ \t*_]*\n?)?"
)
# Who did it, and that nobody didn't.
_WHO = (
    r"(?:The |Its )?(?!(?:\S+ ){0,4}(?:not|never)\b)(?-i:[A-Z])[\w&.-]{1,30}"
    r"(?: (?-i:[A-Z])[\w&.-]{1,30}){0,4} (?:has |have )?"
)
WORDING = (
    ("rejected", r"\*\* ?REJECT(?:ED)? ?\*\*|(?-i:REJECTED):|Rejected reason:"
                 r"|\*\* ?RECHAZAD[AO] ?\*\*|(?-i:\[REJECT(?:ED)?(?: CVE| CANDIDATE)?\])"
                 r"|(?:ConsultIDs?: ?[^\n]{0,120}?\. )?Reason: This candidate"
                 r" (?:is|was) (?:a |an )?(?:duplicate|reservation|withdrawn|issued|assigned"
                 r"|rejected|unused|not)\b"
                 r"|(?:This (?:ID|identifier)|(?:This |The )?(?:CVE|vulnerability|advisory"
                 r"|candidate) (?:ID|identifier|number|entry|record))(?: CVE-\d{4}-\d{1,19})?"
                 r" (?:has been|was|is)(?: now)?(?: marked as)? (?:rejected|withdrawn)"
                 r"(?: or (?:rejected|withdrawn))?(?= by (?:its|the|their|an?) |\W*$|[.;])"
                 r"|DO NOT USE THIS (?:CVE|CANDIDATE|ID)|(?:This )?(?:CVE|candidate)(?: ID)?"
                 r"(?: record| number)? (?:has been|was|is)(?: marked as)? (?:rejected|withdrawn)\b"
                 r"|This (?:CVE|candidate)(?: ID| record| number)? (?:is|was|has been)"
                 r" (?:unused|not used|never used)\b"
                 r"|Not used\. The CVE (?:ID|number|record|candidate)\b"
                 r"|(?:NOTE: ?)?(?:this )?(?:CVE(?:-\d{4}-\d{1,19})?|candidate)(?: ID| record)?"
                 r" (?:has been|was|is) (?:marked as )?(?:rejected|withdrawn)\b"
                 r"|This (?:CVE|candidate)(?: ID| record)? was (?:assigned|issued|created)"
                 r" (?:in error|by mistake)"),
    ("rejected", r"(?:El|Este|O|A|Esta) (?:CVE|identificador|candidato|vulnerabilidade?)"
                 r" (?:ha sido|fue|foi) (?:rechazad|rejeitad)[oa]\b"
                 r"|(?:Cette?|Ce|La|Le) (?:CVE|vulnérabilité|identifiant) a été rejetée?\b"
                 r"|(?:Diese|Die|Der|Das) (?:CVE|Kandidat|Schwachstelle|Eintrag)"
                 r" (?:wurde|ist) (?:abgelehnt|verworfen)\b|この(?:CVE|脆弱性)\w{0,8}?却下"
                 r"|(?:此|该|本)(?:CVE|漏洞|候选)\w{0,8}?已?被?(?:拒绝|驳回)"),
    ("reserved", r"\*\* ?RESERVED ?\*\*|This candidate has been reserved"),
    ("withdrawn", r"(?:\#+ ?)?(?:\*\*)?(?:Withdrawn|Retracted)(?: Advisory)?(?:\*\*)?(?:(?<=ry):"
                  r"|(?<=\*\*):|\s*\n|:?\s*$)|\[(?:withdrawn|retracted)\]"
                  r"|(?:Withdrawn|Retracted) by (?:the |its )?(?:authors?|arXiv|editors?"
                  r"|publishers?|CNA)\b(?! (?:is|are|was|were)\b)"
                  r"|\*\* ?(?:WITHDRAWN|RETRACTED) ?\*\*"
                  r"|This is a (?:withdrawn|retracted) (?:article|paper|advisory|preprint)\b"
                  r"|This (?:advisory|entry|report|paper|submission|article|record|preprint"
                  r"|manuscript|vulnerability|notice|bulletin)"
                  r" (?:has been|was|is|has now been) (?:hereby )?(?:withdrawn|retracted)\b"
                  r"|[【\[（(「](?:已?撤[销回]|已?作废|取り?下げ|廃止|철회)[】\]）)」]"
                  r"|(?:此|该|本)(?:公告|漏洞|文章|论文|通告|条目)\w{0,8}?已?被?(?:撤销|撤回|作废)"
                  r"|(?:この|本)(?:アドバイザリ|脆弱性|文書|論文|記事|情報)\w{0,12}?(?:取り下げ|撤回)"
                  r"|(?:Este|Esta|El|La) (?:aviso|entrada|vulnerabilidad|artículo|boletín)"
                  r" (?:ha sido|fue) (?:retirad|anulad|retractad)[oa]\b"
                  r"|(?:Este|Esta|O|A) (?:aviso|entrada|vulnerabilidade|artigo|boletim) foi"
                  r" (?:retirad|anulad|retratad)[oa]\b"
                  r"|(?:Cet|Cette|Ce|L['’]) ?(?:avis|article|alerte|bulletin|vulnérabilité) a été"
                  r" (?:retir|annul|rétract)ée?\b"
                  r"|(?:Dieser?|Dieses|Der|Die|Das) (?:Hinweis|Eintrag|Artikel|Advisory|Warnung"
                  r"|Meldung) (?:wurde|ist) zurückgezogen\b"
                  r"|(?:Questo|Questa|L['’]) ?(?:avviso|articolo|voce|bollettino) è stat[oa]"
                  r" ritirat[oa]\b"),
    ("deprecated", r"(?-i:DEPRECATED)\s*:|(?-i:[\[(]DEPRECATED[\])])|\[deprecated\]"
                   r"|\*\* ?DEPRECATED ?\*\*"
                   # The head of a file of Elastic's rules.
                   r"|\[metadata\][ \t]*\n(?:(?!\[)[^\n]{0,300}\n){0,12}?"
                   r"maturity ?= ?['\"]deprecated['\"]"
                   r"|This (?:entry|technique|weakness|category|attack pattern|object|record|view"
                   r"|CVE|sub-technique)(?: ID)? (?:has been|was|is) deprecated\b"),
    ("revoked", r"This (?:entry|technique|object|record) (?:has been|was) revoked\b|\[revoked\]"),
)  # fmt: skip
# What stands behind such words in a note where somebody else disputes the entry, or took it off a
# list.
NOT_THEIRS = {
    "rejected": r"(?! (?:from|by (?:the |its |their |some )?(?:\w+ )?(?:vendor|maintainer|developer"
                r"|supplier|manufacturer|project|upstream)s?)\b)",
    "withdrawn": r"(?! from\b)",
}  # fmt: skip
BY_WHOM = (("rejected", rf"{_WHO}(?:rejected|withdrawn|revoked) this (?:CVE|candidate|ID)\b"),)
# Of an entry or a paper, at its beginning: an article tells so of others.
OF_ENTRIES = (
    *BY_WHOM,
    ("rejected", r"(?-i:REJECTED)\."),
    ("withdrawn", r"(?-i:WITHDRAWN|RETRACTED)\."
                  rf"|{_WHO}(?:withdrawn|retracted|revoked) this (?:security )?(?:advisory|bulletin"
                  r"|notice|entry|record|paper|preprint|manuscript)\b"),
)  # fmt: skip


def by_status(name: str, value: str, listed: bool) -> str:
    """ "Rejected" and "csaf_withdrawn" say so; a category or type has to say it in whole."""
    if gone := GONE.get(value.strip().lower()):
        return gone
    words = re.findall(r"[a-z]+", value.lower())
    if name in ("category", "type"):
        words = words if len(words) == 1 or words[:1] == ["csaf"] else []
    if len(words) > 4:  # a reason behind the word
        words = re.findall(r"[a-z]+", _REASON.split(value.lower(), maxsplit=1)[0])
    if len(words) > 4:
        return ""
    first = next((word for word in words if word not in _BEFORE), "")
    if f"{first} from" in " ".join(words):  # "withdrawn from sale": a product
        return ""
    of_entry = GONE_OF_ENTRIES if listed and name not in ("category", "type") else {}
    of_named = GONE_OF_NAMED if listed and name not in UNNAMED else {}
    return {**of_named, **of_entry, **GONE}.get(first, "")
