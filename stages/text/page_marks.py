"""Marks of the programs that build pages and of terminals: shortcodes, directives, components.

Knows WordPress, Hugo, MDX, admonitions, Confluence, BBCode and ANSI colours.  Invariant: the words
between such marks stay, and marks without their ends, or that a text speaks of, stay as they are.
"""

from __future__ import annotations

import re

_COLOURS = re.compile(r"\x1b(?:\[[0-9;?]{0,30}[A-Za-z]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\))")
_SHORTCODE = re.compile(
    r"\[/?(?:vc_|et_pb_|fusion_|av_|su_|mk_|cs_)[a-z_]{2,30}(?:[ /][^\[\]\n]{0,500})?\]"
)
_HUGO = re.compile(r"\{\{[<%] ?/? ?[a-z][\w/-]{1,40}(?: [^{}\n]{0,400})? ?/?[>%]\}\}")
_REMARK = re.compile(r"\{/\*.{0,2000}?\*/\}", re.DOTALL)
_NAMES = (
    r"(?:note|tip|info|warning|caution|danger|important|details|success|error|question|example"
    r"|hint|attention|abstract|summary)"
)
_DIRECTIVE = re.compile(
    rf"^[ ]{{0,3}}(?::{{3,}}|!!!|\?\?\?\+?)[ \t]*\{{?\.?{_NAMES}\}}?(?:\[([^\]\n]{{1,100}})\]"
    r"|[ \t]+\"?([^\"\n]{1,100}?)\"?)?[ \t]*$|^[ ]{0,3}:{3,}[ \t]*(?:\n|$)",
    re.MULTILINE | re.IGNORECASE,
)
_COMPONENT = re.compile(
    r"</?(Callout|Note|Tip|Warning|Info|Admonition|Tabs|TabItem|Tab|Cards?|CardGroup|Steps?"
    r"|Accordion|Aside|Alert|Danger|Caution|Frame|Columns?|Banner)(?:\s[^<>\n]{0,300})?/?>"
)
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
_BB_TAG = re.compile(rf"\[/?(?:{_BB})(?:=[^\[\]\n]{{1,300}})?\]", re.IGNORECASE)
_SPEAKS_OF_THEM = re.compile(
    r"BBCode|XSS|cross-site|shortcodes?\b|payload|injects?\b|inject(?:ed|ion)"
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
    first = _BB_PAIR.search(text) if "[/" in text else None
    ended = first is not None and "`" not in text and f"[/{first[1].lower()}]" in text.lower()
    if not ended or _SPEAKS_OF_THEM.search(text):
        return text
    text = _BB_CODE.sub(r"\n```\n\1\n```\n", _BB_IMAGE.sub("", text))
    return _BB_TAG.sub("", _BB_ITEM.sub("\n- ", text))


def confluence_as_html(text: str) -> str:
    """A page of Confluence as it is stored, without the macros around its text."""
    if "<ac:" not in text:
        return text
    return _CONFLUENCE.sub("", _CODE_BODY.sub(r"<pre>\1</pre>", text))


def without_page_marks(text: str) -> str:
    """Prose without marks of builders; its code has been set aside."""
    if "{{" in text or "{/*" in text:
        text = _REMARK.sub("", _HUGO.sub("", text))
    if ":::" in text or "!!!" in text or "???" in text:
        text = _DIRECTIVE.sub(lambda mark: _titled(mark[1] or mark[2]), text)
    return _COMPONENT.sub(_unless_open, text) if "<" in text else text


def _titled(title: str | None) -> str:
    return f"{title.strip()}:" if title else ""


def _unless_open(tag: re.Match[str]) -> str:
    """Nothing in place of a component's tag that ends; one without an end may be a placeholder."""
    return "" if tag[0].endswith("/>") or f"</{tag[1]}>" in tag.string else tag[0]
