"""Makes a run ready: its name, the hashes of its models, its manifest; or resumes one that exists.

Invariant: a run that is resumed has the input and the models that it was created with.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from stages.recipe.recipe import Recipe
from workers.core.errors import InputError, ModelError, UsageError
from workers.run.chunk_size import LARGEST, fitting_size
from workers.run.input_files import InputFile, check_unchanged, reading_options
from workers.run.kept_recipe import keep_recipe, kept_recipe
from workers.run.languages import DECIDED, with_languages
from workers.run.manifest import Manifest, SplitState
from workers.run.run_folder import RunFolder
from workers.run.run_model import DRAFT, TARGET, RunModel
from workers.run.run_names import name_from
from workers.run.speculation import draft_model_of
from workers.run.versions import Versions
from workers.settings.chosen_stages import needs_model
from workers.settings.config import RunConfig, shard_of
from workers.settings.shown import flag_of, shown_as

_LARGEST_TEMPLATE = 1 << 20  # bytes; real ones have some thousands


def new_name(first_input: Path) -> str:
    """A run name from the input's name and the time: attack-20260131-142530."""
    name = f"{name_from(first_input.stem, 'run')}-{time.strftime('%Y%m%d-%H%M%S')}"
    taken = (f"{name}-{number}" for number in range(2, 1000))
    while RunFolder.named(name).exists():
        name = next(taken)
    return name


def describe_models(
    config: RunConfig, progress: Callable[[str], None] = lambda line: None
) -> dict[str, RunModel]:
    """Content hashes of the models a run needs, which are fetched if they are not here.

    `progress` is called with what fetching the default model does.  Raises ModelError for a
    model that can't be had.
    """
    if not needs_model(config):
        return {}
    from workers.model_store import fingerprint, resolve

    target = resolve(config.model, progress=progress)
    template = chat_template(config.chat_template) if config.chat_template is not None else None
    found = {TARGET: RunModel.of(config.model, fingerprint(target), template)}
    draft = draft_model_of(config, target, progress)
    if draft is not None:
        name, folder = draft
        found[DRAFT] = RunModel.of(name, fingerprint(folder))
    return found


def chat_template(file: str) -> str:
    """The text of a chat template; raises UsageError for a file that holds none."""
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(_LARGEST_TEMPLATE + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"--chat-template {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"--chat-template {file}: is not UTF-8 text") from error
    if not text.strip() or len(data) > _LARGEST_TEMPLATE:
        problem = "is empty" if not text.strip() else "is larger than 1 MiB"
        raise UsageError(f"--chat-template {file}: {problem}")
    if problem := _syntax_error(text):
        raise UsageError(f"--chat-template {file}{problem}")
    return text


def _syntax_error(template: str) -> str:
    """The line and what is wrong in it; empty for a template that can be read.

    Tags that only transformers knows are left to the model's loading.
    """
    from jinja2 import Environment, TemplateSyntaxError

    try:
        Environment(extensions=["jinja2.ext.loopcontrols"], autoescape=False).parse(template)
    except TemplateSyntaxError as error:
        if "unknown tag" not in str(error.message):
            return f" line {error.lineno}: {error.message}"
    return ""


def create(
    run: RunFolder,
    config: RunConfig,
    inputs: Sequence[InputFile],
    models: Mapping[str, RunModel],
    recipe: Recipe,
    workers: int = 1,
) -> None:
    """Write the recipe and the manifest of a new run that so many workers will begin with."""
    config = with_languages(config, recipe, models)
    size = LARGEST
    if needs_model(config):  # else a record costs less than a chunk
        options, shards = reading_options(config), shard_of(config).count
        size = fitting_size(inputs, workers, config.limit, options, shards)
    kept = keep_recipe(run, recipe)
    run.create(config, inputs, models, Versions.here(), SplitState(chunk_size=size), kept)


def resume(run: RunFolder, changes: Mapping[str, Any]) -> RunConfig:
    """The settings to resume a run with: as it was created, but for `changes` of who works on it.

    Raises InputError, ModelError or QueueError when input, models or recipe are not those of the
    run, and UsageError for a number that can't be.
    """
    manifest = run.manifest
    check_unchanged(manifest.inputs)
    _check_models(manifest)
    kept_recipe(run)
    # Without its cluster a run has workers at home again.
    leaves = "cluster" in changes and changes["cluster"] is None
    home = {"workers": manifest.config.workers or None} if leaves else {}
    return replace(manifest.config, **{**home, **changes})


def _check_models(manifest: Manifest) -> None:
    for role, then in manifest.model.items():
        if then.endpoint is not None:
            continue  # what it runs is its own matter
        if _digest_now(manifest.config, role, then) != then.sha256:
            raise ModelError(
                f"model {then.name}: changed since run {manifest.run} was created; "
                "restore it or start a new run"
            )


def _digest_now(config: RunConfig, role: str, then: RunModel) -> str:
    """The hash of a run's model as it is now; its draft model may be one that it chose itself."""
    from workers.model_store import fingerprint, resolve

    name = then.name if role == DRAFT else config.model
    return fingerprint(resolve(name)).sha256


def refuse_other_settings(
    run: RunFolder,
    config: RunConfig,
    inputs: Sequence[InputFile],
    recipe: Recipe,
    way_on: str = "",
) -> None:
    """Raise UsageError or InputError unless a run was created with these; WHO_WORKS may differ.

    way_on: what else a person can do, where that is not another --run.
    """
    may_change = f"give the same, or {way_on}" if way_on else _MAY_CHANGE
    _refuse_other_recipe(run, config, recipe, may_change)
    then, now = _by_flag(run.config), _by_flag(config)
    for flag in dict.fromkeys([*now, *then]):
        if flag not in _NOT_COMPARED and then.get(flag) != now.get(flag):
            raise UsageError(
                f"{_shown(flag, now.get(flag)) or f'no {flag}'}: run {run.name} was created "
                f"with{_with(flag, then.get(flag))}; {may_change}"
            )
    if [source.path for source in run.manifest.inputs] != [source.path for source in inputs]:
        raise InputError(
            f"run {run.name}: was created from other input files; give those, or "
            f"{way_on or 'another --run'}"
        )


# A recipe is compared by its contents, wherever they are from; what follows from it and the model
# is decided once.
# On whom it runs may change.
WHO_WORKS = ("workers", "cluster", "cluster_certs")
NO_CLUSTER = "none"  # as a cluster: from now on without the one that a run was begun with
_NOT_COMPARED = (*map(flag_of, WHO_WORKS), flag_of("recipe"), flag_of(DECIDED))
_MAY_CHANGE = f"on resume only {', '.join(map(flag_of, WHO_WORKS))} may change"


def who_works(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given of who works on a run; the rest stays as it was created."""
    found = {name: given[name] for name in WHO_WORKS if given.get(name) is not None}
    if found.get("cluster") == NO_CLUSTER:
        found |= {"cluster": None, "cluster_certs": None}
    return found


def _refuse_other_recipe(
    run: RunFolder, config: RunConfig, recipe: Recipe, may_change: str
) -> None:
    """A run goes by its copy of the recipe: what is asked for now has to be the same."""
    kept = run.manifest.recipe
    same = kept is None or recipe.sha256 == kept.sha256
    if same or (config.recipe is None and run.config.recipe is None):
        return
    flag = flag_of("recipe")
    raise UsageError(
        f"{_shown(flag, config.recipe) or f'no {flag}'}: run {run.name} was created with another "
        f"recipe, kept in {run.recipe_dir}; {may_change}"
    )


def _by_flag(config: RunConfig) -> dict[str, Any]:
    """Every setting, and every option of a stage, by its flag."""
    values = config.to_json()
    options = values.pop("stage_options")
    own = {flag_of(name): value for given in options.values() for name, value in given.items()}
    return {flag_of(name): value for name, value in values.items()} | own


def _shown(flag: str, value: Any) -> str:
    """A setting as it was given; nothing for one that was not."""
    if value is None or value is False:
        return ""
    return flag if value is True else shown_as(flag, value)


def _with(flag: str, value: Any) -> str:
    shown = _shown(flag, value)
    return f" {shown}" if shown else f"out {flag}"
