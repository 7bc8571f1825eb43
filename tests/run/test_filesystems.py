"""Which folders can hold a queue: mounts read from the kernel's table, locks tried out."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.core.errors import QueueError
from workers.run import filesystems
from workers.run.filesystems import (
    Mount,
    mount_of,
    parse_mountinfo,
    probe_locks,
    refuse_foreign,
    refuse_remote,
)

MOUNTINFO = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:50 / /home/me/my\\040share rw - nfs4 server:/x rw
31 22 0:51 / /home rw master:2 - ext4 /dev/sdb1 rw
32 31 0:52 / /home/drive rw - fuse.sshfs me@host: rw
33 22 0:53 / /mnt/a rw - 9p a rw
34 22 0:54 / /mnt/b rw - cifs //b/c rw
"""


def test_the_mount_of_a_folder() -> None:
    table = parse_mountinfo(MOUNTINFO)
    assert mount_of(Path("/home/other"), table) == Mount("/home", "ext4")
    assert mount_of(Path("/homes"), table) == Mount("/", "ext4")
    assert mount_of(Path("/home"), [*table, Mount("/home", "xfs")]) == Mount("/home", "xfs")


@pytest.mark.parametrize("path", ["/home/me/my share/q", "/home/drive", "/mnt/a/q", "/mnt/b"])
def test_remote_file_systems_are_refused_with_the_reason(path: str) -> None:
    with pytest.raises(QueueError, match="(nfs4|fuse.sshfs|9p|cifs) file system.*local disk"):
        refuse_remote(Path(path), parse_mountinfo(MOUNTINFO))


def test_local_file_systems_pass(tmp_path: Path) -> None:
    refuse_remote(tmp_path)
    for kind in ("ext4", "xfs", "btrfs", "apfs", "tmpfs", "overlay", "zfs", "hfs"):
        refuse_remote(tmp_path, [Mount("/", kind)])


def test_a_folder_whose_locks_hold_passes_and_is_left_as_it_was(tmp_path: Path) -> None:
    probe_locks(tmp_path)
    refuse_foreign(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_locks_that_do_not_exclude_are_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filesystems, "flock_now", lambda fd: True)
    with pytest.raises(QueueError, match="kernel locks have no effect"):
        probe_locks(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "f").touch()
    with pytest.raises(QueueError, match="not a folder"):
        refuse_foreign(tmp_path / "f")
