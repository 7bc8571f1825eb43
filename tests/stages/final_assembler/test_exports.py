"""Each export's rows, and the files they are written to."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyarrow import parquet

from stages.base import Record
from stages.final_assembler import exports
from stages.final_assembler.exports import EXPORTS, ExportedPair, ExportFiles, parse_exports
from stages.final_assembler.pairs import Origin, facts_of
from tests.dataset_help import lines, pair

USER = {"role": "user", "content": "What is CVE-2030-10001?"}
SAID = pair(1)["response"]
ASSISTANT = {"role": "assistant", "content": SAID}
SYSTEM = {"role": "system", "content": "Be brief."}


def row(number: int = 1, system: str = "") -> ExportedPair:
    origin = Origin("here", "first", f"0:{number}", "raw.jsonl", number)
    return ExportedPair(f"first:0:{number}", facts_of(pair(number)), origin, system)


def written(name: str, system: str = "") -> Record:
    return EXPORTS[name].form(row(system=system))


def test_messages_have_labels_and_perhaps_a_system_message() -> None:
    assert written("messages")["messages"] == [USER, ASSISTANT]
    assert written("messages", "Be brief.")["messages"] == [SYSTEM, USER, ASSISTANT]
    assert written("messages")["id"] == "first:0:1"
    assert written("messages")["domain"] == "web_security"


@pytest.mark.parametrize("name", ["mlx", "openai"])
def test_chat_forms_have_messages_alone(name: str) -> None:
    assert written(name) == {"messages": [USER, ASSISTANT]}
    assert written(name, "Be brief.") == {"messages": [SYSTEM, USER, ASSISTANT]}


def test_forms_of_two_texts() -> None:
    asked = USER["content"]
    assert written("prompt-completion") == {"prompt": asked, "completion": SAID}
    assert written("prompt-completion", "Be brief.")["prompt"] == f"Be brief.\n\n{asked}"
    assert written("alpaca") == {"instruction": asked, "input": "", "output": SAID}
    assert written("alpaca", "Be brief.")["system"] == "Be brief."


def test_sharegpt() -> None:
    turns = [{"from": "human", "value": USER["content"]}, {"from": "gpt", "value": SAID}]
    assert written("sharegpt") == {"conversations": turns}
    first = {"from": "system", "value": "Be brief."}
    assert written("sharegpt", "Be brief.") == {"conversations": [first, *turns]}


def test_files_come_to_be_with_their_first_pair(tmp_path: Path) -> None:
    files = ExportFiles(tmp_path, parse_exports(["mlx", "alpaca"]))
    for side, number in ((0, 1), (0, 2), (2, 3)):
        files.write(side, row(number))
    assert files.close() == [
        "alpaca/test.jsonl",
        "alpaca/train.jsonl",
        "test.jsonl",
        "train.jsonl",
    ]
    assert [one["messages"][0]["content"][-5:] for one in lines(tmp_path / "train.jsonl")] == [
        "0001?",
        "0002?",
    ]
    assert not (tmp_path / "valid.jsonl").exists()


def test_parquet_is_written_some_rows_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_ROW_GROUP", 2)
    files = ExportFiles(tmp_path, parse_exports(["parquet"]))
    for number in range(1, 6):
        files.write(0, row(number))
    assert files.close() == ["parquet/train.parquet"]
    found = parquet.ParquetFile(tmp_path / "parquet" / "train.parquet")
    assert found.metadata.num_row_groups == 3
    rows = found.read().to_pylist()
    assert [one["record"] for one in rows] == [1, 2, 3, 4, 5]
    assert rows[0]["response"] == SAID
    assert rows[0]["file"] == "raw.jsonl"


def test_unknown_exports_are_refused() -> None:
    with pytest.raises(ValueError, match="llama: no such export; the exports are messages, mlx"):
        parse_exports(["mlx", "llama"])
    with pytest.raises(ValueError, match="name at least one"):
        parse_exports([])
    assert [one.name for one in parse_exports(["mlx", "mlx"])] == ["mlx"]
