"""Letters as one reads them: without the letter that is answered, header lines and signatures.

Knows how mail programs quote, forward and sign, in several languages; knows nothing of who wrote.
Invariant: what is forwarded stays, and of a text that would be emptied nothing goes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag

_VERBS = (
    r"(?:wrote|writes|schrieb|schreibt|a écrit|écrit|escribió|escreveu|ha scritto|scrisse|schreef"
    r"|skrev|kirjoitti|napisał|napsal|написал|пишет)"
)
_DAY = r"(?:On|Am|Le|El|Em|Il|Op|Den|Dne|W dniu|Dnia|At|In message)"
# The line over what is quoted; mail programs break it where it is long.
_WROTE = re.compile(
    rf"^(?:{_DAY} [^\n]{{5,120}}?(?:\n[^\n>]{{0,100}}?)?\b{_VERBS}[^\n]{{0,60}}:"
    rf"|[^\n>]{{2,80}}<[^\s<>@]{{1,80}}@[^\s<>]{{1,80}}> {_VERBS}:"
    r"|[^\n>]{2,100}<[^\s<>@]{1,80}@[^\s<>]{1,80}>:)[ \t]*\n(?=[ \t]*\n?>)",
    re.MULTILINE,
)
_QUOTED = re.compile(r"^>[^\n]*(?:\n|\Z)", re.MULTILINE)

_NAMES = (
    r"(?:From|To|Cc|Bcc|Date|Sent|Subject|Reply-To|Importance|Von|An|Gesendet|Datum|Betreff|De|À"
    r"|Pour|Envoyé|Objet|Para|Enviado|Fecha|Asunto|Assunto|Da|A|Inviato|Oggetto)"
)
_HEADER = rf"(?:{_NAMES}[ \t]?:[^\n]*\n(?:[ \t]+\S[^\n]*\n)*)"
_ANSWERED = re.compile(
    r"^[ \t]*-{3,}[ ]?(?:Original Message|Original-?Nachricht|Ursprüngliche Nachricht"
    r"|Mensaje original|Message d['’]origine|Messaggio originale|Mensagem original"
    r"|Oorspronkelijk bericht)[ ]?-{3,}"
    rf"[ \t]*\n|^_{{20,}}[ \t]*\n(?={_HEADER}{{3}})",
    re.MULTILINE | re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"^[ \t]*(?:-{3,}[ ]?(?:Forwarded message|Forwarded by [^\n-]{1,80}|Weitergeleitete Nachricht"
    r"|Message transféré|Mensaje reenviado|Mensagem encaminhada|Messaggio inoltrato)[ ]?-{3,}"
    r"|Begin forwarded message:|Anfang der weitergeleiteten Nachricht:"
    r"|Début du message (?:réexpédié|transféré) ?:)[ \t]*\n+",
    re.MULTILINE | re.IGNORECASE,
)
# Without one of them, nothing is looked for.
_MARKS = ("---", "____", "orwarded message:", "itergeleiteten Nachricht:", "ge réexp", "ge transf")
_HEADERS = re.compile(rf"\s*({_HEADER}{{2,12}})[ \t]*\n(?=\s*\S)")
# The next of several letters.
_NEXT = re.compile(rf"\n\s*\n(?:[-_=*]{{2,80}}\n)?{_HEADER}{{2}}[ \t]*\n")
_SUBJECT = re.compile(r"^(?:Subject|Betreff|Objet|Asunto|Assunto|Oggetto)[ \t]?:[^\n]*\n", re.M)
_WRITER = re.compile(r"^(?:From|To|Von|An|De|À|Para|Da|A)[ \t]?:", re.MULTILINE)
# What the ends of a range do not have.
_OF_A_LETTER = re.compile(
    r"@|^(?:Cc|Date|Sent|Subject|Reply-To|Gesendet|Datum|Betreff|Envoyé|Objet|Enviado|Fecha|Asunto"
    r"|Assunto|Inviato|Oggetto)[ \t]?:",
    re.MULTILINE,
)
LEAST_ANSWER = 8  # words above an older letter: fewer only pass it on
_SIGNED = re.compile(
    r"\n(?:-- |--[ \t]*(?=\n(?:[^\n]{0,99}[^\n.!?](?:\n|\Z)){1,8}\Z))\n"
    r"(?:[^\n]{0,100}(?:\n|\Z)){1,10}\Z"
)
_DEVICE = re.compile(
    r"\n[ \t]*(?:Sent from (?:my|Yahoo|Mail|Outlook|Samsung)\b[^\n.]{0,60}|Get Outlook for \w+"
    r"|Von meinem [\w ]{2,30} gesendet|Envoyé (?:de|depuis) mon [\w ]{2,30}"
    r"|Enviado d(?:esde mi|o meu) [\w ]{2,30}|Inviato dal mio [\w ]{2,30})\s*\Z",
    re.IGNORECASE,
)
_CLASSES = frozenset("gmail_quote gmail_attr moz-cite-prefix yahoo_quoted".split())
CITES = re.compile(rf"\b(?:{'|'.join(sorted(_CLASSES))})\b|<blockquote[^>]{{0,200}}\bcite\b", re.I)
_FOOT = 200  # characters at the end that are looked at for it


def without_letter(text: str) -> str:
    """A letter's own text, with what it forwards; any other text as it is."""
    if "\n" not in text:
        return text
    own = _without_quotes(text)
    if any(mark in own for mark in _MARKS):
        own = _with_what_is_forwarded(_without_answered(own))
    own = _without_headers(own)
    if _DEVICE.search(own, max(0, len(own) - _FOOT)):
        own = own[: own.rstrip().rindex("\n")]
    if "\n--" in own:
        own = _SIGNED.sub("\n", own)
    return own if own.strip() else text


def drop_answered(soup: Tag) -> None:
    """Take out of the tree of a letter in HTML the older one that it answers.

    It stays where it is passed on, or little stands beside it.
    """
    quotes = [one for one in soup.find_all(_is_quote) if one.find_parent(_is_quote) is None]
    quotes = [one for one in quotes if not _FORWARDED.search(one.get_text("\n") + "\n")]
    words = sum(len(one.get_text(" ").split()) for one in quotes)
    if quotes and len(soup.get_text(" ").split()) - words >= LEAST_ANSWER:
        for one in quotes:
            one.extract()


def _is_quote(element: Tag) -> bool:
    """Whether a mail program has made it of a letter that is answered."""
    cited = element.name == "blockquote" and element.get("type") == "cite"
    return cited or not _CLASSES.isdisjoint(element.get("class") or ())


def _without_quotes(text: str) -> str:
    """An answer to a letter without the lines of the letter, if that leaves any."""
    if "\n>" not in text or not _WROTE.search(text):
        return text
    own = _QUOTED.sub("", _WROTE.sub("", text))
    return own if own.strip() else text


def _without_answered(text: str) -> str:
    """A letter without the older one below it, unless it only passes that one on."""
    mark = _ANSWERED.search(text)
    if mark is None:
        return text
    above = text[: mark.start()]
    if len(_without_headers(above).split()) >= LEAST_ANSWER:
        return above
    return f"{above}{_without_headers(text[mark.end() :])}"


def _with_what_is_forwarded(text: str) -> str:
    """A letter without the marks of what it forwards, and the header lines behind them."""
    first, *others = _FORWARDED.split(text)
    return "".join([first, *map(_without_headers, others)])


def _without_headers(text: str) -> str:
    """A letter without the lines that it is addressed by, but for its subject; several letters
    with all of theirs, which say who wrote which."""
    found = _HEADERS.match(text)
    if found and _NEXT.search(text, found.end()):
        return text
    if not (found and _WRITER.search(found[1]) and _OF_A_LETTER.search(found[1])):
        return text
    subject = _SUBJECT.search(found[1])
    return f"{subject[0] if subject else ''}\n{text[found.end() :]}"
