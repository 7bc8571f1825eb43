"""What trials have found, as the machines of a run share it: the first verdict counts.

Knows the findings' files of a run, at home or on a machine.  Invariant: no record of a stage with
a trial is given away before it is known by whose findings it will be processed.
"""

from __future__ import annotations

import time
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from stages.base import Stage
from workers.cluster.messages import MessageError, MessagePart, PartKind
from workers.core.files import publish
from workers.queue.locks import KernelLock
from workers.run.run_folder import RunFolder


def publish_findings(file: Path, findings: bytes) -> bool:
    """Put findings in the place of any that were held here; whether those were others."""
    while (lock := KernelLock.try_acquire(file.with_suffix(".lock"))) is None:
        time.sleep(0.01)  # a worker is writing its own
    with lock:
        held = file.read_bytes() if file.is_file() else findings
        publish(file, [findings])
    return bool(orjson.loads(held) != orjson.loads(findings))


@dataclass
class MachineFindings:
    """On a machine: those that came with the run or later, and those of its own trials."""

    run: RunFolder
    _settled: set[str] = field(default_factory=set)

    def learn(self, stage: str, findings: bytes) -> bool:
        """Go by these; whether the workers have gone by others, and have to start anew.

        Raises UsageError for a stage that the run hasn't.
        """
        name = self.run.queue(stage).name
        self._settled.add(name)
        return publish_findings(self.run.trial_file(name), findings)

    def new(self) -> list[MessagePart]:
        """What trials found here, each once."""
        found = []
        for stage in self.run.config.stages:
            file = self.run.trial_file(stage)
            if stage not in self._settled and file.is_file():
                self._settled.add(stage)
                found.append(MessagePart(PartKind.FINDINGS, stage, file.read_bytes()))
        return found


@dataclass
class Verdicts:
    """At home: which machine may be given records of a stage whose trial is still to be held.

    home: whether workers at home hold the trials.
    """

    run: RunFolder
    stages: Mapping[str, Stage]
    home: bool = False
    _holders: dict[str, str] = field(default_factory=dict)  # session by stage
    _others: dict[str, bytes] = field(default_factory=dict)  # what was found beside them, by stage

    def __post_init__(self) -> None:
        asking = {name: stage for name, stage in self.stages.items() if stage.needs_model}
        self._with_trial = [name for name, stage in asking.items() if stage.trial_key()]

    def may_start(self, stage: str, session: str) -> bool:
        """Whether a machine may have records of a stage; the first that asks holds its trial."""
        if stage not in self._with_trial or self.run.trial_file(stage).is_file():
            return True
        return not self.home and self._holders.setdefault(stage, session) == session

    def awaited(self, session: str) -> str:
        """A stage whose records wait for a trial that this session doesn't hold; "" for none."""
        for stage in self._with_trial:
            elsewhere = self.home or self._holders.get(stage, session) != session
            if elsewhere and not self.run.trial_file(stage).is_file():
                if self.run.queue(stage).count_open(1):
                    return stage
        return ""

    def leave(self, session: str) -> None:
        """A session is over; what it has not found to the end another has found, or holds."""
        for stage in [stage for stage, holder in self._holders.items() if holder == session]:
            del self._holders[stage]
            if findings := self._others.pop(stage, None):
                self.keep(stage, findings, "")

    def known(self, told: Container[str] = ()) -> dict[str, bytes]:
        """What is kept, by stage; without what was told already."""
        open_ones = [name for name in self._with_trial if name not in told]
        files = {name: self.run.trial_file(name) for name in open_ones}
        return {name: file.read_bytes() for name, file in files.items() if file.is_file()}

    def keep(self, stage: str, findings: bytes, session: str) -> None:
        """Keep what a machine has found, unless the run goes by others, or will.

        Raises MessageError for what can't be findings.
        """
        if stage not in self.stages or not _is_object(findings):
            raise MessageError(f"findings of {stage}: not a JSON object of a stage")
        file = self.run.trial_file(stage)
        if file.is_file():
            return
        if self.home or self._holders.get(stage, session) != session:
            self._others.setdefault(stage, findings)
        else:
            publish_findings(file, findings)


def _is_object(data: bytes) -> bool:
    try:
        return isinstance(orjson.loads(data), dict)
    except orjson.JSONDecodeError:
        return False
