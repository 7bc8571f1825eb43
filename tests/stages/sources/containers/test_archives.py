"""Archives: bad members cost themselves, and hostile archives are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from tests.source_help import found_before, problems, read, refusal
from tests.source_samples import WORMS, tarred, zipped


def test_a_bad_member_costs_itself() -> None:
    data = zipped({"a.jsonl": WORMS, "b.bin": bytes(range(256)) * 9, "c.md": b"# Bear\n\nA worm."})
    assert len([one for one in read(data) if one.record]) == 51
    assert problems(data)[0].startswith("b.bin: looks like binary data")
    tar = tarred({"a.jsonl": WORMS, "b.jsonl": WORMS})
    texts, told = found_before(tar[: len(tar) // 2])
    assert len(texts) >= 50 and "archive" in told or "ends" in told


@pytest.mark.parametrize("name", ["../up.jsonl", "/abs.jsonl", "a/../../b", "C:\\x", "..\\up"])
@pytest.mark.parametrize("pack", [zipped, tarred, lambda m: tarred(m, "w:gz")])
def test_paths_that_leave_an_archive(name: str, pack: Callable[[dict[str, bytes]], bytes]) -> None:
    told = refusal(pack({"a.jsonl": WORMS, name: WORMS}))
    assert "a path that leaves it" in told


def test_names_that_are_there_twice() -> None:
    file = io.BytesIO()
    with pytest.warns(UserWarning), zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.jsonl", WORMS)
        archive.writestr("a.jsonl", WORMS)
    assert "two members of one name (a.jsonl)" in refusal(file.getvalue())
    tar = tarred({"a.jsonl": WORMS, "b.jsonl": WORMS})
    twice = tarred({"a.jsonl": WORMS})[: 512 + len(WORMS) + -len(WORMS) % 512] + tar
    assert "two members of one name (a.jsonl)" in refusal(twice)


def test_a_password_protected_zip() -> None:
    data = bytearray(zipped({"a.jsonl": WORMS}))
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(mark) + at] |= 1
    assert "password-protected archive" in refusal(bytes(data))
