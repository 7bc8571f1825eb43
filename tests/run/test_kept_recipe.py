"""The recipe of a run: copied, hashed, and the same ever after, whatever becomes of its folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stages.recipe.files import FILES
from stages.recipe.recipe import Recipe, load, shipped
from tests.run_tools import make_run, numbered
from tests.stages.recipe.help import changed
from workers.core.errors import QueueError, UsageError
from workers.run import prepare
from workers.run.input_files import inspect_inputs
from workers.run.kept_recipe import chosen_recipe, kept_recipe
from workers.run.run_folder import RunFolder
from workers.run.run_recipe import RunRecipe
from workers.settings.chosen_stages import make_stage
from workers.settings.config import RunConfig
from workers.settings.values import build_config


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with one changed file."""
    changed(tmp_path / "own", "questions.yaml", "What is {name}?", "Say what {name} is.")
    return tmp_path / "own"


def made(root: Path, config: RunConfig, recipe: Recipe) -> RunFolder:
    (root / "in.jsonl").write_text('{"text": "one"}\n')
    run = RunFolder(root / "queues" / "r")
    prepare.create(run, config, inspect_inputs([root / "in.jsonl"]), {}, recipe)
    return RunFolder(run.path).open()


def config_of(own: Path) -> RunConfig:
    return build_config({"disable_llm": True, "recipe": str(own)})


def test_a_run_goes_by_its_copy(tmp_path: Path, own: Path) -> None:
    config = config_of(own)
    run = made(tmp_path, config, chosen_recipe(config))
    before = load(own)
    shutil.rmtree(own)
    recipe = kept_recipe(run)
    assert recipe.sha256 == before.sha256 != shipped().sha256
    assert run.manifest.recipe == RunRecipe(recipe.sha256, recipe.hashes())
    assert {path.name for path in run.recipe_dir.iterdir()} == set(FILES)
    assert prepare.resume(run, {}) == config
    stage = make_stage(run.config, "3_data_structurer", recipe)
    [question] = stage.recipe.questions.of_kind["vulnerability"][:1]
    assert question.worded(0, "X") == "Say what X is."


def test_a_copy_of_the_shipped_one_is_not_parsed_again(tmp_path: Path, own: Path) -> None:
    run = made(tmp_path, RunConfig(disable_llm=True), shipped())
    assert kept_recipe(run) is shipped()
    shutil.copy(own / "questions.yaml", run.recipe_dir)
    with pytest.raises(QueueError, match=r"questions\.yaml: changed since run r was created"):
        kept_recipe(run)


def test_a_copy_that_was_changed_or_lost_is_refused(tmp_path: Path) -> None:
    run = made(tmp_path, RunConfig(disable_llm=True), shipped())
    changed(run.recipe_dir, "bounds.yaml", "max_echo: 0.7", "max_echo: 0.5")
    with pytest.raises(QueueError, match=r"recipe/bounds\.yaml: changed since run r was created"):
        prepare.resume(run, {})
    changed(run.recipe_dir, "bounds.yaml", "max_echo: 0.7", "max_echo: 7")
    with pytest.raises(QueueError, match=r"bounds\.yaml:14: must be a number .*run r needs its"):
        kept_recipe(run)
    shutil.rmtree(run.recipe_dir)
    with pytest.raises(QueueError, match="recipe.*run r needs its recipe; restore it"):
        kept_recipe(run)


def test_flags_for_bounds_go_before_the_recipes_in_every_stage(tmp_path: Path) -> None:
    options = {"3_data_structurer": {"max_similarity": 0.1, "min_verbatim": 1, "max_echo": None}}
    config = build_config({"disable_llm": True, "stage_options": options})
    run = made(tmp_path, config, shipped())
    recipe = kept_recipe(run)
    assert recipe.sha256 == shipped().sha256
    for stage in (make_stage(config, name, recipe) for name in config.stages):
        bounds = stage.recipe.bounds
        assert (bounds.max_similarity, bounds.min_verbatim) == (0.1, 1)
        assert bounds.max_echo == shipped().bounds.max_echo


def test_a_run_from_before_there_were_recipes_goes_by_the_shipped_one(tmp_path: Path) -> None:
    assert kept_recipe(make_run(tmp_path, numbered(1))) is shipped()


def test_another_recipe_is_refused_and_the_same_from_elsewhere_is_not(
    tmp_path: Path, own: Path
) -> None:
    config = config_of(own)
    run = made(tmp_path, config, chosen_recipe(config))
    inputs = run.manifest.inputs
    copied = config_of(shutil.copytree(own, tmp_path / "copy"))
    prepare.refuse_other_settings(run, copied, inputs, chosen_recipe(copied))
    with pytest.raises(UsageError, match="^no --recipe: run r was created with another recipe"):
        prepare.refuse_other_settings(run, RunConfig(disable_llm=True), inputs, shipped())
    changed(own, "bounds.yaml", "max_echo: 0.7", "max_echo: 0.5")
    with pytest.raises(UsageError, match=f"^--recipe {own}: run r was created with another"):
        prepare.refuse_other_settings(run, config, inputs, chosen_recipe(config))


def test_a_run_with_the_shipped_recipe_outlives_a_newer_one(tmp_path: Path, own: Path) -> None:
    run = made(tmp_path, RunConfig(disable_llm=True), load(own))  # what was shipped then
    config, inputs = run.config, run.manifest.inputs
    prepare.refuse_other_settings(run, config, inputs, chosen_recipe(config))
    assert kept_recipe(run).sha256 == load(own).sha256
