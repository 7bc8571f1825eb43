"""questions.yaml: every kind has a noun and questions, its own or those of another kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.recipe.asks import FORM, LEAD, PURPOSE, KindQuestion, Way
from stages.recipe.nodes import RecipeError, parse
from stages.recipe.questions import KINDS, read_questions
from stages.recipe.recipe import load, shipped
from tests.stages.recipe.help import assert_refused, changed

FIRST, *OTHERS = KINDS
WORDING = shipped().bounds.wording
TEXT = f"""patterns: {{flaw: flaws?}}
naming: {{mentions: '{{noun}} with {{name}}', begins: '{{noun}}: {{words}}'}}
introduction: {{only_introduces: '^It is', tells_more: '{{flaw}}'}}
kinds:
  {FIRST}:
    noun: the thing
    questions:
      - type: thing_what
        asks: purpose
        wordings: ['What is {{name}}?']
        answered: [{{by: lead}}, {{by: form, of: where, most: 2}}]
        about: 'a {{flaw}}'
""" + "".join(f"  {name}: {{noun: it, questions_of: {FIRST}}}\n" for name in OTHERS)


def test_questions_are_those_of_the_file() -> None:
    found = read_questions(parse(TEXT.encode(), "q"), ("where",), WORDING)
    asked = KindQuestion("thing_what", ("What is {name}?",), (Way(LEAD), Way(FORM, "where", 2)),
                         PURPOSE, about="a flaws?")  # fmt: skip
    assert found.of_kind[FIRST] == (asked,) == found.of_kind[OTHERS[0]]
    assert (found.nouns[FIRST], found.nouns[OTHERS[0]]) == ("the thing", "it")
    assert (found.only_introduces, found.tells_more) == ("^It is", "flaws?")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("asks: purpose", "asks: nothing", "^q:9: no role or purpose 'nothing'"),
        ("What is {name}?", "What is it?", r"^q:10: the placeholder \{name\} is missing"),
        ("What is {name}?", "All of {name}.", "^q:10: 'All of {name}.': is no question or order"),
        ("of: where", "of: wher", "^q:11: no form 'wher'; did you mean where"),
        ("by: form, of: where", "by: form", "^q:11: of is missing: which form"),
        ("by: lead", "by: clause, of: x", "^q:11: no thing that a clause says 'x'; known: harm"),
        ("most: 2", "most: 13", "^q:11: must be a whole number from 1 to 12"),
        (f"questions_of: {FIRST}", "questions_of: none", "no kind with questions of its own"),
        (f", questions_of: {FIRST}", "", "questions is missing"),
        ("about: 'a {flaw}'", "opening: it is", "^q:12: 'it is': must be words on one line"),
        ("about: 'a {flaw}'", "new_words: 0", "^q:12: must be a whole number from 1 to 100"),
        ("thing_what", "Thing", "^q:8: 'Thing': must be lower-case letters"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        read_questions(parse(TEXT.replace(old, new, 1).encode(), "q"), ("where",), WORDING)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("asks: what", "ask: what", "no such key: ask; did you mean asks?"),
        ("  weakness:\n", "  weaknesses:\n", "no such key: weaknesses; did you"),
        ("        by_model: false", "        by_model: 0", "must be true or false"),
        ("opening: 'It is a flaw in which '", "opening: ['x']", "must be text"),
        ("facts: [Detection]", "facts: Detection", "must be a list"),
        ("What is {name}?", "What is it?", "the placeholder {name} is missing"),
        ("What is {name}?", "Hello world {name}.", "is no question or order by the words of wor"),
        ("What is {name}?", "What is {name} of {id}?", "no placeholder {id}"),
        (r"own_method: \b(?:", r"own_method: \b(?:(", "is not a regular expression: "),
        ("tells_more: '{tells_of_a_flaw}", "tells_more: '{flaws}", "no pattern {"),
        ("asks: what", "asks: whatever", "no role or purpose 'whatever'"),
        ("{by: lead}", "{by: led}", "no way to answer 'led'; did you mean lead?"),
        ("{by: role, of: cause", "{by: role, of: case", "no role 'case'; did you"),
        ("of: rating and weakness}", "of: ratings}", "no form 'ratings'; did you"),
        ("facts: [Severity,", "facts: [Gravity,", "no label of a field 'Gravity'"),
        ("questions_of: malware", "questions_of: tool", "no kind with questions of"),
        ("type: weakness_cause", "type: ../x", "'../x': must be lower-case letters"),
        ("opening: 'It is a flaw in which '", r'opening: "It is\na "', "on one line"),
    ],
)  # fmt: skip
def test_a_fault_in_the_shipped_file_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert_refused(tmp_path, "questions.yaml", old, new, said)


def test_words_that_the_wordings_need_can_not_go_from_the_gates(tmp_path: Path) -> None:
    """Else all pairs of those wordings are made and stopped, for a word that is not there."""
    changed(tmp_path, "wording.yaml", "question_words: [what, ", "question_words: [")
    with pytest.raises(RecipeError, match=r"questions.yaml:\d+: 'What .* is no question or order"):
        load(tmp_path)


def test_a_kind_may_have_no_questions(tmp_path: Path) -> None:
    changed(tmp_path, "questions.yaml", "questions_of: malware", "questions: []")
    assert load(tmp_path).questions.of_kind["tool"] == ()
    assert shipped().questions.of_kind["tool"] == shipped().questions.of_kind["malware"] != ()


def test_text_of_a_recipe_is_no_format_string(tmp_path: Path) -> None:
    odd = "Explain {name}, {0}, {} and %s as {x!r}."
    changed(tmp_path, "questions.yaml", "What is {name}?", f"'{odd}'")
    [question] = load(tmp_path).questions.of_kind["vulnerability"][:1]
    assert question.worded(0, "{name.__class__}") == odd.replace("{name}", "{name.__class__}")


def test_patterns_of_ways_and_answers_are_written_out() -> None:
    text = TEXT.replace("{by: lead}", "{by: lead, each: '{flaw}'}", 1)
    text = text.replace("about:", "joined: true\n        fits:", 1)
    [asked] = read_questions(parse(text.encode(), "q"), ("where",), WORDING).of_kind[FIRST]
    assert (asked.ways[0].each, asked.fits, asked.about) == ("flaws?", "a flaws?", "")
    assert asked.joined


GERMAN = """naming: {mentions: '{noun} mit {name}', begins: '{noun}: {words}'}
kinds:
  malware:
    noun: die Schadsoftware
    questions:
      - {type: what, asks: what, wordings: ['Was ist {name}?'], answered: [{by: lead}]}
"""


def test_another_language_has_kinds_of_its_own_choice(tmp_path: Path) -> None:
    (tmp_path / "questions.de.yaml").write_text(GERMAN, encoding="utf-8")
    recipe = load(tmp_path)
    german = recipe.questions_for("de")
    assert german is not None and set(german.of_kind) == {"malware"}
    assert recipe.questions_for("fr") is recipe.questions_for("gl") is None
    assert recipe.questions_for("en") is recipe.questions_for("") is recipe.questions
    assert "questions.de.yaml" in recipe.hashes() and recipe.sha256 != shipped().sha256


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("questions.de.yaml", "by: lead", "by: form", ":6: no way to answer 'form'; known: lead"),
        (
            "questions.de.yaml",
            "Was ist {name}?",
            "Guten Tag {name}.",
            ":6: 'Guten Tag {name}.': is",
        ),
        ("questions.de.yaml", "asks: what", "opening: Es", ":6: no such key: opening"),
        ("questions.de.yaml", "malware:", "malwares:", ":3: no such key: malwares; did you mean"),
        ("questions.de.yaml", "{name}'", "X'", ":1: the placeholder {name} is missing"),
        ("questions.en.yaml", "", "", ": not a recipe file: no language en; known: es,"),
        ("questions.deu.yaml", "", "", ": not a recipe file; did you mean questions.yaml"),
    ],
)
def test_faults_of_a_file_in_another_language(
    tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    (tmp_path / name).write_text(GERMAN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RecipeError) as refused:
        load(tmp_path)
    assert said in str(refused.value)
