"""The domain classifier: all domains above the bound, surest first, under the right names."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from examples import make_input
from stages.base import Question, Record, RecordError, Removed, Result
from stages.domain_classifier.domains import domain_confidence
from stages.domain_classifier.stage import DomainClassifier, text_to_classify
from stages.recipe.recipe import shipped
from stages.text.kinds import KINDS
from stages.text.parts import part_records
from stages.text.record_text import read_record
from tests.stage_help import PATIENCE, ScriptedModel, hostile_records, run, survives

NAMES = shipped().domains.names
DOMAINS = shipped().domain_question
PAIR = {
    "instruction": "What is the flaw in Foo?",
    "response": "User input is put into the query: an SQL injection.",
    "type": "vulnerability_explanation",
    "source_data": {"id": "CVE-2099-0001", "kind": "vulnerability", "name": "Foo flaw"},
}


def classify(record: Record, llm: ScriptedModel | None = None) -> Record:
    outcome = run(DomainClassifier(), record, llm)
    assert isinstance(outcome, Result)
    (classified,) = outcome.records
    return classified


def model(**chances: float) -> ScriptedModel:
    def answer(question: Question, text: str) -> dict[str, float]:
        return {label.name: chances.get(label.name, 0.01) for label in question.labels}

    return ScriptedModel(chances=answer)


def test_the_fourteen_domains() -> None:
    assert " ".join(sorted(NAMES)) == (
        "cloud_security compliance_and_frameworks cryptography identity_access_management"
        " incident_response iot_security malware network_security phishing social_engineering"
        " threat_intelligence vulnerability_management web_security zero_day"
    )
    assert not DOMAINS.exclusive
    assert tuple(label.name for label in DOMAINS.labels) == NAMES
    for label in DOMAINS.labels:
        assert len(set(label.examples)) >= 8
    assert len({label.word for label in DOMAINS.labels}) == 14


@pytest.mark.parametrize(
    ("text", "domain"),
    [("The ransomware deletes backups and the trojan stays.", "malware"),
     ("A spearphishing email with a lookalike domain.", "phishing"),
     ("The zero-day was exploited in the wild.", "zero_day"),
     ("The firmware of the smart camera is not signed.", "iot_security"),
     ("SQL injection and cross-site scripting in the web application.", "web_security"),
     ("Firewall rules and intrusion detection see network traffic.", "network_security"),
     ("Patch CVE-2099-0001, its CVSS base score is 9.8.", "vulnerability_management"),
     ("An S3 bucket in AWS and a Kubernetes cluster.", "cloud_security"),
     ("AES encryption with a reused nonce and a weak cipher.", "cryptography"),
     ("Single sign-on with SAML and multi-factor authentication.", "identity_access_management"),
     ("Incident response: forensics and containment by the SOC.", "incident_response"),
     ("The threat actor's campaign, its TTPs and IOCs.", "threat_intelligence"),
     ("GDPR and ISO 27001 compliance audits.", "compliance_and_frameworks"),
     ("A pretext call to the help desk: social engineering.", "social_engineering")],
)  # fmt: skip
def test_keywords_alone_find_each_domain(text: str, domain: str) -> None:
    assert classify({"text": text})["primary_domain"] == domain


def test_the_fields_are_named_domain_and_confidence() -> None:
    """A reviewer once read `name` where the classifier wrote `domain`."""
    found = classify(PAIR)
    assert found["domains"]
    for entry in found["domains"]:
        assert set(entry) == {"domain", "confidence"}
        assert entry["domain"] in NAMES and 0.2 < entry["confidence"] <= 1
    assert found["primary_domain"] == found["domains"][0]["domain"]


def test_real_texts_are_not_all_uncategorized() -> None:
    """An ancestor indexed a list and so called everything uncategorized."""
    found = [classify(record) for record in list(make_input.attack_techniques())[::2]]
    without = [one for one in found if one["primary_domain"] == "uncategorized"]
    assert len(without) < 0.1 * len(found)
    assert len({one["primary_domain"] for one in found}) >= 8


def test_nothing_found_is_uncategorized() -> None:
    found = classify({"text": "The train leaves at eight."})
    assert found["domains"] == [] and found["primary_domain"] == "uncategorized"


def test_all_domains_above_the_bound_are_named_surest_first() -> None:
    """More than five: an ancestor capped its lists at five and logged them all."""
    chances = {name: 0.99 - 0.01 * n for n, name in enumerate(NAMES[:9])}
    found = classify({"text": "The train leaves at eight."}, model(**chances))["domains"]
    assert len(found) == 9
    confidences = [entry["confidence"] for entry in found]
    assert confidences == sorted(confidences, reverse=True) and min(confidences) > 0.2


def test_model_and_rules_are_weighed_together() -> None:
    text = {"text": "An SQL injection in the web application."}
    alone = {entry["domain"] for entry in classify(text)["domains"]}
    with_model = classify(text, model(cloud_security=0.99, web_security=0.9))
    named = {entry["domain"]: entry["confidence"] for entry in with_model["domains"]}
    assert "cloud_security" not in alone and "cloud_security" in named
    assert with_model["primary_domain"] == "web_security"


def test_confidence_grows_with_rules_and_with_the_model() -> None:
    for fixed in (0.0, 0.3, 1.0):
        assert 0 <= domain_confidence(0.2, fixed) < domain_confidence(0.8, fixed) <= 1
        assert 0 <= domain_confidence(fixed, 0.2) < domain_confidence(fixed, 0.8) <= 1
    assert (
        domain_confidence(0.0, 0.5) < shipped().domains.shown_above
    )  # a model that does not know shows none


def test_pairs_are_read_whole_and_keep_their_fields() -> None:
    llm = model(web_security=0.9)
    found = classify(PAIR, llm)
    assert {name: found[name] for name in PAIR} == PAIR
    assert llm.chosen == ["Foo flaw\n" + PAIR["instruction"] + "\n" + PAIR["response"]]  # type: ignore[operator]


def from_one_source(number: int) -> Record:
    source = {"kind": "other", "name": "N", "text": "The camera's firmware is not signed."}
    return PAIR | {"instruction": f"What is {number}?", "source_data": source}


def test_pairs_of_one_source_agree_and_ask_a_model_once() -> None:
    async def all_at_once(stage: DomainClassifier, llm: ScriptedModel) -> list[Any]:
        pairs = [from_one_source(n) | {"response": f"The answer {n}."} for n in range(9)]
        return await asyncio.gather(*(stage.process(pair, llm) for pair in pairs))

    stage, llm = DomainClassifier(), model(iot_security=0.9)
    found = [outcome.records[0] for outcome in asyncio.run(all_at_once(stage, llm))]
    assert llm.chosen == ["The camera's firmware is not signed."]
    assert all(one["domains"] == found[0]["domains"] for one in found)
    run(stage, from_one_source(9), llm)  # in another event loop
    assert len(llm.chosen) == 1


def test_parts_of_one_text_agree() -> None:
    """A report in two parts once had eleven domains for one part and three for the other."""
    body = "The trojan stays. " * 300 + "A spearphishing email with a lookalike domain. " * 300
    report = {"title": "On a trojan", "text": body}
    parts = part_records(report, read_record(report), 1_000)
    assert len({text_to_classify(part) for part in parts}) == 1 and len(parts) > 2
    pairs = [
        PAIR | {"source_data": {"text": part["text"], "part": part["part"]}}
        for part in (parts[0], parts[-1])
    ]
    found = [classify(pair) for pair in pairs]
    assert found[0]["domains"] == found[1]["domains"] and found[0]["primary_domain"] == "malware"


def test_a_failed_decision_is_asked_for_anew() -> None:
    stage = DomainClassifier()

    def fail(question: Question, text: str) -> dict[str, float]:
        raise TimeoutError("too slow")

    with pytest.raises(TimeoutError):
        run(stage, from_one_source(1), ScriptedModel(chances=fail))
    outcome = run(stage, from_one_source(1), model(iot_security=0.9))
    assert isinstance(outcome, Result) and outcome.records[0]["primary_domain"] == "iot_security"


def test_the_surest_domain_is_named_where_none_is_sure() -> None:
    found = classify({"text": "The train leaves at eight."}, model(phishing=0.4))
    assert found["primary_domain"] == "phishing" and len(found["domains"]) == 1


def test_raw_records_are_read_by_their_text() -> None:
    raw = {"cve": {"descriptions": [{"lang": "en", "value": "A flaw."}]}}
    assert text_to_classify(raw) == "A flaw."


def test_the_kind_of_the_source_is_evidence() -> None:
    pair = PAIR | {"response": "It is so.", "instruction": "What is it?"}
    assert classify(pair)["primary_domain"] == "vulnerability_management"
    for kind in (*KINDS, "unheard of", 5, None, ["x"]):
        classify(pair | {"source_data": {"kind": kind}})


@pytest.mark.parametrize("record", [{}, {"instruction": "Only this?"}, {"response": 5}])
def test_a_record_without_text_is_a_dead_letter(record: Record) -> None:
    with pytest.raises(RecordError, match="no text"):
        classify(record)


def test_hostile_records_end_in_a_result_or_a_record_error() -> None:
    stage, started = DomainClassifier(), time.perf_counter()
    for record in hostile_records(120):
        for changed in (record, PAIR | record, record | {"instruction": "a", "response": "b"}):
            outcome: Any = survives(stage, changed)
            survives(stage, changed, model(malware=0.9))
            if outcome is not None:
                assert outcome.records[0]["primary_domain"] in (*NAMES, "uncategorized")
    assert time.perf_counter() - started < 10 * PATIENCE


def test_pairs_from_outside_pass_the_gates_or_go() -> None:
    """Else a file of refusals would come out as a dataset; records that are none are read."""
    classifier = DomainClassifier()
    classifier.from_outside = True
    refusing = {"instruction": "What is Foomail?", "response": "I cannot help with that."}
    assert isinstance(run(classifier, refusing, None), Removed)
    assert isinstance(run(classifier, {"text": "I cannot help with that."}, None), Result)
