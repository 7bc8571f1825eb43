"""Choosing: calibrated once, the same in any batch, kept with the run, and right on real texts."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from benchmarks.decision_material import relevance_material
from benchmarks.scores import area_under_curve
from stages.base import Label, Prompt, Question
from stages.data_filter.relevance import RelevanceRules
from stages.recipe.recipe import shipped
from tests.fresh_process import in_fresh_process
from workers.generation.decisions.calibrate import Calibrator
from workers.generation.decisions.choosing import Chooser
from workers.generation.decisions.texts import LONGEST
from workers.generation.model.load import load
from workers.generation.steps import Begin, silent
from workers.generation.tokens.prompts import PromptEncoder
from workers.model_store import fingerprint
from workers.run.run_folder import RunFolder
from workers.run.run_model import TARGET, RunModel
from workers.settings.config import RunConfig
from workers.worker.loop import Worker

SECURE = tuple(f"An attacker sends a crafted request to server {n}." for n in range(8))
BREAD = tuple(f"A recipe for bread number {n}: flour, water and salt." for n in range(8))
QUESTION = Question(
    "topic",
    Prompt("", "What is it about?\n\n{text}\n\nTopic:"),
    (Label("security", "malware", SECURE), Label("bread", "bread", BREAD)),
    thresholds=(("half", 0.5),),
)
TEXTS = ["The recipe needs flour and an oven.", "The attacker reads the password. " * 80, "", "x"]


def chooser(model: Path, cache: Path, begin: Begin = silent) -> Chooser:
    loaded = load(model)
    return Chooser(loaded, PromptEncoder(loaded.tokenizer), cache, begin)


def test_it_tells_its_own_examples_apart(tiny_model: Path, tmp_path: Path) -> None:
    choices = chooser(tiny_model, tmp_path).choose(QUESTION, [*SECURE, *BREAD])
    assert [choice.label for choice in choices] == ["security"] * 8 + ["bread"] * 8
    for choice in choices:
        assert sum(choice.probabilities.values()) == pytest.approx(1)
        assert choice.probability == choice.probabilities[choice.label]


def test_the_same_text_gets_the_same_answer_in_any_batch(tiny_model: Path, tmp_path: Path) -> None:
    choosing = chooser(tiny_model, tmp_path)
    together = choosing.choose(QUESTION, TEXTS)
    for text, choice in zip(TEXTS, together, strict=True):
        [alone] = choosing.choose(QUESTION, [text])
        assert alone.probability == pytest.approx(choice.probability, abs=1e-4)


def test_only_the_beginning_of_a_long_text_is_looked_at(tiny_model: Path, tmp_path: Path) -> None:
    choosing = chooser(tiny_model, tmp_path)
    assert choosing.length("word " * 100_000) == LONGEST and choosing.length("") == 1
    long, longer = choosing.choose(QUESTION, ["oven " * 500, "oven " * 500 + "attacker " * 500])
    assert long == longer


def test_a_calibration_is_worked_out_once_and_read_by_others(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = chooser(tiny_model, tmp_path)
    before = first.choose(QUESTION, TEXTS)
    monkeypatch.setattr(Calibrator, "calibrate", lambda *_: pytest.fail("worked out again"))
    second = chooser(tiny_model, tmp_path)
    assert second.choose(QUESTION, TEXTS) == before
    assert second.summary(QUESTION) == first.summary(QUESTION)


def test_another_question_of_that_name_is_calibrated_anew(tiny_model: Path, tmp_path: Path) -> None:
    choosing = chooser(tiny_model, tmp_path)
    files = {
        choosing.calibration_file(question)
        for question in (
            QUESTION,
            replace(QUESTION, prompt=Prompt("", "Topic of {text}?")),
            replace(QUESTION, labels=(QUESTION.labels[0], Label("bread", "bread", BREAD[1:]))),
            replace(QUESTION, exclusive=False),
        )
    }
    assert len(files) == 4
    assert (
        choosing.calibration_file(replace(QUESTION, thresholds=())) in files
    )  # decides nothing here


def test_two_questions_of_one_name_do_not_answer_for_each_other(
    tiny_model: Path, tmp_path: Path
) -> None:
    choosing = chooser(tiny_model, tmp_path)
    labels = tuple(Label(name, name, (f"{name} one", f"{name} two")) for name in ("a", "b", "c"))
    [first] = choosing.choose(QUESTION, [BREAD[0]])
    [other] = choosing.choose(Question("topic", QUESTION.prompt, labels), [BREAD[0]])
    assert first.label == "bread" and set(other.probabilities) == {"a", "b", "c"}


def test_asking_answers_where_it_does_better(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Calibrator, "calibrate", lambda this, question, _: this.by_asking(question))
    choosing = chooser(tiny_model, tmp_path)
    assert choosing.summary(QUESTION).way == "asking"
    together = choosing.choose(QUESTION, TEXTS)
    for text, choice in zip(TEXTS, together, strict=True):
        [alone] = choosing.choose(QUESTION, [text])
        assert alone.probability == pytest.approx(choice.probability, abs=1e-3)
        assert sum(choice.probabilities.values()) == pytest.approx(1)


PREPARE = """
import sys, time
from dataclasses import replace
from pathlib import Path
from workers.generation import linux_cpu
linux_cpu.prepare()
from tests.generation.decisions.test_choosing import QUESTION, chooser

def begin(step, what):
    print(step.value, what, flush=True)
    if step.value == 'calibrating':
        time.sleep(3)

other = replace(QUESTION, name="other", exclusive=False)
choosing = chooser(Path({model!r}), Path({cache!r}), begin)
print("ready", [question.name for question in choosing.prepare([QUESTION, other])])
for question in (QUESTION, other):
    choosing.choose(question, ["bread"])
"""


def test_processes_share_the_questions_that_are_open(tiny_model: Path, tmp_path: Path) -> None:
    """One calibrates each, the others help it; what is not ready is waited for when it is asked."""
    code = PREPARE.format(model=str(tiny_model), cache=str(tmp_path / "cache"))
    with ThreadPoolExecutor(3) as pool:
        said = [done.stdout.splitlines() for done in pool.map(in_fresh_process, [code] * 3)]
    begun = Counter(line for lines in said for line in lines)
    assert begun["calibrating question topic, on 16 examples"] == 1
    assert begun["calibrating question other, on 16 examples"] == 1
    assert begun["calibrating question topic, together with another process"] == 2
    assert any(line == "ready ['topic', 'other']" for lines in said for line in lines)
    left = [path.name for path in (tmp_path / "cache").iterdir()]
    assert not [name for name in left if name.endswith(".reading")]


def test_a_worker_writes_down_how_its_model_decides(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYBERLLM_QUEUES", str(tmp_path / "queues"))
    monkeypatch.setenv("CYBERLLM_LOGS", str(tmp_path / "logs"))
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path / "cache"))
    config = RunConfig(model=str(tiny_model), stages=("2_data_filter", "4_domain_classifier"))
    run = RunFolder.named("kept").create(config, [], {TARGET: RunModel("m", str(tiny_model))})
    asyncio.run(Worker(run, "batch", "w1", lambda: False).work())
    kept = orjson.loads(run.calibration_file.read_bytes())
    assert {one["question"] for one in kept} == {"relevance", "domains"}
    for one in kept:
        assert 1 <= one["layer"] <= one["layers"] == 3
        assert one["way"] in ("examples", "asking") and one["log_loss"] > 0
    named = {one["question"]: one["thresholds"] for one in kept}
    assert named["relevance"]["relevant"] == shipped().relevance.bounds.sure
    before = run.calibration_file.read_bytes()
    run.keep_calibration([{"question": "of a worker that came later"}])
    assert run.calibration_file.read_bytes() == before


def test_the_default_model_knows_security_from_other_texts(default_model: Path) -> None:
    from workers.core.cache import cache_dir

    material = [text for text in relevance_material() if not text.for_fitting]
    by_source: dict[str, list[str]] = {}
    for one in material:
        by_source.setdefault(one.source, []).append(one.text)
    texts = [text for source in sorted(by_source) for text in by_source[source][:5]]
    truth = [text.labels == {"security"} for s in sorted(by_source)
             for text in [t for t in material if t.source == s][:5]]  # fmt: skip
    # Under its hash, as `models fetch` has calibrated it.
    loaded = replace(load(default_model), fingerprint=fingerprint(default_model).sha256)
    choosing = Chooser(loaded, PromptEncoder(loaded.tokenizer), cache_dir() / "choices")
    choices = choosing.choose(RelevanceRules(shipped()).question, texts)
    import numpy as np

    chances = np.array([choice.probabilities["security"] for choice in choices])
    assert area_under_curve(chances, np.array(truth)) > 0.9
    assert chances[~np.array(truth)].mean() < 0.4  # long texts are not all believed to be security
