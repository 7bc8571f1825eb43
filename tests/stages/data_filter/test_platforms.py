"""Platforms decided from a technique's words: small weights, techniques only."""

from __future__ import annotations

import math
from typing import Any

import pytest

from examples import make_input
from stages.data_filter.fields import stated_fields
from stages.data_filter.platforms import (
    Weights,
    decided_platforms,
    likely_platforms,
    probabilities,
)
from stages.recipe.recipe import shipped
from stages.text.record_text import read_record

SYSTEMS = shipped().systems
TEXT = "Adversaries may modify startup items of a system to run code when a user logs on."


def technique(text: str) -> dict[str, Any]:
    return {
        "external_id": "T1999.001", "name": "Items", "tactics": ["persistence"],
        "description": text,
    }  # fmt: skip


def fields(record: dict[str, Any]) -> dict[str, Any]:
    return stated_fields(record, read_record(record), SYSTEMS)


def test_the_probability_is_the_logistic_of_the_words_mean() -> None:
    weights = Weights(("A", "B"), (0.5, -1.0), {"one": (1.0, 0.0), "two": (2.0, -2.0)})
    found = probabilities({"one", "two", "three"}, weights)
    assert found["A"] == pytest.approx(1 / (1 + math.exp(-0.5 - 3 / math.sqrt(2))))
    assert found["B"] == pytest.approx(1 / (1 + math.exp(1 + 2 / math.sqrt(2))))


def test_a_technique_without_platforms_gets_those_its_words_speak_for() -> None:
    found = fields(technique(TEXT))
    origin = found["fields_from"]["affected_systems"]
    assert found["affected_systems"] and origin["from"] == "decision"
    assert list(origin["probabilities"]) == found["affected_systems"]
    assert all(chance >= SYSTEMS.bound for chance in origin["probabilities"].values())


def test_few_words_decide_nothing() -> None:
    weights = Weights(("A",), (3.0,), {"one": (1.0,), "two": (1.0,), "three": (1.0,)})
    assert likely_platforms({"one", "two", "other"}, weights, SYSTEMS) == {}
    assert list(likely_platforms({"one", "two", "three"}, weights, SYSTEMS)) == ["A"]


def test_what_is_named_comes_first_and_once() -> None:
    found = fields(technique(f"{TEXT} It does so on Windows."))
    assert found["affected_systems"][0] == "Windows"
    assert len(set(found["affected_systems"])) == len(found["affected_systems"])
    assert found["fields_from"]["affected_systems"]["spans"]


def test_stated_platforms_and_other_kinds_are_left_alone() -> None:
    stated = technique(TEXT) | {"platforms": ["Linux"]}
    assert fields(stated)["affected_systems"] == ["Linux"]
    assert fields({"title": "Attack on a school", "text": TEXT})["affected_systems"] == []


def test_the_weights_tell_platforms_apart() -> None:
    """Of techniques that it was fitted on: a file of other weights would fail here."""
    right = said = 0
    for record in list(make_input.attack_techniques())[::10]:
        hidden = {key: value for key, value in record.items() if key != "platforms"}
        found = set(decided_platforms(hidden, read_record(hidden).text, SYSTEMS))
        right, said = right + len(found & set(record["platforms"])), said + len(found)
    assert said > 60 and right / said > 0.75
