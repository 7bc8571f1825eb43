"""The data structurer: kinds from structure, three questions each, answers that are whole."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest

from examples import make_input
from stages.base import Record, RecordError, Result
from stages.data_structurer.questions import (
    ANSWER_PROMPT,
    LONGEST_ANSWER,
    NOUNS,
    QUESTIONS,
    answer_schema,
)
from stages.data_structurer.stage import DataStructurer
from stages.text.facts import FACTS
from stages.text.kinds import KINDS, identify
from stages.text.sentences import first_sentences, is_of, is_whole, meaning, tidy, trim_to_sentence
from tests.stage_help import (
    PATIENCE,
    ScriptedModel,
    data_of,
    hostile_records,
    leading_words,
    run,
    survives,
)

PROSE = "CVE-2021-44228, CWE-79 and T1059 are discussed. An incident, an advisory, a paper: all."


def pairs_of(record: Record, llm: ScriptedModel | None = None) -> tuple[Record, ...]:
    outcome = run(DataStructurer(), record, llm)
    assert isinstance(outcome, Result)
    return outcome.records


@pytest.mark.parametrize(
    ("record", "kind", "own_id"),
    [
        ({"id": "CVE-2099-0001"}, "vulnerability", "CVE-2099-0001"),
        ({"cve": {"id": "CVE-2099-0001"}, "id": "row 5"}, "vulnerability", "CVE-2099-0001"),
        ({"cveMetadata": {"cveId": "CVE-2099-1"}}, "vulnerability", "CVE-2099-1"),
        ({"cve_id": "CVE-2099-0001", "cwe_id": "CWE-79"}, "vulnerability", "CVE-2099-0001"),
        ({"id": "GHSA-aaaa-bbbb-cccc", "severity": "high"}, "vulnerability", "GHSA-aaaa-bbbb-cccc"),
        ({"id": "X-1", "aliases": ["CVE-2099-0001"]}, "vulnerability", "CVE-2099-0001"),
        ({"id": "CWE-79"}, "weakness", "CWE-79"),
        ({"cwe_id": "79", "name": "XSS"}, "weakness", "CWE-79"),
        ({"cwe_id": 79}, "weakness", "CWE-79"),
        ({"weakness_abstraction": "Base"}, "weakness", ""),
        ({"stix_id": "attack-pattern--1", "external_id": "T1001"}, "attack_technique", "T1001"),
        ({"type": "attack-pattern", "id": "attack-pattern--1", "external_references": [
            {"source_name": "Some blog", "external_id": "T9999"},
            {"source_name": "mitre-attack", "external_id": "T1001.002"}]},
         "attack_technique", "T1001.002"),
        ({"id": "T1001"}, "other", "T1001"),
        ({"id": "CAPEC-66"}, "attack_pattern", "CAPEC-66"),
        ({"capec_id": 66}, "attack_pattern", "CAPEC-66"),
        ({"type": "attack-pattern", "id": "attack-pattern--1"}, "attack_pattern",
         "attack-pattern--1"),
        ({"id": "RHSA-2099:0001", "cve": "CVE-2099-0001"}, "advisory", "RHSA-2099:0001"),
        ({"document": {"csaf_version": "2.0", "tracking": {"id": "X-7"}}}, "advisory", "X-7"),
        ({"advisory_id": "A-1"}, "advisory", "A-1"),
        ({"arxiv_id": "2401.01234", "title": "T"}, "research_paper", "2401.01234"),
        ({"doi": "10.1000/182"}, "research_paper", "10.1000/182"),
        ({"abstract": "We show.", "authors": ["A"]}, "research_paper", ""),
        ({"id": 5, "weight": 20.1, "format": "Jeopardy", "onsite": False}, "ctf_event", "5"),
        ({"incident_id": "I-9", "summary": "s"}, "incident", "I-9"),
        ({"threat_actor": "X", "victim": "Y", "date": "2099-01-01"}, "incident", ""),
        ({"author": "A", "format": "pdf", "date": "2099-01-01"}, "other", ""),
        ({"title": "Incident at the plant", "text": PROSE}, "other", ""),
    ],
)  # fmt: skip
def test_kind_and_id_come_from_structure(record: Record, kind: str, own_id: str) -> None:
    identity = identify(record)
    assert (identity.kind, identity.id) == (kind, own_id)


def test_words_in_prose_do_not_make_a_kind() -> None:
    for key in ("text", "title", "description", "summary"):
        assert identify({key: PROSE}).kind == "other"


def test_every_kind_has_three_questions_and_the_text_answers_the_first() -> None:
    assert set(QUESTIONS) == set(KINDS) == set(NOUNS)
    for kind, questions in QUESTIONS.items():
        assert len({question.type for question in questions}) == 3, kind
        assert not questions[0].facts
        for question in questions:
            assert "{name}" in question.instruction
            assert set(question.facts) <= set(FACTS)


def test_real_records_are_recognised() -> None:
    rows = make_input.cwe_rows()
    for kind, records in (
        ("attack_technique", make_input.attack_techniques()),
        ("weakness", make_input.cwe_weaknesses(rows)),
        ("vulnerability", make_input.nvd_entries(rows)),
        ("other", make_input.off_topic()),
    ):
        assert {identify(record).kind for record in records} == {kind}


def test_pairs_carry_type_and_source() -> None:
    technique = next(make_input.attack_techniques())
    pairs = pairs_of(technique, ScriptedModel())
    assert len(pairs) == 3
    assert len({pair["type"] for pair in pairs}) == 3
    for pair in pairs:
        assert set(pair) == {"instruction", "response", "type", "source_data"}
        assert technique["external_id"] in pair["instruction"]
        assert technique["name"] in pair["instruction"]
        source = pair["source_data"]
        assert source["id"] == technique["external_id"]
        assert source["kind"] == "attack_technique" and source["name"] == technique["name"]


def test_the_three_answers_are_asked_for_at_once() -> None:
    llm = ScriptedModel()
    weakness = {"id": "CWE-79", "description": "A weakness."}
    pairs_of(weakness | {"potential_mitigations": ["Be wary."]}, llm)
    assert len(llm.asked) == llm.most_at_once == 3


def test_what_neither_text_nor_fields_can_answer_is_not_asked() -> None:
    llm = ScriptedModel()
    pairs = pairs_of({"id": "CWE-79", "description": "A weakness."}, llm)
    assert [pair["type"] for pair in pairs] == ["weakness_explanation", "weakness_consequences"]
    assert len(llm.asked) == 2


def test_advice_that_is_not_in_the_records_facts_is_replaced_by_them() -> None:
    record = {"id": "CWE-79", "text": "The page shows what users type.",
              "potential_mitigations": ["Encode the output for its context."]}  # fmt: skip
    good, bad = "encode output for its context.", "avoid a page that shows what users type."
    assert pairs_of(record, says(good))[-1]["response"] == good
    assert pairs_of(record, says(bad))[-1]["response"] == record["potential_mitigations"][0]


def test_prompts_hold_the_whole_text_after_the_same_words() -> None:
    llm = ScriptedModel()
    text = "A long text about malware. {question} " * 200
    pairs_of({"text": text, "platforms": ["Linux"]}, llm)
    pairs_of({"id": "CVE-2099-0001", "text": "Another text."}, llm)
    assert all(data_of(prompt)[0] == text.strip() for prompt in llm.asked[:3])
    assert len({leading_words(prompt) for prompt in llm.asked}) == 1


def test_facts_follow_the_text_so_that_a_records_questions_share_it() -> None:
    llm = ScriptedModel()
    pairs_of({"id": "CWE-1", "text": "Some weakness.", "potential_mitigations": "Be wary."}, llm)
    assert {data_of(prompt)[0] for prompt in llm.asked} == {"Some weakness."}
    assert [data_of(prompt)[1] for prompt in llm.asked] == ["", "", "\nMitigations: Be wary."]


def says(answer: str) -> ScriptedModel:
    return ScriptedModel(lambda prompt, schema: {"answer": answer})


PARSER = {"text": "The parser reads XML from files and copies names into memory."}


def test_an_answer_cut_by_its_length_ends_with_its_last_full_sentence() -> None:
    cut = ("It parses input, e.g. XML from files. Then it copi" + "e" * 300)[:LONGEST_ANSWER]
    pairs = pairs_of(PARSER, says(cut))
    assert {pair["response"] for pair in pairs} == {"It parses input, e.g. XML from files."}


@pytest.mark.parametrize(
    "useless",
    ["", "  \n", "Printers keep jobs of hosts for several days.", "a" * 2 * LONGEST_ANSWER,
     "the files of the files of the files of the files of the files of the files"],
)  # fmt: skip
def test_a_useless_answer_is_replaced_by_the_records_own_words(useless: str) -> None:
    """Nothing, an invention, a cut-off word, a loop."""
    assert [pair["response"] for pair in pairs_of(PARSER, says(useless))] == [PARSER["text"]]


def test_short_facts_that_an_answer_leaves_out_are_added_in_the_records_words() -> None:
    record = {"stix_id": "attack-pattern--1", "external_id": "T1001", "name": "Foo",
              "text": "Adversaries read files.", "tactics": ["collection"],
              "platforms": ["Linux", "Windows"]}  # fmt: skip
    answers = [pair["response"] for pair in pairs_of(record, says("It reads files on Linux."))]
    left_out = "Tactics: collection. Platforms: Linux, Windows."
    assert answers == ["It reads files on Linux.", f"It reads files on Linux. {left_out}"]
    told = says("Collection of files on Linux and Windows.")
    assert pairs_of(record, told)[1]["response"] == "Collection of files on Linux and Windows."


def test_the_schema_of_an_answer_opens_as_the_question_says() -> None:
    for question in (one for questions in QUESTIONS.values() for one in questions):
        pattern = answer_schema(question.opening)["properties"]["answer"]["pattern"]
        text = f"{question.opening or 'Some'} words that go on for a while"
        assert re.fullmatch(pattern, text)
        assert not re.fullmatch(pattern, text + "x" * (LONGEST_ANSWER + 1))
        for wrong in (f"{{{text}", text + "\n1. one", f"x{text}", text[:8]):
            assert not re.fullmatch(pattern, wrong)


def test_no_shot_begins_as_an_answer_does() -> None:
    openings = {one.opening for questions in QUESTIONS.values() for one in questions} - {""}
    for shot in ANSWER_PROMPT.shots:
        answer = json.loads(shot.answer)["answer"]
        assert not any(answer.startswith(opening) for opening in openings)


def test_without_a_model_fields_answer_and_unanswered_questions_are_left_out() -> None:
    record = {
        "cve": {
            "id": "CVE-2099-0001",
            "descriptions": [{"lang": "en", "value": "One. Two. Three. Four. Five."}],
            "metrics": {
                "cvssMetricV31": [{"cvssData": {"baseScore": 9.8, "baseSeverity": "HIGH"}}]
            },
        }
    }
    pairs = pairs_of(record)
    assert [pair["response"] for pair in pairs] == [
        "One. Two. Three.",
        "Severity: HIGH. Base score: 9.8.",
    ]


def test_marked_up_cells_of_the_cwe_tables_are_read() -> None:
    row = next(row for row in make_input.cwe_rows() if row.cwe_id == "79")
    consequences = pairs_of(vars(row))[1]["response"]
    assert consequences.startswith("Consequences: Bypass Protection Mechanism, Read Application")
    assert "::" not in "".join(pair["response"] for pair in pairs_of(vars(row)))


def test_real_records_get_whole_answers_without_a_model() -> None:
    for record in make_input.records(120, seed=3):
        for pair in pairs_of(record):
            assert pair["response"].strip() and pair["instruction"].strip()


def test_what_the_data_filter_found_out_goes_along() -> None:
    found: Record = {
        "technical_description": "d",
        "risk_level": "low",
        "affected_systems": ["s"],
        "mitigations": [],
    }
    source = pairs_of({"text": "Some malware."} | found)[0]["source_data"]
    assert source["enhancement"] == found
    for wrong in ({"risk_level": 5}, {"mitigations": "all"}, {"affected_systems": [1]}):
        assert "enhancement" not in pairs_of({"text": "x."} | found | wrong)[0]["source_data"]


def test_names_in_questions() -> None:
    def called(record: Record) -> str:
        instruction: str = pairs_of({"text": "Some malware hides in the picture."} | record)[0][
            "instruction"
        ]
        return instruction

    assert called({"id": "CVE-2099-0001", "name": "CVE-2099-0001"}) == "What is CVE-2099-0001?"
    assert called({"id": "CWE-1", "name": "A {b}\n c"}) == "Explain CWE-1 (A {b} c)."
    assert called({"title": "Report"}) == 'Summarize "Report".'
    assert called({"cwe_id": "1", "name": "n" * 500}) == "Explain CWE-1."
    assert called({}) == 'Summarize the text "Some malware hides in the picture.".'
    assert called({"text": "word " * 50}).endswith(' word...".')


def test_a_record_without_text_is_a_dead_letter() -> None:
    with pytest.raises(RecordError, match="no text"):
        run(DataStructurer(), {"id": "CVE-2099-0001"})


def test_a_models_failure_is_passed_on_not_swallowed() -> None:
    def fail(prompt: Any, schema: Any) -> Any:
        raise RecordError("too long")

    with pytest.raises(RecordError, match="too long"):
        pairs_of({"text": "Some malware."}, ScriptedModel(fail))


def test_hostile_records_end_in_pairs_or_a_record_error() -> None:
    stage, started = DataStructurer(), time.perf_counter()
    for record in hostile_records(250):
        for llm in (None, ScriptedModel()):
            outcome = survives(stage, record, llm)
            for pair in outcome.records if isinstance(outcome, Result) else ():
                assert pair["response"].strip() and pair["instruction"].strip()
    assert time.perf_counter() - started < 8 * PATIENCE


@pytest.mark.parametrize(
    ("text", "tidied"),
    [("One is here. Two is th", "One is here."), ("One is here and goes on for long", ""),
     ("It is so", "It is so."), ("It is so,", "It is so."), ("", ""), ("...", ""),
     ("A flaw is here. A flaw is here.", "A flaw is here."),
     ("A flaw is here. Oh no. It is bad here now.", "A flaw is here. It is bad here now."),
     ("The rest is cut off here, as the...", ""),
     ("A, which is a part of B, which is a part of C.", "")],
)  # fmt: skip
def test_tidy(text: str, tidied: str) -> None:
    assert tidy(text, 22 if text.startswith("One") else 100) == tidied


def test_meaning_is_words_by_their_beginnings() -> None:
    assert meaning("The parsers of CVE-2021-5 were parsing") == {
        "parse",
        "2021",
        "5",
        "were",
        "parsi",
    }
    assert is_of(meaning("parsing files"), meaning("it is parsing some files"))
    assert not is_of(meaning("printers keep jobs"), meaning("it is parsing some files"))
    assert is_of(frozenset(), frozenset())


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [("One. Two", "One."), ("One. Two.", "One. Two."), ("No end", "No end"), ("", ""),
     ('He said "no." Then', 'He said "no."'), ("Use v1.2 of it. And", "Use v1.2 of it."),
     ("First.\n1. Then\n2.", "First.\n1. Then\n2."), ("What? Yes! N", "What? Yes!")],
)  # fmt: skip
def test_trim_to_sentence(text: str, trimmed: str) -> None:
    assert trim_to_sentence(text) == trimmed


def test_first_sentences_takes_one_at_least() -> None:
    assert first_sentences("A is b. C is d. E is f. G is h.") == "A is b. C is d. E is f."
    assert first_sentences("x" * 900 + ". Next.") == "x" * 900 + "."
    assert first_sentences("no end at all") == "no end at all"
    assert is_whole("Yes.") and not is_whole("Yes, e")
