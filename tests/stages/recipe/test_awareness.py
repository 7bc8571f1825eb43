"""awareness.yaml: templates whose slots all have values."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.recipe.awareness import Flags, PairTemplate, Template, read_templates
from stages.recipe.nodes import RecipeError, parse
from tests.stages.recipe.help import assert_refused

TEXT = """templates:
  - kind: worm_mail
    flags: {risk: high_risk, review_required: true, isolation_required: false}
    domains: [phishing]
    wordings:
      - {instruction: 'May I open {file}?', response: 'No: {why}.'}
    slots: {file: [it, this]}
    cases:
      - {why: it is a worm}
      - {why: nobody sent it}
"""


def test_a_template_is_what_the_file_says() -> None:
    assert read_templates(parse(TEXT.encode(), "a"), ("phishing", "malware")) == (
        Template(
            "worm_mail",
            Flags("high_risk", review_required=True, isolation_required=False),
            ("phishing",),
            (PairTemplate("May I open {file}?", "No: {why}."),),
            {"file": ("it", "this")},
            ({"why": "it is a worm"}, {"why": "nobody sent it"}),
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{file}?", "{fil}?", r"^a:6: no placeholder \{fil\}; did you mean file"),
        ("{why: nobody", "{who: nobody", "^a:10: no such key: who"),
        ("[phishing]", "[malware]", "^a:4: no domain 'malware'"),
        ("high_risk", "huge", "^a:3: no risk 'huge'"),
        ("review_required: true", "review_required: 1", "^a:3: must be true or false"),
        ("{file: [it", "{File: [it", "^a:7: 'File': a slot has lower-case letters"),
        ("{why: it", "{Why: it", "^a:9: 'Why': a slot has lower-case letters"),
        ("worm_mail", "Worm mail", "^a:2: 'Worm mail': must be lower-case letters"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        read_templates(parse(TEXT.replace(old, new, 1).encode(), "a"), ("phishing",))


def test_a_kind_is_there_once() -> None:
    twice = TEXT + TEXT.partition("\n")[2]
    with pytest.raises(RecipeError, match="^a:11: kind worm_mail: is there already"):
        read_templates(parse(twice.encode(), "a"), ("phishing",))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Subject: {subject}", "Subject: {topic}", "no placeholder {topic}"),
        ("domains: [phishing,", "domains: [fishing,", "no domain 'fishing'; did you"),
        ("risk: high_risk", "risk: huge_risk", "no risk 'huge_risk'; did you mean"),
    ],
)  # fmt: skip
def test_a_fault_in_the_shipped_file_is_said_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert_refused(tmp_path, "awareness.yaml", old, new, said)


def test_there_is_a_template() -> None:
    with pytest.raises(RecipeError, match="^a:1: must not be empty"):
        read_templates(parse(b"templates: []\n", "a"), ("phishing",))
