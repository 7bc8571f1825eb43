"""What a sentence's last clause says that a flaw lets somebody do, or leads to, as an answer.

Knows clauses of English, and takes them as they stand.  Asks nothing.  Invariant: the record's name
stands in front of the clause, and its verb says no more than the sentence does: "could" stays.
"""

from __future__ import annotations

import re
from itertools import takewhile

from stages.data_structurer.answers import RECORD, Answer
from stages.data_structurer.leads import only_introduces
from stages.data_structurer.passages import joined
from stages.data_structurer.pointers import points_back
from stages.data_structurer.reading import Reading
from stages.data_structurer.sections import has_impact
from stages.gates.words import content_words
from stages.recipe.asks import FIX, HARM, Way
from stages.text.kinds import WEAKNESS

_PARTY = (
    r"(?:an? |the |any )?(?:[\w-]+,? ){0,4}?(?:attackers?|users?|adversar(?:y|ies)|actors?|guests?)"
)
_MODAL = r"(?:could|can|may|might|would) (?:(?!only )\w+ly |also |then |even )?"
_POSSIBLE = re.compile(
    r"^This (?P<what>(?:makes it (?:possible|easier|simpler)|can be (?:exploited|abused)"
    rf"|(?:{_MODAL})?(?:allows?|lets?|permits?|enables?|leads? to|results? in|causes?)) .*)$"
)
_MAKES = re.compile(rf"\b(?P<what>makes it (?:possible|easier|simpler) for {_PARTY} to \w.*)$")
# "..., potentially leading to a crash", "..., which can lead to a loss of data".
_LEADS = re.compile(
    r", (?:(?P<can>which (?:can|could|may|might)|potentially|possibly) )?"
    r"(?P<verb>(?:lead(?:ing)? to|result(?:ing)? in|caus(?:ing|e)) (?!attackers?\b))(?P<what>\w.*)$"
)
_PLAIN = {"leading": "lead", "resulting": "result", "causing": "cause"}
_CLAUSE = re.compile(
    rf"(?<!not )(?<!n't )(?<!never )(?<!longer )(?<!only )\b(?P<can>{_MODAL})?"
    r"(?P<verb>allow|let|permit|enabl)(?P<end>s|e|es|ing|ting|)"
    rf"(?P<who> {_PARTY})(?P<what> (?:to )?\w.*)$"
)
_BASES = {"enabl": "enable"}
SHORTEST_FRONT = 4  # words before a clause: without them it is the whole sentence


def clause(reading: Reading, way: Way) -> Answer | None:
    """What the first sentences say an attacker may do, or what comes of it, or where it is fixed,
    with the record's name in front."""
    say = {HARM: _harm, FIX: _fix}.get(way.of, _possible)
    if say is _possible and has_impact(reading):
        return None  # what the text itself calls the impact is told whole
    for at, sentence in enumerate(reading.sentences[: way.most]):
        said = joined([sentence])
        if said.count("(") != said.count(")") or not re.search(way.each, said, re.IGNORECASE):
            continue
        if only_introduces(sentence, reading.questions):
            continue
        if say is _possible and any(_GOES_FURTHER.search(one.text) for one in reading.sentences
                                    if one is not sentence):  # fmt: skip
            return None  # one sentence of several is not all that comes of it
        answer = say(said, reading.subject.short)
        earlier = joined(list(reading.sentences[:at])) if reading.subject.kind == WEAKNESS else ""
        if answer and not _leans(answer.text, said, earlier):
            known = set(content_words(f"{reading.subject.name} {answer.allowed}"))
            return answer if set(content_words(answer.text)) - known else None
    return None


_GOES_FURTHER = re.compile(
    r"\b(?:(?:can|could|may|might)(?! be (?:detected|seen|noticed|found|recogni[sz]ed|avoided"
    r"|mitigated"
    r"|fixed|turned|disabled|updated))|allow\w*|lets?|permit\w*|enabl\w+|leads?|results?"
    r"|caus(?:es?|ing)"
    r"|possible|unless|only if)\b",
    re.IGNORECASE,
)
# The first of two words is the thing itself where the second only goes on: "the file using".
_GOES_ON = r"(?:of|to|in|on|by|via|and|or|with|from|for|as|at|is|are|[a-z]+ing)\b"
_OF_THE = re.compile(
    rf"\bthe (?:same )?((?:[a-z][\w-]* (?!{_GOES_ON}))?[A-Za-z][\w-]{{2,}}?)(?='s\b|\b)"
)


# What every product has, so that nobody asks which one is meant.
OF_ANY_PRODUCT = frozenset(
    "product software application system program user attacker adversary code weakness".split()
)


def _leans(answer: str, said: str, earlier: str) -> bool:
    """Whether an answer speaks of a thing that only the part of the sentence left out brings in,
    or what stands before: "by changing the variable" of "uses a variable"."""
    alike = zip(reversed(answer), reversed(said), strict=False)
    front = said[: len(said) - sum(1 for _ in takewhile(lambda two: two[0] == two[1], alike))]
    for noun in _OF_THE.finditer(answer):
        thing = noun[1].split()[-1]
        brought = re.compile(rf"(?<!-)\b{re.escape(thing)}\b(?!-)", re.IGNORECASE)
        before = front if thing in OF_ANY_PRODUCT else f"{earlier} {front}"
        if brought.search(before) and not brought.search(answer[: noun.start()]):
            return True
    return False


def _possible(said: str, name: str) -> Answer | None:
    """What an attacker may do."""
    if possible := _POSSIBLE.match(said) or _MAKES.search(said):
        return Answer(f"{name} {possible['what']}", RECORD)
    match = _CLAUSE.search(said)
    if match is None or len(said[: match.start()].split()) < SHORTEST_FRONT:
        return None
    base = _BASES.get(match["verb"], match["verb"])
    verb = f"{match['can']}{base}" if match["can"] else f"{base}s"
    return Answer(f"{name} {verb}{_any_of(match['who'])}{match['what']}", RECORD, verb)


def _harm(said: str, name: str) -> Answer | None:
    """What a sentence's last clause says that comes of it."""
    match = _LEADS.search(said)
    if match is None or points_back(match["what"]):
        return None
    verb, _, rest = match["verb"].partition(" ")
    if verb not in _PLAIN and not match["can"]:
        return None
    base = _PLAIN.get(verb, verb)
    said = f"may {base}" if match["can"] else f"{base}s"
    return Answer(f"{name} {said} {rest}{match['what']}", RECORD, said)


# "Fixed in 2.1.1.", "This issue was resolved in Lark 3.0 and 3.1."
_FIXED = re.compile(
    r"(?:(?:this|the) (?:issue|flaw|vulnerability|bug|problem) (?:is|was|has been) )?"
    r"(?P<what>(?:fixed|resolved|patched|corrected|addressed)"
    r" in (?:[^.;]|\.(?=\d))*\d[\w.+-]*?)\.?$",
    re.IGNORECASE,
)


def _fix(said: str, name: str) -> Answer | None:
    """Where a flaw is fixed, as a note of its own says."""
    if match := _FIXED.match(said):
        what = match["what"][:1].lower() + match["what"][1:]
        return Answer(f"{name} is {what}.", RECORD)
    return None


_BARE_PARTY = re.compile(
    r" (?!an? |any |the )(?:[\w-]+ ){0,3}(?:attacker|user|adversary|actor|guest)", re.IGNORECASE
)


def _any_of(who: str) -> str:
    """A party that is not known yet: " an attacker" for " the attacker"."""
    party = who.removeprefix(" the ")
    if party == who and not _BARE_PARTY.fullmatch(who):
        return who
    party = party.strip()
    plural = party.endswith("s")
    article = "" if plural else "an " if re.match(r"[aeio]|un", party, re.I) else "a "
    return f" {article}{party}"
