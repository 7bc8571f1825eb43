"""One stage alone: outputs beside each other, exit statuses, flags, continuing after a stop."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from argparse import Namespace
from functools import partial
from pathlib import Path

import pytest

from stages import stage_by_name
from stages.data_filter.stage import DataFilter
from stages.domain_classifier.stage import DomainClassifier
from stages.security_aligner.stage import SecurityAligner
from tests.in_process import Ran, run_here
from tests.run_tools import PROJECT, security_record, wait_for, write_jsonl
from workers.cli.one_stage import main, run_alone
from workers.core.errors import UsageError
from workers.core.exit_status import ExitStatus
from workers.run.run_folder import RunFolder

RECORDS = [security_record(number) for number in range(40)]


def command(module: str, *flags: str) -> list[str]:
    return [sys.executable, "-m", f"stages.{module}", *flags]


def alone(root: Path, *flags: str, module: str = "data_filter") -> Ran:
    """The command of a stage, to its end."""
    return run_here(partial(main, stage_by_name(module)), flags, root, seconds=120)


def process(root: Path, module: str, *flags: str) -> subprocess.Popen[str]:
    """The same as a process of its own."""
    return subprocess.Popen(
        command(module, *flags),
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stderr=subprocess.PIPE,
        text=True,
    )


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_results_removed_and_failed_lie_beside_each_other(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", RECORDS)
    done = alone(tmp_path, "in.jsonl", "-o", "out.jsonl", "--disable-llm")
    assert done.returncode == 3, done.stderr  # some have no text
    found = {name: len(lines(tmp_path / f"{name}.jsonl")) for name in ("out", "out.removed")}
    failed = lines(tmp_path / "out.failed.jsonl")
    assert sum(found.values()) + len(failed) == len(RECORDS) and all(found.values())
    assert f"{found['out']} results, {found['out.removed']} removed, {len(failed)} failed" in (
        done.stderr
    )
    assert f"\n  failed: {len(failed)} x record has no text" in done.stderr
    assert not (tmp_path / "out.jsonl.work").exists() and not (tmp_path / "queues").exists()


def test_stages_follow_one_another(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "0.jsonl", [r for r in RECORDS if "text" in r])
    names = ["data_filter", "data_structurer", "domain_classifier", "security_aligner"]
    for number, module in enumerate(names):
        flags = [f"{number}.jsonl", "-o", f"{number + 1}.jsonl", "--disable-llm"]
        said = (done := process(tmp_path, module, *flags)).communicate(timeout=60)[1]
        assert done.returncode == 0, said
    last = lines(tmp_path / "4.jsonl")
    found = [line for line in last if "security_awareness" not in str(line["source_data"])]
    assert found and len(lines(tmp_path / "3.jsonl")) >= len(found)  # they repeat one another
    assert all(line["instruction"] and line["response"] for line in last)


def test_a_stage_takes_what_a_run_takes(tmp_path: Path) -> None:
    text = RECORDS[0]["text"]
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.json").write_text(json.dumps({"odd": {"list": [{"id": 1, "body": text}]}}))
    flags = ["-o", "out.jsonl", "--disable-llm", "--records-at", "odd.list", "--no-dedup"]
    done = alone(tmp_path, "d", "d/*.json", *flags)
    assert done.returncode == 0, done.stderr
    assert [line["text"] for line in lines(tmp_path / "out.jsonl")] == [text, text]


def test_wrong_use_is_one_line(tmp_path: Path) -> None:
    missing = alone(tmp_path, "none.jsonl", "-o", "out.jsonl", "--disable-llm")
    assert missing.returncode == 1 and "none.jsonl: No such file" in missing.stderr
    write_jsonl(tmp_path / "in.jsonl", RECORDS)
    wrong = alone(tmp_path, "in.jsonl", "-o", "out.jsonl", "--batch-size", "0")
    assert wrong.returncode == 2 and "--batch-size 0" in wrong.stderr
    unknown = alone(tmp_path, "in.jsonl", "-o", "out.jsonl", "--workers", "2")
    assert unknown.returncode == 2 and "--workers" in unknown.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl"]


def test_a_stage_takes_its_own_flags(tmp_path: Path) -> None:
    pair = {"instruction": "What is it?", "response": "A flaw that lets a sender run code."}
    write_jsonl(tmp_path / "in.jsonl", [pair] * 30)
    flags = ["in.jsonl", "-o", "out.jsonl", "--disable-llm", "--ratio", "1"]
    assert alone(tmp_path, *flags, module="security_aligner").returncode == 0
    found = lines(tmp_path / "out.jsonl")
    assert sum("source_data" not in line for line in found) == 1  # the others repeat it,
    assert len(found) == 2  # and draw the same example


def test_shards_are_parts_of_the_input(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", RECORDS)

    def given(shard: str | None) -> list[str]:
        """The ids of the records that wait for the stage's worker."""

        def interrupted(run: RunFolder) -> ExitStatus:
            pending = (run.queues[0].folder / "pending").glob("*.jsonl")
            ids.extend(str(line["id"]) for chunk in sorted(pending) for line in lines(chunk))
            return ExitStatus.INTERRUPTED

        ids: list[str] = []
        output = tmp_path / f"{(shard or 'all')[0]}.jsonl"
        options = Namespace(input=[tmp_path / "in.jsonl"], output=output, config=None)
        run_alone(
            DataFilter, Namespace(**vars(options), disable_llm=True, shard=shard), interrupted
        )
        return ids

    first, second, whole = given("1/2"), given("2/2"), given(None)
    assert len(whole) == len(RECORDS) and first and second
    assert sorted(first + second) == sorted(whole)


def test_a_flag_that_the_stage_would_not_heed_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Duplicates are looked for before the first stage only."""
    for flag in ("--no-dedup", "--workers"):
        with pytest.raises(SystemExit, match="2"):
            main(DomainClassifier, ["in.jsonl", "-o", "out.jsonl", flag])
        assert f"error: {flag}: no such option" in capsys.readouterr().err


def test_several_files_are_one_input(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_jsonl(tmp_path / f"{name}.jsonl", [security_record(0)] * 2)
    flags = ["a.jsonl", "b.jsonl", "-o", "out.jsonl", "--disable-llm"]
    done = alone(tmp_path, *flags, "--no-dedup")
    assert done.returncode == 0, done.stderr
    assert len(lines(tmp_path / "out.jsonl")) == 4
    assert alone(tmp_path, *flags).returncode == 0
    assert len(lines(tmp_path / "out.jsonl")) == 1
    assert len(lines(tmp_path / "out.removed.jsonl")) == 3


def test_an_output_may_have_any_name_but_that_of_an_input_or_a_folder(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", [security_record(0)])
    (tmp_path / "folder").mkdir()
    before = (tmp_path / "in.jsonl").read_bytes()
    for output in ("./in.jsonl", "folder", "."):
        refused = alone(tmp_path, "in.jsonl", "-o", output, "--disable-llm")
        assert refused.returncode == 2 and f"-o {Path(output)}: is a" in refused.stderr
    odd = f"out of {'x' * 70} (1).jsonl"
    assert alone(tmp_path, "in.jsonl", "-o", odd, "--disable-llm").returncode == 0
    assert len(lines(tmp_path / odd)) == 1
    assert (tmp_path / "in.jsonl").read_bytes() == before
    assert not list(tmp_path.glob("*.work"))


def test_nothing_that_it_reads_or_did_not_make_is_written_over(tmp_path: Path) -> None:
    pair = {"instruction": "What is it?", "response": "It is a flaw."}
    write_jsonl(tmp_path / "out.removed.jsonl", [pair])
    (tmp_path / "own.jsonl.work").mkdir()
    (tmp_path / "own.jsonl.work" / "notes.txt").write_text("mine")

    def run(*inputs: str, output: str) -> None:
        given = [tmp_path / name for name in inputs]
        options = Namespace(input=given, output=tmp_path / output, config=None, disable_llm=True)
        run_alone(SecurityAligner, options, lambda run: ExitStatus.INTERRUPTED)

    with pytest.raises(UsageError, match="out.removed.jsonl, which is written beside it"):
        run("out.removed.jsonl", output="out.jsonl")
    with pytest.raises(UsageError, match="is an input file"):
        run("*.jsonl", output="out.removed.jsonl")
    with pytest.raises(UsageError, match="own.jsonl.work, which holds notes.txt"):
        run("out.removed.jsonl", output="own.jsonl")
    write_jsonl(tmp_path / "raw.jsonl", RECORDS)
    with pytest.raises(UsageError, match="stage security_aligner: takes pairs"):
        run("raw.jsonl", output="new.jsonl")
    assert not (tmp_path / "new.jsonl.work").exists()
    run("out.removed.jsonl", output="new.jsonl")
    assert (tmp_path / "new.jsonl.work" / "run.json").is_file()


def test_a_work_folder_that_is_removed_in_part_is_no_part_of_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sealed chunks were taken for those of another input."""

    def run(response: str) -> None:
        pair = {"instruction": "What is it?", "response": response}
        source = write_jsonl(tmp_path / "in.jsonl", [pair])
        options = Namespace(input=[source], output=tmp_path / "out.jsonl", config=None)
        run_alone(SecurityAligner, Namespace(**vars(options), disable_llm=True, ratio=0.0))
        assert [line["response"] for line in lines(tmp_path / "out.jsonl")] == [response]

    def killed(folder: Path, **_: object) -> None:
        if (folder / "run.json").exists():
            (folder / "run.json").unlink()
            raise KeyboardInterrupt

    monkeypatch.setenv("CYBERLLM_LOGS", str(tmp_path / "logs"))
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("workers.cli.one_stage.shutil.rmtree", killed)
        run("A flaw of the parser by which a sender can run code.")
    run("A flaw of the mail reader that no sender has used yet.")
    assert {path.name for path in tmp_path.iterdir()} == {
        *("in.jsonl", "logs", "out.failed.jsonl", "out.jsonl", "out.removed.jsonl")
    }


def test_options_of_other_stages_and_of_a_pool_are_left_aside(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", [security_record(0)])
    (tmp_path / "c.yaml").write_text(
        "workers: 7\nstages: [data_structurer]\nstage_options: {security_aligner: {ratio: 1}}\n"
    )
    flags = ["in.jsonl", "-o", "out.jsonl", "--disable-llm", "--config", "c.yaml"]
    assert alone(tmp_path, *flags).returncode == 0
    assert len(lines(tmp_path / "out.jsonl")) == 1


def test_one_process_holds_target_and_draft(tmp_path: Path, tiny_model: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", [security_record(0), security_record(2)])
    model = ["--model", str(tiny_model), "--max-tokens", "60"]
    plain = alone(tmp_path, "in.jsonl", "-o", "plain.jsonl", *model, "--num-draft-tokens", "0")
    flags = ["--enable-speculative", "--num-draft-tokens", "3"]
    lookup = alone(tmp_path, "in.jsonl", "-o", "lookup.jsonl", *model, *flags)
    flags += ["--draft-model", str(tiny_model)]
    drafted = alone(tmp_path, "in.jsonl", "-o", "drafted.jsonl", *model, *flags)
    for done in (plain, lookup, drafted):
        assert done.returncode in (0, 3), done.stderr
    assert "speculation without a draft model: drafts come from" in lookup.stderr
    assert "speculation" not in plain.stderr + drafted.stderr
    answers = {name: (tmp_path / f"{name}.jsonl").read_bytes() for name in ("plain", "drafted")}
    assert answers["plain"] == answers["drafted"] == (tmp_path / "lookup.jsonl").read_bytes()
    for name, role in (("plain", "batch"), ("drafted", "speculative")):
        log = tmp_path / "performance_logs" / f"{name}.jsonl.work" / "alone.jsonl"
        assert f'"role":"{role}"' in log.read_text()


def test_a_draft_model_of_another_tokenizer_is_refused_by_name(
    tmp_path: Path, tiny_model: Path
) -> None:
    write_jsonl(tmp_path / "in.jsonl", [security_record(0)])
    other = tmp_path / "other"
    shutil.copytree(tiny_model, other)
    tokenizer = json.loads((other / "tokenizer.json").read_text())
    vocabulary = tokenizer["model"]["vocab"]
    one, two = list(vocabulary)[100:102]
    vocabulary[one], vocabulary[two] = vocabulary[two], vocabulary[one]
    (other / "tokenizer.json").write_text(json.dumps(tokenizer))
    flags = ["--model", str(tiny_model), "--enable-speculative", "--draft-model", str(other)]
    refused = alone(tmp_path, "in.jsonl", "-o", "out.jsonl", *flags)
    assert refused.returncode == 2, refused.stderr
    assert "--draft-model" in refused.stderr and "tokenizers differ" in refused.stderr


@pytest.mark.parametrize(("number", "status"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_stopped_it_continues_with_the_same_command(
    tmp_path: Path, tiny_model: Path, number: int, status: int
) -> None:
    records = [r for r in RECORDS if "text" in r] * 3  # enough not to be done at once
    write_jsonl(tmp_path / "in.jsonl", records)
    flags = ["in.jsonl", "-o", "out.jsonl", "--model", str(tiny_model), "--batch-size", "1"]
    flags += ["--max-tokens", "100"]
    stopped = process(tmp_path, "data_filter", *flags)
    work = tmp_path / "out.jsonl.work"
    wait_for(lambda: b'"outcome"' in journal(work), seconds=60)
    stopped.send_signal(number)
    said = stopped.communicate(timeout=20)[1]
    assert stopped.returncode == status, said
    assert not (tmp_path / "out.jsonl").exists() and work.is_dir()
    if number == signal.SIGINT:
        other = alone(tmp_path, *flags[:-1], "90")
        assert other.returncode == 2 and "--max-tokens 90" in other.stderr
        assert "give the same, or remove out.jsonl.work to start anew" in other.stderr
    again = alone(tmp_path, *flags)
    assert again.returncode == 0 and "continuing from" in again.stderr
    if number == signal.SIGKILL:
        calm = alone(tmp_path, *[flag.replace("out.", "calm.") for flag in flags])
        assert calm.returncode == 0 and "continuing" not in calm.stderr
        assert (tmp_path / "calm.jsonl").read_bytes() == (tmp_path / "out.jsonl").read_bytes()
    assert not work.exists()


def journal(work: Path) -> bytes:
    return b"".join(path.read_bytes() for path in work.glob("*/claimed/*.journal"))
