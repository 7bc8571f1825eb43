"""The terminal mode, typed into a real pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stages.manual_reviewer.pair import ReviewedPair
from tests.review_help import (
    command,
    environment,
    flagged,
    hostile,
    pair,
    pairs_file,
    reviewer_command,
)
from workers.review.terminal import marked, printable

ARGUMENTS = ("pairs.jsonl", "-o", "reviewed.jsonl", "--terminal")
_STYLES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Typist:
    """Types keys, and reads what the screen shows."""

    def __init__(self, terminal: int, process: subprocess.Popen[bytes]) -> None:
        self._terminal = terminal
        self.process = process
        self.raw = ""

    def expect(self, words: str, seconds: float = 20) -> None:
        """Read until the words are shown."""
        until, shown = time.monotonic() + seconds, ""
        while words not in _STYLES.sub("", shown):
            assert time.monotonic() < until, shown
            ready, _, _ = select.select([self._terminal], [], [], 0.2)
            if ready:
                try:
                    piece = os.read(self._terminal, 65536).decode("utf-8", "replace")
                except OSError:  # the other end is closed
                    piece = ""
                shown += piece
                self.raw += piece
                assert piece or words in _STYLES.sub("", shown), shown

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())


@contextmanager
def typing(root: Path, *arguments: str, editor: str = "") -> Iterator[Typist]:
    ours, theirs = pty.openpty()
    env = {**environment(root), "TERM": "xterm-256color", "COLUMNS": "100", "VISUAL": editor}
    process = subprocess.Popen(
        command(*arguments), cwd=root, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    try:
        yield Typist(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def editor_that(root: Path, change: str) -> str:
    """An editor that makes one change to the text of a file."""
    script = root / "editor.py"
    read, write = "p = pathlib.Path(sys.argv[1])\nt = p.read_text()", "p.write_text(t)"
    script.write_text(f"import pathlib, sys\n{read}\n{change}\n{write}\n")
    return f"{sys.executable} {script}"


def test_a_review_by_keys_alone(tmp_path: Path) -> None:
    pairs_file(tmp_path, [pair(1), flagged(2), pair(3)])
    with typing(tmp_path, *ARGUMENTS) as typist:
        typist.expect("review required")  # the most doubtful comes first
        typist.type("s")
        typist.expect("0 of 3 decided  0:1")
        typist.type("a")
        typist.expect("1 of 3 decided  0:3")
        typist.type("r")
        typist.expect("9 in your own words")
        typist.type("1")
        typist.expect("2 of 3 decided  0:2")
        typist.type("u")
        typist.expect("taken back")
        typist.type("q")
        typist.expect("left to decide: 2 pairs")
        assert typist.process.wait(20) == 4
    with typing(tmp_path, *ARGUMENTS) as typist:
        typist.expect("1 of 3 decided  0:2")
        typist.type("r")
        typist.expect("9 in your own words")
        typist.type("9")
        typist.expect("why?")
        typist.type("too old\n")
        typist.expect("2 of 3 decided")
        typist.type("a")
        typist.expect("2 results, 1 removed")
        assert typist.process.wait(20) == 0
    assert b"rejected by a reviewer: too old" in (tmp_path / "reviewed.removed.jsonl").read_bytes()


def test_an_edit_passes_the_gates_or_is_kept_by_a_second_key(tmp_path: Path) -> None:
    pairs_file(tmp_path, [pair(1)])
    invents = editor_that(tmp_path, "t = t.replace('A remote attacker', 'In 9.9.9 a banana')")
    with typing(tmp_path, *ARGUMENTS, editor=invents) as typist:
        typist.expect("0 of 1 decided")
        typist.type("e")
        typist.expect("literals are not in the source")
        typist.type("x")
        typist.expect("the edit was not kept")
        typist.type("e")
        typist.expect("k keeps it anyway")
        typist.type("k")
        typist.expect("1 results, 0 removed")
        assert typist.process.wait(20) == 0
    assert b"In 9.9.9 a banana" in (tmp_path / "reviewed.jsonl").read_bytes()


def test_hostile_text_steers_no_terminal(tmp_path: Path) -> None:
    pairs_file(tmp_path, [hostile(1)])
    with typing(tmp_path, *ARGUMENTS) as typist:
        typist.expect("q quit")
        typist.type("q")
        typist.expect("left to decide")
    shown = _STYLES.sub("", typist.raw)
    assert "\x1b" not in shown and "\x07" not in shown and "\u202e" not in shown
    assert "U+202E" in shown and "\x1b[31mU" not in typist.raw


def test_without_a_terminal_it_says_so(tmp_path: Path) -> None:
    pairs_file(tmp_path, [pair(1)])
    done = reviewer_command(tmp_path, *ARGUMENTS)
    assert done.returncode == 2 and "error: --terminal: needs a terminal" in done.stderr


def test_texts_are_printable_and_the_copied_words_are_marked() -> None:
    assert printable("a\u202eb\x1b").plain == "aU+202EbU+001B"
    text = marked(ReviewedPair(pair(1)))
    assert text.plain == pair(1)["source_data"]["text"]
    [span] = [span for span in text.spans if "yellow" in str(span.style)]
    assert text.plain[span.start : span.end] == pair(1)["response"].rstrip(".")
    assert "no source" in marked(ReviewedPair({})).plain


@pytest.mark.parametrize("editor", ["false", "true"])
def test_an_editor_that_changes_nothing_decides_nothing(tmp_path: Path, editor: str) -> None:
    pairs_file(tmp_path, [pair(1)])
    with typing(tmp_path, *ARGUMENTS, editor=editor) as typist:
        typist.expect("0 of 1 decided")
        typist.type("e")
        typist.expect("nothing was changed")
        typist.type("q")
        typist.expect("left to decide: 1 pair")
