"""What messages call the program: as a person can type it where they read it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from workers.core.program import command_line, program


@pytest.mark.parametrize(
    ("called", "line"),
    [
        ("/home/me/cyberllm-pool/coordinator.py", "python coordinator.py resume first"),
        ("/usr/bin/cyberllm", "cyberllm resume first"),
    ],
)
def test_as_it_was_called(monkeypatch: pytest.MonkeyPatch, called: str, line: str) -> None:
    monkeypatch.setattr(sys, "argv", [called])
    assert command_line("resume first") == line


def test_where_there_is_no_checkout_it_is_what_was_installed(tmp_path: Path) -> None:
    """As in `python -m stages.manual_reviewer` of an installed package."""
    assert program() == "coordinator.py"
    assert command_line("resume first", tmp_path / "setup.cfg") == "cyberllm resume first"
