"""What the pages say of files is so: links and anchors resolve, files named exist, tables agree.

Knows Markdown only as far as headings, links, tables and fences go.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import Counter
from configparser import ConfigParser
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from coordinator import build_parser
from stages import ALL_STAGES
from stages.base import Removed, Result
from stages.data_structurer.stage import DataStructurer
from stages.recipe.__main__ import main as recipe_command
from stages.recipe.files import FILES
from stages.recipe.recipe import load, shipped
from tests.page_links import SCREEN, named_links, renewed
from workers.core import files
from workers.observe.read_status import write_status
from workers.observe.status import RunStatus
from workers.queue.deaths import Death
from workers.run.input_files import inspect_inputs
from workers.run.repeats import look, search_of
from workers.run.run_folder import RunFolder
from workers.run.verify import StageCheck
from workers.settings.chosen_stages import make_stage
from workers.settings.config import RunConfig
from workers.settings.sources import load_config
from workers.worker.roles import ROLES

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        ROOT / "queues" / "README.md",
        ROOT / "performance_logs" / "README.md",
    ]
)
SOURCES = sorted(
    path
    for folder in ("workers", "stages", "benchmarks", "examples")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".c", ".jinja"}
) + [ROOT / name for name in ("coordinator.py", "Makefile", "setup.cfg", "pyproject.toml")]
DESIGN = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
ARCHITECTURE = ROOT / "docs" / "architecture.md"
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)


@cache
def anchors(page: Path) -> set[str]:
    """The names that GitHub gives the page's headings."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE):
        text = LINK.sub(r"\1", heading).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    for _, target in LINK.findall(prose(page)):
        if target.startswith(("http:", "https:")):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        assert not linked.is_dir() or not anchor, target
        if re.fullmatch(r"L\d+", anchor):
            assert int(anchor[1:]) <= len(linked.read_text(encoding="utf-8").splitlines()), target
        elif anchor:
            assert anchor in anchors(linked), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_named_in_backticks_exist(page: Path) -> None:
    named = re.findall(
        r"`((?:workers|stages|tests|docs|examples|benchmarks)/[\w/.]*\w)`", prose(page)
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page not in reached:
            reached.add(page)
            targets = (target.partition("#")[0] for _, target in LINK.findall(prose(page)))
            linked = {(page.parent / t).resolve() for t in targets if t and ":" not in t}
            ahead += [other for other in linked if other.suffix == ".md"]
    assert set(PAGES) <= reached


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_that_the_code_cites_exist(source: Path) -> None:
    cited = re.findall(r"[\w./-]*\w\.md\b", source.read_text(encoding="utf-8"))
    assert [name for name in cited if not (ROOT / name).is_file()] == []


def test_the_workflow_and_the_hooks_run_what_exists() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    jobs = yaml.safe_load(workflow)["jobs"].values()
    steps = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    made = re.findall(r"\bmake ([a-z]+)", "\n".join(steps))
    assert made and set(made) <= set(targets)
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    assert {hook["id"] for hook in hooks} == {"ruff", "ruff-format", "mypy", "lint-imports"}
    assert all(hook["entry"].startswith(".venv/bin/") for hook in hooks)


def test_make_help_names_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    [phony] = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    shown = re.findall(r'@echo "make (\w+)', makefile)
    assert set(shown) == set(phony.split()) - {"help", "lint", "types"}


# What design.md promises is what the code has.


def rows_below(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading of design.md, without its head."""
    section = DESIGN.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_exit_statuses_are_those_of_the_command_line() -> None:
    told = set(re.findall(r"\d+", str(build_parser().epilog)))
    assert {row[0] for row in rows_below("Exit status")} == told


def test_worker_roles_are_all_there() -> None:
    assert [row[0].strip("`") for row in rows_below("Worker roles")] == list(ROLES)


def test_the_verdict_has_the_keys_that_are_promised() -> None:
    [described] = [row[1] for row in rows_below("JSON output") if row[0] == "`stages[]`"]
    assert re.findall(r"`(\w+)`", described) == list(StageCheck("2_data_filter").to_json())


def test_the_queues_page_names_everything_in_a_run_folder(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("{}\n")
    run = RunFolder(tmp_path / "run").create(RunConfig(), inspect_inputs([tmp_path / "in.jsonl"]))
    tree = (ROOT / "queues" / "README.md").read_text()
    shown = set(re.findall(r"^ +([\w.-]+)", tree, re.MULTILINE))
    shown |= set(ALL_STAGES)  # the page shows two of them
    looking = look(search_of(run), run.path)
    next(looking)
    assert {path.name for path in run.path.iterdir()} <= shown  # with the table of the look
    list(looking)
    run.keep_calibration([{}])
    run.lower_batch_ceiling(4)
    run.add_death(Death("w1-00000000", 1, "crash", True))
    files.publish(run.trial_file("STAGE"), b"{}")
    write_status(run, RunStatus(run.name, "running", ()))
    with run.lock_coordinator():
        assert {path.name for path in run.path.rglob("*")} <= shown


# The way into the code: every link leads to the line where its name is defined.


def test_architecture_links_lead_to_what_they_name() -> None:
    links = list(named_links(ARCHITECTURE, prose(ARCHITECTURE)))
    assert len(links) > 50
    assert [(link.name, link.file.name) for link in links if not link.is_right] == [], (
        "`python -m tests.page_links --write` renews the lines"
    )


def test_a_link_that_leads_elsewhere_is_found_and_renewed(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("A = 1\n" + "\n" * SCREEN + "class B:\n    def c(): ...\n")
    page, at = tmp_path / "page.md", SCREEN + 3
    for line, right in (("", False), ("#L1", False), ("#L3", True), (f"#L{at}", True)):
        text = f"See [`B.c`](code.py{line})."
        assert [link.is_right for link in named_links(page, text)] == [right]
        assert renewed(page, text) == f"See [`B.c`](code.py#L{at})."
    assert [link.is_right for link in named_links(page, "[`B.d`](code.py#L3)")] == [False]


def test_the_table_of_rooms_is_in_the_order_of_imports() -> None:
    """As far as the layers go that lint-imports holds."""
    rows = re.findall(r"^\| \[`([\w/]+)`\]", ARCHITECTURE.read_text(), re.MULTILINE)
    place = {row.replace("/", "."): number for number, row in enumerate(rows)}
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    layers = [config[name]["layers"] for name in config if "layers" in config[name]]
    assert len(layers) > 3
    for contract in layers:
        lines = [re.split(r" [:|] ", line) for line in contract.strip().splitlines()]
        shown = [[place[room] for room in line if room in place] for line in lines]
        shown = [line for line in shown if line]
        assert all(max(above) < min(below) for above, below in pairwise(shown)), contract


def test_architecture_has_every_package() -> None:
    inits = [*ROOT.glob("workers/**/__init__.py"), *ROOT.glob("stages/**/__init__.py")]
    packages = {path.parent for path in inits} - {ROOT / "workers"}
    linked = {(ARCHITECTURE.parent / t).resolve() for _, t in LINK.findall(prose(ARCHITECTURE))}
    assert packages <= linked


# The page on recipes: what it shows can be done as it is shown.

RECIPES = ROOT / "docs" / "recipes.md"


def block(page: Path, language: str, begins: str = "") -> str:
    """The first fenced block of a language that begins so."""
    pattern = rf"^```{language}\n({re.escape(begins)}.*?)^```"
    found = re.search(pattern, page.read_text(encoding="utf-8"), re.S | re.M)
    assert found is not None
    return found[1]


def apply_diff(diff: str, text: str) -> str:
    """A text after a diff without line numbers; each run of old lines has to be in it."""
    for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", diff, re.MULTILINE):
        before, after = (re.sub(r"^[-+]", "", part, flags=re.MULTILINE) for part in (old, new))
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def test_the_recipes_page_has_every_file_and_no_other() -> None:
    assert re.findall(r"^\| \[([\w.]+)\]", RECIPES.read_text(), re.MULTILINE) == list(FILES)


def test_the_changed_prompt_of_the_recipes_page_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-recipe").mkdir()
    assert recipe_command(["prompts.yaml"]) == 0
    file = Path("my-recipe") / "prompts.yaml"
    file.write_text(apply_diff(block(RECIPES, "diff"), capsys.readouterr().out))
    assert recipe_command(["--check", "my-recipe"]) == 0
    changed, before = load(Path("my-recipe")).prompts.answer, shipped().prompts.answer
    assert changed.system == (
        "You answer questions about security texts in three plain sentences, and say why. You use"
        " only what the text says."
    )
    assert changed.max_tokens == 200 and changed.shots == before.shots
    capsys.readouterr()
    shown = re.findall(r"^error: my-recipe/.*$", RECIPES.read_text(), re.MULTILINE)
    text = file.read_text()
    file.write_text(text.replace("Text: {text}{facts}", "Text: {text}"))
    assert recipe_command(["--check", "my-recipe"]) == 2
    assert capsys.readouterr().err.splitlines() == shown


def test_the_german_questions_of_the_recipes_page_are_asked(tmp_path: Path) -> None:
    (tmp_path / "questions.de.yaml").write_text(block(RECIPES, "yaml", "naming:"))
    text = "Die Suche prüft einen Parameter nicht, und ein Angreifer liest die Datenbank aus."
    record = {"id": "CVE-2099-0001", "description": text, "language": "de"}
    outcome = asyncio.run(DataStructurer(recipe=load(tmp_path)).process(record, None))
    assert isinstance(outcome, Result)
    asked = {one["instruction"]: one["response"] for one in outcome.records}
    assert asked in ({"Was ist CVE-2099-0001?": text}, {"Beschreibe CVE-2099-0001.": text})


def test_the_stage_of_the_recipes_page_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "my_module.py").write_text(block(RECIPES, "python"))
    (tmp_path / "settings.yaml").write_text(block(RECIPES, "yaml", "stage_options:"))
    [name] = set(re.findall(r"--stages \S+,(my_module:\w+)", RECIPES.read_text()))
    config = load_config({"stages": f"data_structurer,{name}"}, tmp_path / "settings.yaml", {})
    stage = make_stage(config, config.stages[-1])
    assert (stage.name, stage.needs_model) == ("my_module.LongEnough", False)
    short = {"instruction": "Why?", "response": "It is short."}
    assert asyncio.run(stage.process(short, None)) == Removed("short answer", words=3)
    long = short | {"response": "word " * 12}
    assert asyncio.run(stage.process(long, None)) == Result(long)
    del sys.modules["my_module"]
