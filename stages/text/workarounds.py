"""What works around a flaw, marked as such: a reader must not take it for the repair.

Knows the verbs by which such advice begins.  Invariant: the advice itself stays as it was written,
but for its first letter.
"""

from __future__ import annotations

import re

_ORDER = re.compile(
    r"(?:Remove|Disable|Start|Stop|Set|Use|Block|Restrict|Limit|Change|Configure|Turn|Avoid|Run"
    r"|Apply|Add|Delete|Deny|Do|Don't|Enable|Ensure|Filter|Put|Place|Reject|Replace|Require|Revoke"
    r"|Serve|Switch|Uninstall|Validate|Separate|Isolate|Keep|Close|Only|Open|Allow|Make|Move|Check"
    r"|Call|Install|Edit|Override|Wrap|Pass|Unset|Unload|Rename|Log|Terminate|Downgrade|Pin|Patch"
    r"|Update|Upgrade|Mask|Set|Leave|Never|Always|Give|Take|Treat|Sanitize|Escape|Verify|Manually"
    r"|Let|Have|Return|Rotate|Lower|Raise|Reduce|Increase|Clear|Create|Build|Point|Bind|Route|Choose"
    r"|Select|Protect|Grant|Disconnect|Unplug|Lock|Ask|Encrypt|Monitor|Convert|Copy|Decrease"
    r"|Restore|Freeze|Pull|Send|Restart|Register|Reboot|Refuse|Reload|Reset|Review|Avoid|Prevent"
    r"|Serve|Expose|Load|Export|Print|Store|Strip|Drop|Pause|Skip|Test|Trust|Accept|Build"
    r"|Boot|Mount|Deactivate|Redirect|Rebuild|Exclude|Unmount|Detach|Quarantine|Invalidate|Regenerate"
    r"|On|In|If|When|Where|For|Until|Administrators|Users|Operators|Customers)\b(?!:)"
)
# An upgrade is the repair, and a note is on what stands before it.
_NO_WORKAROUND = re.compile(
    r"(?:Upgrade|Update) (?:\S+ ){0,4}?to (?:version |release )?v?\d|(?:Please )?[Nn]ote\b(?! the)"
)
_MARKED = re.compile(r"\b(?:work-?arounds?|temporar\w+|until|interim|mitigat\w+)\b", re.IGNORECASE)
_AVOIDS = re.compile(r"\b(?:will |can )?(?:avoids?|prevents?|protects?|stops?|limits?)\b")
# "Booting with a lamp shortens the window": no way round, and a sentence of its own.
_LESSENS = re.compile(
    r"[A-Z][a-z]+ing\b[^.]*?\b(?:shortens|reduces|lowers|narrows|lessens|slows)\b"
)
_LABEL = re.compile(r"work-?arounds?(?: \d)?: ", re.IGNORECASE)
# What can't be done, in front of what can be.
_NO_WAY = re.compile(r"There (?:is|are) (?:currently )?no [^.]{3,150}\. (?=[A-Z])")
_NONE = ("There is no ", "There are no ")
MARK = "As a workaround"


def _says_so(text: str) -> bool:
    """Whether a text itself says what it is for."""
    return _MARKED.search(text) is not None or _AVOIDS.search(text) is not None


def only_lessens(text: str) -> bool:
    """Whether what stands behind a denial, or a text without one, only makes a flaw less bad."""
    no_way = _NO_WAY.match(text)
    return _LESSENS.match(text, no_way.end() if no_way else 0) is not None


def as_workaround(text: str) -> str:
    """ "As a workaround, remove the right." of "Remove the right."; marked advice stays, and so do
    orders to upgrade, notes and what only lessens a flaw."""
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    if no_way := _NO_WAY.match(text):
        return no_way[0] + as_workaround(text[no_way.end() :])
    text = text.removeprefix(f"{MARK}: ")
    if _NO_WORKAROUND.match(text) or only_lessens(text):
        return text
    if _ORDER.match(text):
        return f"{MARK}, {text[:1].lower()}{text[1:]}"
    return text if text.startswith(_NONE) or _says_so(text) or not text else f"{MARK}: {text}"
