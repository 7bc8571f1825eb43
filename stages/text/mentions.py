"""Tags of HTML that a text speaks of, told from those that mark it up.

Knows tags by name and what stands around them; parses nothing.  Invariant: only the `<` of a
mention changes, to `&lt;`, so that what reads markup takes it for text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

FORMATS = (
    "p|b|i|u|ul|ol|li|br|div|span|a|h[1-6]|table|thead|tbody|tr|td|th|code|pre|strong|em|sub|sup"
    "|blockquote|tt|font|hr|dl|dt|dd|small|kbd|samp|section|article|header|footer|nav|main|center"
    "|xhtml:[a-z0-9]+|html|body|head|title|figure|figcaption|details|summary|caption|del|ins"
)
HIDDEN = "script|style|noscript|template|svg|iframe|form|button|img|object|input|link|meta|embed"
VOID = frozenset("br hr img input link meta embed wbr col".split())
_ENDLESS = VOID - {"br", "hr", "wbr", "col"}  # without attributes they would show nothing
# Elements whose end may be left out, or is by the careless.
_OPTIONAL = frozenset(
    "p li br hr dt dd tr td th thead tbody html head body div span font center section main".split()
)
_HIDING = frozenset(HIDDEN.split("|")) - VOID

_BARE = rf"(?i:</?(?:{FORMATS}|{HIDDEN})\s?/?>)"
_AND = r"(?:\s?(?:[,/]|&amp;|&(?!a))\s?(?:(?:and|or)\s)?|\s(?:and|or)\s)"
_BEFORE, _AFTER = r"(?<![^\s\"'“‘`(,/])", r"(?=[\s\"'”’`),.;:/]|$)"
# "the <b> and <i> tags", "an <img> element", "tags such as <b>": with blanks or quotes around.
_CALLED = re.compile(
    rf"{_BEFORE}(?:{_BARE}{_AND}){{0,10}}{_BARE}"
    r"(?=[\"'”’`)]?\s(?:HTML |XML )?(?:tags?|elements?|blocks?|nodes?)\b)"
    r"|\b(?:tags?|elements?) (?:such as |like |named |called )?[\"'“‘`(]?"
    rf"{_BARE}(?:{_AND}{_BARE}){{0,10}}{_AFTER}"
    rf"|{_BEFORE}<(\w{{1,12}})>(?:{_AND})</\1>"
)
# An opening tag or an end without attributes, with blanks or punctuation on both sides.
_BETWEEN_WORDS = re.compile(rf"{_BEFORE}<(/?)({FORMATS}|{HIDDEN})\s?/?>{_AFTER}", re.IGNORECASE)
_HIDDEN_TAGS = re.compile(rf"<(/?)({HIDDEN})\b([^<>]{{0,2000}})>", re.IGNORECASE)

_BREAKS_OUT = (
    r"(?:(?:(?<=[\s:(`])(?:[\"'`]{1,2}\s?/?)?>|-->"
    r"|</(?:textarea|title|style|script|noscript|select)>)\s?){0,3}"
)
_PAYLOAD = re.compile(
    rf"{_BREAKS_OUT}(?:<script\b[^<>\n]{{0,200}}>[^<\n]{{0,200}}</script\s*>"
    r"|<(?P<tag>img|svg|iframe|object|embed|input|body|video|audio|details|marquee|math|a|div|p|b)\b"
    r"[^<>\n]{0,200}(?:\bon\w{3,20}\s?=|javascript:)[^<>\n]{0,200}>"
    r"(?:[^<>\n]{0,40}</(?P=tag)>)?)",
    re.IGNORECASE,
)
_IN_A_SENTENCE = re.compile(r"[\w,:(][ \"'`(]$")
_GOES_ON = re.compile(r"[\"')`]? [\w(]|[\"')`]?[.,;:]")
_READS_ON = re.compile(r"[\"')`]? [a-z]")
_LINE_ENDS = re.compile(
    r"[\"')`.]?\s*(?:$|\n|</?(?:p|br|li|div|td|tr|ul|ol|span)\b)", re.IGNORECASE
)
_ANNOUNCED = re.compile(r":\s*(?:</?(?:br|p|div|li|ul|b|strong)\s*/?>\s*)*$", re.IGNORECASE)
_ATTACKS = re.compile(
    r"\b(?:alert|prompt|confirm|print|eval|fetch)\s?[(`]|document\.|location|fromCharCode"
    r"|script\b[^>]*\bsrc\s?=",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--")
_LOOK_BACK = 60  # characters


def with_mentions(markup: str) -> str:
    """Markup in which the tags that it speaks of are text."""
    if "<" not in markup:
        return markup
    places = {place for found in _mentions(markup) for place in found}
    if not places:
        return markup
    ordered = sorted(places)
    pieces = (
        markup[a:b] for a, b in zip([0, *(p + 1 for p in ordered)], [*ordered, None], strict=True)
    )
    return "&lt;".join(pieces)


def _mentions(markup: str) -> Iterator[list[int]]:
    """Places of the brackets that begin what a text speaks of."""
    for found in _PAYLOAD.finditer(markup):
        if _is_spoken_of(found):
            yield _brackets(found)
    for found in _CALLED.finditer(markup):
        yield _brackets(found)
    low = markup.lower()
    for found in _BETWEEN_WORDS.finditer(markup):
        name = found[2].lower()
        open_ended = name not in _OPTIONAL and not found[1] and f"</{name}" not in low
        if name in _ENDLESS or open_ended:
            yield [found.start()]
    for found in _COMMENT.finditer(markup, markup.rfind("-->") + 1):
        yield [found.start()]  # no comment, since it has no end
    yield from _that_hide(markup)


def _brackets(found: re.Match[str]) -> list[int]:
    return [at for at in range(*found.span()) if found.string[at] == "<"]


def _is_spoken_of(found: re.Match[str]) -> bool:
    """Whether a payload stands in a sentence, or alone behind what announces it."""
    text, end = found.string, found.end()
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    in_sentence = _IN_A_SENTENCE.search(before) is not None
    if in_sentence and _GOES_ON.match(text, end):
        return True
    if not _ATTACKS.search(found.group()):
        return False
    announced = in_sentence or _ANNOUNCED.search(before) is not None
    return _READS_ON.match(text, end) is not None or (
        announced and _LINE_ENDS.match(text, end) is not None
    )


def _that_hide(markup: str) -> Iterator[list[int]]:
    """Tags without an end of their own that would hide the text behind them."""
    ended, following = set[str](), dict[str, str]()  # names of the tags behind, and the next one
    for tag in reversed(list(_HIDDEN_TAGS.finditer(markup))):
        end, name, attributes = tag[1], tag[2].lower(), tag[3].strip()
        bare_and_begun_anew = not attributes and following.get(name) == ""
        if name in _HIDING and not end and (name not in ended or bare_and_begun_anew):
            yield [tag.start()]
        following[name] = end
        if end:
            ended.add(name)
