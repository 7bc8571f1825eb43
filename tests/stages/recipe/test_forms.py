"""forms.yaml: sentences whose placeholders are slots."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.recipe.forms import Placeholder, read_forms
from stages.recipe.nodes import RecipeError, parse
from tests.stages.recipe.help import assert_refused

TEXT = """forms:
  where: ['{Name} runs on {platforms}.', '{Name} runs.']
slots:
  platforms: {fields: [platforms, xmitreplatforms], worded: names}
  version: {fields: [], worded: cvss version}
most_values: 5
longest_value: 240
say_nothing: [Other]
impacts: {Read Memory: read memory}
harm: {}
"""


def test_forms_are_those_of_the_file() -> None:
    found = read_forms(parse(TEXT.encode(), "f"))
    assert found.sentences == {"where": ("{Name} runs on {platforms}.", "{Name} runs.")}
    assert found.slots["platforms"] == Placeholder(("platforms", "xmitreplatforms"), "names")
    assert (found.most_values, found.longest_value) == (5, 240)
    assert found.say_nothing == {"Other"} and found.harm == {}
    assert found.impacts == {"Read Memory": "read memory"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("on {platforms}", "on {platform}", r"^f:2: no placeholder \{platform\}"),
        ("worded: names", "worded: loudly", "^f:4: no wording 'loudly'"),
        ("[platforms, x", "[Platforms, x", "^f:4: 'Platforms': must be a field's name"),
        ("[platforms, xmitreplatforms]", "[]", "^f:4: must not be empty"),
        ("most_values: 5", "most_values: 0", "^f:6: must be a whole number from 1 to 1000"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        read_forms(parse(TEXT.replace(old, new, 1).encode(), "f"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("for {tactics}, on", "for {tactic}, on", "no placeholder {tactic}; did you"),
        ("phasename], worded: plain", "phasename], worded: plane", "no wording 'plane'"),
        ("fields: [tactics, phasename]", "fields: [Tactics]", "'Tactics': must be a f"),
    ],
)  # fmt: skip
def test_a_fault_in_the_shipped_file_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert_refused(tmp_path, "forms.yaml", old, new, said)
