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
_ONE_MARK = re.compile(_MARK)
_MARKS = re.compile(rf"{_MARK}(?:[ \t]*{_MARK})*+")
_ENDED = re.compile(r"</([A-Z][A-Za-z]+)>")
_OPENED = re.compile(r"<([A-Z][A-Za-z]+)(?:\s[^<>\n]{0,300})?(?<!/)>")
_HELD = re.compile(r"<([A-Z][A-Za-z]+)(?:\s[^<>\n]{0,300})?>([^<>]{1,2000})</\1>")
# A path, an entity or a large number is a payload's, but for the page that a card leads to.
_VALUE = r"(?:\"[\w ,:?!()'-]{0,80}\"|\{[\w ]{0,20}\})"
_HARMLESS = re.compile(
    rf"</?[A-Za-z]+(?:\s+(?!\w+=\W?\d{{4}})(?:[a-z][\w-]{{0,30}}(?:={_VALUE})?"
    r"|href=\"(?:https?:/|#)?[\w#-]{0,80}(?:/[\w#.-]{0,80}){0,12}\")){0,8}\s*/?>"
)
_SHORT = re.compile(r"\{\{[<%] ?(/?) ?([a-z][\w/-]{1,40})")
_SHOWN_ALONE = frozenset("figure gist img toc tweet vimeo youtube".split())
_BEHIND = re.compile(r"[ \t]*(\S?)")
_CONFLUENCE = re.compile(
    r"<(ac:parameter|ac:emoticon|ri:[a-z-]{2,30})\b[^<>]{0,500}(?:/>|>[^<>]{0,300}</\1>)"
    r"|</?(?:ac|ri):[a-z-]{2,30}\b[^<>]{0,500}>"
)
_CODE_BODY = re.compile(
    r"<ac:plain-text-body>\s*<!\[CDATA\[(.{0,4000}?)\]\]>\s*</ac:plain-text-body>", re.DOTALL
)
_BB = "b|i|u|s|url|img|quote|code|list|size|color|font|center"
# What only a post has: a list, a quotation or code that begins its line, or a line that is marked
# from one end to the other.  One pair alone may be what one is told to send.
_BB_POST = re.compile(
    r"^[ \t]*(?:\[(?:quote|code|list)(?:=[^\[\]\n]{1,100})?\]"
    r"|\[(b|i|u|size|color|font|center)(?:=[^\[\]\n]{1,100})?\][^\n]{1,500}\[/\1\][ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)
_BB_IMAGE = re.compile(
    r"^[ \t]*\[img(?:=[^\[\]\n]{1,100})?\][^\[\]\n]{1,500}\[/img\][ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_BB_LINK = re.compile(
    r"\[url=\"?(https?://[^\[\]\s\"]{1,300})\"?\]([^\[\]\n]{1,300})\[/url\]", re.IGNORECASE
)
_BB_CODE = re.compile(r"\[code\]\n?(.{0,4000}?)\n?\[/code\]", re.DOTALL | re.IGNORECASE)
_BB_ITEM = re.compile(r"\n?\[\*\] ?")
_BB_TAG = re.compile(rf"\[(/?)({_BB})(?:=[^\[\]\n]{{1,300}})?\]", re.IGNORECASE)
# Within a sentence, marks that a writer of prose has no use for are what it speaks of.
_BB_NAMED = re.compile(
    r"\w\[[bius]\]|(?<!\S)\[[bius]\](?!\S)|(?<!\S)\[/[bius]\]"
    r"|[\w,] ?\[(?:img|quote|code|list|size|color|font|center)[\]=]|\[size=\"?\d{3}",
    re.IGNORECASE,
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
    """A post in BBCode with the code and items of Markdown, without the rest of its marks."""
    several = text.count("[/") > 1 or "[*]" in text
    marked = several and "[/" in text and "`" not in text and _BB_POST.search(text)
    if not marked or _SPEAKS_OF_THEM.search(text) or _BB_NAMED.search(text) or not _paired(text):
        return text
    if "[/list]" in text.lower():
        text = _BB_ITEM.sub("\n- ", text)
    text = _BB_LINK.sub(_with_target, _BB_IMAGE.sub("", text))
    text = _BB_CODE.sub(r"\n```\n\1\n```\n", text)
    return _BB_TAG.sub("", text)


def _with_target(link: re.Match[str]) -> str:
    """What a link says, with where it leads: that may be what is told."""
    target, said = link.groups()
    return said if said.strip() == target else f"{said} ({target})"


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
    ended = set(_ENDED.findall(text)) | {name for end, name in _SHORT.findall(text) if end}
    built = any(_says_something(held[2]) for held in _HELD.finditer(text))
    shown: list[str] = []
    before = ""
    for line in text.split("\n"):
        runs = list(_MARKS.finditer(line))
        goes = (
            runs
            and all(_is_of_a_page(mark[0], built, ended) for mark in _ONE_MARK.finditer(line))
            and _is_builders(line, runs, before, ended)
        )
        shown.append(_MARKS.sub("", line) if goes else line)
        before = line.strip() or before
    return "\n".join(shown)


def _says_something(held: str) -> bool:
    return held.rstrip().endswith((".", "!", "?")) and len(held.split()) > 1


def _is_of_a_page(mark: str, built: bool, ended: set[str]) -> bool:
    """Whether a mark is a page's and no payload: a shortcode that ends, or one of its own kind; an
    element of a text in which one holds a sentence."""
    if short := _SHORT.match(mark):
        return short[2] in ended or short[2] in _SHOWN_ALONE
    return built and ".." not in mark and _HARMLESS.fullmatch(mark) is not None


def _is_builders(line: str, runs: list[re.Match[str]], before: str, ended: set[str]) -> bool:
    """Whether a line's marks stand alone or around sentences: any other, and one that a line with a
    colon announces, is spoken of, and one without an end may be a placeholder."""
    opened = set(_OPENED.findall(line))
    if opened - ended or (before.endswith(":") and opened <= set(_ENDED.findall(line))):
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
