"""A hosted run: what is checked is in test_host.py; here, what it forgets and hands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.cluster.conftest import STAGE, until
from workers.cluster import hosted_run
from workers.cluster.host import Host
from workers.cluster.hosted_run import HostedRun, Site
from workers.cluster.messages import HostState, PartKind
from workers.cluster.offers import offer_of
from workers.model_store import fingerprint
from workers.run.filesystems import Mount, refuse_remote
from workers.run.run_folder import RunFolder
from workers.run.run_model import TARGET, RunModel


def test_a_run_that_nobody_asks_for_ends_and_leaves_nothing(
    home: RunFolder, make_host: Callable[..., Host], monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted = HostedRun(offer_of(home), make_host().site)
    hosted.start()
    until(lambda: [view.state for view in hosted.views()] == ["idle"])
    assert hosted.touch() and hosted.workers == 1
    monkeypatch.setattr(hosted_run, "FORGOTTEN_S", 0.0)
    until(lambda: not hosted.touch())
    assert any(part.kind is PartKind.METRICS for part in hosted.close())
    assert list(hosted.site.scratch.iterdir()) == []


def test_it_goes_by_the_findings_that_come_with_the_run_and_later(
    home: RunFolder, make_host: Callable[..., Host]
) -> None:
    hosted = HostedRun(offer_of(home), make_host().site, {STAGE: b'{"good": 1}'})
    hosted.start()
    until(lambda: [view.state for view in hosted.views()] == ["idle"])
    (file,) = hosted.site.scratch.rglob(f"trial-{STAGE}.json")
    assert file.read_bytes() == b'{"good": 1}' and hosted.findings is not None
    (before,) = hosted.views()
    hosted.learn(STAGE, b'{"good":  1}')
    hosted.learn(STAGE, b'{"good": 2}')
    assert file.read_bytes() == b'{"good": 2}' and hosted.findings.new() == []
    # Its worker had gone by others: another one takes its place.
    until(lambda: hosted.views()[0].pid not in (None, before.pid))
    hosted.close()


def test_what_its_disk_damages_is_not_waited_for(
    home: RunFolder, make_host: Callable[..., Host]
) -> None:
    hosted = HostedRun(offer_of(home), make_host().site)
    hosted.start()
    until(lambda: hosted.state is HostState.READY)
    (pending,) = hosted.site.scratch.rglob("pending")
    (pending / "chunk-000007.jsonl").write_text("rubbish\n")
    until(lambda: hosted.state is HostState.REFUSED)
    assert "its disk damaged what was written" in hosted.why and "chunk-000007" in hosted.why
    hosted.close()
    assert list(hosted.site.scratch.iterdir()) == []


def test_a_chat_template_comes_with_the_run(
    home: RunFolder, make_host: Callable[..., Host], tiny_model: Path
) -> None:
    target = RunModel.of("tiny", fingerprint(tiny_model), "{{ messages }}")
    config = replace(home.config, model=str(tiny_model))
    given = replace(home.manifest, model={TARGET: target}, config=config)
    found = HostedRun(offer_of(home), make_host().site).model_here(given)
    assert found == {TARGET: target}


def test_a_scratch_folder_that_is_not_there_is_named(home: RunFolder, tmp_path: Path) -> None:
    hosted = HostedRun(offer_of(home), Site(tmp_path / "gone", {}))
    hosted.start()
    until(lambda: hosted.state is HostState.REFUSED)
    assert "gone" in hosted.why
    hosted.close()


def test_a_scratch_folder_on_another_machine_is_refused_with_what_helps_here(
    home: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = [Mount(str(tmp_path), "nfs4")]
    monkeypatch.setattr(hosted_run, "refuse_remote", partial(refuse_remote, table=table))
    hosted = HostedRun(offer_of(home), Site(tmp_path, {}))
    hosted.start()
    until(lambda: hosted.state is HostState.REFUSED)
    assert "a nfs4 file system" in hosted.why and "CYBERLLM_QUEUES" not in hosted.why
    assert hosted.why.endswith("; name another there: -- --local-directory DIR")
    hosted.close()
