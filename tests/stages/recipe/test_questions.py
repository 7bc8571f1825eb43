"""questions.yaml: every kind has a noun and questions, its own or those of another kind."""

from __future__ import annotations

import pytest

from stages.recipe.asks import FORM, LEAD, PURPOSE, KindQuestion, Way
from stages.recipe.nodes import RecipeError, parse
from stages.recipe.questions import KINDS, read_questions

FIRST, *OTHERS = KINDS
TEXT = f"""patterns: {{flaw: flaws?}}
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
    found = read_questions(parse(TEXT.encode(), "q"), ("where",))
    asked = KindQuestion("thing_what", ("What is {name}?",), (Way(LEAD), Way(FORM, "where", 2)),
                         PURPOSE, about="a flaws?")  # fmt: skip
    assert found.of_kind[FIRST] == (asked,) == found.of_kind[OTHERS[0]]
    assert (found.nouns[FIRST], found.nouns[OTHERS[0]]) == ("the thing", "it")
    assert (found.only_introduces, found.tells_more) == ("^It is", "flaws?")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("asks: purpose", "asks: nothing", "^q:8: no role or purpose 'nothing'"),
        ("What is {name}?", "What is it?", r"^q:9: the placeholder \{name\} is missing"),
        ("of: where", "of: wher", "^q:10: no form 'wher'; did you mean where"),
        ("by: form, of: where", "by: form", "^q:10: of is missing: which form"),
        ("by: lead", "by: clause, of: x", "^q:10: a clause is of nothing else"),
        ("most: 2", "most: 13", "^q:10: must be a whole number from 1 to 12"),
        (f"questions_of: {FIRST}", "questions_of: none", "no kind with questions of its own"),
        (f", questions_of: {FIRST}", "", "questions is missing"),
        ("thing_what", "Thing", "^q:7: 'Thing': must be lower-case letters"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        read_questions(parse(TEXT.replace(old, new, 1).encode(), "q"), ("where",))
