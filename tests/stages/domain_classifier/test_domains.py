"""The confidence in a domain grows with its words and with a model's probability."""

from __future__ import annotations

import pytest

from stages.domain_classifier.domains import DomainRules, domain_confidence
from stages.domain_classifier.stage import classified
from stages.recipe.recipe import shipped

STEPS = [0.0, 0.25, 0.5, 0.75, 1.0]


@pytest.mark.parametrize("score", STEPS)
def test_a_surer_model_makes_it_surer(score: float) -> None:
    found = [domain_confidence(score, probability) for probability in STEPS]
    assert found == sorted(set(found)) and 0 < found[0] and found[-1] < 1


@pytest.mark.parametrize("probability", STEPS)
def test_more_words_make_it_surer(probability: float) -> None:
    found = [domain_confidence(score, probability) for score in STEPS]
    assert found == sorted(set(found)) and 0 < found[0] and found[-1] < 1


def test_a_model_is_not_believed_without_end() -> None:
    assert domain_confidence(0.5, 1.0) == domain_confidence(0.5, 0.999)
    assert domain_confidence(0.5, 0.0) == domain_confidence(0.5, 0.001)


def test_words_and_a_model_that_agree_decide() -> None:
    assert domain_confidence(1.0, 0.9) > 0.9 and domain_confidence(0.0, 0.1) < 0.1


@pytest.mark.parametrize("kind", ["vulnerability", "weakness", "advisory"])
def test_what_the_kind_makes_sure_is_named_whatever_a_model_says(kind: str) -> None:
    domains = shipped().domains
    for text in ("A crafted image crashes the decoder.", "A trojan hides in a macro."):
        score = DomainRules(domains).scores(text, kind)["vulnerability_management"]
        assert domain_confidence(score, 0.0) > domains.shown_above
    bare = DomainRules(domains).scores("A crafted image crashes it.")["vulnerability_management"]
    assert domain_confidence(bare, 0.0) < domains.shown_above


@pytest.mark.parametrize(
    ("text", "kind", "domain"),
    [
        ("Gull ransomware encrypts files of the harbour at night.", "malware", "malware"),
        ("The gull loader decrypts its configuration with a key of its own.", "malware", "malware"),
        ("A card skimmer was found in the shop of the harbour.", "other", "malware"),
        ("A heap overflow in larkd lets attackers run code.", "other", "vulnerability_management"),
        ("An IDOR shows the ropes of other guests.", "other", "web_security"),
        ("The bell sends its messages unencrypted.", "other", "cryptography"),
    ],
)
def test_the_first_domain_by_words_alone(text: str, kind: str, domain: str) -> None:
    """Who trains on cryptography wants no reports of ransomware."""
    domains = shipped().domains
    assert classified(DomainRules(domains).scores(text, kind), domains)["primary_domain"] == domain
