"""How severe a record says that it is: its own word, else what its CVSS score is called.

Knows names of fields and the words that vendors use; of a text it reads the one line that is a
field's, "Severity: high", and never prose.  Invariant: a level is
stated or follows from a score by CVSS's scale, and says which; else it is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from stages.base import Record
from stages.text.ratings import Rating, other_ratings, rating_of
from stages.text.record_text import plain_key, raw_bodies, without_original
from stages.text.text_fields import WRAPPER_KEYS

UNKNOWN = "unknown"
LEVELS = ("none", "low", "medium", "high", "critical", UNKNOWN)
# What vendors call the levels in English.
ENGLISH_WORDS = {
    **{level: level for level in LEVELS if level != UNKNOWN},
    "moderate": "medium", "important": "high", "severe": "critical", "very high": "critical",
    "very low": "low", "minor": "low", "major": "high", "negligible": "low", "info": "none",
    "informational": "none", "information": "none",
    # Secunia's scale, from "not critical" to "extremely critical".
    "not critical": "low", "non-critical": "low", "non critical": "low", "less critical": "low",
    "moderately critical": "medium", "highly critical": "high", "extremely critical": "critical",
}  # fmt: skip
# And in the languages whose names of fields are read: CNNVD and CNVD, JVN, BSI, INCIBE ...
WORDS = ENGLISH_WORDS | {
    "超危": "critical", "严重": "critical", "危急": "critical", "高危": "high", "高": "high",
    "中危": "medium", "中": "medium", "低危": "low", "低": "low",
    "緊急": "critical", "重要": "high", "警告": "medium", "注意": "low",
    "kritisch": "critical", "sehr hoch": "critical", "hoch": "high", "mittel": "medium",
    "niedrig": "low", "gering": "low", "kritiek": "critical", "hoog": "high",
    "gemiddeld": "medium", "laag": "low",
    "crítica": "critical", "crítico": "critical", "critica": "critical", "critico": "critical",
    "alta": "high", "alto": "high", "media": "medium", "medio": "medium", "média": "medium",
    "médio": "medium", "baja": "low", "bajo": "low", "baixa": "low", "baixo": "low",
    "bassa": "low", "basso": "low",
    "critique": "critical", "élevée": "high", "élevé": "high", "importante": "high",
    "moyenne": "medium", "moyen": "medium", "modérée": "medium", "modéré": "medium",
    "faible": "low",
    "критический": "critical", "критическая": "critical", "критичный": "critical",
    "высокий": "high", "высокая": "high", "средний": "medium", "средняя": "medium",
    "низкий": "low", "низкая": "low",
    "심각": "critical", "높음": "high", "중간": "medium", "보통": "medium", "낮음": "low",
}  # fmt: skip
_OWN_NAMES = ("severity", "baseseverity", "aggregateseverity", "severitylevel", "severityrating",
              "risklevel", "riskrating", "risk", "criticality", "threatlevel",
              "typicalseverity", "threatseverity", "riskfactor", "sir", "cvssseverity",
              "cvssv4severity", "cvssv3severity", "cvss3severity", "cvssv31severity",
              "cvssbaseseverity", "urgency", "priority", "level",
              "severities", "securityrisk", "securityseverity", "securityseveritylevel",
              "issueseverity", "riskdesc",
              *"危害等级 危害级别 漏洞等级 漏洞级别 威胁等级 严重程度 严重性 严重级别 严重等级"
              " 风险等级 风险级别 危险等级 危险级别 嚴重程度 風險等級"
              " 深刻度 重要度 심각도 위험도".split(),
              *"gravedad severidad criticidad severidade gravité schweregrad risikostufe".split(),
              *"gravità severità критичность опасность".split(),
              )  # fmt: skip
# Names that mean how severe it is only beside others: of Debian, Ubuntu and Sigma.
_BESIDE = {
    "urgency": frozenset({"releases", "package", "packages", "debianbug"}),
    "priority": frozenset({"packages", "ubuntudescription"}),
    "level": frozenset({"logsource"}),
}
# What the data filter has found, beside a record's own word for it.
_FOUND = frozenset({"risklevel"})
# Objects in which a record's own severity may stand, besides those that only wrap it.
_HOLDERS = WRAPPER_KEYS | {
    "databasespecific",
    "ecosystemspecific",
    "ownfields",
    "info",
    "frontmatter",
}
_WORDS_OF = ("text", "value", "level", "rating", "severity", "score", "name")  # of an object
MOST_HOLDERS = 64
MOST_OTHERS = 8  # ratings that are named beside the one that counts


@dataclass(frozen=True)
class Severity:
    """A level of LEVELS; the word that states it, the rating that it follows from, or both.

    `others` are ratings by other versions of CVSS or other sources, which did not count.
    """

    level: str
    stated: str = ""
    rating: Rating | None = None
    others: tuple[Rating, ...] = ()

    def basis(self) -> Record:
        """Where the level is from, as plain values."""
        stated = {"from": "stated", "as": self.stated} if self.stated else {}
        if self.rating is None:
            return stated
        rating = self.rating
        called = {"cvss" if self.stated else "from": rating.called}
        found = {**called, "score": rating.score, "vector": rating.vector, "source": rating.source}
        found["others"] = [_shown(one) for one in self.others[:MOST_OTHERS]] or ""
        return {k: v for k, v in {**stated, **found}.items() if v != ""}


def _shown(rating: Rating) -> str:
    """ "CVSS 3.1: 9.8, nvd@nist.gov"."""
    return ", ".join(filter(None, [f"{rating.called}: {rating.score:g}", rating.source]))


def severity_of(record: Record) -> Severity:
    """The record's own severity, else that of its CVSS rating, else unknown."""
    stated, rating = next(_stated(record), ""), rating_of(record)
    follows = (level_of(rating.severity) or rating.level) if rating else UNKNOWN
    others = tuple(other_ratings(record, rating)) if rating else ()
    if not stated:
        return Severity(follows, "", rating, others)
    level = level_of(stated)
    return Severity(level, stated, rating if level == follows else None, others)


_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
_SCORE = r"\d{1,2}(?:\.\d{1,2})?(?: ?/ ?10)?"
_KIND = r"(?:severity|risk|impact|priority|rating|level|criticality|threat)"
_CVSS = r"(?:cvss ?(?:v?[234](?:\.[01])?)?(?: base)?(?: score)?[ :]{0,2})?"
_LEVEL = re.compile(
    rf"{_CVSS}(?:{_KIND}[ :]{{1,2}})?"
    rf"(?:{_SCORE}[ :,|-]{{1,3}})?"
    rf"[(\[]?({_WORD})[)\]]?(?: {_KIND})?(?:[ :,|/-]{{0,3}}[(\[]?{_CVSS}{_SCORE}[)\]]?)?\.?"
)
# From one level to the next: "medium-high", "low to medium"; "low to high" says nothing.
_RANGE = re.compile(rf"({_WORD})(?: ?[-–/] ?| to )({_WORD})")
# What a score follows from, behind it; and Drupal's own, of 25.
_VECTOR = re.compile(
    r"(?:[\s(\[,|-]{1,3}cvss:\d\.\d/\S{10,200}"
    r"|\s+\(?\d\d? ?[/\u2044\u2215] ?25\b(?:\)|\s+AC:\S{10,200})?)\s*$",
    re.IGNORECASE,
)
LONGEST = 40  # characters: more is prose


def level_of(word: str) -> str:
    """The level that a word names, alone or with a score as in "9.8 CRITICAL", the higher one of
    "medium-high"; else empty."""
    word = _VECTOR.sub("", word)
    shown = " ".join(word.lower().split()) if len(word) <= LONGEST else ""
    if match := _LEVEL.fullmatch(shown):
        return WORDS[match[1]]
    match = _RANGE.fullmatch(shown)
    ends = sorted(LEVELS.index(WORDS[one]) for one in match.groups()) if match else []
    return LEVELS[ends[1]] if ends and ends[1] - ends[0] == 1 else ""


def in_english(word: str) -> str:
    """A severity word as an English sentence tells it: the vendor's own, or the level it names."""
    word = _VECTOR.sub("", word)
    shown = " ".join(word.lower().split())
    ends = match.groups() if (match := _RANGE.fullmatch(shown)) else (shown,)
    level = level_of(word)
    if not level or any(one not in ENGLISH_WORDS for one in ends):
        return level
    return shown if word.isupper() or match or level == shown else word


def highest(words: Sequence[str]) -> str:
    """Of severity words the highest; empty without any, and where one of them names no level."""
    if not all(map(level_of, words)):
        return ""
    return max(words, key=lambda word: LEVELS.index(level_of(word)), default="")


def _stated(record: Record) -> Iterator[str]:
    """Severity words of the record itself, the outermost first, in the order of the names."""
    original = record.get("original")
    yield from _words_of(without_original(record))
    if isinstance(original, dict):
        yield from _words_of(original)
    yield from _line_of(record)


# A line of an advisory's text that is a field: "Severity: moderate", "- **Severity:** High (8.1)".
_LINE = re.compile(
    r"^[ \t]*(?:[-*][ \t]+)?\**Severity(?: (?:level|rating))?[ \t]?\**:\**[ \t]*([^\n]{3,60})$",
    re.IGNORECASE | re.MULTILINE,
)


def _line_of(record: Record) -> Iterator[str]:
    """The word on the only such line; where several flaws have one each, none is the record's."""
    found = [match[1].strip() for text in raw_bodies(record) for match in _LINE.finditer(text)]
    yield from {one for one in found if level_of(one)} if len({*found}) == 1 else ()


def _words_of(record: Record) -> Iterator[str]:
    level: list[Any] = [record]
    looked = 0
    while level and looked < MOST_HOLDERS:
        deeper: list[Any] = []
        for node in level:
            plain = {plain_key(key): value for key, value in node.items()}
            found = _FOUND if "fieldsfrom" in plain else frozenset[str]()
            own = (one for one in _OWN_NAMES if one not in found)
            names = (one for one in own if _BESIDE.get(one, plain.keys()) & plain.keys())
            words = (_word(_unsure(name, plain.get(name))) for name in names)
            yield from (word for word in words if level_of(word))
            deeper += [v for k, v in plain.items() if k in _HOLDERS and isinstance(v, dict)]
            looked += 1
        level = deeper


def _unsure(name: str, value: Any) -> Any:
    """A value of ZAP's reports without how sure it is of it: "High (Medium)"."""
    return value.partition(" (")[0] if name == "riskdesc" and isinstance(value, str) else value


def _word(value: Any) -> str:
    """The word of a field, or of an object that holds it under a name of its own, beside a score
    or a vector; of a list, the one word that all of it says, where OSV has words in place of
    scores too."""
    if isinstance(value, list):
        said = (
            map(_word, value[:MOST_OTHERS]) if not any(isinstance(v, list) for v in value) else ()
        )
        words = {one for one in said if level_of(one)}
        value = words.pop() if len(words) == 1 else ""
    if isinstance(value, dict):
        inner = {plain_key(key): item for key, item in value.items()}
        held = [inner[name] for name in _WORDS_OF if isinstance(inner.get(name), str)]
        value = next(filter(level_of, held), held[0] if held else "")
    return value.strip() if isinstance(value, str) else ""
