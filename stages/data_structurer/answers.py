"""An answer before any gate has seen it, and answers made of several sentences or answers.

Knows sentences and lengths; nothing of questions.  Invariant: no sentence is cut, and none is left
out but at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stages.data_structurer.passages import Sentence, joined
from stages.text.code_ends import ends_with_code
from stages.text.literals import ends_with_literal
from stages.text.sentences import is_whole

LONGEST = 600  # characters of an answer
RECORD = "record"  # who wrote an answer that quotes


@dataclass(frozen=True)
class Answer:
    """An answer, who wrote it ("record", "form" or "model"), and words it may use besides."""

    text: str
    by: str
    allowed: str = ""


# What begins small behind a colon.
_BEHIND_COLON = re.compile(
    r"(?<=\): )(?:(?:An?|The|In|When|If|Any|Some|Many|Several|Certain|Multiple|Products?)\b"
    r"|(?:[A-Z][a-z]+ing|Hard|Web|Direct|Insufficient|Incorrect|Improper|Missing|Reference|Secure"
    r"|Insecure|Integer|Buffer|Memory|Race|Use|Remote|Local|Unauthenticated|Crafted|Large|Long"
    r"|Default|Weak|Predictable|Heap|Stack|Plaintext|Cleartext|Argument|Command|Code|Session"
    r"|Password|Visual|Special|Compiler|Browser|Server|Client|Kernel|Function|File|Path|Symbolic"
    r"|Untrusted|Uninitialized|Unauthorized|Arbitrary|Cross-site|Out-of-bounds)\b(?! [A-Z][a-z]))"
)


def combined(answers: Sequence[Answer]) -> Answer | None:
    """Several answers as one, the first one's writer in front; one that announces the next by a
    colon is a sentence where nothing follows."""
    if not answers:
        return None
    said = together([*dict.fromkeys(answer.text for answer in answers)])
    said = _BEHIND_COLON.sub(lambda word: word[0].lower(), said)
    allowed = " ".join(answer.allowed for answer in answers if answer.allowed)
    return Answer(f"{said[:-1]}." if said.endswith(":") else said, answers[0].by, allowed)


def together(parts: Sequence[str]) -> str:
    """Prose in one paragraph, and a list or a command in lines of its own."""
    said = parts[0]
    for before, part in pairwise(parts):
        listed = part.startswith("- ") or "\n" in f"{before}{part}" or before.startswith("- ")
        listed = listed or not (is_whole(before) or before.endswith(":"))
        said = f"{said}\n{part}" if listed else f"{said} {part}"
    return said


def fitting(sentences: Iterable[Sentence], longest: int = LONGEST) -> list[Sentence]:
    """As many of the sentences as an answer has room for, one at least."""
    taken: list[Sentence] = []
    for sentence in sentences:
        if taken and sum(len(one.text) + 1 for one in taken) + len(sentence.text) > longest:
            break
        taken.append(sentence)
    return taken


def ended(said: str) -> str:
    """What fields say with a full stop; none touches code, or an address or a path that ends a
    list."""
    if is_whole(said) or ends_with_literal(said) or ends_with_code(said):
        return said
    return f"{said.rstrip(' ,;:-')}."


def of_blocks(blocks: Iterable[str], code: bool) -> Answer:
    """The blocks that say something as an answer of the record, which ends in code or as a sentence
    does."""
    said = "\n\n".join(filter(None, blocks))
    return Answer(said if code else ended(said), RECORD)


def quoted(sentences: list[Sentence]) -> Answer | None:
    text = joined(sentences)
    return Answer(text, RECORD) if text else None
