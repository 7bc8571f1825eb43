"""Markdown as text: links by their words, tables and headings as lines, no emphasis.

A parser of Markdown would take backslashes for escapes and so break Windows paths; these rules
touch nothing but marks that stand where only Markdown puts them.  Invariant: code, fenced or in
backticks, and patches come out byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stages.text.code_pieces import CLOSES, OPENS
from stages.text.columns import columns_as_markdown
from stages.text.images import LOOK_BACK, in_place_of
from stages.text.markdown_tables import rows_as_lines

_TARGET = (
    r"<?(?:(?:https?|hxxps?|ftp|mailto):|www\.|/|#|\.{1,2}/)[^\s()<>]{0,2000}"
    r"(?:\([^\s()]{0,200}\))?[^\s()<>]{0,500}>?"
)
_TITLE = r"(?:\s+(?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'))?"
_SHOWN = rf"!\[[^\[\]\n]{{0,300}}\]\((?:{_TARGET}|[^\s()]{{1,500}}){_TITLE}\)"
_IMAGE = re.compile(rf"(?<!\S){_SHOWN} ?|(?<!\w){_SHOWN}")
_BREAK = r"\n(?![ \t]*(?:\n|[-*+>#|]|\d{1,3}[.)]))"  # within a paragraph
# The label may be empty: an image of a link is gone by then.
_LABEL = rf"\[((?:[^\[\]\n]|{_BREAK}|\[[^\[\]\n]{{0,60}}\]){{0,500}})\]"
_LINK = re.compile(rf"(?<!!){_LABEL}\(\s{{0,3}}{_TARGET}{_TITLE}\)")
# Of the same folder; behind a word it would be a call of something that is indexed.
_FILE = (
    r"(?:[\w.%~-]{1,80}/){0,12}(?:[\w.%~-]{0,80}\.(?:md|mdx|markdown|html?|php|aspx?|jsp|rst|adoc|txt"
    r"|pdf|png|jpe?g|gif|svg|webp|ya?ml|json|toml|py|sh|ps1|c|h|go|rs|js|ts|java|rb)"
    r"|[A-Z][A-Z_]{3,20})(?:#[\w.-]{0,100})?"
)
_LINK_TO_FILE = re.compile(rf"(?<![\w\])!]){_LABEL}\({_FILE}{_TITLE}\)")
# Without a definition of its label, or behind a word, it is an index: table[idx][val].
_REFERENCE = re.compile(r"(?<![\w\])])(!?)\[([^\[\]\n]{2,200})\]\[([\w -]{0,60})\]")
_DEFINITION = re.compile(
    r"^[ ]{0,3}\[(?:(?P<label>[^\[\]\n^][^\[\]\n]{0,79})\]:[ \t]+<?"
    r"(?:(?:https?|hxxps?|ftp|mailto):|www\.|/|\#|\.{1,2}/)[^\s<>]{1,2000}>?"
    r"(?:[ \t]+(?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|\([^()\n]{0,200}\)))?[ \t]*(?:\n|\Z)"
    r"|\^(?P<note>[\w-]{1,40})\]:[ \t]+[^\n]*(?:\n|\Z)"
    r"(?:(?:[ \t]*\n)?(?:[ ]{4}|\t)[ \t]*\S[^\n]*(?:\n|\Z)"
    r"|[ ]{2,3}\S[^\n]*(?:\n|\Z)){0,40})",
    re.MULTILINE,
)
_FOOTNOTE = re.compile(rf"(?<=[\w.,;:!?)\"'{CLOSES}])\[\^(\d{{1,3}}|[\w-]{{1,40}})\]")
_AUTOLINK = re.compile(r"<((?:https?|hxxps?|ftp|mailto):[^\s<>]{1,2000})>")
# Of reStructuredText: "`the guide <https://...>`_", and names that are defined elsewhere.
_POINTED = re.compile(
    r"`(?=\S)([^`<>]{1,200}?)(?:\s<?(?:https?://|mailto:)[^\s<>`]{1,1000}>?)?`__?(?!\w)"
)
# Behind one mark, a command or a remark in small letters stands at the prompt of root, but for a
# name that a text begins with; lines of one mark below one another, or between lines of code, are
# comments.
_HEADING = re.compile(
    r"^[ ]{0,3}#{2,6}[ \t]+([^\n]*)$"
    r"|\A# ([a-z][\w.-]{0,60}(?:(?: [—–-]|:) [^\n]{1,100})?)(?=\n\n|\Z)"
    r"|(?:\A|(?<=\n\n))[ ]{0,3}#[ \t]+(?![a-z/.$])([^\n]*)(?!\n[ ]{0,3}#[ \t])$",
    re.MULTILINE,
)
_CLOSING = re.compile(r"(?:(?<=[ \t])|^)#{1,6}$")
# The line above is a heading only where it stands alone: "---" parts letters and YAML, too.
_UNDERLINED = re.compile(
    r"(?:\A|(?<=\n\n)|(?<=--\n)|(?<===\n))(?![\w.-]+: )(\S[^\n]{0,150})\n"
    r"(?:={3,}|-{3,}|~{3,})[ \t]*$",
    re.MULTILINE,
)
_RULE = re.compile(
    r"^[ ]{0,3}(?:-[ ]?){3,}$|^[ ]{0,3}(?:\*[ ]?){3,}$|^[ ]{0,3}(?:_[ ]?){3,}$", re.M
)
# Lines that begin so are quoted if the first is prose: "> 2.0" is a range of versions.
_QUOTED = re.compile(
    r"^[ ]{0,3}>[ ]?(?=(?:>[ ]?){0,5}(?:[^\W\d_]|[\"'“„«(*_\[`#\x02]|- ))(?!v\d)[^\n]*"
    r"(?:\n[ ]{0,3}>[^\n]*)*",
    re.MULTILINE,
)
_QUOTE = re.compile(r"^[ ]{0,3}(?:>[ ]?){1,6}", re.MULTILINE)
_ALERT = re.compile(r"^\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*\n?", re.MULTILINE)
# No item: a line of a comment in C, the minutes of a crontab, a line that a patch adds.
_STARRED = re.compile(
    r"^[ \t]{0,40}/\*.{0,1000}?\*/"
    r"|^([ \t]*)\*(?=[ \t]+\S)(?![ \t]+(?:[*\d][\w*/,-]{0,20}[ \t]+){3})",
    re.MULTILINE | re.DOTALL,
)
_ADDED = re.compile(r"^([ \t]*)\+(?= \S)", re.MULTILINE)
_CHANGES = re.compile(
    r"^(?:@@ |\+\+\+ |diff |-[^\n]*\n\+|\+[^\n]*\n-|\+ [^\n]*[;{}(][ \t]*$)", re.MULTILINE
)
_CHECKBOX = re.compile(r"^([ \t]*- )\[([ xX])\][ \t]+", re.MULTILINE)
# Emphasis opens before a letter or quote and closes behind one: globs and dunders are not it.
_OPENS = r"(?<![^\s(\"'\[>—-])"  # at the beginning of a word, not within an address or path
_CLOSES = rf"(?<=[\w\"').!?:\]{CLOSES}])"
_STRONG = re.compile(
    rf"{_OPENS}(\*\*\*|\*\*)(?=[\w\"'(\[>=<~@{OPENS}])((?:[^*\n]|{_BREAK}){{1,400}}?){_CLOSES}\1(?![\w*])"
)
# Signs of code are not emphasized: "int *a; char* b", and what is quoted so is a pattern: "*x*";
# of one word it may be a pattern wherever a text has no other marks, but for a word of grammar.
_EMPHASIS = re.compile(
    rf"{_OPENS}(?<![\"'])\*(?=[A-Za-z\"'({OPENS}]|\d{{1,2}} [A-Z][a-z]{{2}})"
    rf"((?:[^*\n\\/;={{}}<>|&]|{_BREAK}){{1,400}}?)"
    rf"{_CLOSES}\*(?![\w*])"
)
# A paragraph in italics, whatever signs are in it.
_REMARK = re.compile(r"^\*(?=[A-Z])((?:[^\s*]+ ){5,150}[^\s*]*[.!?])\*$", re.MULTILINE)
_MENU = re.compile(rf"{_OPENS}\*([A-Z][\w ]{{1,30}}(?: > [A-Z][\w ]{{1,30}}){{1,5}})\*(?![\w*])")
_WORDS = re.compile(
    r"[^\n]* [^\n]*|(?:and|or|not|no|any|all|only|each|every|both|must|may|can|should|never"
    r"|always|very|this|that|these|does|do|is|are|was|were|will|without|before|after|if|more|same|other"
    r"|down|up|[a-z]{3,}ly)",
    re.IGNORECASE,
)
_ONE_WORD = re.compile(r"[A-Za-z]+(?:['’-][a-z]+)?[.,!?]?")
_PROSE_WORD = re.compile(r"(?<!\S)[a-z]+(?=[ ,;.!?]|$)")
FEWEST_WORDS = 3  # of prose around a word that is stressed
_OF_PATTERNS = re.compile(
    r"\b(?:match\w*|patterns?|wildcards?|glob\w*|filter\w*|search\w*|find|finds|grep|like|contain\w*"
    r"|includ\w*|exclud\w*|names?|named|files?|filenames?|folders?|paths?|process\w*|commands?|quer(?:y"
    r"|ies)|strings?|keywords?|rules?|subjects?|extensions?|domains?|hosts?|select\w*|where|regex\w*"
    r"|detect\w*|block\w*|allow\w*|den(?:y|ies)|events?|fields?|values?|images?|urls?|starts?|ends?"
    r"|lists?|type|enter|run|runs|del|rm|copy|set|star|asterisks?)\b",
    re.IGNORECASE,
)
# Of one word, underscores may be part of a name.
_UNDERSCORES = re.compile(
    rf"{_OPENS}(__|_)(?=[A-Za-z])([^_\n\\/]{{1,200}}? [^_\n\\/]{{0,200}}?)(?<=[\w.!?])\1"
    r"(?![\w\\/.(])"
)
# A pair of underscores counts where a text has other marks: "_start and main_" are names.
_IS_MARKDOWN = re.compile(
    r"[`\x02]|\]\(|\*\*|^[ ]{0,3}#{2,6}[ \t]|__[^\W_][^\n_]* [^\n_]*__", re.MULTILINE
)
_STRUCK = re.compile(r"(?<![~\w/\\])~~([^~\n]{1,300})~~(?![~\w/\\])")


def plain_prose(text: str) -> str:
    """The text without Markdown's marks where its code has been set aside."""
    marked = _IS_MARKDOWN.search(text) is not None
    if "[" in text or "<" in text or "`_" in text:
        text = _without_links(text)
    if "   " in text:
        text = columns_as_markdown(text)
    if "|" in text:
        text = rows_as_lines(text)
    text = _HEADING.sub(_titled, _UNDERLINED.sub(_titled, text))
    text = _QUOTED.sub(_unquoted, _RULE.sub("", text))
    text = _ticked(_bulleted(text))
    if "*" in text:
        text = _set_off(text)
        text = _REMARK.sub(r"\1", text)
        text = _MENU.sub(r"\1", _STRONG.sub(r"\2", text))
        text = _EMPHASIS.sub(lambda m: m[1] if marked or _is_emphasis(m) else m[0], text)
    text = _STRUCK.sub(r"\1", text)
    return _UNDERSCORES.sub(r"\2", text) if marked else text


def _ticked(text: str) -> str:
    """A list without its boxes; what is done of it says so where something else is not."""
    boxes = {found[2] for found in _CHECKBOX.finditer(text)}
    done = "[done] " if " " in boxes and len(boxes) > 1 else ""
    return _CHECKBOX.sub(lambda one: f"{one[1]}{done if one[2] != ' ' else ''}", text)


# What a paragraph begins with in strong letters, "**Fix** Move it" or "**Steps**" above a list.
_RUN_IN = re.compile(
    r"(?:^|(?<=\n))\*\*([A-Z][^*\n]{0,60}[\w)])\*\*(?=[ \t]*\n(?![ \t]*(?:\n|$))|[ \t]+[A-Z\"'(\d])"
)
_AS_HEADING = re.compile(r"(?:^|\n\n)\*\*[A-Z][^*\n]{0,60}\*\*")
FEWEST_RUN_IN = 3  # paragraphs of a text; a name in one or two is no heading


def _set_off(text: str) -> str:
    """The text with a colon behind the headings that its paragraphs begin with."""
    several = len(_AS_HEADING.findall(text)) >= FEWEST_RUN_IN
    return _RUN_IN.sub(r"**\1:**", text) if several else text


def _is_emphasis(found: re.Match[str]) -> bool:
    """Whether stars stress what is between them in a text without other marks: several words, a
    word of grammar, or a word of a sentence that has no other star and speaks of no pattern."""
    if _WORDS.fullmatch(found[1]):
        return True
    text = found.string
    start, end = (_near(text, found.start(), -1), _near(text, found.end(), 1))
    before, behind = text[start : found.start()], text[found.end() : end]
    others = _EMPHASIS.sub("", f"{before} . {behind}")
    prose = len(_PROSE_WORD.findall(others)) >= FEWEST_WORDS
    return bool(
        prose
        and "*" not in others
        and _ONE_WORD.fullmatch(found[1])
        and not _OF_PATTERNS.search(others)
    )


def _near(text: str, place: int, way: int) -> int:
    """Where the sentence ends that a place is in, or begins (`way` is -1)."""
    marks = (". ", "? ", "! ", "\n")
    if way < 0:
        return max(text.rfind(mark, 0, place) for mark in marks) + 1
    return min((at for mark in marks if (at := text.find(mark, place)) >= 0), default=len(text))


def _without_links(text: str) -> str:
    """A text with the words of its links, without images and footnotes."""
    labels, notes = frozenset(_labels(text)), frozenset(_notes(text))
    text = _POINTED.sub(r"\1", text) if "`_" in text else text
    text = _IMAGE.sub(_pictured, _DEFINITION.sub("", text))
    text = _LINK_TO_FILE.sub(r"\1", _LINK.sub(r"\1", text))
    text = _AUTOLINK.sub(
        r"\1", _FOOTNOTE.sub(lambda m: "" if m[1].isdigit() or m[1] in notes else m[0], text)
    )
    return _REFERENCE.sub(lambda m: _referred(m, labels), text) if labels else text


def _labels(text: str) -> Iterator[str]:
    """What a text defines addresses for."""
    if "]:" in text:
        yield from ((match["label"] or "").lower() for match in _DEFINITION.finditer(text))


def _notes(text: str) -> Iterator[str]:
    """What a text has footnotes for; of any other label "[^a]" may be a pattern."""
    if "[^" in text:
        yield from (match["note"] for match in _DEFINITION.finditer(text) if match["note"])


def _referred(found: re.Match[str], labels: frozenset[str]) -> str:
    """The words of a link by reference, an image's place; text of a label that is none."""
    image, words, label = found.groups()
    if (label or words).lower() not in labels:
        return found[0]
    return _in_its_place(found, words) if image else words


def _in_its_place(image: re.Match[str], called: str) -> str:
    return in_place_of(image.string[max(0, image.start() - LOOK_BACK) : image.start()], called)


def _pictured(found: re.Match[str]) -> str:
    shown = _in_its_place(found, found[0][2:].partition("]")[0])
    return f"{shown} " if shown and found[0].endswith(" ") else shown


def _unquoted(lines: re.Match[str]) -> str:
    return _ALERT.sub("", _QUOTE.sub("", lines[0]))


def _bulleted(text: str) -> str:
    """The items of lists with the mark that all share."""
    if "+ " in text and not _CHANGES.search(text):
        text = _ADDED.sub(r"\1-", text)
    return _STARRED.sub(lambda found: found[0] if found[1] is None else f"{found[1]}-", text)


def _titled(match: re.Match[str]) -> str:
    """A heading as a line that no sentence is taken from: it ends with a colon."""
    title = _CLOSING.sub("", match[match.lastindex or 1].strip()).strip("*_").strip()
    return title if not title or title.endswith((":", "?", "!", ".")) else f"{title}:"
