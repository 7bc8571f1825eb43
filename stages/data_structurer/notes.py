"""A note on a flaw that has no verb, as a sentence: "CVE-1 concerns a race condition in ...".

Knows the words by which such notes call flaws, and no names.  Invariant: what stands behind the
added words is the note as it was written, but for its first letter and an article.
"""

from __future__ import annotations

import re

from stages.data_structurer.articles import article
from stages.data_structurer.note_words import small
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
    r"|argument|header|template|prototype|server-side|predictable|insecure|remote|local|unauthenticated|logic|time-of-check|unsafe)"
)
_BEHIND = r"(?= (?:in|of|when|while|by|leading|through|via|within|during|between|for|due)\b)"
_NOTE = re.compile(
    rf"(?P<first>{_FIRST}) (?:[\w/-]+ ){{0,3}}?(?:(?P<one>{_ONE})|{_ANY})"
    rf"(?: \([A-Z-]{{2,6}}\))?{_BEHIND}|(?P<alone>use[- ]after[- ]free|double free){_BEHIND}",
    re.IGNORECASE,
)
# "Use of Hard-coded Credentials vulnerability in Lark.": all of a text, with the name of a class.
_CLASSED = re.compile(
    r"[A-Z][\w-]+ (?:(?:of|to|in|with|for|by) )?[\w'()/ -]{3,100}? vulnerability in"
    r" [A-Z][^.]{2,100}\.$"
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

# Of a report on a flaw, and not of the flaw: that nobody knows what it is, or is sure of it.
_ON_REPORT = re.compile(
    r"\b(?:(?:report|advisory|description|analysis|disclosure)\w* (?:had |has |have |was |is |were"
    r" |are )?(?:\w+ )?(?:seem|appear|incorrect|inaccurate|wrong|confusing|unclear|vague|disput)\w*"
    r"|(?:may|might|could|appears to|seems to) (?:also )?(?:overlap|be a duplicate|be the same"
    r"|duplicate)\w*|post-disclosure|(?:insufficient|not enough|few|no) (?:public )?details?\b)",
    re.IGNORECASE,
)
_LONGEST_NOTE = 240  # characters of what a few words may spoil


def is_on_report(text: str) -> bool:
    """Whether a short note tells of the report on a flaw in place of the flaw."""
    return len(text) <= _LONGEST_NOTE and _ON_REPORT.search(text) is not None


def with_verb(text: str, name: str) -> str:
    """A text whose first sentence is a note without a verb as what `name` concerns."""
    note = _NOTE.match(text)
    if note is None:
        classed = _CLASSED.match(text) and not has_verb(text)
        return f"{name} {CONCERNS} {article(text)} {text}" if classed else text
    small = text if text[1:2].isupper() else text[:1].lower() + text[1:]
    one = note["alone"] or (note["one"] and note["first"].lower() != "multiple")
    told = f"{article(small)} {small}" if one else small
    if has_verb(text[: next(iter(sentence_ends(text)), len(text))]):
        return f"{told[:1].upper()}{told[1:]}" if one else text
    return f"{name} {CONCERNS} {told}"


# How a kernel's entries begin: with a phrase that all of them have, and the title of the repair.
_RESOLVED = re.compile(
    r"(?P<where>In the [\w -]{3,40}, )the following vulnerability has been resolved:? "
    r"[^\n]{4,160}?(?<!\be\.g)(?<!\bi\.e)\. (?=(?:\S+ ){8})"
)
# An aside of the maintainers, who speak of themselves: "(as our own guide says)".
_ASIDE = re.compile(r" \([^()]*\b(?:[Oo]ur|[Ww]e|us|I|my)\b[^()]*\)")
_PICTURE = re.compile(r" ?[\U0001F300-\U0001FAFF\u2600-\u27BF]\uFE0F?")


def told_plainly(text: str) -> str:
    """What a text tells of a flaw, without the phrases of those who keep the product."""
    told = _PICTURE.sub("", _ASIDE.sub("", text))
    found = _RESOLVED.match(told)
    if found is None:
        return told
    rest = told[found.end() :]
    rest = rest[:1].lower() + rest[1:] if _OPENS.match(rest) else small(rest)
    return f"{found['where']}{rest}"


_OPENS = re.compile(
    r"(?:When|If|While|As|Since|After|Before|On|In|For|With|During|Although|Because|Once|There|This"
    r"|These|It|Currently|Calling|Using|Syscalls?|Callers|Users|Drivers|Some|Several|Any|All|Both)\b"
)


_FLAW = re.compile(r"(?:(?<=[.!?] )|^)(CVE-\d{4}-\d{4,7}): (?=\S)", re.MULTILINE)


def without_labels(text: str, name: str) -> str:
    """A text that tells of flaws behind their ids, "CVE-1: Race condition in ...": a note as what
    the flaw concerns, the only flaw without the id that `name` has, and others a line each."""
    front, *rest = _FLAW.split(_without_title(text, name))
    flaws = [(own_id, told.strip()) for own_id, told in zip(rest[::2], rest[1::2], strict=True)]
    alone = len(flaws) == 1
    said = [_of_flaw(own_id, told, alone and own_id in name) for own_id, told in flaws]
    if len(said) > 1:
        return "\n".join(filter(None, [front.rstrip(), *said]))
    return "".join([front, *said])


def _without_title(text: str, name: str) -> str:
    """A text without the title that the question has, as a line of its own or behind an id."""
    title = next(iter(_TITLE.findall(name)), "")
    if not title:
        return text
    behind_id = re.compile(rf"^(?:CVE-\d{{4}}-\d{{4,7}}:? )?{re.escape(title)}(?::\s+|\n|$)", re.M)
    return behind_id.sub("", text).strip()


_TITLE = re.compile(r'\("([^"\n]{12,})"\)')


def _of_flaw(own_id: str, told: str, named: bool) -> str:
    said = with_verb(told, own_id)
    return said if named or said.startswith(f"{own_id} {CONCERNS} ") else f"{own_id}: {told}"


def has_verb(sentence: str) -> bool:
    """Whether a sentence has a verb of its own, ahead of clauses that only tell of a thing."""
    ahead = _CLAUSE.split(sentence, maxsplit=1)[0]
    return _VERB.search(sentence) is not None and _VERB.search(ahead) is not None
