"""Sentences that say who may read a text, who owns it and who is not liable for it.

Knows how they begin and the words that only they have.  Invariant: what else a line says stays,
and so does a sentence about a flaw or an attack that begins as a notice does.
"""

from __future__ import annotations

import re

from stages.text.navigation import MARKS
from stages.text.sentences import sentence_ends

LONGEST_NOTICE = 1_500
LEAST_LEFT = 4  # words of what stands behind a notice

_AGREE = r"[^.]{0,80}\byou (?:agree|accept|consent|acknowledge)"
# No more than these: what somebody does with the right is no notice.
_OF_A_RIGHT = (
    r"(?:(?:or|and|change|modify|update|amend|revise|delete|remove|withdraw|to|in|of|the|this|these"
    r"|its|our|all|any part|any|documents?|advisor(?:y|ies)|reports?|bulletins?|notices?|terms"
    r"|conditions|polic(?:y|ies)|contents?|information|at any time|at its sole discretion"
    r"|without(?: any)?(?: prior| further)?|from time to time)[ ,]{0,2})"
)
_NOTICES = (
    r"(?:©|copyright)\s*(?:©|\(c\))?\s*(?:\d{4}|by\b|(?-i:[A-Z])[\w ,.&'-]{1,40}? \d{4}\b)"
    r"|\(c\)\s*(?:copyright\s*)?\d{4}(?:[-–, ]{1,3}\d{4})*(?:\W*$|,?\s+(?-i:[A-Z]))",
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés"
    r"|todos (?:los derechos|os direitos) reservados|tutti i diritti riservati"
    r"|все права защищены|版权所有|無断転載",
    r"(?:distribution|dissemination) statement\b|distribution is unlimited\b"
    r"|distribution (?:is )?limited to (?:u\.?s\.?|dod|government|authorized|recipients|partners)\b"
    r"|approved for public release",
    r"(?:legal )?(?:disclaimer|terms of use|limitation of liability)(?: of [\w ]{1,40})?:"
    r"|(?:legal|copyright|privacy) notice:|legal disclaimer\b",
    r"(?:the |this |all )?(?:information|content|material|document|advisory|report|bulletin|data)"
    r"(?: \w+){0,6} (?:is|are) (?:being )?provided (?:\"|'|“|‘)?as[ -]is\b",
    r"(?:the |this |all )?(?:information|content|material|document|advisory|report)(?: \w+){0,6}"
    r" (?:is|are) (?:being )?provided (?:for|solely for) (?:informational|information)\b",
    r"[\w ,.'&-]{1,60}(?: hereby)? (?:disclaims|makes no) (?:all |any )?(?:warrant|representation)",
    rf"[\w ,.'&-]{{1,60}} reserves? the right to (?:change|modify|update|amend|revise|make changes)"
    rf"(?= {_OF_A_RIGHT}{{1,16}}(?:\.|$))"
    r"|(?:this|our) [\w ]{1,30}(?:may )?contains? (?:certain )?forward-looking statements\b",
    r"in no event shall\b|you may not (?:copy|redistribute|reproduce)\b",
    r"(?:we use|this (?:web)?site uses) cookies(?:\.|$| and (?:similar|other|related)\b"
    r"| (?:to|for|so that we can) (?:improve|enhance|give|ensure|provide|offer|make sure|help|analy"
    r"|understand|deliver|optimi|personali|remember you|the best|your)\w*)",
    rf"by (?:continuing|using) (?:to use )?this (?:web)?site\b{_AGREE}",
    r"sources? may use TLP:|recipients may share (?:this|TLP)",
    r"confidentiality (?:notice|note|statement|warning)\b|if you are not the intended recipient\b",
    r"classification: {0,3}(?:public|internal|confidential|restricted|unclassified)"
    r"(?:\W*$|\W+(?:use|only|do not|tlp)\b)",
    r"(?:strictly )?(?:for (?:official|internal) use only|not for (?:further )?distribution)\b"
    r"|(?:please )?do not (?:forward|redistribute|circulate) this (?:e-?mail|message|report"
    r"|document|advisory|bulletin|information)\b",
    r"this (?:e-?mail|message|communication)(?: and any (?:attachments?|files)[\w ]{0,40})?"
    r" (?:is|are|may be) (?:confidential|privileged|(?:only |solely |strictly )?"
    r"intended (?:only|solely|exclusively"
    r"|for the (?:addressee|use|named|recipient|individual|person)))",
    r"you (?:are receiving|received) this (?:e-?mail |message |mail )?"
    r"because you (?:are|have|signed|subscribed|opted)",
    r"permission is hereby granted\b|licensed under (?:the |a )?(?:creative commons|apache|mit\b)",
)
_NOTICE = re.compile(rf"\(?(?:{'|'.join(f'(?:{p})' for p in _NOTICES)})", re.IGNORECASE)
# Words of a sentence behind a notice that belongs to it.
_LEGAL = re.compile(
    r"\b(?:warrant(?:y|ies)|liab(?:le|ility)|merchantab\w+|copyright\w*|rights reserved|trademarks?"
    r"|as[ -]is\b|intended recipients?|(?:receive[ds]?|got) (?:it|this[\w -]{0,20}) in error"
    r"|notify the sender|redistribut\w+|reproduc\w+ (?:in|without|is)"
    r"|(?:written|without) permission|licen[sc]e[ds]? (?:under|agreement|terms)|terms (?:of|and)"
    r"|forward-looking statements|informational|official use|endorse\w*|own risk|without notice"
    r"|subject to change|this (?:e-?mail|message|communication)"
    r"|hereby|cookie policy|privacy policy|you (?:agree|consent))\b",
    re.IGNORECASE,
)
# A line that begins so and names nobody but its readers.
_ADDRESSED = re.compile(
    r"(?:distribution|circulation)( list)?:|handling(?: caveats?| instructions?)?:", re.IGNORECASE
)
_ADDRESS = re.compile(r"<?[\w.+-]{1,64}@[\w.\[\]-]{1,200}>?")
_READERS = frozenset(
    """limited restricted unlimited unclassified confidential public internal external partners
    partner members member staff all customers clients recipients tlp only authorized
    government agencies need know use of the to and for with within cert csirt certs csirts
    soc team teams subscribers employees management isac clear white green amber red strict
    statement our your organisation organization community constituents approved release not
    a an on or by request basis""".split()
)
_UNSUBSCRIBE = re.compile(
    r"(?:please )?(?:click here to )?unsubscribe(?:$| (?:from|here|at any time|now|instantly)\b)"
    r"[^.]{0,60}\.?$",
    re.IGNORECASE,
)


def without_notice(line: str) -> str:
    """A line without the notice that it begins with; empty where it is no more than that."""
    shown = line.strip(MARKS.replace("(", ""))
    if not shown or len(shown) > LONGEST_NOTICE:
        return line
    if (to := _ADDRESSED.match(shown)) and _names_readers(shown[to.end() :], bool(to[1])):
        return ""
    if _UNSUBSCRIBE.match(shown):
        return ""
    return _rest(shown) if _NOTICE.match(shown) else line


def _names_readers(behind: str, listed: bool) -> bool:
    """Whether nothing but readers is named; only a list of them holds their addresses."""
    named = _ADDRESS.sub(" soc ", behind) if listed else behind
    words = re.findall(r"\w+", named.lower())
    return 0 < len(words) and _READERS.issuperset(words)


def _rest(shown: str) -> str:
    """What a line says from the first sentence that belongs to no notice."""
    ends = sentence_ends(shown) or [len(shown)]
    for start, end in zip(ends, [*ends[1:], len(shown)], strict=True):
        sentence = shown[start:end].strip()
        if len(sentence.split()) >= LEAST_LEFT and not _is_legal(sentence):
            return shown[start:].strip()
    return ""


def _is_legal(sentence: str) -> bool:
    return _NOTICE.match(sentence) is not None or _LEGAL.search(sentence) is not None
