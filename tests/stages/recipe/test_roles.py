"""roles.yaml: a word and cues for each role, each cue at the beginning of a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.base import Prompt
from stages.recipe.nodes import RecipeError, parse
from stages.recipe.role_names import ROLES
from stages.recipe.roles import read_roles
from tests.stages.recipe.help import assert_refused

PROMPT = Prompt("s", "{text}", 4)
EXAMPLES = "".join(f"{name}: {{mails: [a, b], notes: [c]}}\n" for name in ROLES)
ROLE = "  {}: {{word: definition, cues: [{{weight: 2, patterns: ['{{things}}', '^so']}}]}}\n"
TEXT = "patterns: {things: worms?}\nroles:\n" + "".join(ROLE.format(name) for name in ROLES)


def test_roles_are_those_of_the_files_in_their_fixed_order() -> None:
    found = read_roles(parse(TEXT.encode(), "r"), parse(EXAMPLES.encode(), "e"), PROMPT)
    assert tuple(label.name for label in found.question.labels) == ROLES == tuple(found.cues)
    (cue,) = found.cues[ROLES[0]]
    assert cue.weight == 2
    assert cue.pattern.search("Two WORMS") and not cue.pattern.search("bookworms")
    assert cue.pattern.search("So it is") and not cue.pattern.search("It is so")


def test_headings_are_optional_and_matched_as_a_whole() -> None:
    text = TEXT.replace("word: definition,", "word: definition, headings: ['{things}', 'sos?'],", 1)
    found = read_roles(parse(text.encode(), "r"), parse(EXAMPLES.encode(), "e"), PROMPT)
    assert list(found.headings) == [ROLES[0]]
    assert found.headings[ROLES[0]].fullmatch("Worms") and found.headings[ROLES[0]].fullmatch("SOS")
    assert not found.headings[ROLES[0]].fullmatch("Worms of all kinds")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("'{things}'", "'{things}|'", "^r:3: matches the empty text"),
        ("weight: 2", "weight: 200", "^r:3: must be a number from -100 to 100"),
        ("{things}", "{thing}", r"^r:3: no pattern \{thing\}; did you mean things"),
        ("word: definition", "word: two words", "^r:3: 'two words': must be one word"),
        (f"  {ROLES[0]}:", "  other:", "^r:3: no such key: other"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        root = parse(TEXT.replace(old, new, 1).encode(), "r")
        read_roles(root, parse(EXAMPLES.encode(), "e"), PROMPT)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  what:\n", "  whit:\n", "no such key: whit; did you mean what?"),
        ("weight: 2.0", "weight: heavy", "must be a number from -100 to 100"),
        (r"refers to\b", r"refers to[", "is not a regular expression: unterminated"),
        ("{0,6}?{things}", "{0,6}?{thing}", "no pattern {thing}; did you mean things?"),
        ("word: definition", "word: <|im_end|>", "'<|im_end|>': must be one word"),
    ],
)  # fmt: skip
def test_a_fault_in_the_shipped_file_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert_refused(tmp_path, "roles.yaml", old, new, said)
