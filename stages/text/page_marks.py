"""Marks of the programs that build pages and of terminals: shortcodes, directives, components.

Knows WordPress, Hugo, MDX, admonitions, Confluence, BBCode and ANSI colours.  Invariant: the words
between such marks stay; marks without their ends, in a sentence or spoken of stay as they are.
"""

from __future__ import annotations

import re

# An order that moves or clears is what a text speaks of.
_COLOURS = re.compile(r"\x1b(?:\[[0-9;]{0,30}[mK]|\]8;[^\x07\x1b\n]{0,200}(?:\x07|\x1b\\))")
_SHORTCODE = re.compile(
    r"\[/?(?:vc_|et_pb_|fusion_|av_|su_|mk_|cs_)[a-z_]{2,30}(?:[ /][^\[\]\n]{0,500})?\]"
)
_HUGO = r"\{\{[<%] ?/? ?[a-z][\w/-]{1,40}(?: [^{}\n]{0,400})? ?/?[>%]\}\}"
_REMARK = re.compile(r"^[ \t]*\{/\*.{0,2000}?\*/\}[ \t]*$", re.DOTALL | re.MULTILINE)
_NAMES = (
    r"(?:note|tip|info|warning|caution|danger|important|details|success|error|question|example"
    r"|hint|attention|abstract|summary)"
)
_DIRECTIVE = re.compile(
    rf"^[ ]{{0,3}}(?::{{3,}}|!!!|\?\?\?\+?)[ \t]*\{{?\.?{_NAMES}\}}?(?:\[([^\]\n]{{1,100}})\]"
    r"|[ \t]+\"?([^\"\n]{1,100}?)\"?)?[ \t]*$|^[ ]{0,3}:{3,}[ \t]*(?:\n|$)",
    re.MULTILINE | re.IGNORECASE,
)
_COMPONENT = (
    r"</?(?:Callout|Note|Tip|Warning|Info|Admonition|Tabs|TabItem|Tab|Cards?|CardGroup|Steps?"
    r"|Accordion|Aside|Alert|Danger|Caution|Frame|Columns?|Banner)(?:\s[^<>\n]{0,300})?/?>"
)
_MARK = rf"(?:{_HUGO}|{_COMPONENT})"
_MARKS = re.compile(rf"{_MARK}(?:[ \t]*{_MARK})*+")
_ENDED = re.compile(r"</([A-Z][A-Za-z]+)>")
_OPENED = re.compile(r"<([A-Z][A-Za-z]+)(?:\s[^<>\n]{0,300})?(?<!/)>")
_BEHIND = re.compile(r"[ \t]*(\S?)")
_CONFLUENCE = re.compile(
    r"<(ac:parameter|ac:emoticon|ri:[a-z-]{2,30})\b[^<>]{0,500}(?:/>|>[^<>]{0,300}</\1>)"
    r"|</?(?:ac|ri):[a-z-]{2,30}\b[^<>]{0,500}>"
)
_CODE_BODY = re.compile(
    r"<ac:plain-text-body>\s*<!\[CDATA\[(.{0,4000}?)\]\]>\s*</ac:plain-text-body>", re.DOTALL
)
_BB = "b|i|u|s|url|img|quote|code|list|size|color|font|center"
_BB_PAIR = re.compile(rf"\[({_BB})(?:=[^\[\]\n]{{1,300}})?\][^\[]", re.IGNORECASE)
_BB_IMAGE = re.compile(r"\[img(?:=[^\[\]\n]{1,100})?\][^\[\]\n]{1,500}\[/img\]", re.IGNORECASE)
_BB_CODE = re.compile(r"\[code\]\n?(.{0,4000}?)\n?\[/code\]", re.DOTALL | re.IGNORECASE)
_BB_ITEM = re.compile(r"\n?\[\*\] ?")
_BB_TAG = re.compile(rf"\[(/?)({_BB})(?:=[^\[\]\n]{{1,300}})?\]", re.IGNORECASE)
_BB_NAMED = re.compile(
    r"(?:\w\[[bius]\]|(?<!\S)\[[bius]\](?!\S)|(?<!\S)\[/[bius]\])", re.IGNORECASE
)
_SPEAKS_OF_THEM = re.compile(
    r"BBCode|XSS|cross-site|shortcodes?\b|payload|injects?\b|inject(?:ed|ion)"
    r"|javascript:|\bon[a-z]{3,20}\s?=",
    re.IGNORECASE,
)


def without_colours(text: str) -> str:
    """A text without the orders to a terminal that it was printed with."""
    return _COLOURS.sub("", text) if "\x1b" in text else text


def without_shortcodes(text: str) -> str:
    """A text without the shortcodes of a page, some of which end."""
    spoken_of = "[/" not in text or _SPEAKS_OF_THEM.search(text)
    ended = any(one.startswith("[/") for one in _SHORTCODE.findall(text))
    return text if spoken_of or not ended else _SHORTCODE.sub("\n", text).strip()


def bbcode_as_markdown(text: str) -> str:
    """A text in BBCode with the code and items of Markdown, without the rest of its marks."""
    marked = "[/" in text and "`" not in text and _BB_PAIR.search(text)
    if not marked or _SPEAKS_OF_THEM.search(text) or _BB_NAMED.search(text) or not _paired(text):
        return text
    if "[/list]" in text.lower():
        text = _BB_ITEM.sub("\n- ", text)
    text = _BB_CODE.sub(r"\n```\n\1\n```\n", _BB_IMAGE.sub("", text))
    return _BB_TAG.sub("", text)


def _paired(text: str) -> bool:
    """Whether each mark ends the one that was begun last; else some are what a text speaks of."""
    begun: list[str] = []
    for end, name in _BB_TAG.findall(text):
        if not end:
            begun.append(name.lower())
        elif not begun or begun.pop() != name.lower():
            return False
    return not begun


def confluence_as_html(text: str) -> str:
    """A page of Confluence as it is stored, without the macros around its text."""
    shown = text.strip()
    if "<ac:" not in text or shown[0] != "<" or not (shown[-1] == ">" or "</p>" in text):
        return text
    return _CONFLUENCE.sub("", _CODE_BODY.sub(r"<pre>\1</pre>", text))


def without_page_marks(text: str) -> str:
    """Prose without marks of builders; its code has been set aside."""
    text = _REMARK.sub("", text) if "{/*" in text else text
    if ":::" in text or "!!!" in text or "???" in text:
        text = _DIRECTIVE.sub(lambda mark: _titled(mark[1] or mark[2]), text)
    return _without_marks(text) if "{{" in text or "<" in text else text


def _titled(title: str | None) -> str:
    return f"{title.strip()}:" if title else ""


def _without_marks(text: str) -> str:
    """A text without marks that stand on their lines or around whole sentences."""
    ended = set(_ENDED.findall(text))
    shown: list[str] = []
    before = ""
    for line in text.split("\n"):
        shown.append(_MARKS.sub("", line) if _is_builders(line, before, ended) else line)
        before = line.strip() or before
    return "\n".join(shown)


def _is_builders(line: str, before: str, ended: set[str]) -> bool:
    """Whether a line's marks belong to its page: a sentence, or a line with a colon above, speaks
    of them, and one without an end may be a placeholder."""
    runs = list(_MARKS.finditer(line))
    if not runs or not ended.issuperset(_OPENED.findall(line)):
        return False
    if before.endswith(":") and line.rstrip().endswith(("/>", "}}")):
        return False
    start = 0
    for run in runs:
        said = line[start : run.start()].strip(" \t>*+-")
        behind = _BEHIND.match(line, run.end())
        begins = not said or said.endswith((".", "!", "?")) or run[0].startswith("</")
        if not begins or (behind and behind[1].islower()):
            return False
        start = run.end()
    return True
