"""What would go to the hub, and what is refused; nothing is ever sent here."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.dataset_help import pair, write_lines
from workers.cli import push as module
from workers.cli.assembly import assemble_dataset
from workers.cli.assembly_flags import assembly_parser
from workers.cli.push import push, push_parser
from workers.core.errors import PoolError, UsageError
from workers.core.exit_status import ExitStatus


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    pairs = write_lines(tmp_path / "own.jsonl", [pair(number) for number in range(9)])
    assemble_dataset(assembly_parser().parse_args([str(pairs), "-o", str(tmp_path / "made")]))
    return tmp_path / "made"


class Hub:
    """Has the interface of the hub's client, and remembers what it was asked."""

    endpoint = "https://hub.example"

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[tuple[str, Any]] = []
        self._error = error

    def create_repo(self, repo: str, **how: Any) -> None:
        self.asked.append((repo, SimpleNamespace(**how)))

    def upload_folder(self, **how: Any) -> None:
        if self._error:
            raise self._error
        self.asked.append((how["repo_id"], SimpleNamespace(**how)))


def run(*arguments: object) -> ExitStatus:
    return push(push_parser().parse_args(list(map(str, arguments))))


def test_a_dry_run_lists_the_files_and_sends_nothing(
    dataset: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_api", lambda: pytest.fail("the hub was asked"))
    assert run(dataset, "me/pairs", "--dry-run") == ExitStatus.FINISHED
    said = capsys.readouterr().out
    assert "to the private dataset me/pairs" in said
    assert all(name in said for name in ("README.md", "train.jsonl", "messages/train.jsonl"))
    assert "nothing was sent" in said


def test_the_datasets_own_files_are_sent(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (dataset / "secret.txt").write_text("mine")
    hub = Hub()
    monkeypatch.setattr(module, "_api", lambda: hub)
    assert run(dataset, "me/pairs") == ExitStatus.FINISHED
    (_, made), (_, sent) = hub.asked
    assert (made.repo_type, made.private) == ("dataset", True)
    assert sent.folder_path == str(dataset)
    assert "README.md" in sent.allow_patterns
    assert "secret.txt" not in sent.allow_patterns
    run(dataset, "me/pairs", "--public")
    assert hub.asked[2][1].private is False


def test_what_can_not_be_sent_is_refused(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="must be OWNER/NAME"):
        run(dataset, "pairs")
    with pytest.raises(UsageError, match="not a dataset that final_assembler made"):
        run(tmp_path, "me/pairs")
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    with pytest.raises(UsageError, match="no Hugging Face token: run `hf auth login`"):
        run(dataset, "me/pairs")
    monkeypatch.setattr(module, "_api", lambda: Hub(OSError("403 Forbidden")))
    with pytest.raises(PoolError, match="the hub refused me/pairs: 403"):
        run(dataset, "me/pairs")
    (dataset / "train.jsonl").unlink()
    with pytest.raises(UsageError, match="train.jsonl: is missing"):
        run(dataset, "me/pairs")
