"""Sentences of plain text: splitting, taking the first few, dropping a cut-off last one.

Knows marks and list markers, no grammar.  Invariant: nothing here
returns an empty string for a text that is not blank.
"""

from __future__ import annotations

import re

from stages.text.abbreviations import LOOK_BACK, is_abbreviation

# A character of one line of text, for the patterns of schemas: whatever paths, code and defanged
# addresses are written with, but no control character, line break or turn of direction.  It says
# what is allowed, since the grammar library lets some characters through a negated class.
PLAIN = "[ -~\u00a0-\u2027\u202f-\u2065\u206a-\ufefe\uff00-\U0010ffff]"

SHORTEST_SENTENCE = 4  # words, of a sentence after the first: less is a leftover

# Other scripts end sentences by marks that mean nothing else: those of them that Unicode calls
# terminals of sentences, but for the Burmese comma, as the inside of a set of characters.
OTHER_ENDS = (
    "。！？｡؟۔।॥։።"
    r"\u061d\u061e\u0700-\u0702\u07f9\u0837\u0839\u083d\u083e\u104b\u1367\u1368\u166e\u1735\u1736"
    r"\u17d4\u17d5\u1803\u1809\u1944\u1945\u1aa8-\u1aab\u1b5a\u1b5b\u1b5e\u1b5f\u1b7d\u1b7e\u1c3b"
    r"\u1c3c\u1c7e\u1c7f\ua4ff\ua60e\ua60f\ua6f3\ua6f7\ua876\ua877\ua8ce\ua8cf\ua92f\ua9c8\ua9c9"
    r"\uaa5d-\uaa5f\uaaf0\uaaf1\uabeb\ufe12\ufe15\ufe16\ufe52\ufe56\ufe57．"
)
# The full stop of Japanese papers parts numbers, too.
_OTHER_END = rf"(?:[{OTHER_ENDS[:-1]}]|(?<![0-9０-９])．|．(?=\s|$))"
_END = re.compile(rf"[.!?][\"')\]”’]*(?=\s|$)|{_OTHER_END}+[\"')\]”’」』）】]*")
_WHOLE = re.compile(rf"[.!?{OTHER_ENDS}][\"')\]”’」』）】]*$")
# A name of a product may end with a mark: "Yahoo! Messenger", "Joomla! allows".
_NAME = re.compile(r"[\w,] [A-Z]\w*[a-z]\w*!$")
_GOES_ON = re.compile(r"[ \t]{1,4}[\"'(“‘]?[a-z]")
LONGEST_PIECE = 80  # characters
FEWEST_WORDS = 3  # of a sentence beside another: fewer are a piece of it
_ORDER = re.compile(r"\s*(?:Install|Update|Upgrade|Apply|Disable|Remove|Use|Patch|Block)\b")
_NOTHING = re.compile(r"\s*\Z")
# Behind a mark that stands alone and is told of: "a . (dot)", "a ! in it".
_TOLD_OF = re.compile(r"[ \t]{1,4}(?:[a-z]|\()")


def sentence_ends(text: str) -> list[int]:
    """Positions just after each full sentence."""
    found = _all_ends(text)
    ends: list[int] = []
    start = 0
    for end in found:
        if end < found[-1] and text[end] != "\n" and _is_piece(text, start, end):
            continue  # of the next one
        ends.append(end)
        start = end
    return ends


def _all_ends(text: str) -> list[int]:
    return [match.end() for match in _END.finditer(text) if _ends(text, match)]


def _ends(text: str, mark: re.Match[str]) -> bool:
    """Whether a mark ends a sentence, and no abbreviation or name within one."""
    at = mark.start()
    kind, alone = text[at], at == 0 or text[at - 1].isspace()
    if alone and _TOLD_OF.match(text, mark.end()):
        return False
    before = text[max(0, at - LOOK_BACK) : at + 1]
    goes_on = _GOES_ON.match(text, mark.end()) is not None
    if kind == ".":
        quoted = mark.end() - at > 1
        within = goes_on and (quoted or before.endswith(".."))
        return not (within or is_abbreviation(before, text, mark.end()))
    if kind not in "!?" or _NOTHING.match(text, mark.end()):
        return True
    return not (goes_on or _NAME.search(before))


def _is_piece(text: str, start: int, end: int) -> bool:
    """Whether it is too short for a sentence, in a script with blanks between words."""
    if end - start > LONGEST_PIECE or _ORDER.match(text, start):
        return False
    shown = text[start:end]
    return shown.rstrip("\"')]”’")[-1:] in ".!?" and len(shown.split()) < FEWEST_WORDS


def first_sentences(text: str, most: int = 3, characters: int = 600) -> str:
    """The first sentences that fit into so many characters, and one at least."""
    text = text.strip()
    ends = sentence_ends(text)[:most]
    if not ends:
        return text
    fitting = [end for end in ends if end <= characters]
    return text[: fitting[-1] if fitting else ends[0]]


def is_whole(text: str) -> bool:
    """Whether a text ends with a full sentence."""
    text = text.rstrip()
    return _WHOLE.search(text) is not None


def trim_to_sentence(text: str) -> str:
    """Drop the last sentence when it was cut off; a text of no full sentence stays as it is."""
    text = text.strip()
    ends = sentence_ends(text)
    if not ends or is_whole(text):
        return text
    return text[: ends[-1]]


def tidy(text: str, longest: int) -> str:
    """What a small model wrote, without a cut-off end and without going round in circles.

    A text of `longest` characters was cut there.  Empty when nothing whole is left.
    """
    cut = len(text) >= longest
    text = trim_to_sentence(text) if cut else text.strip()
    if not is_whole(text):
        text = "" if cut or not text else text.rstrip(" ,;:-") + "."
    kept: list[str] = []
    for sentence in _split(text):
        repeats = _loops(sentence) or any(_alike(sentence, earlier) for earlier in kept)
        if repeats or sentence.endswith("..."):  # the record's text was cut off there
            break
        if not kept or len(_words(sentence)) >= SHORTEST_SENTENCE:
            kept.append(sentence)
    return " ".join(kept)


def _split(text: str) -> list[str]:
    ends = _all_ends(text)
    return [text[a:b].strip() for a, b in zip([0, *ends], ends, strict=False)]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _loops(sentence: str) -> bool:
    """Whether four words in a row come again in the same sentence."""
    words = _words(sentence)
    runs = [tuple(words[at : at + 4]) for at in range(len(words) - 3)]
    return len(set(runs)) < len(runs)


def _alike(sentence: str, other: str) -> bool:
    """Whether two sentences share most of their words."""
    one, two = set(_words(sentence)), set(_words(other))
    return len(one & two) > 0.75 * min(len(one), len(two))
