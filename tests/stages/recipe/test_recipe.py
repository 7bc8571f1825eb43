"""The recipe: shipped whole, replaced file by file, and refused with file and line."""

from __future__ import annotations

import dataclasses
import re
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


def test_a_kind_may_have_no_questions(tmp_path: Path) -> None:
    changed(tmp_path, "questions.yaml", "questions_of: malware", "questions: []")
    assert load(tmp_path).questions.of_kind["tool"] == ()
    assert shipped().questions.of_kind["tool"] == shipped().questions.of_kind["malware"] != ()


def test_text_of_a_recipe_is_no_format_string(tmp_path: Path) -> None:
    odd = "Explain {name}, {0}, {} and %s as {x!r}."
    changed(tmp_path, "questions.yaml", "What is {name}?", f"'{odd}'")
    [question] = load(tmp_path).questions.of_kind["vulnerability"][:1]
    assert question.worded(0, "{name.__class__}") == odd.replace("{name}", "{name.__class__}")


WRONG = [
    # Keys
    ("bounds.yaml", "max_echo: 0.7", "max_eco: 0.7", "no such key: max_eco; did you mean max_e"),
    ("bounds.yaml", "max_echo: 0.7", "max_echo: 0.7\nmax_echo: 0.8", "max_echo: is there already"),
    ("prompts.yaml", "answer:\n  system:", "answer:\n  systems:", "no such key: systems; did you"),
    ("questions.yaml", "asks: what", "ask: what", "no such key: ask; did you mean asks?"),
    ("questions.yaml", "  weakness:\n", "  weaknesses:\n", "no such key: weaknesses; did you"),
    ("roles.yaml", "  what:\n", "  whit:\n", "no such key: whit; did you mean what?"),
    ("domains.yaml", "    weak:", "    week:", "no such key: week; did you mean weak?"),
    # Types
    ("bounds.yaml", "max_echo: 0.7", "max_echo: high", "must be a number from 0 to 1"),
    ("bounds.yaml", "max_echo: 0.7", "max_echo: 1.7", "must be a number from 0 to 1"),
    ("bounds.yaml", "min_new_words: 4", "min_new_words: 4.5", "must be a whole number from 0"),
    ("bounds.yaml", "max_echo: 0.7", "max_echo: yes", "must be a number from 0 to 1"),
    ("prompts.yaml", "max_tokens: 130", "max_tokens: 0", "must be a whole number from 1 to 4096"),
    ("prompts.yaml", "system: You edit", "system: 7 # You edit", "must be text; put it in quotes"),
    ("prompts.yaml", "system: You edit", "system: # You edit", "must be text"),
    ("questions.yaml", "by_model: false", "by_model: 0", "must be true or false"),
    ("questions.yaml", "opening: 'It is a flaw in which '", "opening: ['x']", "must be text"),
    ("questions.yaml", "facts: [Detection]", "facts: Detection", "must be a list"),
    ("roles.yaml", "weight: 2.0", "weight: heavy", "must be a number from -100 to 100"),
    # Placeholders
    ("prompts.yaml", "Text: {text}{facts}", "Text: {text}", "the placeholder {facts} is missing"),
    ("prompts.yaml", "Describe: {text}'", "Describe: {txt}'", "no placeholder {txt}; did you mean"),
    ("questions.yaml", "What is {name}?", "What is it?", "the placeholder {name} is missing"),
    ("questions.yaml", "What is {name}?", "What is {name} of {id}?", "no placeholder {id}"),
    ("forms.yaml", "for {tactics}, on", "for {tactic}, on", "no placeholder {tactic}; did you"),
    ("awareness.yaml", "Subject: {subject}", "Subject: {topic}", "no placeholder {topic}"),
    # Regular expressions
    ("questions.yaml", r"own_method: \b(?:", r"own_method: \b(?:(", "is no regular expression: "),
    ("questions.yaml", "tells_more: '{tells_of_a_flaw}'", "tells_more: '{flaws}'", "no pattern {"),
    ("roles.yaml", r"refers to\b", r"refers to[", "is no regular expression: unterminated"),
    ("roles.yaml", "{0,6}?{things}", "{0,6}?{thing}", "no pattern {thing}; did you mean things?"),
    # Names
    ("questions.yaml", "asks: what", "asks: whatever", "no role or purpose 'whatever'"),
    ("questions.yaml", "{by: lead}", "{by: led}", "no way to answer 'led'; did you mean lead?"),
    ("questions.yaml", "{by: role, of: cause", "{by: role, of: case", "no role 'case'; did you"),
    ("questions.yaml", "of: rating and weakness}", "of: ratings}", "no form 'ratings'; did you"),
    ("questions.yaml", "facts: [Severity,", "facts: [Gravity,", "no label of a field 'Gravity'"),
    ("questions.yaml", "questions_of: malware", "questions_of: tool", "no kind with questions of"),
    ("questions.yaml", "type: weakness_cause", "type: ../x", "'../x': must be lower-case letters"),
    ("forms.yaml", "phasename], worded: plain", "phasename], worded: plane", "no wording 'plane'"),
    ("forms.yaml", "fields: [tactics, phasename]", "fields: [Tactics]", "'Tactics': must be a f"),
    ("domains.yaml", "vulnerability_management: strong", "vulnerability: strong", "no such key"),
    ("domains.yaml", "vulnerability_management: strong", "vulnerability_management: sure",
     "no evidence 'sure'"),
    ("domains.yaml", "  malware:\n", "  Mal/ware:\n", "'Mal/ware': must be lower-case letters"),
    ("awareness.yaml", "domains: [phishing,", "domains: [fishing,", "no domain 'fishing'; did you"),
    ("awareness.yaml", "risk: high_risk", "risk: huge_risk", "no risk 'huge_risk'; did you mean"),
    # Labels and lists
    ("relevance.yaml", "security:\n  ", "security: {}\nx:\n  ", "no such key: x"),
    ("relevance.yaml", "strong: [adversar*,", "strong: [Adversar*,", "'Adversar*': must be in low"),
    ("relevance.yaml", "strong: [adversar*,", "strong: [adversar*, adversar*,", "'adversar*': in"),
    ("roles.yaml", "word: definition", "word: <|im_end|>", "'<|im_end|>': must be one word"),
    ("questions.yaml", "opening: 'It is a flaw in which '", r'opening: "It is\na "', "on one line"),
    ("prompts.yaml", "system: You edit", r'system: "\e[2J" #', "holds the control character"),
    # YAML
    ("bounds.yaml", "max_echo: 0.7", "max_echo: [0.7", "not valid YAML: "),
    ("bounds.yaml", "max_echo: 0.7", "max_echo: &a 0.7", "anchors and aliases are not allowed"),
    ("bounds.yaml", "max_echo: 0.7", "max_echo: !!python/name:os.system 0.7", "tags are not allow"),
    ("bounds.yaml", "max_echo: 0.7", f"max_echo: {'[' * 40}", "is nested too deeply"),
    ("bounds.yaml", "max_echo: 0.7", "? [max_echo]\n: 0.7", "a key must be text"),
    ("bounds.yaml", "max_echo: 0.7", "max_echo: 0.7\x07", "a character that YAML does not allow"),
]  # fmt: skip
# Where the fault is not in the line of the change, by the changed text.
SHIFTS = {
    "max_echo: 0.7\nmax_echo: 0.8": 1,
    "answer:\n  systems:": 1,
    "security: {}\nx:\n  ": 1,
    "Text: {text}": -1,  # the text as a whole, which begins above
    "max_echo: [0.7": 3,  # where the file ends
}


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    WRONG,
)
def test_what_is_wrong_is_said_with_file_and_line(
    tmp_path: Path, name: str, old: str, new: str, problem: str
) -> None:
    line = changed(tmp_path, name, old, new)
    with pytest.raises(RecipeError) as refused:
        load(tmp_path)
    said = str(refused.value)
    file, _, rest = said.removeprefix(f"{tmp_path}/").partition(":")
    number, _, reason = rest.partition(": ")
    assert file == name and problem in reason and "\n" not in said, said
    assert int(number) == line + SHIFTS.get(new, 0), said


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("bounds.yaml", "", ":1: is empty"),
        ("bounds.yaml", "# only this\n", ":1: is empty"),
        ("bounds.yaml", "- 1\n", ":1: must be a mapping"),
        ("bounds.yaml", "max_echo: 0.7\n", ":1: min_grounded is missing"),
        ("bounds.yaml", "a: 1\n---\nb: 2\n", ":2: must be one YAML document"),
        ("awareness.yaml", "templates: []\n", ":1: must not be empty"),
        ("domains.yaml", "shown_above: 0.1\nfirst_above: 0.1\ndomains:\n  one: {}\n",
         ":3: must have two domains"),
        ("domains.yaml", "shown_above: 0\nfirst_above: 0\ndomains:\n  one:\n    strong: [a]\n"
         "    weak: [b]\n    examples: []\n  two: {}\n", ":8: strong is missing"),
        ("relevance.yaml", "strong: [a]\nweak: [b]\nsecurity:\n  mails: []\n  notes: [a]\nother: 1",
         ":4: must not be empty"),
        ("relevance.yaml", "strong: [a]\nweak: [b]\nsecurity:\n  mails: [a]\nother: 1",
         ":3: must have examples of 2 kinds"),
    ],
)  # fmt: skip
def test_files_that_hold_too_little(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(RecipeError) as refused:
        load(tmp_path)
    assert str(refused.value).startswith(f"{tmp_path / name}{said}")


def test_a_label_without_examples_is_named_where_it_stands(tmp_path: Path) -> None:
    text = (SHIPPED / "domains.yaml").read_text()
    start = text.index("    examples:", text.index("  phishing:"))
    end = text.index("  zero_day:")
    (tmp_path / "domains.yaml").write_text(text[:start] + "    examples: []\n" + text[end:])
    line = text.count("\n", 0, start) + 1
    with pytest.raises(RecipeError, match=rf"domains\.yaml:{line}: must have 2 items"):
        load(tmp_path)


def test_a_form_that_questions_name_can_not_go_away(tmp_path: Path) -> None:
    changed(tmp_path, "forms.yaml", "  rating and weakness:\n", "  rating or weakness:\n")
    with pytest.raises(RecipeError, match=r"questions\.yaml:\d+: no form 'rating and weakness'"):
        load(tmp_path)


def test_control_tokens_in_a_prompt_are_words(tmp_path: Path) -> None:
    changed(tmp_path, "prompts.yaml", "system: You edit", "system: <|im_end|> You edit")
    assert load(tmp_path).prompts.rewording.system.startswith("<|im_end|> You")
