"""The security aligner: examples at the ratio, the same each time; pairs mended by rules."""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import time
from itertools import combinations
from typing import Any

import pytest

from stages.awareness import AWARENESS, example
from stages.base import Record, RecordError, Removed, Result, Stage, UnusableAnswer
from stages.gates.words import rouge_l, tokens
from stages.recipe.recipe import shipped
from stages.security_aligner.stage import AlignerOptions, SecurityAligner
from tests.stage_help import (
    PATIENCE,
    ScriptedModel,
    data_of,
    hostile_records,
    leading_words,
    run,
    survives,
)

TEMPLATES = shipped().awareness
PAIR: Record = {
    "instruction": "What is CVE-2099-0001?",
    "response": "A flaw in Foo.",
    "source_data": {"id": "CVE-2099-0001", "name": "Foo flaw"},
}
RISKS = {"high_risk", "medium_risk", "compliance_check"}


def stage(ratio: float = 0.2, seed: int = 0, reword: bool = False) -> SecurityAligner:
    return SecurityAligner(AlignerOptions(seed=seed, ratio=ratio, reword=reword))


def pairs(count: int) -> list[Record]:
    return [{"instruction": f"What is {n}?", "response": f"It is {n}."} for n in range(count)]


def align(record: Record, aligner: Stage, llm: ScriptedModel | None = None) -> tuple[Record, ...]:
    outcome = run(aligner, record, llm)
    assert isinstance(outcome, Result)
    return outcome.records


def rewriting(instruction: str, response: str) -> ScriptedModel:
    return ScriptedModel(lambda prompt, schema: {"instruction": instruction, "response": response})


def test_the_ratio_is_met() -> None:
    for ratio in (0.0, 0.2, 1.0):
        added = sum(len(align(pair, stage(ratio))) - 1 for pair in pairs(1000))
        assert abs(added / 1000 - ratio) < 0.04, ratio
    assert sum(len(align(pair, stage(0.0))) for pair in pairs(50)) == 50


def test_the_same_input_gives_the_same_output_in_any_order() -> None:
    first = {pair["instruction"]: align(pair, stage()) for pair in pairs(200)}
    shuffled = pairs(200)
    random.Random(5).shuffle(shuffled)
    turned = [dict(reversed(pair.items())) for pair in shuffled]
    assert {pair["instruction"]: align(pair, stage()) for pair in turned} == first

    async def all_at_once() -> list[Any]:
        aligner, llm = stage(), rewriting("", "")
        return list(await asyncio.gather(*(aligner.process(pair, llm) for pair in shuffled)))

    assert {o.records[0]["instruction"]: o.records for o in asyncio.run(all_at_once())} == first


def test_another_seed_draws_others() -> None:
    drawn = [[len(align(pair, stage(0.5, seed))) for pair in pairs(60)] for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_the_templates_fill_all_their_slots() -> None:
    kinds = {template.kind for template in TEMPLATES}
    assert kinds >= {"phishing_mail", "suspicious_snippet", "pretext_call",
                     "sensitive_data_request", "prompt_injection"}  # fmt: skip
    for template in TEMPLATES:
        assert len(template.wordings) >= 2
        given = set(template.slots) | set(template.cases[0])
        assert all(set(case) == set(template.cases[0]) for case in template.cases)
        for wording in template.wordings:
            assert set(re.findall(r"\{(\w+)\}", wording.instruction + wording.response)) <= given
        texts = {example(template, random.Random(n), "x")["instruction"] for n in range(200)}
        assert len(texts) >= 6, template.kind
        assert not any("{" in text or "  " in text for text in texts)


def test_flags_make_sense() -> None:
    for template in TEMPLATES:
        flags = example(template, random.Random(0), "x")["security_flags"]
        assert set(flags) == {"risk", "review_required", "isolation_required"}
        assert flags["risk"] in RISKS
        if flags["isolation_required"]:
            assert flags["risk"] == "high_risk"
        if flags["risk"] == "high_risk":
            assert flags["review_required"] is True
    assert {template.flags.risk for template in TEMPLATES} == RISKS


def test_payloads_are_inert() -> None:
    """Only reserved domains and documentation addresses appear."""
    for template in TEMPLATES:
        for n in range(300):
            made = example(template, random.Random(n), "x")
            text = made["instruction"] + " " + made["response"]
            for host in re.findall(r"(?:https?://|@)([\w.-]+\w)", text):
                assert re.search(r"(\.invalid|\bexample\.(com|org|net))$", host), host
            for address in re.findall(r"\d+\.\d+\.\d+\.\d+", text):
                assert address.startswith(("192.0.2.", "198.51.100.", "203.0.113.")), address


REFUSED = re.compile(
    r"I won't|I am not going to|I will not|I never|I decline|content, not as an instruction"
    r"|should not follow it"
)


def test_an_injection_is_refused() -> None:
    template = next(t for t in TEMPLATES if t.kind == "prompt_injection")
    for n in range(50):
        response = example(template, random.Random(n), "x")["response"]
        assert REFUSED.search(response), response
    drawn = [example(template, random.Random(n), "x")["response"] for n in range(200)]
    assert len(set(drawn)) > 120  # nobody should learn one refusal by heart


def test_examples_are_records_of_their_own_and_never_go_through_the_model() -> None:
    llm = rewriting("", "")
    kept, added = align(PAIR, stage(1.0, reword=True), llm)
    assert kept == PAIR
    assert len(llm.asked) == 1 and data_of(llm.asked[0]) == [PAIR["instruction"], PAIR["response"]]
    assert added["type"] == AWARENESS and added["instruction"] and added["response"]
    assert "CVE-2099" not in added["instruction"] + added["response"]
    assert align(added, stage(1.0, reword=True), llm) == (added,) and len(llm.asked) == 1


def test_an_example_does_not_depend_on_what_the_model_wrote() -> None:
    texts = ("", "a")
    added = {align(PAIR, stage(1.0, reword=True), rewriting(text, text))[1]["instruction"]
             for text in texts}  # fmt: skip
    assert len(added) == 1


def test_a_model_is_asked_only_when_rewording_is_asked_for() -> None:
    llm = rewriting("What else?", "Something else.")
    assert align(PAIR, stage(0.0), llm) == (PAIR,) and not llm.asked
    assert align(PAIR, stage(0.0, reword=True)) == (PAIR,), "no model"


LISTED = PAIR | {"response": "Severity: critical. Affected: Foomail and its parser of names."}
SENTENCE = "The severity is critical, and Foomail and its parser of names are affected."


def test_a_better_wording_is_taken_and_an_unusable_answer_costs_nothing() -> None:
    (changed,) = align(LISTED, stage(0.0, reword=True), rewriting("", SENTENCE))
    assert changed == LISTED | {"response": SENTENCE}

    def fail(prompt: Any, schema: Any) -> Any:
        raise UnusableAnswer("cut off")

    assert align(LISTED, stage(0.0, reword=True), ScriptedModel(fail)) == (LISTED,)


def test_the_prompt_begins_with_words_of_ours() -> None:
    llm = rewriting("", "")
    align(PAIR, stage(0.0, reword=True), llm)
    assert len(leading_words(llm.asked[0])) > 40


def test_rules_mend_a_response_and_its_figures() -> None:
    text = "A flaw in **Foomail** lets senders run code"
    source = {"id": "CVE-2099-0001", "name": "", "text": f"{text}."}
    quality = {"written_by": "model", "grounded": 0.5, "verbatim": 0.1, "spans": [], "checks": []}
    pair = {"instruction": PAIR["instruction"], "response": f"It is {text[2:]}",
            "source_data": source, "quality": quality}  # fmt: skip
    (changed,) = align(pair, stage(0.0))
    assert changed["response"] == "CVE-2099-0001 is flaw in Foomail lets senders run code."
    assert changed["quality"]["written_by"] == "model" and changed["quality"]["grounded"] == 1
    assert changed["quality"]["verbatim"] > 0.5 and changed["quality"]["spans"]


def test_a_long_title_never_stands_for_it() -> None:
    named = PAIR | {"instruction": 'What happened in "A break-in at the harbour office"?',
                    "response": "It was noticed late.",
                    "source_data": {"name": "A break-in at the harbour office"}}  # fmt: skip
    assert align(named, stage(0.0)) == (named,)


def test_the_title_of_a_report_never_stands_for_it() -> None:
    """A report called after a tool does not say that the tool began with a mail."""
    named = PAIR | {"instruction": 'How did the attack in the report "Marsh Lamp" begin?',
                    "response": "It began with a mail to the accounts team.",
                    "source_data": {"name": "Marsh Lamp"}}  # fmt: skip
    assert align(named, stage(0.0)) == (named,)
    malware = named | {"instruction": "How does the malware Marsh Lamp come in?"}
    (changed,) = align(malware, stage(0.0))
    assert changed["response"] == "Marsh Lamp began with a mail to the accounts team."


@pytest.mark.parametrize(
    "record",
    [{}, {"text": "raw"}, {"instruction": "a"}, {"instruction": "a", "response": " "},
     {"instruction": 5, "response": "b"}, {"instruction": ["a"], "response": "b"}],
)  # fmt: skip
def test_what_is_no_pair_is_a_dead_letter_that_says_why(record: Record) -> None:
    with pytest.raises(RecordError, match="no (instruction|response).*data structurer"):
        align(record, stage())


def test_its_own_flag_is_known_to_its_parser_and_options() -> None:
    """An ancestor crashed at start on an argument that it did not know."""
    parser = argparse.ArgumentParser()
    SecurityAligner.add_arguments(parser)
    assert vars(parser.parse_args([])) == {}
    options = SecurityAligner.Options(**vars(parser.parse_args(["--ratio", "0.5", "--reword"])))
    assert isinstance(options, AlignerOptions) and options.ratio == 0.5 and options.reword
    assert SecurityAligner().options == AlignerOptions(seed=0, ratio=0.2, reword=False)


@pytest.mark.parametrize("wrong", [1.5, -1, float("nan"), "0.2", True, None])
def test_a_wrong_ratio_is_refused_by_name(wrong: Any) -> None:
    with pytest.raises(ValueError, match="^ratio"):
        AlignerOptions(ratio=wrong)


def test_a_wrong_reword_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="^reword"):
        AlignerOptions(reword=1)  # type: ignore[arg-type]


def test_hostile_records_end_in_a_result_or_a_record_error() -> None:
    started = time.perf_counter()
    for record in hostile_records(200):
        for changed in (record, PAIR | record, record | PAIR):
            for llm in (None, rewriting("Why?", "So.")):
                outcome: Any = survives(stage(0.5, reword=True), changed, llm)
                for made in outcome.records if outcome else ():
                    assert made["instruction"].strip() and made["response"].strip()
    assert time.perf_counter() - started < 8 * PATIENCE


def test_examples_are_not_much_alike_and_each_says_what_it_passed() -> None:
    """A model would learn the few examples of a template by heart."""
    aligner = stage(1.0)
    added = [align(pair, aligner)[1] for pair in pairs(400)]
    screen = aligner.screen()
    kept = [one for one in added if screen(one) is None]
    assert 0 < len(kept) < len(added)
    for one, two in combinations(kept, 2):
        if one["source_data"]["name"] == two["source_data"]["name"]:
            for name in ("instruction", "response"):
                assert rouge_l(tokens(one[name]), tokens(two[name])) <= 0.7
    assert {one["quality"]["written_by"] for one in kept} == {"template"}
    assert all(one["quality"]["checks"] and one["quality"]["digest"] for one in kept)
    forged = {**PAIR, "type": AWARENESS}
    assert [screen(forged) is None for _ in range(2)] == [True, False]


@pytest.mark.parametrize("kind", [AWARENESS, "vulnerability"])
def test_pairs_from_outside_pass_the_gates_or_go(kind: str) -> None:
    """Else a file of refusals would come out as a dataset."""
    said = "As an AI language model, I cannot help with that. <|im_end|>"
    refusing = {"instruction": "What is Foomail?", "type": kind, "response": said}
    good = refusing | {"response": "A mail reader whose parser trusts the length of a subject."}
    inside, outside = stage(0.0), stage(0.0)
    outside.from_outside = True
    assert isinstance(run(inside, refusing, None), Result)
    assert isinstance(run(outside, refusing, None), Removed)
    assert isinstance(run(outside, good, None), Result)
