"""Archives: bad members cost themselves, and hostile archives are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from stages.sources.containers.archives import (
    Names,
    check_tar,
    is_ignored,
    tar_members,
    zip_members,
)
from stages.sources.found import Damaged, NotUnderstood
from stages.sources.limits import Budget
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


def test_members_come_in_their_order_with_their_bytes() -> None:
    members = {"b.txt": b"two", "a/c.txt": b"three"}
    found = zip_members(io.BytesIO(zipped({**members, "d/": b"", ".DS_Store": b"x"})), Budget(99))
    assert {member.name: member.stream.read() for member in found} == members
    found = tar_members(io.BytesIO(tarred({**members, "a/._c.txt": b"x"})))
    assert {member.name: member.stream.read() for member in found} == members


@pytest.mark.parametrize("name", ["a.txt", "a/..b", "..a/b", "a..", "a\\b"])
def test_odd_names_that_stay_within(name: str) -> None:
    Names().add(name)


@pytest.mark.parametrize("name", ["..", "a/..", "/a", "\\a", "C:a", "a\0b"])
def test_names_that_leave(name: str) -> None:
    with pytest.raises(NotUnderstood, match="a path that leaves it"):
        Names().add(name)


def test_what_an_operating_system_adds_is_ignored() -> None:
    ignored = ["__MACOSX/a.txt", "a/.DS_Store", "Thumbs.db", "a/._b.txt"]
    assert all(map(is_ignored, ignored)) and not is_ignored("a/b.txt")


@pytest.mark.parametrize("cut", [1, 30, 60])
def test_a_zip_without_its_end_is_damaged(cut: int) -> None:
    data = zipped({"a.txt": b"A worm."})[:-cut]
    with pytest.raises(Damaged, match="the zip archive is damaged or cut short"):
        list(zip_members(io.BytesIO(data), Budget(99)))


def test_a_tar_with_a_broken_header_is_damaged_and_not_at_its_end() -> None:
    data = bytearray(tarred({"a.txt": b"A worm.", "b.txt": b"A loader."}))
    data[1024 + 150] ^= 1  # the checksum of the second header
    with pytest.raises(Damaged, match="the tar archive is damaged or cut short"):
        check_tar(io.BytesIO(bytes(data)))
