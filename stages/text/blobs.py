"""Long runs of encoded bytes, of one line or of many, by their beginning and their length.

Knows base64, bytes in hex, and the lines of certificates and hex dumps.  Invariant: hashes, paths
and addresses stay whole, however many of them stand below one another.
"""

from __future__ import annotations

import re

from stages.text.sentences import sentence_ends

BLOB = 160  # characters without a blank: longer than any hash
BLOB_SHOWN = 24  # of them that stay
MOST_SLASHES = 0.05  # share of a blob's characters: more is a path
DUMP_SHOWN = 4  # lines of a hex dump that stay

_BLOB = re.compile(
    rf"(?<![\w/+\\.:-])[A-Za-z0-9+_][A-Za-z0-9+/_-]{{{BLOB - 1},}}={{0,2}}(?![\w/+\\-])"
)
_HEX_BYTES = re.compile(
    r"(?:\\x[0-9A-Fa-f]{2}(?:\"?[ \t]*\\?\n[ \t]*\"(?=\\x))?){40,}"
    r"|(?<!\w)(?:(?:0x)?[0-9A-Fa-f]{2}[ ,:]{1,2}){40,}(?:0x)?[0-9A-Fa-f]{2}(?!\w)"
)
# Lines of bytes: of a registry file, an array in C, a key.  Shorter ones are addresses.
_LINES_OF_BYTES = re.compile(
    r"(?<![^\s:=({])(?:(?:(?:0x)?[0-9A-Fa-f]{2}(?:, ?| )){7,64}+(?:(?:0x)?[0-9A-Fa-f]{2},?)?"
    r"[ \t]*\\?\n[ \t]*){2,}(?:(?:0x)?[0-9A-Fa-f]{2}(?:, ?| )?)+(?!\w)"
    r"|(?<![^\s:=({])(?:(?:[0-9A-Fa-f]{2}:){12,64}+[ \t]*\n[ \t]*){2,}(?:[0-9A-Fa-f]{2}:?)+(?!\w)"
)
# Lines of one width, as base64 is broken; lines of nothing but hex digits are hashes.
_ENCODED = r"[A-Za-z0-9+/_-]"
_LINES = re.compile(
    rf"^(?P<indent>[ \t]{{0,20}})(?!-)(?:{_ENCODED}{{48,100}}\n(?P=indent)){{2,}}"
    rf"{_ENCODED}{{1,100}}={{0,2}}$",
    re.MULTILINE,
)
_OF_HASHES = re.compile(r"(?:[ \t]*[0-9A-Fa-f]+\n)+[ \t]*[0-9A-Fa-f]+")
_DUMP = re.compile(
    r"(?:^[ \t]{0,20}(?:0x)?[0-9A-Fa-f]{4,16}:?[ \t]+"
    r"(?:[0-9A-Fa-f]{2,8}[ \t]{1,3}-?){4,}[^\n]{0,80}\n?)"
    rf"{{{DUMP_SHOWN + 3},}}",
    re.MULTILINE,
)

# What stands for a blob, or for the rest of a dump, after cleaning.
SHORTENED = re.compile(r"… \(\d+ (?:characters|more lines)\)")
_SHOWN = r"(?:\S{1,60}|(?:(?:0x|\\x)?[0-9A-Fa-f]{1,2}[ ,:]{0,2}+){4,24}+)… \(\d+ characters\)"
# Alone on its line, or at the end of a sentence of prose; a command needs what stands behind -enc.
_APART = re.compile(
    rf"^[ \t]*{_SHOWN}[ \t]*(?:\n|\Z)"
    rf"|(?<=[a-z][a-z]):?[ \t]{_SHOWN}(?:\.(?!\S)|(?=[ \t]+[A-Z])|[ \t]*$)",
    re.MULTILINE,
)
# Lines around what is encoded, which say what it is.
_ARMOUR = re.compile(
    rf"^-----BEGIN [A-Z0-9 ]{{3,40}}-----\n{_SHOWN}[ \t]*\n"
    r"-----END [A-Z0-9 ]{3,40}-----[ \t]*$\n?",
    re.MULTILINE,
)
_PROSE = re.compile(r"(?<!\S)[a-z]{2,}(?=[ ,;.])")
_LEANS = re.compile(
    r"\s*(?:(?:It|They|He|She|Its|Their|This|That|These|Those|Such|Both|Then|There|Here)\b"
    r"|The (?:latter|former|result|output|same)\b)"
)
_IT = re.compile(r"\s*(?:It|They)\b")
LEAST_TOLD = 6  # words beside a sentence with a blob; less tells nothing
_ARGUMENT = re.compile(r"(?:^|\s)[-/]{1,2}\w+$")
_SHOWN_DUMP = re.compile(
    rf"^(?:[^\n]*\n){{{DUMP_SHOWN}}}[ \t]*… \(\d+ more lines\)[ \t]*(?:\n|\Z)", re.MULTILINE
)


def without_blobs(text: str) -> str:
    """A cleaned text without the blobs and dumps that stand apart in it, and with what stands for
    those that a sentence or a command needs."""
    if not SHORTENED.search(text):
        return text
    text = _ARMOUR.sub("", _SHOWN_DUMP.sub("", text))
    return _without_sentences(_APART.sub(_left_out, text)).strip("\n")


def _without_sentences(text: str) -> str:
    """A text without the sentences that need a blob, and those that speak of what these say; as it
    is where nothing else stands in it, or the blob is code's."""
    lines = [_other_sentences(line, at == 0) for at, line in enumerate(text.split("\n"))]
    told = "\n".join(line for line in lines if line is not None)
    return told if len(told.split()) >= LEAST_TOLD and not SHORTENED.search(told) else text


def _other_sentences(line: str, first: bool) -> str | None:
    """A line of prose without its sentences with a blob; None where it has no others."""
    if not SHORTENED.search(line):
        return line
    ends = sentence_ends(line)
    pieces = [line[a:b] for a, b in zip([0, *ends], ends, strict=False)]
    if not ends or line[ends[-1] :].strip() or sum(map(len, map(_PROSE.findall, pieces))) < 6:
        return line
    kept: list[str] = []
    gone = False
    for at, piece in enumerate(pieces):
        # What a text begins with says whom "it" means, as the question does.
        leans = gone and _LEANS.match(piece) and not (first and at == 1 and _IT.match(piece))
        gone = leans or SHORTENED.search(piece) is not None
        kept += [] if gone else [piece]
    return "".join(kept).strip() or None


def _left_out(blob: re.Match[str]) -> str:
    before = blob.string[max(0, blob.start() - 20) : blob.start()]
    if blob.group().endswith("\n") or not before or before.endswith("\n"):
        return ""
    return blob.group() if _ARGUMENT.search(before) else "."


def bounded_blobs(text: str) -> str:
    """A text with the beginning of each blob, and how long it is."""
    text = _DUMP.sub(_first_lines, _LINES_OF_BYTES.sub(_bounded, text))
    return _HEX_BYTES.sub(_bounded, _BLOB.sub(_bounded, _LINES.sub(_of_lines, text)))


def _bounded(match: re.Match[str]) -> str:
    blob = match.group()
    if blob.count("/") > MOST_SLASHES * len(blob):
        return blob
    return f"{blob[:BLOB_SHOWN]}… ({len(blob)} characters)"


def _of_lines(match: re.Match[str]) -> str:
    """Lines of one encoded text on one line; as they are where each is a text of its own."""
    lines = match.group().split()
    joined, first = "".join(lines), len(lines[0])
    widths = {len(line) for line in lines[:-1]}
    is_text = joined.islower() or joined.isupper() or not any(map(str.isdigit, joined))
    same = widths == {first} and len(lines[-1]) <= first
    if len(joined) < BLOB or not same or is_text or _OF_HASHES.fullmatch(match.group()):
        return match.group()
    if joined.count("/") > MOST_SLASHES * len(joined):
        return match.group()
    return f"{match['indent']}{joined[:BLOB_SHOWN]}… ({len(joined)} characters)"


def _first_lines(match: re.Match[str]) -> str:
    lines = match.group().rstrip("\n").split("\n")
    ends = "\n" if match.group().endswith("\n") else ""
    rest = len(lines) - DUMP_SHOWN
    return "\n".join([*lines[:DUMP_SHOWN], f"… ({rest} more lines)"]) + ends
