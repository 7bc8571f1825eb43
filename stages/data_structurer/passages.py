"""A record's text as sentences, each with its place: what an answer may be made of.

Knows lines, list markers and full stops; knows nothing of what a sentence says.  Invariant:
`text[start:end]` is the sentence as it stands, but for white space and its list marker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from stages.data_structurer.labels import LABEL, MOST_WORDS, front
from stages.data_structurer.pointers import points_back
from stages.gates.wording import ends_open
from stages.gates.words import tokens
from stages.text.code_ends import is_command
from stages.text.sentences import is_whole, sentence_ends

MOST = 300  # sentences of a text that are looked at
SHORTEST = 4  # words
SHORTEST_ITEM = 2  # of a list
LONGEST = 700  # characters of one sentence: more is a table, a log or code
LEAST_LETTERS = 0.6  # share of letters and blanks in a sentence of prose

LOOK_BACK = 1_000  # characters before a line: a paragraph may have thousands of lines
FULL_LINE = 60  # characters from which a line may have been broken to fit a page
LEAST_PROSE = 3  # words in small letters: a line or last piece with fewer is code

_IN_PROSE = re.compile(r"(?<!\S)[a-z]+(?=[ ,;.)]|$)")
_LINE = re.compile(r"[^\n]+")
# An order of two or three words, which may be little but a version: "Install 7.2.11."
_ORDER = re.compile(
    r"(?:Install|Update|Upgrade|Apply|Disable|Remove|Use|Perform|Enable|Validate|Check|Encrypt"
    r"|Rotate|Reset|Change|Block|Restart|Require|Restrict|Limit|Revoke|Replace|Delete|Isolate"
    r"|Review|Enforce|Verify|Sanitize|Escape|Test|Avoid)(?: [\w.-]{1,40}){1,6}\."
)
# A line of fields, "status: experimental": none goes on behind another.
_KEYED = re.compile(r"\s*(?:- )?\w[\w -]{0,30}:(?:\s|$)")
# Of entries of the Linux kernel: the name of the fix stands behind a blank line.
_ANNOUNCES = re.compile(r"following vulnerability has been resolved:\s*$", re.IGNORECASE)
# What a machine printed when it crashed, behind a sentence that ends with a colon.
_TRACE = re.compile(
    r"\s*(?:\[ *\d+\.\d+\] ?)?(?:BUG:|WARNING:|Call [Tt]race|KASAN|KMSAN|UBSAN|INFO: |kernel BUG"
    r"|Unable to handle|general protection|Oops|={10,}|-{10,})"
)
_CODE = re.compile(r"\) ?\{|\$\w+->|^[\w.$]+\([^()]*\);")
# A line of code that nothing marks as code: "val src = open(path)".
_ASSIGNS = re.compile(
    r"(?:(?:val|var|let|const|my|local|auto|final|static|int|char|long|String|void) )?"
    r"[\w.$*\[\]]+ ?[:+|&-]?= ?[A-Za-z_$&*][^ ]*?[\w>][(\[]"
)
_HEADING = re.compile(r"\s*(?:#{1,6}\s|[A-Z][A-Z /&-]{3,40}:?\s*$|={3,}|-{3,}|\|)")
# A command as it is typed, which is no sentence and goes on in none.
_PROMPT = re.compile(r"\s*\$ \S")
# What a piece of code shows; the sentence in front of it says what comes of that.
_SHOWN = re.compile(r".*(?:[;{}]$|\w ?=[^=]|\w\(.*\)$)|\$ \S")
_COMES_OF_IT = re.compile(
    r"[^.:]*,? (?:so|because|since|therefore|thus)\b(?! (?:run|use|do)\b)[^:]*:"
)
# What a rule does is often said without a full stop.
_DETECTS = r"(?:Detects|Identifies) [^\n:]{1,200}[^\s:]$"
# A line that is nothing but a heading: "Fix:", "What to do", "## Who is at risk?"
_TITLE = re.compile(rf"\s*(?:#{{1,6}} +)?((?!{_DETECTS})[A-Z][^\n.!;:|]{{1,50}}?)(?::|\?:?|)[ #]*")
MARKER = re.compile(r"\s*(?:[-*•·–]|\d{1,2}[.)]|[a-z]\))\s+")
_LINK = re.compile(
    rf"{LABEL.pattern}|"
    r"(?:in addition|alternat(?:e|ive)ly|additionally|also"
    r"|moreover|furthermore|however|besides|notably|note that"
    r"|please note that|importantly|similarly|likewise|on the other hand|in particular"
    r"|so(?=,| (?:i|we)\b)|specifically|in general|generally(?! speaking)|generally speaking"
    r")\b,?\s+",
    re.IGNORECASE,
)


def is_line_of_prose(line: str) -> bool:
    """Whether a line is running text, and no code, heading or row of a table."""
    return len(_IN_PROSE.findall(line)) >= LEAST_PROSE


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text and where it stands; `paragraph` counts from 0.

    `item`: of a list.  `ended`: with a full stop of its own, so it is no heading or label.
    `heading`: what it stands under.  `gap`: a sentence before it was left out.
    """

    text: str
    start: int
    end: int
    paragraph: int
    item: bool = False
    ended: bool = True
    heading: str = ""
    gap: bool = False

    @property
    def points_back(self) -> bool:
        """Whether it can only be understood with what stands before it."""
        return points_back(self.text)


def sentences_of(text: str, start: int = 0, end: int | None = None) -> list[Sentence]:
    """The whole sentences of prose between two places, in reading order, MOST at most."""
    found: list[Sentence] = []
    heading = ""
    for number, place in enumerate(_paragraphs(text, start, len(text) if end is None else end)):
        line = text[slice(*place)]
        if (under := heading_in(line)) or _HEADING.match(line):
            heading = under
        if under or _HEADING.match(line) or _PROMPT.match(line):
            continue
        for begin, stop in _beside_blobs(text, *place):
            sentences = _sentences(text, begin, stop, number)
            ended = stop < place[1]
            found += (
                replace(one, ended=one.ended or ended, heading=one.heading or heading)
                for one in sentences
            )
        if len(found) >= MOST:
            break
    return found[:MOST]


def heading_in(line: str) -> str:
    """The heading that a line is: a few words with a colon, a mark or nothing behind them."""
    found = _TITLE.fullmatch(line)
    return found[1] if found and len(found[1].split()) <= MOST_WORDS + 1 else ""


def _paragraphs(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Lines, with those that only go on where the line before was broken; headings alone."""
    begin = end = -1
    for line in _LINE.finditer(text, start, stop):
        if _HEADING.match(line.group()) or _PROMPT.match(line.group()):
            if begin >= 0:
                yield begin, end
            yield line.span()
            begin = -1
            continue
        if begin >= 0 and _goes_on(text, begin, end, line):
            end = line.end()
            continue
        if begin >= 0:
            yield begin, end
        begin, end = line.span()
    if begin >= 0:
        yield begin, end


def _goes_on(text: str, begin: int, end: int, line: re.Match[str]) -> bool:
    before, now = text[max(begin, end - LOOK_BACK) : end], line.group()
    if _ANNOUNCES.search(before):
        return True
    if line.start() != end + 1 or MARKER.match(now) or not now.strip():
        return False
    broken = not is_whole(before) and not before.rstrip().endswith(":")
    last = before.rpartition("\n")[2]
    if _KEYED.match(now) and (_KEYED.match(last) or len(last) <= FULL_LINE):
        return False
    full = len(last) > FULL_LINE and len(_IN_PROSE.findall(last)) >= LEAST_PROSE
    return broken and (now.lstrip()[:1].islower() or full)


# What stands for a blob after cleaning, with the colon before it.  The repeats give nothing back:
# a hash can be read as bytes of one or two digits in exponentially many ways.
_BLOB = re.compile(
    r":?\s(?:\S{8,40}|(?:(?:0x|\\x)?[0-9A-Fa-f]{1,2}[ ,:]{0,2}+){4,24}+)… \(\d+ characters\)\.?"
)


def _beside_blobs(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """A paragraph's pieces: a sentence ends where a blob begins, behind a colon; one that goes on
    behind it is left out."""
    for blob in _BLOB.finditer(text, begin, end):
        goes_on = text[blob.end() : end].lstrip()[:1].islower()
        ends = sentence_ends(text[begin : blob.start()])
        whole = begin + ends[-1] if ends else begin
        yield begin, whole if goes_on else blob.start()
        rest = sentence_ends(text[blob.end() : end]) if goes_on else []
        begin = blob.end() + (rest[0] if rest else 0)
        begin = end if goes_on and not rest else begin
    if begin < end:
        yield begin, end


def _sentences(text: str, begin: int, end: int, number: int) -> Iterator[Sentence]:
    marker = MARKER.match(text, begin, end)
    at = marker.end() if marker else begin
    taken, heading = front(text[at:end])
    at += taken
    piece = text[at:end]
    ends = sentence_ends(piece)
    if not ends or piece[ends[-1] :].strip():
        ends.append(len(piece))
    for start, stop in zip([0, *ends], ends, strict=False):
        shown = " ".join(piece[start:stop].split())
        item = marker is not None and not heading
        if stop == len(piece) and shown.endswith(":") and _shows_only(text, shown, end):
            shown = f"{shown[:-1]}."
        whole = is_whole(shown) or (stop == len(piece) and (item or _may_end(shown)))
        prose = _ORDER.fullmatch(shown) or _is_prose(shown, SHORTEST_ITEM if item else SHORTEST)
        if whole and prose:
            lead = len(piece[start:stop]) - len(piece[start:stop].lstrip())
            place = (at + start + lead, at + stop)
            yield Sentence(shown, *place, number, item, is_whole(shown), heading)


def _shows_only(text: str, shown: str, end: int) -> bool:
    """Whether what stands behind a colon only shows what the sentence before it says: the trace of
    a crash, or code that makes it plain."""
    if _TRACE.match(text, end):
        return True
    behind = text[end : end + LOOK_BACK].lstrip().partition("\n")[0]
    code = _SHOWN.match(behind.rstrip()) and not MARKER.match(behind)
    return bool(code and _COMES_OF_IT.fullmatch(shown))


def _may_end(shown: str) -> bool:
    """Whether a last piece without a full stop is a sentence all the same, not a heading."""
    words = tokens(shown)
    ended = shown[-1:].isalnum() or shown[-1:] in {")", "'", '"', "%", "]"}
    prose = len(_IN_PROSE.findall(shown)) >= LEAST_PROSE
    said = (prose and len(words) >= 7) or re.match(_DETECTS, shown) is not None
    return ended and said and not ends_open(shown)


def _is_prose(shown: str, shortest: int) -> bool:
    if len(tokens(shown)) < shortest or len(shown) > LONGEST:
        return False
    if _CODE.search(shown) or _ASSIGNS.match(shown) or shown.endswith(("...", "…")):
        return False
    letters = sum(one.isalpha() or one.isspace() for one in shown)
    return letters >= LEAST_LETTERS * len(shown) and not shown.endswith(":")


def without_label(shown: str) -> str:
    """A sentence without a label such as "Impact:" in front."""
    return _without(LABEL, shown)


def without_link(shown: str) -> str:
    """A sentence without the word that ties it to the one before, with a capital in front."""
    return _without(_LINK, shown)


def _without(front: re.Pattern[str], shown: str) -> str:
    rest = front.sub("", shown, count=1) if front.match(shown) else shown
    return rest if rest == shown else rest[:1].upper() + rest[1:]


def joined(sentences: list[Sentence]) -> str:
    """Sentences as one answer: a line each where they are items of a list, else one paragraph."""
    texts = [_without(LABEL, _ended(one.text)) for one in sentences]
    if not texts:
        return ""
    texts[0] = without_link(texts[0])
    if len(texts) > 1 and all(one.item for one in sentences):
        said = zip(sentences, texts, strict=True)
        items = groupby(said, key=lambda one: one[0].paragraph)
        lines = (" ".join(text for _, text in item) for _, item in items)
        return "\n".join(f"- {with_capital(line, item=True)}" for line in lines)
    texts[0] = with_capital(texts[0], sentences[0].item)
    return " ".join(texts)


_TWICE = re.compile(r"(?<=\w)\.\.$")
_PLAIN_WORD = re.compile(r"[a-z]+(?=[ ,:])")
# The name of a program or a function: before its version, or by letters that no word has.
_PROGRAM = re.compile(
    r"(?!(?:on|at|in|by|from|since|until|after|before|about|over|under|for|to|of|with|within|all|only"
    r"|around|nearly|almost|between|during|some) )[a-z]+ "
    r"(?:(?:before|prior to|through|up to|since|version) )*v?\d|lib[a-z]{2,} "
    # Of the C library, and of a system's calls.
    r"|(?:(?:str|mem|wcs)(?:len|cmp|cat|chr|dup|str|tok|to[a-z]{1,3}|[nlr][a-z]{3,4}|case[a-z]+|set|move"
    r"|mem|spn|sep|pbrk|error)|f(?:gets|puts|open|close|read|write|seek|tell)|v?[fs]?n?scanf|gets|puts"
    r"|(?:get|set|put|unset)(?:env|uid|gid|euid|pid|opt|line|jmp|addrinfo|hostbyname)|popen|execve?"
    r"|mmap|ioctl|strerror|atoi|realpath|chroot|ptrace)[ ,:]"
    r"|[^aeiouy ]+[ ,:]|[a-z]*(?:cpy|printf|alloc|ctl|sql|ssl|nginx|ssh|http|tls|ftp)[a-z]? "
    r"|(?:sudo|curl|wget|bash|grep|tar|git|pip|cron|systemd|openvpn|exim|redis|eval|exec) "
)
_NAMED = re.compile(r"[a-z]+: ")  # in a list of changes: "curl: fix ..."


def with_capital(shown: str, item: bool = False) -> str:
    """A first word of prose begins with a capital; a literal, or the name of a program, stays."""
    named = _PROGRAM.match(shown) or _NAMED.match(shown)
    plain = _PLAIN_WORD.match(shown) and not named
    return shown[:1].upper() + shown[1:] if plain else shown


def _ended(shown: str) -> str:
    shown = _TWICE.sub(".", shown)
    ended = is_whole(shown) or is_command(shown)
    return shown if ended else shown.rstrip(" ,;:-") + "."
