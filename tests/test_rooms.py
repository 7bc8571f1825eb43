"""Tests lie where the code does, those of room/name.py in tests/room/test_name.py; and a public
class has its name to itself.

Knows files and their syntax only.  Invariant: a module in which something is decided or worked
out has tests under its own name; data, protocols and plain dataclasses need none.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run_tools import PROJECT

# Modules that are tested through what uses them.
DATA = frozenset(
    {
        "workers/review/app.py",  # every request of it, over HTTP: review/test_serving.py
    }
)

CODE = ("workers/**/*.py", "stages/**/*.py", "benchmarks/**/*.py", "examples/*.py", "*.py")
_CLASS = re.compile(r"^[ \t]*class ([A-Z]\w*)[(:[]", re.MULTILINE)


def has_logic(source: str) -> bool:
    """Whether any function of a module does something."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = ast.walk(ast.parse(source))
    return any(_does_something(node) for node in nodes if isinstance(node, functions))


def _does_something(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether more stands in it than a docstring, or the dots of a protocol."""
    return not all(
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        for statement in function.body
    )


def place_of_tests(module: Path) -> Path:
    """Where the tests of a module are expected; those of workers/ leave that name out."""
    room = module.parent
    room = room.relative_to("workers") if room.parts[0] == "workers" else room
    return Path("tests") / room / f"test_{module.name}"


def untested(root: Path) -> list[str]:
    """Modules with logic that have no tests under their own name."""
    found = (path for package in ("stages", "workers") for path in (root / package).rglob("*.py"))
    modules = sorted(path.relative_to(root) for path in found if not path.name.startswith("__"))
    return [
        module.as_posix()
        for module in modules
        if not (root / place_of_tests(module)).is_file() and has_logic((root / module).read_text())
    ]


def test_every_module_with_logic_has_tests_under_its_own_name() -> None:
    missing = [module for module in untested(PROJECT) if module not in DATA]
    wanted = [f"{place_of_tests(Path(module))} for {module}" for module in missing]
    assert not missing, "write tests, or say in DATA why none are needed: " + ", ".join(wanted)


def test_what_needs_no_tests_has_none() -> None:
    assert not [name for name in DATA if (PROJECT / place_of_tests(Path(name))).exists()]


def test_importing_the_engine_makes_no_arrays() -> None:
    for module in (PROJECT / "workers" / "generation").rglob("*.py"):
        called = [
            ast.unparse(call.func) for call in _calls_on_import(ast.parse(module.read_text()))
        ]
        assert not [name for name in called if name.startswith("mx.")], module


def _calls_on_import(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls outside of functions."""
    ahead: list[ast.AST] = [tree]
    while ahead:
        node = ahead.pop()
        if isinstance(node, ast.Call):
            yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            ahead += ast.iter_child_nodes(node)


def test_a_module_whose_tests_are_gone_is_found(tmp_path: Path) -> None:
    places = {"workers/core/a.py": "core/test_a.py", "stages/x/b.py": "stages/x/test_b.py"}
    for module, tests in places.items():
        for path, text in ((module, "def f():\n    return 1\n"), (f"tests/{tests}", "")):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
    (tmp_path / "stages/x/__main__.py").write_text("def f():\n    return 1\n")
    assert untested(tmp_path) == []
    for module, tests in places.items():
        (tmp_path / "tests" / tests).unlink()
        assert module in untested(tmp_path)


def shared_names(root: Path) -> dict[str, list[str]]:
    """Public classes whose name another one has as well, and where they all are."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(path for pattern in CODE for path in root.glob(pattern)):
        for name in _CLASS.findall(path.read_text()):
            found[name].append(path.relative_to(root).as_posix())
    return {name: places for name, places in found.items() if len(places) > 1}


def test_no_two_public_classes_share_a_name() -> None:
    assert shared_names(PROJECT) == {}, "name one of them after what it is"


def test_classes_that_share_a_name_are_found(tmp_path: Path) -> None:
    places = ["workers/queue/row.py", "stages/row.py", "coordinator.py"]
    for path in map(tmp_path.joinpath, places):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("class Row(Base):\n    pass\n\n\nclass _Own:\n    pass\n")
    assert shared_names(tmp_path) == {"Row": sorted(places)}


@pytest.mark.parametrize(
    ("source", "logic"),
    [
        ('"""Data."""\nNAMES = {"a": 1}\n', False),
        ('class P(Protocol):\n    def f(self) -> int:\n        """One."""\n        ...\n', False),
        ('@dataclass\nclass D:\n    a: int = 1\n', False),
        ('def silent() -> None:\n    """Tells nobody."""\n', False),
        ("class D:\n    @property\n    def a(self) -> int:\n        return 1\n", True),
        ("async def f() -> None:\n    await g()\n", True),
    ],
)  # fmt: skip
def test_what_counts_as_logic(source: str, logic: bool) -> None:
    assert has_logic(source) is logic
