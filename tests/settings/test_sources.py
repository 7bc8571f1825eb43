"""Where settings come from: the order of the sources, and each refused under its own name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coordinator import build_parser
from workers.core.errors import UsageError
from workers.settings.config import RunConfig, settings
from workers.settings.flags import given_settings
from workers.settings.shown import flag_of
from workers.settings.sources import load_config
from workers.settings.stage_options import from_flags, with_flags


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "c.yaml"


def test_command_line_over_environment_over_yaml_over_default(path: Path) -> None:
    path.write_text("batch_size: 1\nbatch-timeout: 2\ntemp: 1\n")
    environ = {"CYBERLLM_BATCH_SIZE": "2", "CYBERLLM_BATCH_TIMEOUT": "3", "CYBERLLM_SEED": ""}
    config = load_config({"batch_size": 3}, path, environ)
    assert (config.batch_size, config.batch_timeout, config.temp) == (3, 3.0, 1.0)
    assert config.seed == RunConfig().seed


SAMPLES: dict[str, str] = {
    "format": "json",
    "records_at": "data.items", "endpoint": "http://127.0.0.1:8080/v1",
    "shard": "2/8", "cluster": "tls://h:8786", "cluster_certs": "certs",
    "stages": "data_filter", "recipe": "d", "model": "m", "draft_model": "d", "kv_bits": "8",
    "temp": "0.5", "dedup_threshold": "0.7", "chat_template": "own.jinja",
    "top_p": "0.5", "memory_fraction": "0.5", "batch_timeout": "2",
}  # fmt: skip


@pytest.mark.parametrize("name", settings())
def test_every_setting_comes_through_every_source(name: str, path: Path) -> None:
    """A flag that one of them does not know failed as an unknown setting, or did nothing."""
    value, switch = SAMPLES.get(name, "7"), settings()[name].kind is bool
    low: dict[str, Any] = {"enable_speculative": True} if name == "draft_model" else {}
    arguments = ["run", "-i", "x", flag_of(name), *([] if switch else [value])]
    by_flag = load_config(low | given_settings(build_parser().parse_args(arguments)), None, {})
    by_variable = load_config(low, None, {f"CYBERLLM_{name.upper()}": "1" if switch else value})
    path.write_text(f"{flag_of(name)[2:]}: {'true' if switch else value}\n")
    by_file = load_config(low, path, {})
    assert by_flag == by_variable == by_file
    assert getattr(by_flag, name) != getattr(RunConfig(), name)


OF_STAGES = {"languages": "en,es", "part_tokens": "900", "answers": "record", "ratio": "0.5"}


@pytest.mark.parametrize("name", with_flags())
def test_what_only_one_stage_has_comes_through_every_source(name: str, path: Path) -> None:
    """`--help` says so of all that it shows; as a name in the file it was no such setting."""
    stage, kind = with_flags()[name]
    value, switch = OF_STAGES.get(name, "1"), kind is bool
    arguments = ["run", "-i", "x", flag_of(name), *([] if switch else [value])]
    given = from_flags(build_parser().parse_args(arguments))
    by_flag = load_config({}, None, {}, given)
    by_variable = load_config({}, None, {f"CYBERLLM_{name.upper()}": value})
    path.write_text(f"{flag_of(name)[2:]}: {'true' if switch else value}\n")
    assert by_flag == by_variable == load_config({}, path, {})
    assert list(by_flag.stage_options) == [stage] and by_flag != RunConfig()


def test_an_option_of_a_stage_is_the_nearest_sources(path: Path) -> None:
    """Else what a variable says is lost to the file, or the whole of `stage_options` to it."""
    path.write_text("ratio: 0.4\nstage_options: {security_aligner: {ratio: 0.5, seed: 4}}\n")
    aligner = "6_security_aligner"
    assert load_config({}, path, {}).stage_options[aligner] == {"ratio": 0.4, "seed": 4}
    environ = {"CYBERLLM_RATIO": "0.3"}
    assert load_config({}, path, environ).stage_options[aligner] == {"ratio": 0.3, "seed": 4}
    flags = {aligner: {"ratio": 0.1}}
    assert load_config({}, path, environ, flags).stage_options[aligner]["ratio"] == 0.1


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("CYBERLLM_RATIO=3", "CYBERLLM_RATIO=3: ratio 3.0: must be a number from 0 to 1"),
        ("CYBERLLM_RATIO=x", "CYBERLLM_RATIO=x: ratio x: must be a number from 0 to 1"),
        ("CYBERLLM_MIN_NEW_WORDS=x", "CYBERLLM_MIN_NEW_WORDS=x: min-new-words x: must be"),
        ("CYBERLLM_REWORD=maybe", "CYBERLLM_REWORD=maybe: must be 1 or 0"),
        (
            "CYBERLLM_RATOI=1",
            "CYBERLLM_RATOI: no such environment variable; did you mean CYBERLLM_RA",
        ),
        ("CYBERLLM_BATCH_SIZE=0", "CYBERLLM_BATCH_SIZE=0: must be from 1 to 1024"),
        ("CYBERLLM_BATCH_SIZE=x", "CYBERLLM_BATCH_SIZE=x: must be a whole number"),
        ("CYBERLLM_TEMP=x", "CYBERLLM_TEMP=x: must be a number"),
        ("CYBERLLM_NO_BATCHING=maybe", "CYBERLLM_NO_BATCHING=maybe: must be 1 or 0"),
        ("CYBERLLM_STAGES=magic", "CYBERLLM_STAGES=magic: no stage 'magic'"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        load_config({}, None, dict([variable.split("=")]))
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("CYBERLLM_BATCHSIZE", "CYBERLLM_BATCHSIZE: no such environment variable; did you mean"),
        ("CYBERLLM_XYZZY", "CYBERLLM_XYZZY: no such environment variable"),
        ("CYBERLLM_\x1b[2J", "no such environment variable"),
    ],
)
def test_a_misspelt_variable_is_refused_by_its_name(name: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        load_config({}, environ={name: "1"})
    assert said in str(refused.value) and "\x1b" not in str(refused.value)


def test_variables_without_an_option_are_no_mistake() -> None:
    others = {"CYBERLLM_CACHE_DIR": "/c", "CYBERLLM_QUEUES": "q", "CYBERLLM_LOGS": "l"}
    assert load_config({}, environ=others | {"CYBERLLM_BLAS": "", "OTHER": "1"}).batch_size


@pytest.mark.parametrize("text", ["1", "true", "YES"])
def test_a_switch_in_the_environment(text: str) -> None:
    assert load_config({}, None, {"CYBERLLM_NO_BATCHING": text}).no_batching is True
    assert load_config({}, None, {"CYBERLLM_NO_BATCHING": "0"}).no_batching is False


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed: 1\nbatch_size: lots", " line 2: batch_size lots: must be a whole number"),
        ("seed: 1\nratio: 3", " line 2: ratio 3: must be a number from 0 to 1"),
        ("min_grounded: 2", " line 1: min-grounded 2: must be"),
        ("batch_size: 0", " line 1: batch_size 0: must be from 1 to 1024"),
        ("batchsize: 3", " line 1: batchsize: no such setting; did you mean batch_size?"),
        ("seed: 1\n\nseed: 2", " line 3: seed: set in line 1 too"),
        ("batch_size: 1\nbatch-size: 2", " line 2: batch-size: set in line 1 too"),
        ("- a", ": must hold settings, one `name: value` per line"),
        ("seed: 1\na: [", " line 2: "),
        ("temp: 1\ntemp 2", " line 2: "),
        ("a: \x00", ": not valid YAML: unacceptable character"),
        ("a: 2026-13-45", ": not valid YAML: month must be in 1..12"),
        ("a: " + "[" * 5000, ": not valid YAML: nested too deeply"),
        ("? [a]\n: 1", " line 1: not valid YAML: found unhashable key"),
        ("stages: 5", " line 1: stages 5: must be a list of stage names"),
        ("stage_options: 3", " line 1: stage_options: must map names of stages to options"),
        ("stage_options: {security_aligner: {ratio: 3}}", "ratio 3: must be a number from 0 to 1"),
    ],
)
def test_a_wrong_settings_file_is_one_line_that_names_it(
    path: Path, text: str, message: str
) -> None:
    path.write_text(text)
    with pytest.raises(UsageError) as refused:
        load_config({}, path, {})
    assert str(refused.value).startswith(f"--config {path}") and message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_files_that_are_none(path: Path, tmp_path: Path) -> None:
    for wrong, reason in ((path, "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(UsageError, match=f"^--config {wrong}: {reason}"):
            load_config({}, wrong, {})
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(UsageError, match="not valid YAML: 'utf-8' codec"):
        load_config({}, path, {})


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "batch_size:\n", "answers:\n", "batch_size: null\n"]
)
def test_what_is_left_empty_is_the_default(path: Path, text: str) -> None:
    path.write_text(text)
    assert load_config({}, path, {}) == RunConfig()


def test_stage_options_of_a_flag_win_over_the_file(path: Path) -> None:
    path.write_text("stage_options: {security_aligner: {ratio: 0.5, seed: 4}}\n")
    config = load_config({}, path, {}, {"6_security_aligner": {"ratio": 0.1}})
    assert config.stage_options == {"6_security_aligner": {"ratio": 0.1, "seed": 4}}
