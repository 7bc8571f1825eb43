"""Own stages: found by module and class, named like a folder, and refused in one line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from stages import is_stage_name, own, short_name, stage_by_name
from stages.base import Stage
from stages.own import is_own_name, own_name, own_stage

GOOD = """
from stages.base import Result, Stage


class Plain(Stage):
    description = "pass records on"

    async def process(self, record, llm):
        return Result(record)
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty current folder, with modules that are forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("given", "name"),
    [("my_module:MyStage", "my_module.MyStage"), ("pkg.mod:S", "pkg.mod.S"), ("a.B", "a.B"),
     ("../x:Y", None), ("a/b:C", None), ("a:b:c", None), ("a:B C", None), ("a:é", None),
     ("a:", None), (":B", None), ("a..b:C", None), ("plain", None), ("a:B\n", None),
     ("run:json", None), ("x:lock", None), ("m:" + "C" * 99, None), ("a:__init__", "a.__init__")],
)  # fmt: skip
def test_names(given: str, name: str | None) -> None:
    assert own_name(given) == name
    assert name is None or is_own_name(name) and is_stage_name(name)


def test_a_stage_has_the_name_of_its_module_and_class_unless_it_sets_one() -> None:
    class Mine(Stage):
        pass

    class Later(stage_by_name("data_filter")):  # type: ignore[misc]
        pass

    assert Mine.name == f"{__name__}.{Mine.__qualname__}"
    assert Later.name.endswith("Later") and stage_by_name("data_filter").name == "2_data_filter"
    assert [short_name(name) for name in ("2_data_filter", "own_stage.Mine", "2_")] == [
        "data_filter", "own_stage.Mine", "2_",
    ]  # fmt: skip


def test_a_module_of_the_current_folder_is_found_and_hides_no_other(here: Path) -> None:
    (here / "plain_stage.py").write_text(GOOD)
    (here / "json.py").write_text("raise SystemExit('hidden')")
    kind = own_stage("plain_stage.Plain")
    assert issubclass(kind, Stage) and kind.name == "plain_stage.Plain"
    assert stage_by_name("plain_stage.Plain") is kind
    assert sys.path[-1] == str(here)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no module odd_stage in the current folder or among the installed"),
        ("import no_such_thing", "odd_stage can't be imported: No module named 'no_such_thing'"),
        ("1 / 0", "odd_stage can't be imported: ZeroDivisionError: division by zero"),
        ("x = (", "odd_stage can't be imported: SyntaxError: '(' was never closed"),
        ("raise SystemExit(7)", "odd_stage can't be imported: SystemExit: 7"),
        ("x = 1", "the module odd_stage has no Plain"),
        ("Plain = 3", "is not a subclass of stages.base.Stage"),
        ("class Plain: pass", "is not a subclass of stages.base.Stage"),
        (GOOD.replace("async def process", "async def other"), "must define `async def process("),
        (GOOD.replace("async def", "def"), "must define `async def process("),
        (GOOD.replace("description", "words"), "must have a `description`"),
        (
            GOOD.replace("    desc", "    name = '9_x'\n    desc"),
            "must not set `name`: its name is",
        ),
        (
            GOOD.replace("    desc", "    Options = dict\n    desc"),
            "its Options must be a subclass",
        ),
    ],
)
def test_what_is_no_stage_is_said_in_one_line(here: Path, text: str | None, said: str) -> None:
    if text is not None:
        (here / "odd_stage.py").write_text(text)
    with pytest.raises(ValueError, match="^stage odd_stage:Plain: ") as refused:
        own_stage("odd_stage.Plain")
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_a_stage_that_a_package_hands_on_is_named_by_its_own_module(here: Path) -> None:
    (here / "handed").mkdir()
    (here / "handed" / "__init__.py").write_text("from handed.steps import Plain\n")
    (here / "handed" / "steps.py").write_text(GOOD)
    assert own_stage("handed.steps.Plain").name == "handed.steps.Plain"
    said = "^stage handed:Plain: is defined in another module: name it handed.steps:Plain$"
    with pytest.raises(ValueError, match=said):
        own_stage("handed.Plain")


def test_an_entry_point_of_a_package_names_a_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint("personal", "examples.own_stage:PersonalData", own.GROUP),
        EntryPoint("odd", "a/b:C", own.GROUP),
    ]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: EntryPoints(points))
    assert own_name("personal") == "examples.own_stage.PersonalData"
    assert own_name("odd") is None and own_name("other") is None


@pytest.mark.parametrize("arguments", [["-m", "plain_stage"], ["plain_stage.py"]])
def test_a_stage_that_is_started_as_a_command_has_its_modules_name(
    here: Path, arguments: list[str]
) -> None:
    ends = "\n\nfrom stages.own import importable\n\nprint(importable(Plain).name)\n"
    (here / "plain_stage.py").write_text(f"{GOOD}\n\nif __name__ == '__main__':" +
                                         ends.replace("\n\n", "\n    "))  # fmt: skip
    project = str(Path(__file__).parents[2])
    found = subprocess.run(
        [sys.executable, *arguments], env={"PYTHONPATH": project}, capture_output=True, text=True
    )
    assert found.stdout == "plain_stage.Plain\n", found.stderr
