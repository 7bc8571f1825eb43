"""A YAML file as values that know their line, with reading methods that say what is wrong where.

Knows YAML and nothing of recipes.  Aliases, anchors, tags and deep nesting are refused, so a file
holds no more than it shows.  Invariant: every RecipeError begins with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

MOST_BYTES = 2**21  # of one file
DEEPEST = 12  # lists and mappings inside one another

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]


class RecipeError(ValueError):
    """A recipe that can't be used; the message is one line that begins with file and line.

    `line` is None where no line is at fault, but the file as such.
    """

    def __init__(self, file: str, line: int | None, problem: str) -> None:
        message = f"{file}: {problem}" if line is None else f"{file}:{line}: {problem}"
        super().__init__("".join(one if one.isprintable() else "?" for one in message))


@dataclass(frozen=True)
class Node:
    """A value and where it stands: plain, a tuple of nodes, or nodes by key.

    `block`: a text whose lines begin below, each as it is in the file.  `known`: it stands in a
    file that is known to be right, so that its patterns need not be tried.
    """

    value: str | int | float | bool | None | tuple[Node, ...] | Mapping[str, Node]
    file: str
    line: int
    block: bool = False
    known: bool = False

    def wrong(self, problem: str, at: int = 0) -> RecipeError:
        """An error at this place, or at a character of its text."""
        line = self.line
        if self.block and at and isinstance(self.value, str):
            line += 1 + self.value.count("\n", 0, at)
        return RecipeError(self.file, line, problem)

    def plain(self) -> Plain:
        """The value without places."""
        if isinstance(self.value, tuple):
            return [one.plain() for one in self.value]
        if isinstance(self.value, Mapping):
            return {key: one.plain() for key, one in self.value.items()}
        return self.value

    def text(self) -> str:
        """A text that is not empty, without control characters but for line breaks and tabs."""
        if not isinstance(self.value, str):
            raise self.wrong(f"must be text{_in_quotes(self.value)}")
        if not self.value.strip():
            raise self.wrong("must not be empty")
        if found := _CONTROL.search(self.value):
            raise self.wrong(f"holds the control character {found[0]!r}")
        return self.value

    def matching(self, pattern: str, what: str) -> str:
        """A text that matches a pattern as a whole."""
        text = self.text()
        if not re.fullmatch(pattern, text):
            raise self.wrong(f"{text!r}: must be {what}")
        return text

    def one_of(self, known: Mapping[str, Any] | tuple[str, ...], what: str) -> str:
        """A text among those that are known."""
        text = self.text()
        if text not in known:
            raise self.wrong(f"no {what} {text!r}{did_you_mean(text, known)}")
        return text

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.wrong("must be true or false")
        return self.value

    def whole(self, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self.value
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(f"must be a whole number from {low} to {high}")
        return value

    def number(self, low: float, high: float) -> float:
        """A number within bounds, as it stands there: 0.7 or 1."""
        value = self.value
        if (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or not low <= value <= high
        ):
            raise self.wrong(f"must be a number from {low:g} to {high:g}")
        return value

    def list(self, least: int = 1) -> tuple[Node, ...]:
        """The items of a list."""
        if not isinstance(self.value, tuple):
            raise self.wrong("must be a list")
        if len(self.value) < least:
            raise self.wrong("must not be empty" if least == 1 else f"must have {least} items")
        return self.value

    def texts(self, least: int = 1) -> tuple[str, ...]:
        """The texts of a list, each only once."""
        found: dict[str, int] = {}
        for one in self.list(least):
            if (text := one.text()) in found:
                raise one.wrong(f"{text[:60]!r}: in line {found[text]} too")
            found[text] = one.line
        return tuple(found)

    def entries(self, least: int = 1) -> Mapping[str, Node]:
        """Values by keys of the user's own."""
        if not isinstance(self.value, Mapping):
            raise self.wrong("must be a mapping of `name: value`")
        if len(self.value) < least:
            raise self.wrong("must not be empty")
        return self.value

    def fields(self, *needed: str, optional: tuple[str, ...] = ()) -> Mapping[str, Node]:
        """Values by known keys: all that are needed, and no others but the optional ones."""
        found = self.entries(0)
        known = (*needed, *optional)
        for key, value in found.items():
            if key not in known:
                raise value.wrong(f"no such key: {key}{did_you_mean(key, known)}")
        for key in needed:
            if key not in found:
                raise self.wrong(f"{key} is missing")
        return found


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ue000-\uf8ff]")


def _in_quotes(value: object) -> str:
    return "; put it in quotes" if isinstance(value, bool | int | float) else ""


def did_you_mean(name: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    """The nearest known name as a hint, else all of them."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return f"; did you mean {near[0]}?" if near else f"; known: {', '.join(known)}"


def parse(data: bytes, file: str, known: bool = False) -> Node:
    """The one document of a YAML file; raises RecipeError for what is no plain YAML."""
    import yaml

    text = _decoded(data, file)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Builder(file, yaml.parse(text, Loader=loader), known).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        raise RecipeError(file, line, f"not valid YAML: {error.problem}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise RecipeError(file, line, "holds a character that YAML does not allow") from error


def _decoded(data: bytes, file: str) -> str:
    if len(data) > MOST_BYTES:
        raise RecipeError(file, 1, f"is larger than {MOST_BYTES // 2**20} MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RecipeError(file, line, "is not UTF-8") from error


class _Builder:
    """Builds nodes of the parser's events, as they come."""

    def __init__(self, file: str, events: Iterator[Any], known: bool) -> None:
        from yaml.resolver import Resolver

        self._file = file
        self._known = known
        self._events = events
        self._resolver: Any = Resolver()

    def document(self) -> Node:
        """The root; raises RecipeError unless there is exactly one document."""
        import yaml

        root = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise self._error(event, "must be one YAML document")
            if isinstance(event, yaml.DocumentStartEvent):
                root = self._node(next(self._events), 0)
        if root is None or root.value is None:
            raise RecipeError(self._file, 1, "is empty")
        return root

    def _error(self, event: Any, problem: str) -> RecipeError:
        return RecipeError(self._file, _line(event), problem)

    def _node(self, event: Any, depth: int) -> Node:
        import yaml

        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self._error(event, "anchors and aliases are not allowed; write it out")
        if event.tag is not None:
            raise self._error(event, "tags are not allowed")
        if depth > DEEPEST:
            raise self._error(event, "is nested too deeply")
        line = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
            return Node(value, self._file, line, event.style == "|", self._known)
        inside = self._mapping if isinstance(event, yaml.MappingStartEvent) else self._sequence
        return Node(inside(depth + 1), self._file, line)

    def _sequence(self, depth: int) -> tuple[Node, ...]:
        import yaml

        found = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._node(event, depth))
        return tuple(found)

    def _mapping(self, depth: int) -> Mapping[str, Node]:
        import yaml

        found: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error(event, "a key must be text")
            key, line = event.value, _line(event)
            if key in found:
                raise self._error(event, f"{key}: is there already, in line {found[key].line}")
            # A list or mapping is said to stand where its key does.
            found[key] = replace(self._node(next(self._events), depth), line=line)
        return found

    def _scalar(self, event: Any) -> str | int | float | bool | None:
        import yaml

        text: str = event.value
        tag = self._resolver.resolve(yaml.ScalarNode, text, event.implicit)
        if tag in _PLAIN:
            plain: int | float | bool | None = _PLAIN[tag](text)
            return plain
        return text


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _number(text: str) -> int | float | str:
    """A decimal number; YAML 1.1's other ways to write one are text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


_PLAIN: Mapping[str, Any] = {
    "tag:yaml.org,2002:null": lambda text: None,
    "tag:yaml.org,2002:bool": lambda text: text.lower() in {"true", "yes", "on"},
    "tag:yaml.org,2002:int": _number,
    "tag:yaml.org,2002:float": _number,
}
