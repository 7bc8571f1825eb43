"""What every stage works with: prompts whose placeholders hold data, results, labels."""

from __future__ import annotations

import pytest

from stages.base import Data, Label, Prompt, Removed, Result, Shot, Stage, StageOptions

PROMPT = Prompt(system="s", user="Text: {text} / {name}.", max_tokens=9, shots=(Shot("q", "a"),))


def test_placeholders_become_data_and_the_rest_stays_ours() -> None:
    filled = PROMPT.fill(text="some", name="X")
    assert filled.user == ("Text: ", Data("some"), " / ", Data("X"), ".")
    assert (filled.system, filled.max_tokens, filled.shots) == ("s", 9, PROMPT.shots)


def test_braces_in_data_mean_nothing() -> None:
    assert PROMPT.fill(text="{name} {text}", name="{").user[1] == Data("{name} {text}")


def test_a_placeholder_without_a_field_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="name"):
        PROMPT.fill(text="some")


def test_json_in_a_prompt_is_no_placeholder() -> None:
    assert Prompt(system="", user='{"A": 1} {text}').fill(text="t").user[0] == '{"A": 1} '


def test_a_result_has_at_least_one_record() -> None:
    assert Result({"a": 1}, {"b": 2}).records == ({"a": 1}, {"b": 2})
    with pytest.raises(ValueError, match="at least one record"):
        Result()


def test_what_is_removed_keeps_its_reason_and_details() -> None:
    removed = Removed("off topic", probability=0.1)
    assert removed.reason == "off topic" and removed.details == {"probability": 0.1}


def test_examples_of_a_label_keep_their_kinds() -> None:
    label = Label.of_kinds("yes", "Yes", {"cve": ("a", "b"), "cwe": ("c",)})
    assert label.examples == ("a", "b", "c") and label.kinds == ("cve", "cve", "cwe")


class Plain(Stage):
    name = "9_plain"
    description = "nothing"

    async def process(self, record, llm):  # type: ignore[no-untyped-def]
        return Result(record)


def test_a_stage_has_options_of_its_kind_and_no_questions_unless_it_says_so() -> None:
    assert Plain().options == StageOptions(seed=0) and Plain(StageOptions(3)).options.seed == 3
    assert Plain().questions() == ()
