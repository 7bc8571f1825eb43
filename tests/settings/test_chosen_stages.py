"""Stages made with a run's options, and which of them need a model."""

from __future__ import annotations

import pytest

from stages.recipe.recipe import shipped
from workers.core.errors import UsageError
from workers.settings.chosen_stages import (
    check_stages,
    make_stage,
    needs_model,
    stages_without_model,
)
from workers.settings.values import build_config

ALIGNER = "6_security_aligner"


def test_a_stage_gets_its_options_and_the_runs_seed() -> None:
    options = {"ratio": 1, "reword": True}
    stage = make_stage(build_config({"seed": 7, "stage_options": {ALIGNER: options}}), ALIGNER)
    assert (stage.name, stage.options.seed, stage.needs_model) == (ALIGNER, 7, True)
    assert vars(stage.options)["ratio"] == 1


@pytest.mark.parametrize("options", [{"ratio": 2}, {"no_such": 1}, {"use_model": "no"}])
def test_wrong_options_are_named(options: dict[str, object]) -> None:
    config = build_config({"stage_options": {ALIGNER: options}})
    with pytest.raises(UsageError, match=f"stage {ALIGNER}: .*{next(iter(options))}"):
        make_stage(config, ALIGNER)


def test_an_own_stage_that_ends_the_program_while_it_is_made_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the command ends without a word on whose fault it is."""

    def ends(self: object, *given: object) -> None:
        raise SystemExit("no key")

    monkeypatch.setattr("tests.own_stages.Asking.__init__", ends)
    with pytest.raises(UsageError, match=r"^stage tests.own_stages.Asking: SystemExit: no key"):
        make_stage(build_config({"stages": "tests.own_stages:Asking"}), "tests.own_stages.Asking")


def test_a_stage_may_do_without_the_model() -> None:
    name = "2_data_filter"
    config = build_config(
        {"stage_options": {name: {"use_model": False}, ALIGNER: {"reword": True}}}
    )
    assert stages_without_model(config) == {name} and needs_model(config)
    alone = build_config({"stages": [ALIGNER], "stage_options": {ALIGNER: {"use_model": False}}})
    assert not needs_model(alone)


def test_without_models_no_stage_needs_one_whatever_its_options_say() -> None:
    wanted = {ALIGNER: {"use_model": True, "reword": True}}
    config = build_config({"disable_llm": True, "stage_options": wanted})
    assert stages_without_model(config) == set(config.stages) and not needs_model(config)


def test_two_questions_of_one_name_are_refused_where_both_are_asked() -> None:
    own = "tests.own_stages:Asking"
    check_stages(build_config({"stages": own}), shipped())
    check_stages(build_config({"stages": f"data_filter,{own}", "disable_llm": True}), shipped())
    with pytest.raises(
        UsageError, match="^stage tests.own_stages.Asking: its question 'relevance'"
    ):
        check_stages(build_config({"stages": f"data_filter,{own}"}), shipped())


def test_a_stage_where_a_person_decides_asks_for_no_worker_of_any_kind() -> None:
    wanted = {ALIGNER: {"reword": True}, "3_data_structurer": {}}
    config = build_config({"stages": "all", "stage_options": wanted})
    assert stages_without_model(config) == set() and needs_model(config)
    assert not needs_model(build_config({"stages": "manual_reviewer"}))


@pytest.mark.parametrize(
    ("stages", "given", "made"),
    [
        ("data_filter,data_structurer,domain_classifier,security_aligner", [], True),
        ("domain_classifier,security_aligner", ["4_domain_classifier"], False),
        ("data_structurer,tests.own_stages:Asking,security_aligner", [ALIGNER], True),
        ("data_filter,domain_classifier", ["4_domain_classifier"], False),
    ],
)
def test_pairs_are_judged_where_they_come_in(stages: str, given: list[str], made: bool) -> None:
    config = build_config({"stages": stages})
    pairs = ("4_domain_classifier", ALIGNER)
    found = [make_stage(config, name) for name in config.stages if name in pairs]
    assert [one.name for one in found if one.from_outside] == given
    assert {one.made_in_run for one in found} == {made}
