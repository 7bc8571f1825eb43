"""Trials over several machines: the first verdict counts, and nobody works before it is known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from stages.base import LanguageModel, Outcome, Record, Result, Stage
from workers.cluster.messages import MessageError
from workers.cluster.verdicts import MachineFindings, Verdicts, publish_findings
from workers.core.errors import UsageError
from workers.run.run_folder import RunFolder

TRIED, PLAIN = "2_data_filter", "other"


class Tried(Stage):
    """A stage with a trial."""

    name = TRIED
    description = "has a trial"

    def trial_key(self) -> str:
        return "questions"

    async def process(self, record: Record, llm: LanguageModel | None) -> Outcome:
        return Result(record)


class Plain(Tried):
    """One without."""

    name = PLAIN

    def trial_key(self) -> str:
        return ""


class Ruled(Tried):
    """One that holds none, for it asks no model in this run."""

    name = "ruled"

    @property
    def needs_model(self) -> bool:
        return False


STAGES: Mapping[str, Stage] = {TRIED: Tried(), PLAIN: Plain(), "ruled": Ruled()}


def kept(run: RunFolder) -> bytes | None:
    file = run.trial_file(TRIED)
    return file.read_bytes() if file.is_file() else None


def test_one_machine_holds_a_trial_and_the_others_wait_for_what_it_finds(home: RunFolder) -> None:
    verdicts = Verdicts(home, STAGES)
    assert verdicts.may_start(PLAIN, "b") and verdicts.may_start(TRIED, "a")
    assert all(verdicts.may_start("ruled", session) for session in "ab")
    assert not verdicts.may_start(TRIED, "b") and verdicts.known() == {}
    assert verdicts.awaited("b") == TRIED and verdicts.awaited("a") == ""
    verdicts.keep(TRIED, b'{"by": "b"}', "b")  # idle workers hold it too
    assert kept(home) is None and not verdicts.may_start(TRIED, "b")
    verdicts.keep(TRIED, b'{"by": "a"}', "a")
    assert kept(home) == b'{"by": "a"}' and verdicts.may_start(TRIED, "b")
    assert verdicts.awaited("b") == ""
    verdicts.keep(TRIED, b'{"by": "b"}', "b")
    assert verdicts.known() == {TRIED: b'{"by": "a"}'}


def test_what_another_found_counts_when_the_holder_is_gone(home: RunFolder) -> None:
    verdicts = Verdicts(home, STAGES)
    assert verdicts.may_start(TRIED, "a")
    verdicts.keep(TRIED, b'{"by": "b"}', "b")
    verdicts.leave("a")
    assert kept(home) == b'{"by": "b"}' and verdicts.may_start(TRIED, "c")


def test_a_holder_that_is_gone_without_a_word_leaves_the_turn_to_the_next(home: RunFolder) -> None:
    verdicts = Verdicts(home, STAGES)
    assert verdicts.may_start(TRIED, "a") and not verdicts.may_start(TRIED, "b")
    verdicts.leave("a")
    assert verdicts.may_start(TRIED, "b")


def test_where_there_are_workers_at_home_theirs_counts(home: RunFolder) -> None:
    verdicts = Verdicts(home, STAGES, home=True)
    assert not verdicts.may_start(TRIED, "a")
    verdicts.keep(TRIED, b'{"by": "a"}', "a")
    assert kept(home) is None
    publish_findings(home.trial_file(TRIED), b'{"by": "home"}')
    assert verdicts.may_start(TRIED, "a")


@pytest.mark.parametrize(
    ("stage", "data"), [("../../run.json", b"{}"), (TRIED, b"[]"), (TRIED, b"x")]
)
def test_what_can_not_be_findings_is_refused(home: RunFolder, stage: str, data: bytes) -> None:
    with pytest.raises(MessageError, match=f"findings of {stage}: not a JSON object"):
        Verdicts(home, STAGES).keep(stage, data, "a")


def test_a_machine_tells_its_own_once_and_those_of_others_never(home: RunFolder) -> None:
    findings = MachineFindings(home)
    publish_findings(home.trial_file(TRIED), b"{}")
    assert [part.name for part in findings.new()] == [TRIED] and findings.new() == []
    assert not findings.learn(TRIED, b"{ }") and findings.learn(TRIED, b'{"other": 1}')
    with pytest.raises(UsageError):
        findings.learn("../../run", b"{}")
    assert Path(home.trial_file(TRIED)).read_bytes() == b'{"other": 1}'
