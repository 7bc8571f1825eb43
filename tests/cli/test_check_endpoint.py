"""`models check URL`, as the command has it."""

from __future__ import annotations

from pathlib import Path

from tests.endpoint.odd_server import odd_server
from tests.run_tools import Desk


def test_what_it_prints_and_how_it_ends(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with odd_server() as server:
        done = desk.coordinator("models", "check", server.url)
        assert done.returncode == 0 and done.stdout.startswith("models: odd\n")
        assert "JSON schemas" in done.stdout
        server.mood = "html"
        done = desk.coordinator("models", "check", server.url, "--model", "odd")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"error: {server.url}: answers with HTML")
    for arguments, said in (((), "give the server's address"), (("ftp://x",), "must be an addr")):
        done = desk.coordinator("models", "check", *arguments)
        assert done.returncode == 2 and said in done.stderr
