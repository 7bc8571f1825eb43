"""`peek`: format, counts, three records, what would be removed, and nothing a terminal obeys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import coordinator

ESCAPES = "\x1b[31mred\x1b]0;title\x07 \u202egnp"


def peeked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = coordinator.main(["peek", *arguments])
    return status, capsys.readouterr().out


def entry(number: int, **more: object) -> dict[str, object]:
    text = f"Kind {number} of a heap overflow lets attackers run code in Acme Viewer."
    cve = {"id": f"CVE-2031-1000{number}", "descriptions": [{"lang": "en", "value": text}]}
    return {"cve": cve | more}


def test_what_the_pipeline_sees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "nvd.json"
    entries = [*map(entry, range(5)), entry(5, vulnStatus="Rejected"), "odd"]
    path.write_text(json.dumps({"vulnerabilities": entries}))
    status, text = peeked(capsys, str(path))
    assert status == 0
    assert text.splitlines() == [
        "nvd.json: json (nvd), 6 records",
        "  vulnerability  CVE-2031-10000",
        "    Kind 0 of a heap overflow lets attackers run code in Acme Viewer.",
        "  vulnerability  CVE-2031-10001",
        "    Kind 1 of a heap overflow lets attackers run code in Acme Viewer.",
        "  vulnerability  CVE-2031-10002",
        "    Kind 2 of a heap overflow lets attackers run code in Acme Viewer.",
        "  removed at once: 1 rejected",
        "  cannot be read: 1",
        "    nvd.json vulnerabilities[6]: not a JSON object",
    ]


def test_duplicates_among_all_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "The print form passes printer names to the shell, so that any user runs commands."
    nvd = tmp_path / "nvd.json"
    nvd.write_text(json.dumps({"vulnerabilities": [entry(1), entry(2)]}))
    cna = {"descriptions": [{"lang": "en", "value": text}]}
    cve = {"cveMetadata": {"cveId": "CVE-2031-10001"}, "containers": {"cna": cna}}
    (tmp_path / "cve.json").write_text(json.dumps(cve))
    long = " ".join(f"word{number}" for number in range(90))
    lines = [text, text.upper(), long, f"{long} more"]
    (tmp_path / "x.jsonl").write_text("".join(json.dumps({"text": one}) + "\n" for one in lines))
    _, told = peeked(capsys, str(tmp_path))
    assert told.splitlines()[-1] == (
        "duplicates: 2 with the same words, 1 of the same id, 1 nearly the same"
    )
    _, told = peeked(capsys, str(tmp_path / "cve.json"))
    assert "duplicates" not in told


def test_nothing_that_a_terminal_obeys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a\x1b[31m.jsonl"
    lines = [{"id": ESCAPES, "title": ESCAPES, "text": ESCAPES * 200}, {"text": "x"}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines) + "bad\x1b\n")
    status, text = peeked(capsys, str(path))
    assert status == 0 and text.replace("\n", "").isprintable()
    assert max(map(len, text.splitlines())) < 700


def test_refused_files_are_told_and_the_others_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "b.txt").write_text("A worm spreads by print jobs in the office.")
    status, text = peeked(capsys, str(tmp_path), str(tmp_path / "none"))
    assert status == 1
    assert "refused: looks like a picture" in text
    assert "b.txt: text, 1 record" in text and "none: No such file" in text


def test_flags(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"odd": {"place": [entry(1)]}}))
    both = tmp_path / "both.jsonl"
    both.write_text(f"{json.dumps(entry(1))}\n{json.dumps({'text': 'another record'})}\n")
    assert peeked(capsys, str(both))[1].startswith("both.jsonl: jsonl (1 x nvd), 2 records")
    assert peeked(capsys, str(path), "--records-at", "odd.place")[1].startswith(
        "a.json: json (nvd)"
    )
    assert peeked(capsys, str(path), "--format", "text")[1].startswith("a.json: text, 1 record")
    assert coordinator.main(["peek", str(path), "--format", "x"]) == 2
