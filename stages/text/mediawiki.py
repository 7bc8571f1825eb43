"""Pages of MediaWiki as Markdown: links by their words, no references, templates or boxes.

Knows the marks of wikitext; fetches no template.  Invariant: a template within a sentence leaves
the one thing that it is given, if it is given one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BOLD = re.compile(r"'''(?=[\w\"(])([^\n]{1,300}?)(?<=[\w.)\"!?])'''")
_HEADING = re.compile(r"^(={2,5})[ \t]*([^=\n]{1,100}?)[ \t]*\1[ \t]*$", re.MULTILINE)
_REFERENCE = re.compile(
    r"<ref(?:\s[^<>]{0,300})?/>|<ref(?:\s[^<>]{0,300})?>(?:(?!<ref).){0,3000}?</ref\s*>",
    re.DOTALL | re.I,
)
_LINK = re.compile(r"\[\[:?([^\W\d_][^\[\]\n|]{0,200})(?:\|([^\[\]\n]{0,300}))?\]\]")
_TEMPLATE = re.compile(r"\{\{([A-Za-z][^{}]{0,4000})\}\}")
_BOX = re.compile(r"\{\{\s*(?:infobox|short description|navbox)\b", re.IGNORECASE)
_AWAY = re.compile(
    r"\[\[(?:File|Image|Category|Datei|Bild|Kategorie|Fichier|Catégorie|Archivo|Categoría)\s?:"
    r"[^\[\]\n]{0,500}(?:\[\[[^\[\]\n]{0,200}\]\][^\[\]\n]{0,300}){0,8}\]\][ \t]*\n?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\[(?:https?:)?//[^\s\[\]]{1,1000}(?: ([^\[\]\n]{1,300}))?\]")
_ITALIC = re.compile(r"''(?=[\w\"(])([^\n']{1,300}?)(?<=[\w.)\"!?])''")
_SOURCE = re.compile(
    r"<(syntaxhighlight|source)(?:\s[^<>]{0,200})?>\n?((?:(?!<\1).)*?)\n?</\1\s*>", re.DOTALL | re.I
)
_FENCED = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
_NOWIKI = re.compile(r"</?nowiki\s?/?>", re.IGNORECASE)
_SWITCH = re.compile(r"__[A-Z]{3,20}__[ \t]*\n?")
_ITEM = re.compile(r"^([*#:;]{1,8})[ \t]*(?=\S)", re.MULTILINE)
_TABLE = re.compile(r"^\{\|[^\n]*\n((?:(?!\{\||\|\})[^\n]*\n)*)\|\}", re.MULTILINE)
_ATTRIBUTES = re.compile(r"\s*(?:[\w-]+\s?=\s?(?:\"[^\"]*\"|'[^']*'|[\w%#-]+)\s*)+\|(?!\|)")
_DROPPED = re.compile(
    r"(?:cite|citation|cn\b|fact\b|main\b|see|further|about|other|use |reflist|refn?\b|sfn|harv"
    r"|efn|note|rp?\b|as of|when|who|by whom|clarify|dead|webarchive|toc|clear|div|col|anchor"
    r"|redirect|distinguish|portal|commons|authority|infobox|navbox|short|stub|more|unreferenced"
    r"|update|pp-|good article|defaultsort|default|coord|flag|icon|#|failed|better|unreliable)",
    re.IGNORECASE,
)
_MOST_NESTED = 8


def is_mediawiki(text: str) -> bool:
    """Whether two kinds of its marks stand in a text, one of them one that makes its form."""
    if not any(mark in text for mark in ("'''", "==", "<ref", "{{")):
        return False
    forms = [_BOLD.search(text), _HEADING.search(text), _REFERENCE.search(text), _BOX.search(text)]
    others = [_LINK.search(text), _TEMPLATE.search(text)]
    found = [one for one in (*forms, *others) if one]
    return any(forms) and len(found) > 1


def mediawiki_as_markdown(text: str) -> str:
    """Wikitext with the marks of Markdown, and without what says nothing in a text."""
    text = _SOURCE.sub(r"\n```\n\2\n```\n", _REFERENCE.sub("", text))
    pieces = _FENCED.split(text)
    return "".join(one if number % 2 else _prose(one) for number, one in enumerate(pieces))


def _prose(text: str) -> str:
    for _ in range(_MOST_NESTED):
        text, count = _TEMPLATE.subn(_shown, text)
        if not count:
            break
    text = _TABLE.sub(lambda table: "\n".join(_rows(table[1])), _AWAY.sub("", text))
    text = _LINK.sub(lambda link: link[2] or link[1], text)
    text = _ADDRESS.sub(lambda link: link[1] or "", text)
    text = _ITALIC.sub(r"\1", _BOLD.sub(r"\1", text.replace("'''''", "'''")))
    text = _SWITCH.sub("", _NOWIKI.sub("", _ITEM.sub(_marked, text)))
    return _HEADING.sub(r"\n## \2\n", text)


def _shown(template: re.Match[str]) -> str:
    """What a template leaves of itself."""
    name, *given = (part.strip() for part in template[1].split("|"))
    plain = [part for part in given if part and not re.match(r"[\w -]{1,40}=", part)]
    if name.lower() in ("lang", "transl") and len(plain) == 2:
        return plain[1]
    if len(plain) != 1 or _DROPPED.match(name) or _is_a_line(template):
        return ""
    return f"CVE-{plain[0]}" if name.lower() == "cve" and plain[0][:1].isdigit() else plain[0]


def _is_a_line(found: re.Match[str]) -> bool:
    before = found.string[: found.start()].rpartition("\n")[2]
    behind = found.string[found.end() :].partition("\n")[0]
    return not before.strip() and not behind.strip()


def _marked(item: re.Match[str]) -> str:
    marks = item[1]
    return f"{'  ' * (len(marks) - 1)}- " if marks[-1] in "*#" else ""


def _rows(table: str) -> Iterator[str]:
    """The rows of a table in Markdown, under its headings if it has any."""
    rows = [list(_cells(row)) for row in re.split(r"^\|-[^\n]*$", table, flags=re.MULTILINE)]
    rows = [row for row in rows if row]
    if not rows:
        return
    first = re.sub(r"\A\s*\|[+-][^\n]*\n", "", table.lstrip()).lstrip()
    head = rows.pop(0) if first.startswith("!") else [""] * len(rows[0])
    yield f"\n| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _cells(row: str) -> Iterator[str]:
    for line in row.split("\n"):
        line = line.strip()
        if line[:1] in ("!", "|") and line[:2] not in ("|+", "|-"):
            for cell in re.split(r"\|\||!!", line[1:]):
                yield _ATTRIBUTES.sub("", cell, count=1).strip().replace("|", "\\|")
