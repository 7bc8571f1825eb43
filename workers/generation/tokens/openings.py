"""Thinking parts that a prompt for an answer leaves open, and what closes them.

Some templates begin an answer with an opening tag, which nothing would close before it.  Knows
texts, and the tags of thoughts that a tokenizer names; renders nothing.  Invariant: what stood in
the conversation, and what stands before past answers too, is no opening.
"""

from __future__ import annotations

import os.path
import re
from dataclasses import dataclass
from typing import Any

_THINKING = re.compile(
    r"<((?:\w+[:_])?(?:think|thinking|thoughts?|reason|reasoning))>(?!.*</\1>)", re.DOTALL
)
_TAG = re.compile(r"<(?P<angle>[A-Za-z][\w:.-]*)>|\[(?P<square>[A-Z][A-Z_]*)\]")
_HALF_A_TAG = re.compile(r"[<\[][^<>\[\]]*\Z")
_ROLES = {"ai", "answer", "assistant", "bot", "model"}


@dataclass(frozen=True)
class Tags:
    """What a tokenizer puts around thoughts."""

    start: str
    end: str


def tags_of(tokenizer: Any) -> Tags | None:
    """The tags that mlx-lm finds in a tokenizer (a TokenizerWrapper); None where it finds none."""
    start, end = getattr(tokenizer, "think_start", None), getattr(tokenizer, "think_end", None)
    return Tags(start, end) if start and end else None


def closing_of(found: str, before: str, tags: Tags | None, behind: int | None) -> str:
    """What closes the part that a prompt opens at its end; "" where it opens none.

    before: what stands before a past answer in the same conversation; "" if that is not known.
    behind: where in `found` the conversation ends; None where it can't be seen.
    """
    own = found[_alike(found, before) :] if before else ""
    tail = own if behind is None else found[behind:]
    if tags is not None and tail.rfind(tags.start) > tail.rfind(tags.end):
        return _closing(tags)
    if known := _THINKING.search(tail):
        return _closing(Tags(known[0], f"</{known[1]}>"))
    tag = _TAG.fullmatch(own.strip())
    if tag is None or (tag["angle"] or tag["square"]).lower() in _ROLES:
        return ""
    end = f"</{tag['angle']}>" if tag["angle"] else f"[/{tag['square']}]"
    return _closing(Tags(tag[0], end))


def around(found: str, tags: Tags) -> tuple[str, str]:
    """What opens thoughts in these tags behind a prompt, unless it ends with that, and closes them:
    for templates that leave thoughts out of what they show."""
    opened = found.rstrip().endswith(tags.start)
    return "" if opened else f"{tags.start}\n", _closing(tags)


def _alike(found: str, before: str) -> int:
    """How much of both is the same, up to a whole tag."""
    same = os.path.commonprefix([found, before])
    return len(_HALF_A_TAG.sub("", same))


def _closing(tags: Tags) -> str:
    """The closing tag; those of angles stand on lines of their own."""
    return f"\n{tags.end}\n\n" if _TAG.fullmatch(tags.start) and "<" in tags.start else tags.end
