"""A run made ready: its name, models and manifest; resumed only as it was created."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stages.recipe.recipe import shipped
from tests.run_tools import make_run, numbered
from workers.core.errors import InputError, ModelError, UsageError
from workers.core.version import version
from workers.run import prepare
from workers.run.input_files import inspect_inputs
from workers.run.run_folder import RunFolder
from workers.run.run_model import DRAFT, TARGET, RunModel
from workers.run.versions import Versions
from workers.settings.values import build_config


def test_names_made_from_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = prepare.new_name(Path("/data/../ATT&CK techniques.v2.jsonl"))
    assert name.startswith("ATT-CK-techniques.v2-")
    assert RunFolder.named(prepare.new_name(Path("...jsonl"))).name
    (tmp_path / "queues" / name).mkdir(parents=True)
    assert RunFolder.named(prepare.new_name(Path("x" * 300))).name


def test_models_are_described_by_the_hash_of_their_files(tiny_model: Path) -> None:
    values = {"model": str(tiny_model), "enable_speculative": True, "draft_model": str(tiny_model)}
    found = prepare.describe_models(build_config(values))
    assert found[TARGET] == found[DRAFT] and found[TARGET].name == str(tiny_model)
    assert len(found[TARGET].sha256 or "") == 64
    assert set(prepare.describe_models(build_config({"model": str(tiny_model)}))) == {TARGET}
    assert prepare.describe_models(build_config({"disable_llm": True, "model": "./none"})) == {}


def test_the_manifest_says_what_made_the_run(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "one"}\n')
    config = build_config({"disable_llm": True})
    run = RunFolder(tmp_path / "r")
    prepare.create(run, config, inspect_inputs([tmp_path / "in.jsonl"]), {}, shipped())
    versions = RunFolder(tmp_path / "r").open().manifest.versions
    assert versions == Versions.here() and versions.program == version()


def test_a_changed_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run(tmp_path, numbered(3))
    run.update(model={TARGET: RunModel("m", sha256="old")})
    monkeypatch.setattr(prepare, "_digest_now", lambda config, role, then: "new")
    with pytest.raises(ModelError, match="model m: changed since run test was created"):
        prepare.resume(run, {})


def test_a_changed_input_is_refused(tmp_path: Path) -> None:
    run = make_run(tmp_path, numbered(3))
    (tmp_path / "input.jsonl").write_text("{}\n")
    with pytest.raises(InputError, match="input.jsonl: changed since"):
        prepare.resume(run, {})


def test_only_the_workers_may_change_and_only_within_bounds(tmp_path: Path) -> None:
    run = make_run(tmp_path, numbered(3))
    assert prepare.resume(run, {"workers": 7}).workers == 7
    assert prepare.resume(run, {}).workers is None
    with pytest.raises(UsageError, match="--workers 0: must be from 1 to 256"):
        prepare.resume(run, {"workers": 0})


@pytest.mark.parametrize(
    ("then", "now", "message"),
    [
        ({}, {"seed": 3}, "--seed 3: run test was created with --seed 0; on resume only"),
        ({"kv_bits": 4}, {}, "no --kv-bits: run test was created with --kv-bits 4"),
        ({}, {"no_batching": True}, "--no-batching: run test was created without --no-batching"),
        ({}, {"stages": "data_filter"}, "--stages 2_data_filter: run test was created with --sta"),
        ({"stage_options": {"6_security_aligner": {"ratio": 0.3}}}, {}, "no --ratio: run test"),
        ({}, {"stage_options": {"6_security_aligner": {"ratio": 0.3}}}, "--ratio 0.3: run test"),
    ],
)
def test_other_settings_are_refused_by_flag(
    tmp_path: Path, then: dict[str, Any], now: dict[str, Any], message: str
) -> None:
    run = make_run(tmp_path, numbered(3))
    run.update(config=build_config(then))
    inputs = run.manifest.inputs
    who_works = {"workers": 5, "cluster": "tls://h:1", "cluster_certs": "certs"}
    prepare.refuse_other_settings(run, build_config(then | who_works), inputs, shipped())
    with pytest.raises(UsageError) as refused:
        prepare.refuse_other_settings(run, build_config(now), inputs, shipped())
    assert str(refused.value).startswith(message)
    assert str(refused.value).endswith("only --workers, --cluster, --cluster-certs may change")
    with pytest.raises(UsageError, match="; give the same, or remove it$"):
        prepare.refuse_other_settings(run, build_config(now), inputs, shipped(), "remove it")


def test_other_inputs_are_refused(tmp_path: Path) -> None:
    run = make_run(tmp_path, numbered(3))
    (tmp_path / "other.jsonl").write_text('{"n": 1}\n')
    with pytest.raises(InputError, match="other input files"):
        other = inspect_inputs([tmp_path / "other.jsonl"])
        prepare.refuse_other_settings(run, run.config, other, shipped())


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (None, "No such file or directory"),
        (b" \n", "is empty"),
        (b"\xff\xfe{", "is not UTF-8 text"),
        (b"x" * (1 << 20) + b"y", "is larger than 1 MiB"),
        (b"{% if a %}\n{{ b }", "unexpected '}'"),
    ],
    ids=["missing", "empty", "binary", "large", "broken"],
)
def test_a_file_without_a_chat_template_is_refused(
    data: bytes | None, problem: str, tiny_model: Path, tmp_path: Path
) -> None:
    file = tmp_path / "own.jinja"
    if data is not None:
        file.write_bytes(data)
    config = build_config({"model": str(tiny_model), "chat_template": str(file)})
    with pytest.raises(UsageError, match=f"--chat-template .*own.jinja(:| line 2:) {problem}"):
        prepare.describe_models(config)


def test_a_run_goes_on_without_its_cluster(tmp_path: Path) -> None:
    given: dict[str, Any] = {"cluster": "tls://h:1", "cluster_certs": "certs", "workers": 0}
    run = make_run(tmp_path, numbered(3))
    run.update(config=replace(run.config, **given))
    assert prepare.resume(run, prepare.who_works({"cluster": None})).cluster == "tls://h:1"
    home = prepare.resume(run, prepare.who_works({"cluster": "none", "workers": None}))
    assert (home.cluster, home.cluster_certs, home.workers) == (None, None, None)
    two = prepare.resume(run, prepare.who_works({"cluster": "none", "workers": 2}))
    assert (two.cluster, two.workers) == (None, 2)
