"""Lines that a reader skips: legal notices, marks of who may read a text, navigation, signatures.

Knows the order in which they are looked for.  Invariant: only whole lines go, and none that says
more than its notice; of marks and notices in front of a line, what else it says stays.
"""

from __future__ import annotations

import re

from stages.text.navigation import MARKS, without_navigation
from stages.text.notices import without_notice
from stages.text.sentences import sentence_ends

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
    r"|(?:recipients|sources|information|this (?:document|report|advisory|information|message)"
    r"|TLP:\w+ information) (?:may|must|can|should|shall|is|are)"
    r"(?: not| only| be| being| limited| freely| use){0,4}"
    r" (?:disclos|distribut|restrict|shar|circulat|re?publish|TLP:|copyright)[^.]{0,300}\.?"
    r"|(?:subject to|copyright|©|\(c\))[^.]{0,300}\.?",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"-----BEGIN PGP SIGNATURE-----.*?(?:-----END PGP SIGNATURE-----|\Z)", re.S)
_SIGNED = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:Hash: [^\n]{1,80}\n)*")
# What a database of malicious packages puts above each report that it has merged.
_OF_A_FEED = re.compile(
    r"_?-= ?Per source details\. Do not edit below this line\. ?=-_?"
    r"|(?:#{1,4} )?Source: [\w.-]{1,60} \([0-9a-f]{6,64}\):?"
)
# What such a source files a package under, in words for machines.
_FILED = re.compile(
    r"^[*_ ]{0,4}(?:Campaign|Category):[*_ ]{0,4}[^\n]*$"
    r"|^[*_ ]{0,4}Reasons(?: \([^)\n]{1,60}\))?:[*_ ]{0,4}\n+"
    r"(?:[ \t]{0,4}[-*] [\w-]+[ \t]{0,4}(?:\n{1,4}|\Z))+",
    re.MULTILINE,
)
# What the template of an advisory asks its writer under each heading.
_ASKS_THE_WRITER = re.compile(
    r"[\s*_>]{0,8}(?:What kind of vulnerability is it\?(?: Who is impacted\?)?|Who is impacted\?"
    r"|Has the problem been patched\?(?: What versions should users upgrade to\?)?"
    r"|Is there a way for users to fix or remediate the vulnerability without upgrading\?"
    r"|Are there any links users can visit to find out more\?)[\s*_]{0,8}",
    re.IGNORECASE,
)
# What a mailing list puts under every letter.
_LIST_FOOTER = re.compile(
    r"\n(?:_{20,}\n)?[\w.-]{1,40}(?: [\w.-]{1,40}){0,4} mailing list\n"
    r"(?:\S{1,80}@\S{1,80}|https?://\S{1,200})(?:\n[^\n]{0,200}){0,6}\Z",
    re.IGNORECASE,
)
# What a feed puts below an entry, on a line of its own or behind the last sentence: a title and the
# name of a site, no more.
_FED = re.compile(
    r"(?:^[>*_ ]{0,8}|(?<=[.!?…\])] ))"
    r"(?:The (?:post|article) [A-Z\d\"'“‘«\[][^\n]{1,200}? appeared first on"
    r"|This (?:post|article) (?:was originally published|originally appeared) (?:on|at|in))"
    r"(?: (?:[A-Z][\w.'&-]{0,30}|the|of|and|&)){1,6}[\s*_.]{0,8}\Z",
    re.MULTILINE,
)
# The last lines of an article, with what its writer does for a living.
_ABOUT_ITS_WRITER = re.compile(
    r"\n[#* ]{0,5}About the (?:authors?|writers?)[* ]{0,3}:?[* ]{0,3}\n\s*"
    r"(?-i:(?=[A-Z][\w'-]+ (?:[A-Z][\w.'-]+ |is an? )))"
    r"(?=[^\n]{0,200}\b(?:writes|covers|reports on|works (?:at|as|for)"
    r"|is (?:an?|the|our) [\w ,-]{0,60}"
    r"\b(?:researcher|reporter|editor|journalist|writer|analyst|engineer|consultant)s?)\b)"
    r"(?![^\n]{0,800}\b(?:handles?|alias|sells?|sold|forums?|stealer|ransom\w*|extort\w*|arrest\w*"
    r"|releas\w+|worms?)\b)"
    r"(?:\S[^\n]{0,800}(?:\n\s*|\Z)){0,3}\Z",
    re.IGNORECASE,
)


def without_boilerplate(text: str) -> str:
    """A text without the lines that are navigation or a notice; a text of nothing else is empty."""
    if "-----BEGIN PGP" in text:
        text = _SIGNED.sub("", _SIGNATURE.sub("", text))
    if "Do not edit below this line" in text:
        text = _FILED.sub("", text)
    text = _LIST_FOOTER.sub("", text)
    lines = [shown for line in text.split("\n") if (shown := _without_front(line)) is not None]
    return _ABOUT_ITS_WRITER.sub("", _FED.sub("", "\n".join(without_navigation(lines))))


def _without_front(line: str) -> str | None:
    """A line without the mark and the notice that it begins with; None where it is no more."""
    formal = _OF_A_FEED.fullmatch(line.strip()) or _ASKS_THE_WRITER.fullmatch(line)
    shown = None if formal else _without_mark(line)
    if shown is None or not shown.strip():
        return shown
    return without_notice(shown) or None


def _without_mark(line: str) -> str | None:
    """A line without the mark that says who may read it; None where it is nothing else."""
    mark = _TLP.match(line)
    if mark is None:
        return line
    rest = line[mark.end() :].strip()
    return rest if rest.strip(MARKS) and not _is_of_the_mark(rest) else None


def _is_of_the_mark(rest: str) -> bool:
    """Whether every sentence behind a mark says what the mark means."""
    ends = sentence_ends(rest) or [len(rest)]
    ends = ends if ends[-1] == len(rest) else [*ends, len(rest)]
    pieces = (rest[a:b].strip() for a, b in zip([0, *ends], ends, strict=False))
    return all(not piece or _TLP_REST.fullmatch(piece) for piece in pieces)
