"""Links of a page that lead to the line where a name is defined, and how they are renewed.

`python -m tests.page_links --write` puts today's lines into docs/architecture.md.  Knows links
such as [`Flow.advance`](../workers/control/flow.py#L12), and Python's syntax.  Invariant: a link
counts as right while the definition is on the screen with its line, so that small changes of code
leave the page alone.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ARCHITECTURE = Path(__file__).parents[1] / "docs" / "architecture.md"
SCREEN = 15  # lines between a link's and the definition's, at most
_NAMED = re.compile(r"\[`([A-Za-z_][\w.]*)`\]\((?!https?:)([^)#\s]+\.py)(?:#L(\d+))?\)")


@dataclass(frozen=True)
class NamedLink:
    """A link to a name such as `Class.method`: the file that it leads to, and its line."""

    name: str
    file: Path
    line: int | None

    @property
    def is_right(self) -> bool:
        """Whether the definition is on the screen where the link leads."""
        defined = definitions(self.file).get(self.name)
        return None not in (defined, self.line) and abs((defined or 0) - (self.line or 0)) <= SCREEN


@cache
def definitions(source: Path) -> dict[str, int]:
    """The lines of a module's functions, classes and constants; of methods as Class.method."""
    found: dict[str, int] = {}
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = node.lineno
        if isinstance(node, ast.ClassDef):
            inner = [n for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
            found |= {f"{node.name}.{method.name}": method.lineno for method in inner}
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        found |= {target.id: node.lineno for target in targets if isinstance(target, ast.Name)}
    return found


def named_links(page: Path, text: str) -> Iterator[NamedLink]:
    """All links of a page's text that name what is in a module."""
    for name, file, line in _NAMED.findall(text):
        if not name.endswith(".py"):
            yield NamedLink(name, (page.parent / file).resolve(), int(line) if line else None)


def renewed(page: Path, text: str) -> str:
    """The text with the line of each definition in its link."""

    def with_line(match: re.Match[str]) -> str:
        name, file, _ = match.groups()
        line = definitions((page.parent / file).resolve()).get(name)
        return match[0] if line is None else f"[`{name}`]({file}#L{line})"

    return _NAMED.sub(with_line, text)


def main(arguments: list[str]) -> int:
    """Name the links that are wrong, or write them anew with --write."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    if arguments == ["--write"]:
        ARCHITECTURE.write_text(renewed(ARCHITECTURE, text), encoding="utf-8")
        return 0
    wrong = [link.name for link in named_links(ARCHITECTURE, text) if not link.is_right]
    print("\n".join(wrong or ["all links lead to what they name"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
