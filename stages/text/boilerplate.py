"""Lines that a reader skips: legal notices, distribution marks, navigation.

Knows how such a line begins or what it is in whole.  Invariant: only whole lines go, and none
that says more than its notice; of marks in front of a line, the line stays.
"""

from __future__ import annotations

import re

LONGEST_NAVIGATION = 120  # characters
LONGEST_NOTICE = 1_500

# A line that is nothing else.
NAVIGATION = (
    # What stands between two marks begins and ends without a blank: else a line of many marks
    # could be read in so many ways that it takes seconds.
    r"(?:home|start)(?: {0,3}[>»/›|] {0,3}[\w&-](?:[\w &-]{0,38}[\w&-])?){1,8}",
    r"skip to (?:main )?(?:content|navigation)|back to top|go to top|table of contents|contents:?"
    r"|toggle navigation|main menu|menu|search(?: this site)?|sign in|log ?in|sign up|register",
    r"(?:read|learn|show|view|see|load) (?:more|less|all)(?: about this| details| »| >|\.{3}|…)?",
    r"(?:share|tweet|pin|email|print|save|follow)(?: (?:this|us|it|page|article|post|on|via|to"
    r"|by|twitter|facebook|linkedin|reddit|whatsapp|x|email|mastodon|pdf)){0,6}"
    r"(?: ?[|·•,] ?(?:share|tweet|twitter|facebook|linkedin|reddit|email|print|x|rss)){0,8}",
    r"(?:previous|prev|next|older|newer)(?: (?:post|article|page|entry))?"
    r"(?: ?(?:\||/|·|»|›) ?(?:previous|prev|next|older|newer)(?: (?:post|article|page|entry))?)?",
    r"subscribe(?: to (?:our|the|this) [\w -]{1,40})?(?: (?:now|today|here))?"
    r"|\d+ min(?:ute)?s? read|advertisement|sponsored(?: content)?|related (?:posts|articles):?"
    r"|posted (?:in|by|on) [\w ,:-]{1,60}|(?:leave a|no|\d+) (?:comment|repl)\w*|loading",
    r"page \d{1,4}(?: of \d{1,4})?|- ?\d{1,4} ?-|accept (?:all )?cookies?|cookie settings|cookies?",
    r"(?:about(?: us)?|contact(?: us)?|privacy(?: policy)?|terms(?: of (?:use|service))?|careers"
    r"|products|solutions|support|blog|news|login|home|search|pricing|resources)"
    r"(?: {0,3}[|·•>/] {0,3}\w(?:[\w ]{0,22}\w)?){2,12}",
)
# A line that begins so and goes on about nothing else.
NOTICES = (
    r"(?:©|\(c\)|copyright)\s*(?:©|\(c\))?\s*(?:\d{4}|by\b)",
    r"all rights reserved",
    r"(?:distribution|dissemination) statement\b|distribution is (?:un)?limited"
    r"|approved for public release",
    r"(?:legal )?(?:disclaimer|notice|terms of use|limitation of liability)(?: of [\w ]{1,40})?:"
    r"|legal disclaimer\b",
    r"(?:the |this |all )?(?:information|content|material|document|advisory|report|bulletin|data)"
    r"(?: \w+){0,6} (?:is|are) (?:being )?provided (?:\"|'|“|‘)?as[ -]is\b",
    r"(?:the |this |all )?(?:information|content|material|document|advisory|report)(?: \w+){0,6}"
    r" (?:is|are) (?:being )?provided (?:for|solely for) (?:informational|information)\b",
    r"[\w ,.'&-]{1,60}(?: hereby)? (?:disclaims|makes no) (?:all |any )?(?:warrant|representation)",
    r"in no event shall\b|you may not (?:copy|redistribute|reproduce)\b",
    r"(?:we use|this (?:web)?site uses) cookies\b",
    r"by (?:continuing|using) (?:to use )?this (?:web)?site\b",
    r"sources? may use TLP:|recipients may share (?:this|TLP)",
    r"confidentiality (?:notice|note|statement|warning)\b|if you are not the intended recipient\b",
    r"classification: {0,3}(?:public|internal|confidential|restricted|unclassified)\b",
    r"(?:strictly )?(?:for (?:official|internal) use only|not for (?:further )?distribution)\b"
    r"|(?:please )?do not (?:forward|redistribute|circulate) this\b",
    r"(?:this (?:e-?mail|message)(?: and any attachments?)?)"
    r" (?:is|are|may be) (?:confidential|intended)",
    r"you are receiving this",
    r"-----(?:BEGIN|END) PGP SIG\w+(?: MESSAGE)?-----|Hash: SHA\d+$",
    r"permission is hereby granted\b|licensed under (?:the |a )?(?:creative commons|apache|mit\b)",
)
# A line that begins so and names nobody but its readers: with a verb it says something.
ADDRESSED = (
    r"(?:distribution|circulation)(?: list)?:|handling(?: caveats?| instructions?)?:"
    r"|(?:please )?(?:click here to )?unsubscribe\b"
)
MOST_ADDRESSED = 8  # words behind it
# What a mark of the traffic light protocol is; the line behind it stays.
_TLP = re.compile(
    r"[\s*_>#|\[(]{0,20}\bTLP ?: ?(?:v?\d\.\d ?)?(?:clear|white|green|amber(?:\+strict)?|red)\b"
    r"[\])*_|]*"
    r"[ \t]*(?:[-–—:;,.|]+(?=\s|$)[ \t]*)?",
    re.IGNORECASE,
)
_TLP_REST = re.compile(
    r"(?:limited |restricted )?(?:disclosure|distribution)(?: is)? ?(?:not |un)?"
    r"(?:limited|restricted)?\b(?: (?:to|within)\b[^.]{0,300})?\.?"
    r"|(?:recipients|sources|information|this (?:document|report|advisory|information|message))\b"
    r"[^.]{0,200}\b(?:disclos|distribut|restrict|shar(?:e|ing)|copyright)[^.]{0,200}\.?"
    r"|(?:subject to|copyright|©|\(c\))[^.]{0,300}\.?",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|might|could|will|would|should|must|do|does|did"
    r"|leads?|led|uses?|used|allows?|lets?|gives?|gets?|sends?|sent|steals?|runs?|spreads?|takes?"
    r"|makes?|installs?|drops?|opens?|adds?|contains?|includes?|requires?|needs?|fails?|causes?"
    r"|writes?|reads?|exposes?|bypass(?:es)?|points?|redirects?|downloads?"
    r"|(?!(?:un)?(?:restricted|limited|classified|authorized))\w{3,}ed)\b",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(ADDRESSED, re.IGNORECASE)
_NAVIGATION = re.compile("|".join(f"(?:{p})" for p in NAVIGATION), re.IGNORECASE)
_NOTICE = re.compile("|".join(f"(?:{p})" for p in NOTICES), re.IGNORECASE)
_SIGNATURE = re.compile(r"-----BEGIN PGP SIGNATURE-----.*?(?:-----END PGP SIGNATURE-----|\Z)", re.S)
_MARKS = "*_#>-=|[]() \t•·"


def without_boilerplate(text: str) -> str:
    """A text without the lines that are navigation or a notice; a text of nothing else is empty."""
    if "-----BEGIN PGP" in text:
        text = _SIGNATURE.sub("", text)
    lines = (_without_mark(line) for line in text.split("\n"))
    return "\n".join(line for line in lines if line is not None and not is_boilerplate(line))


def _without_mark(line: str) -> str | None:
    """A line without the mark that says who may read it; None where it is nothing else."""
    mark = _TLP.match(line)
    if mark is None:
        return line
    rest = line[mark.end() :].strip()
    return rest if rest.strip(_MARKS) and not _TLP_REST.fullmatch(rest) else None


def is_boilerplate(line: str) -> bool:
    """Whether a line says nothing about the text's subject."""
    if _without_mark(line) is None:
        return True
    shown = line.strip(_MARKS)
    if not shown:
        return False
    if (to := _ADDRESSED.match(shown)) and len(shown[to.end() :].split()) <= MOST_ADDRESSED:
        return not _VERB.search(shown, to.end())
    if len(shown) <= LONGEST_NAVIGATION and _NAVIGATION.fullmatch(shown.rstrip(".")):
        return True
    return len(shown) <= LONGEST_NOTICE and _NOTICE.match(shown) is not None
