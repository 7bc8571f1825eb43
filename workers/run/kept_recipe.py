"""The recipe that a run was created with: copied into its folder, and read from there ever after.

Knows the folder, the hashes in the manifest, and the bounds that flags gave.  Invariant: every
process of a run, and each of its stages, goes by the same recipe and bounds, whatever becomes of
the files it was read from.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from stages.gates.bounds import limits
from stages.recipe.files import RecipeFile, read_files
from stages.recipe.nodes import RecipeError
from stages.recipe.recipe import Recipe, load, shipped
from workers.core.errors import QueueError, UsageError
from workers.core.files import make_folders, publish
from workers.run.run_folder import RunFolder
from workers.run.run_recipe import RunRecipe
from workers.settings.config import RunConfig

_BOUNDED = "3_data_structurer"  # the stage whose flags set bounds of the gates


def chosen_recipe(config: RunConfig) -> Recipe:
    """The recipe that the settings ask for; raises UsageError, which names file and line."""
    return shipped() if config.recipe is None else recipe_in(Path(config.recipe))


def recipe_in(folder: Path) -> Recipe:
    """The recipe of a folder that somebody names; raises UsageError, as above."""
    try:
        return load(folder)
    except RecipeError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"--recipe {folder}: {error.strerror}") from error


def keep_recipe(run: RunFolder, recipe: Recipe) -> RunRecipe:
    """Copy a recipe into the folder of a run; what the manifest is to say of it."""
    make_folders(run.recipe_dir)
    for name, file in recipe.files.items():
        publish(run.recipe_dir / name, [file.data])
    return RunRecipe(recipe.sha256, recipe.hashes())


def kept_recipe(run: RunFolder) -> Recipe:
    """The recipe of a run, with the bounds of its settings in place of the recipe's own.

    Raises QueueError when its copy is not as it was.
    """
    recipe = _copied_recipe(run)
    given = run.config.stage_options.get(_BOUNDED, {})
    bounds = {name: given[name] for name in limits() if given.get(name) is not None}
    return replace(recipe, bounds=replace(recipe.bounds, **bounds)) if bounds else recipe


def _copied_recipe(run: RunFolder) -> Recipe:
    kept = run.manifest.recipe
    if kept is None or _is_shipped(run, kept):
        return shipped()
    try:
        recipe = load(run.recipe_dir)
    except (RecipeError, OSError) as error:
        raise QueueError(f"{error}: run {run.name} needs its recipe; restore it") from error
    for name, then in kept.files.items():
        _refuse_changed(run, recipe.files[name], then)
    return recipe


def _is_shipped(run: RunFolder, then: RunRecipe) -> bool:
    """Whether it is the shipped recipe to the byte, which a process need not parse again."""
    try:
        kept = {path.name: path.read_bytes() for path in run.recipe_dir.iterdir()}
    except OSError:
        return False
    same = kept == {name: file.data for name, file in read_files(None).items()}
    return same and shipped().hashes() == then.files


def _refuse_changed(run: RunFolder, file: RecipeFile, then: str) -> None:
    if file.sha256 != then:
        raise QueueError(
            f"{file.shown}: changed since run {run.name} was created; restore it or start a new run"
        )
