"""Lines that lead through a page: menus, buttons to share it, ways back.

Knows how such lines read in whole, and where they stand.  Invariant: a word that a text may speak
of, "Cookies" or "Log in", goes only at the top or the foot of a page, never out of a list.
"""

from __future__ import annotations

import re

from stages.text.sentences import is_whole

LONGEST_NAVIGATION = 120  # characters
MARKS = "*_#>-=|[]() \t•·"  # around a line that is shown

_SHARE = r"(?:share|tweet|pin|email|print|save|follow)"
_WHERE = (
    r"(?: (?:this|us|it|page|article|post|on|via|to|by|and|twitter|facebook|linkedin|reddit"
    r"|whatsapp|x|email|mastodon|bluesky|telegram|pinterest|instagram|youtube|pdf))"
)
_BUTTON = (
    rf"(?:{_SHARE}{_WHERE}{{0,6}}|subscribe|bookmark|copy link|rss|twitter|facebook|linkedin|reddit"
    r"|whatsapp|mastodon|x|pdf)"
)
_DATE = (
    r"(?:[a-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}\.? [a-z]{3,9}\.?,? \d{4}"
    r"|\d[\d/.-]{5,9})"
)
_READ = r"(?:(?:estimated )?reading time:? ?\d+ ?min(?:ute)?s?|\d+ min(?:ute)?s? read)"
_BY = r"by [a-z][\w.'-]{0,20}(?: [\w.'-]{1,20}){1,3}"
# Whatever stands around it, the line says nothing.
_ALWAYS = (
    r"skip to (?:main |the )?(?:content|navigation)|(?:back|go) to top|table of contents"
    r"|toggle navigation|main menu",
    r"(?:read|learn|show|view|see|load) (?:more|less|all)(?: about this| details| »| >|\.{3}|…)?",
    rf"(?:(?!follow us){_SHARE}{_WHERE}{{1,6}}|share{_WHERE}{{1,6}}:)(?:[,|·•/]?{_WHERE}){{0,8}}"
    rf"|(?=.*\b(?:{_SHARE}|subscribe)\b){_BUTTON}(?: ?[|·•,] ?{_BUTTON}){{1,8}}",
    r"(?:previous|prev|next|older|newer) (?:post|article|page|entry)"
    r"(?: ?(?:\||/|·|»|›) ?(?:previous|prev|next|older|newer) (?:post|article|page|entry))?"
    r"|(?:previous|prev|older) ?(?:\||/|·|»|›) ?(?:next|newer)",
    r"subscribe (?:to (?:our|the|this) [\w -]{1,40}|now|today|here)"
    r"|advertisement|sponsored content|related (?:posts|articles):?|comments are closed"
    rf"|posted on {_DATE}(?: by [\w .-]{{1,40}})?"
    r"|(?:leave a|no|\d+) (?:comment|repl)(?:s|y|ies)?"
    r"|your e-?mail address will not be published\b.{0,60}|required fields are marked"
    r"|save my name, e-?mail,? and website in this browser\b.{0,60}",
    rf"(?:last )?(?:updated|modified|reviewed)(?: on)?:? ?{_DATE}(?: ?[|·•] ?{_READ})?"
    rf"|(?:(?:published|posted)(?: on)?:? ?)?{_DATE} ?[|·•] ?{_READ}|{_READ}"
    rf"|{_BY} ?[|·•] ?(?:{_DATE} ?[|·•] ?)?{_READ}",
    r"page \d{1,4}(?: of \d{1,4})?|accept (?:all )?cookies?|cookie (?:settings|preferences)",
    r"(?:about(?: us)?|contact(?: us)?|privacy(?: policy)?|terms(?: of (?:use|service))?|careers"
    r"|products|solutions|support|blog|news|login|home|search|pricing|resources)"
    r"(?: {0,3}[|·•>/] {0,3}\w(?:[\w ]{0,22}\w)?){2,12}",
    r"zum (?:haupt)?inhalt springen|weiterlesen|mehr (?:erfahren|lesen|anzeigen)|nach oben"
    r"|aller au contenu(?: principal)?|lire la suite|en savoir plus|haut de page"
    r"|(?:saltar|ir) al contenido(?: principal)?|leer más|volver arriba|ler mais|leia mais"
    r"|leggi tutto|vai al contenuto|lees meer|читать далее|подробнее|続きを読む|阅读更多|阅读全文",
)
# Ways of a product's menu, steps and things stolen read the same.
_AT_THE_EDGE = (
    # What stands between two marks begins and ends without a blank: else a line of many marks
    # could be read in so many ways that it takes seconds.
    r"(?:home|start|startseite|accueil|inicio)"
    r"(?: {0,3}[|>»/›] {0,3}[\w&-](?:[\w &-]{0,38}[\w&-])?){1,8}",
    r"contents:?|menu|search(?: this site)?|sign in|log ?in|sign up|register|home|share|tweet|pin"
    r"|email|print|save|follow|previous|prev|next|older|newer|subscribe|loading(?:\.{3})?"
    r"|cookies?|sponsored"
    r"|about us|contact us|privacy policy|terms of (?:use|service)|posted (?:in|by) [\w ,:-]{1,60}",
    rf"{_BY} ?[|·•,] ?{_DATE}",
    # What a page offers, and what a lure in its midst does.
    r"(?:request|book|schedule|get|see) (?:a|your|our) (?:free |live |personal(?:ized)? )?demo\b"
    r"[\w ]{0,30}\.?|(?:start|begin|get) (?:a|your) (?:[\w-]{1,8} )?free trial\b[\w ]{0,30}\.?"
    r"|(?:sign up|subscribe) (?:for|to) (?:our|the|a) [\w ]{0,30}newsletter\b.{0,60}"
    r"|(?:contact|talk to|speak with) (?:us|sales|our (?:sales )?(?:team|experts))"
    r"(?: today| now)?(?: to (?:learn|find out) more(?: about (?:our|us|how we)\b.{0,40})?)?\.?",
    r"(?:(?:did you )?(?:found|find|liked?|enjoy(?:ed)?) (?:this|our) (?:article|post|story"
    r"|report)\b[\w ]{0,20}[?!.,] )?follow us on [\w ,/&()@-]{1,40}"
    r"(?: (?:to|for) (?:read|see|get|more|stay)\b.{0,60})?\.?",
)
# The words under which a page is filed stand below its text, those of a rule have dots or digits;
# of two ways, one may be what a text speaks of.
_AT_THE_FOOT = (
    r"(?:tags?|tagged(?: (?:with|as))?|filed under|posted in|categor(?:y|ies)"
    r"(?=[^\n]*[,|·•#]|: ?(?:news|blog|research|articles?|updates?|general)$)):"
    r" ?[a-z][a-z &'/-]{0,30}(?:[,|•·#] ?[a-z][a-z &'/-]{0,30}){0,15}",
    r"(?:terms|privacy|contact|imprint|legal|sitemap|cookies)(?: (?:of (?:use|service)|policy|us))?"
    r"(?: ?[|·•] ?(?:terms|privacy|contact|imprint|legal|sitemap|cookies)"
    r"(?: (?:of (?:use|service)|policy|us))?){1,6}",
    # A title, and no sentence on what another page says.
    r"read (?:next|also|more|on): ?(?!.*\b(?:is|are|was|were|has|have|had|will|can|may|must|says?"
    r"|said|that|which|who)\b)(?-i:[A-Z0-9]).{1,100}(?<!\.)",
    r"(?:for|if you have)(?: any)?(?: further| more)? (?:questions|information|enquiries),?"
    r"(?: please)?"
    r" (?:write(?: an e-?mail)? to|contact|e-?mail)(?: us(?: at)?)?"
    # Of a publisher: the one that a lure or a ransom note names is what it wants to be asked.
    r" (?:[\w-]{0,20}psirt|[\w-]{0,20}cert|csirt|security|press|media|editors?|newsroom"
    r"|desk)@\S{1,60}",
    rf"(?:revision|version|document) history:?|\d{{1,2}}\.\d{{1,2}} ?[|:–-]? ?{_DATE} ?[|:–-]? ?"
    r"(?:initial|first) (?:version|release|publication)\.?",
)


def _one_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)


_ALWAYS_RE, _EDGE_RE = _one_of(_ALWAYS), _one_of(_AT_THE_EDGE)
_FOOT_RE = _one_of((*_AT_THE_EDGE, *_AT_THE_FOOT))
# Behind a sentence on such things, they may be what it tells.
_OF_FIELDS = re.compile(
    r"\b(?:fields?|tags?|headers?|attributes?|parameters?|categor(?:y|ies))\b", re.I
)
_RELATED = re.compile(r"[\W_]{0,6}related (?:posts|articles|stories)\W{0,6}", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[-*+•·–]|\d{1,3}[.)])\s")


def without_navigation(lines: list[str]) -> list[str]:
    """The lines of a text but those that lead through its page; a text of one word stays."""
    lines = _without_related(lines)
    lines = [line for line, told in zip(lines, _told(lines), strict=True)
             if told or not _is(_ALWAYS_RE, line)]  # fmt: skip
    said = [at for at, line in enumerate(lines) if line.strip() and not _is(_EDGE_RE, line)]
    if not said:
        return (
            lines if sum(bool(line.strip()) for line in lines) < 2 and not _has_ways(lines) else []
        )
    below = [at for at in said if not _is(_FOOT_RE, lines[at])] or said
    first, last = _top(lines, said[0]), _foot(lines, below[-1])
    return [
        line for at, line in enumerate(lines)
        if not _is(_EDGE_RE if at < first else _FOOT_RE, line) or first <= at < last
    ]  # fmt: skip


def _without_related(lines: list[str]) -> list[str]:
    """The lines of a text without the list of other articles that it ends with."""
    at = next((at for at, line in enumerate(lines) if at and _RELATED.fullmatch(line)), len(lines))
    below = [line for line in lines[at + 1 :] if line.strip() and not _is(_ALWAYS_RE, line)]
    short = all(_ITEM.match(line) and len(line) <= LONGEST_NAVIGATION for line in below)
    return lines[:at] if short else lines


def _has_ways(lines: list[str]) -> bool:
    return any(mark in line for line in lines for mark in "|>»›")


def _told(lines: list[str]) -> list[bool]:
    """Of each line whether it is an item of a list that a line with a colon announces."""
    told: list[bool] = []
    announced = False
    for line in lines:
        item = _ITEM.match(line) is not None
        told.append(item and announced)
        if line.strip() and not item:
            announced = line.rstrip().endswith(":")
    return told


def _top(lines: list[str], said: int) -> int:
    """Where the text begins: a list is not begun with its second item."""
    while said and _ITEM.match(lines[said]) and _ITEM.match(lines[said - 1]):
        said -= 1
    return said


def _foot(lines: list[str], said: int) -> int:
    """Where the text ends: behind a whole sentence, and lines with the marks of items."""
    line = lines[said]
    if not is_whole(line) or _ITEM.match(line) or _OF_FIELDS.search(line[-120:]):
        return len(lines)
    end = len(lines)
    while end > said + 1 and not _ITEM.match(lines[end - 1]):
        end -= 1
    return end


def _is(pattern: re.Pattern[str], line: str) -> bool:
    """Whether a line is what a pattern says; the items of HTML's lists have got a full stop."""
    shown = line.strip(MARKS)
    shown = shown.rstrip(".") if pattern is _ALWAYS_RE or _ITEM.match(line) else shown
    return 0 < len(shown) <= LONGEST_NAVIGATION and pattern.fullmatch(shown) is not None
