"""Roles of sentences: by cues alone, and with a model's probabilities."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from examples import make_input
from stages.base import Question
from stages.data_structurer.passages import Sentence, sentences_of
from stages.data_structurer.roles import by_cues, roles_of
from stages.recipe.recipe import shipped
from stages.recipe.role_names import ROLES
from tests.stage_help import ScriptedModel

HOW = shipped().roles


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("what", "Fooloader is a downloader that was first seen in 2031."),
        ("what", "The product does not check the length of a name."),
        ("what", "We present a fuzzer for network cards."),
        ("how", "The attackers sent phishing mails and moved laterally by abusing old tools."),
        ("effect", "Successful exploitation may lead to a denial of service."),
        ("cause", "The flaw exists because the length is never checked, due to a typo."),
        ("detect", "Monitor for unusual event ID 4625 entries in the logs."),
        ("detect", "The break-in was discovered when a clerk could not log in."),
        ("detect", "A clerk grew suspicious because the wording was odd."),
        ("respond", "Update to version 2.0.8 of the product."),
        ("respond", "The vendor has released a patch for it."),
        ("affected", "Versions before 2.0.8 are affected."),
        ("who", "The campaign is attributed to a group that is believed to be state-sponsored."),
        ("finding", "Our evaluation shows that the overhead stays below 4%."),
        ("aside", "This work was supported by the port of Rope."),
        ("aside", "This document is provided without warranty of any kind."),
    ],
)  # fmt: skip
def test_cues_alone_tell_clear_sentences(role: str, text: str) -> None:
    found = by_cues(text, HOW)
    assert found.name == role and role in found.cued
    assert sum(found.probabilities.values()) == pytest.approx(1)


def test_that_a_flaw_was_found_is_no_detection() -> None:
    assert "detect" not in by_cues("Two flaws have been discovered in the parser of Foo.", HOW).cued


def test_without_any_cue_every_role_is_as_likely() -> None:
    found = by_cues("Words.", HOW)
    assert not found.cued
    assert all(one == pytest.approx(1 / len(ROLES)) for one in found.probabilities.values())


def test_a_model_decides_where_words_say_nothing_and_is_weighed_where_they_do() -> None:
    sure = {role: 0.91 if role == "who" else 0.01 for role in ROLES}
    assert by_cues("Words.", HOW, sure).name == "who"
    clear = "Update to version 2.0.8; users should install the fix."
    assert (
        by_cues(clear, HOW, {role: 0.19 if role == "who" else 0.09 for role in ROLES}).name
        == "respond"
    )


def test_a_heading_speaks_for_a_role_and_leaves_the_last_word_to_the_sentence() -> None:
    said = "The lamp on the mast is green."
    assert "respond" not in by_cues(said, HOW).cued
    assert by_cues(said, HOW, heading="What to do").name == "respond"
    assert by_cues(said, HOW, heading="Lamps").name == by_cues(said, HOW).name
    clear = "The root cause was a typo, because of which the check ran late due to a fault."
    assert by_cues(clear, HOW, heading="What to do").name == "cause"


def test_every_sentence_is_asked_about_at_once() -> None:
    def chances(question: Question, text: str) -> Mapping[str, float]:
        return {role: float(role == ("how" if "A" in text else "who")) for role in ROLES}

    llm = ScriptedModel(chances=chances)
    found = asyncio.run(roles_of([Sentence("A.", 0, 2, 0), Sentence("B.", 3, 5, 0)], HOW, llm))
    assert [one.name for one in found] == ["how", "who"] and llm.chosen == ["A.", "B."]


def test_the_question_has_examples_of_many_kinds_for_every_role() -> None:
    assert tuple(label.name for label in HOW.question.labels) == ROLES
    for label in HOW.question.labels:
        assert len(label.examples) >= 16 and len(set(label.kinds)) >= 3, label.name
    texts = [text for label in HOW.question.labels for text in label.examples]
    assert len(set(texts)) == len(texts)


def test_cues_are_rarely_wrong_on_fields_that_say_what_they_are() -> None:
    """Detections and courses of action of ATT&CK: what cues call something else, surely."""
    records = list(make_input.attack_techniques())[:200]
    for field, role in (("detection", "detect"), ("courses_of_action", "respond")):
        said = [one.text for record in records for text in record.get(field, ())
                for one in sentences_of(text)]  # fmt: skip
        sure = [found.name for text in said if (found := by_cues(text, HOW)).probability >= 0.4]
        assert len(sure) > 40 and sure.count(role) / len(sure) > 0.85, field


def test_what_nothing_supports_is_no_thanks() -> None:
    assert not by_cues("A relation to ropes isn't supported by the code.", HOW).cued
