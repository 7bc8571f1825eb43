"""The recipe: shipped whole, replaced file by file, and refused with file and line."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import pytest

from stages.recipe.files import FILES, SHIPPED
from stages.recipe.nodes import RecipeError
from stages.recipe.recipe import load, shipped
from tests.stages.recipe.help import changed


def test_the_shipped_recipe_is_one_value_that_never_changes() -> None:
    assert shipped() is shipped()
    assert shipped().sha256 == load().sha256 and re.fullmatch("[0-9a-f]{64}", shipped().sha256)
    with pytest.raises(dataclasses.FrozenInstanceError):
        shipped().bounds = None  # type: ignore[misc,assignment]


def test_the_folder_of_the_package_holds_these_files() -> None:
    assert {path.name for path in SHIPPED.iterdir()} == set(FILES)


def test_the_shipped_files_are_right_when_each_pattern_is_tried(tmp_path: Path) -> None:
    """Processes take them as they are; here they are taken for a person's own."""
    recipe = load(shutil.copytree(SHIPPED, tmp_path / "own"))
    assert not any(file.known for file in recipe.files.values())
    assert all(file.known for file in shipped().files.values())
    assert recipe.sha256 == shipped().sha256


def test_a_file_stands_in_for_the_shipped_one_whole(tmp_path: Path) -> None:
    changed(tmp_path, "bounds.yaml", "max_echo: 0.7", "max_echo: 0.5")
    recipe = load(tmp_path)
    assert (recipe.bounds.max_echo, shipped().bounds.max_echo) == (0.5, 0.7)
    assert recipe.questions == shipped().questions
    differ = [name for name in FILES if recipe.hashes()[name] != shipped().hashes()[name]]
    assert differ == ["bounds.yaml"] and recipe.sha256 != shipped().sha256


def test_comments_and_spelling_leave_the_hash_as_it_is(tmp_path: Path) -> None:
    changed(tmp_path, "bounds.yaml", "max_echo: 0.7", "'max_echo':   0.70  # of four words")
    assert load(tmp_path).sha256 == shipped().sha256


def test_order_counts_since_the_first_question_of_a_type_is_asked(tmp_path: Path) -> None:
    one, two = "          - What is {name}?\n", "          - Describe {name}.\n"
    changed(tmp_path, "questions.yaml", one + two, two + one)
    assert load(tmp_path).sha256 != shipped().sha256


def test_domains_can_be_added_and_are_asked_for(tmp_path: Path) -> None:
    added = """domains:
  space_security:
    word: satellites
    strong: [satellite*, ground station*]
    weak: [orbit*]
    examples: [A satellite obeys forged commands., The ground station was jammed.]
"""
    changed(tmp_path, "domains.yaml", "domains:\n", added)
    recipe = load(tmp_path)
    assert recipe.domains.names[0] == "space_security" and len(recipe.domains.names) == 15
    assert "words: satellites, malware, " in recipe.domain_question.prompt.user.replace(
        "of these: ", "words: "
    )
    assert recipe.domain_question.labels[0].word == "satellites"


def test_a_form_that_questions_name_can_not_go_away(tmp_path: Path) -> None:
    changed(tmp_path, "forms.yaml", "  rating and weakness:\n", "  rating or weakness:\n")
    with pytest.raises(RecipeError, match=r"questions\.yaml:\d+: no form 'rating and weakness'"):
        load(tmp_path)
