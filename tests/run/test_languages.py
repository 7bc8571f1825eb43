"""The languages of a run: those with questions that the model's card does not leave out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stages.recipe.recipe import Recipe, load, shipped
from workers.run import prepare
from workers.run.input_files import inspect_inputs
from workers.run.languages import languages_notice, languages_of_card, with_languages
from workers.run.run_folder import RunFolder
from workers.run.run_model import TARGET, RunModel
from workers.settings.config import RunConfig
from workers.settings.values import build_config

QUESTIONS = """naming: {mentions: '{noun}: {name}', begins: '{noun}: {words}'}
kinds:
  other:
    noun: text
    questions: [{type: what, asks: what, wordings: ['What is {name}?'], answered: [{by: lead}]}]
"""


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    """With questions in German and Norwegian beside English ones."""
    folder = tmp_path_factory.mktemp("recipe")
    for code in ("no", "de"):
        (folder / f"questions.{code}.yaml").write_text(QUESTIONS)
    return load(folder)


@pytest.mark.parametrize(
    ("card", "known"),
    [
        ("---\nlanguage: en\n---\n# A model", {"en"}),
        ("---\nlanguage:\n- eng\n- no\n- zh-CN\n- code\n---\n", {"en", "no", "zh"}),
        ("---\nlanguage: [en, multilingual]\n---\n", set()),
        ("---\nlicense: mit\n---\nlanguage: en", set()),
        ("---\nlanguage: {en: [\n---\n", set()),
        ("---\nlanguage: en\n", set()),
        ("# A model\n---\nlanguage: en\n---\n", set()),
        ("", set()),
    ],
)
def test_a_card_names_languages_in_its_front_matter(
    tmp_path: Path, card: str, known: set[str]
) -> None:
    (tmp_path / "README.md").write_text(card)
    assert languages_of_card(tmp_path / "README.md") == known
    assert languages_of_card(tmp_path / "none.md") == set()


@pytest.mark.parametrize(
    ("card", "decided"),
    [("language: [en, de]", "en,de"), ("language: zh", "en"), ("license: mit", "en,de,no")],
)
def test_those_that_the_model_knows_stay_and_english(
    tmp_path: Path, recipe: Recipe, card: str, decided: str
) -> None:
    (tmp_path / "README.md").write_text(f"---\n{card}\n---\n")
    config = with_languages(build_config({}), recipe, {TARGET: RunModel("m", str(tmp_path))})
    assert languages_notice(config) == f"languages: {decided}; records in others are removed"


def test_where_there_is_no_choice_nothing_is_decided(recipe: Recipe) -> None:
    def left(values: dict[str, Any], by: Recipe) -> RunConfig | None:
        config = build_config(values)
        return with_languages(config, by, {}) if with_languages(config, by, {}) != config else None

    asked = {"stage_options": {"2_data_filter": {"languages": "en,de"}}}
    assert left(asked, recipe) is left({"stages": "data_structurer"}, recipe) is None
    assert left({}, shipped()) is None
    decided = left({}, recipe)
    assert decided and languages_notice(decided) and not languages_notice(build_config({}))


def test_a_run_keeps_what_was_decided_and_goes_on_with_it(tmp_path: Path, recipe: Recipe) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "one"}\n')
    inputs = inspect_inputs([tmp_path / "in.jsonl"])
    config = build_config({"disable_llm": True})
    prepare.create(RunFolder(tmp_path / "r"), config, inputs, {}, recipe)
    run = RunFolder(tmp_path / "r").open()
    assert run.config.stage_options["2_data_filter"] == {"decided_languages": "en,de,no"}
    prepare.refuse_other_settings(run, config, inputs, recipe)
