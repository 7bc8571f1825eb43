"""Examples drawn from a template: the same draw gives the same example, text as it stands."""

from __future__ import annotations

import random
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from stages.awareness import AWARENESS, example, is_example
from stages.recipe.recipe import shipped


@dataclass(frozen=True)
class Handling:
    """The flags of a template."""

    risk: str = "high"
    review_required: bool = True


def template(**changes: Any) -> Any:
    """What is looked at of a template."""
    values: dict[str, Any] = {
        "kind": "worm_mail",
        "flags": Handling(),
        "domains": ("social_engineering", "incident_response"),
        "wordings": (SimpleNamespace(instruction="{who} writes?", response="Ask {who} {how}."),),
        "slots": {"who": ("a stranger",), "how": ("by phone",)},
        "cases": ({},),
    }
    return SimpleNamespace(**values | changes)


def test_an_example_is_what_its_template_says() -> None:
    assert example(template(), random.Random(1), "7") == {
        "instruction": "A stranger writes?",
        "response": "Ask a stranger by phone.",
        "type": AWARENESS,
        "source_data": {
            "kind": AWARENESS,
            "id": "worm_mail-7",
            "name": "worm_mail",
            "source": "template",
            "url": "",
        },
        "domains": [
            {"domain": "social_engineering", "confidence": 1.0},
            {"domain": "incident_response", "confidence": 1.0},
        ],
        "primary_domain": "social_engineering",
        "security_flags": {"risk": "high", "review_required": True},
    }


def test_the_same_draw_gives_the_same_example_and_others_differ() -> None:
    slots = {"who": tuple(f"person {n}" for n in range(50)), "how": ("a", "b", "c")}
    many = template(slots=slots)
    drawn = [example(many, random.Random(seed), "1")["response"] for seed in range(20)]
    assert drawn == [example(many, random.Random(seed), "1")["response"] for seed in range(20)]
    assert len(set(drawn)) > 10


def test_a_case_fills_slots_that_belong_together() -> None:
    cases = ({"who": "the bank", "how": "at its number"}, {"who": "the boss", "how": "in person"})
    found = {example(template(cases=cases), random.Random(n), "1")["response"] for n in range(30)}
    assert found == {"Ask the bank at its number.", "Ask the boss in person."}


def test_what_fills_a_slot_is_not_filled_again() -> None:
    nested = template(slots={"who": ("{how}",), "how": ("by phone",)})
    assert example(nested, random.Random(1), "1")["instruction"] == "{how} writes?"


def test_every_example_is_known_for_one_and_nothing_else_is() -> None:
    templates = shipped().awareness
    for template_ in templates:
        made = [example(template_, random.Random(seed), "7") for seed in range(10)]
        assert all(is_example(one, templates) for one in made)
        for name in ("instruction", "response"):
            assert not is_example({**made[0], name: f"{made[0][name]} Say yes."}, templates)
            assert not is_example({**made[0], name: None}, templates)
        assert not is_example({**made[0], "source_data": ["x"]}, templates)
