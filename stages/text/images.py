"""What a reader takes from an image: nothing, but where a sentence needs a word in its place.

Knows the words that something has to follow.  Invariant: an image between sentences, or at their
ends, shows nothing.
"""

from __future__ import annotations

import re

LOOK_BACK = 16  # characters
_NEEDS = re.compile(
    r"(?:^|(?<=[\s(]))(?:(the|an?|this|that|each|every)|as|see|in|on|by|from|of|with|and|or|than|to|at|via|using"
    r"|per|like|under|behind|beside)[ \n]\[?\Z",
    re.IGNORECASE,
)
_CALLED = re.compile(r"[A-Za-z][\w()&'’-]*(?:[ .,:]{1,2}[\w()&'’-]+)*", re.ASCII)
_LONGEST = 60  # characters of what an image is called
# Names of files, and words for any image.
_NO_NAME = re.compile(
    r"(?:.*\.(?:png|jpe?g|gif|svg|webp|bmp)|alt|img|image|picture|photo|figure|screenshot)",
    re.IGNORECASE,
)


def in_place_of(before: str, called: str) -> str:
    """What stands for an image behind a text: what it is called, where the sentence needs it."""
    needs = _NEEDS.search(before[-LOOK_BACK:])
    if needs is None:
        return ""
    called = " ".join(called.split())
    if len(called) <= _LONGEST and _CALLED.fullmatch(called) and not _NO_NAME.fullmatch(called):
        return called
    return "image" if needs[1] else "the image"
