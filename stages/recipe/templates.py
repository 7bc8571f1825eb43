"""Texts with placeholders, and regular expressions made of named parts: how both are checked.

Knows nothing of what they are for.  Invariant: a text has the placeholders it needs and no
others; a pattern is one that `re` takes, alone and as one of several that are joined, its named
parts are written out, and one that is looked for in texts finds something.  Those of shipped files
are not tried in each process: compiling hundreds takes longer than reading them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from stages.recipe.nodes import Node, did_you_mean

LONGEST_PATTERN = 20_000  # characters, its parts written out
PLACEHOLDER = re.compile(r"\{([A-Za-z_]+)\}")
_FLAGS = re.compile(r"\s*\(\?([aiLmsux]+)\)")
# Names and numbers of groups would mean another group among joined patterns.
_BACKWARDS = re.compile(r"(?<!\\)(?:\\\\)*(\\[1-9]\d?|\(\?\(\w+\))")


def with_placeholders(node: Node, needed: Collection[str], optional: Collection[str] = ()) -> str:
    """A text that holds each needed placeholder, and none that is unknown."""
    text = node.text()
    known = (*needed, *optional)
    for match in PLACEHOLDER.finditer(text):
        if match[1] not in known:
            hint = did_you_mean(match[1], known) if known else "; there are none here"
            raise node.wrong(f"no placeholder {match[0]}{hint}", match.start(1))
    for name in needed:
        if f"{{{name}}}" not in text:
            raise node.wrong(f"the placeholder {{{name}}} is missing")
    return text


def pattern(node: Node, parts: Mapping[str, str]) -> str:
    """A regular expression with its named parts written out."""
    text = PLACEHOLDER.sub(lambda name: _part(node, name[1], parts), node.text())
    if not node.known:
        _try(node, text)
    return text


def _try(node: Node, text: str) -> None:
    """Raise RecipeError for what `re` does not take, alone or joined with others."""
    if len(text) > LONGEST_PATTERN:
        raise node.wrong(f"is longer than {LONGEST_PATTERN} characters")
    if flags := _FLAGS.match(text):
        raise node.wrong(f"begins with {flags[0]}, but is joined with others; {_instead(flags[1])}")
    try:
        compiled = re.compile(text, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise node.wrong(f"is not a regular expression: {error}") from error
    if compiled.groupindex:
        raise node.wrong(f"names a group, {min(compiled.groupindex)}; write (...) instead")
    if found := _BACKWARDS.search(text):
        raise node.wrong(f"refers to a group, {found[1]}; write out what it is to match")


def searched(node: Node, parts: Mapping[str, str]) -> str:
    """A pattern that is looked for in texts: one that finds nothing at all in some text would be
    found in every one."""
    text = pattern(node, parts)
    if node.known:
        return text
    found = (re.search(text, sample, re.IGNORECASE) for sample in ("", "a 1."))
    if any(match and not match[0] for match in found):
        raise node.wrong("matches the empty text, and so is found in every text")
    return text


def _instead(flags: str) -> str:
    """What to write in place of flags for a whole pattern."""
    return "case is ignored anyway" if set(flags) == {"i"} else f"write (?{flags}:...)"


def _part(node: Node, name: str, parts: Mapping[str, str]) -> str:
    if name not in parts:
        hint = did_you_mean(name, parts) if parts else "; there are none above it"
        raise node.wrong(f"no pattern {{{name}}}{hint}")
    return parts[name]


def named_patterns(node: Node) -> dict[str, str]:
    """Patterns by name; those further up may be part of those below."""
    found: dict[str, str] = {}
    for name, one in node.entries(0).items():
        if not PLACEHOLDER.fullmatch(f"{{{name}}}"):
            raise one.wrong(f"{name!r}: a name has letters and underscores only")
        found[name] = pattern(one, found)
    return found
