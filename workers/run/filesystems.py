"""Whether a folder can hold a queue: its owner, and whether its file system's locks work.

Asks the kernel for mounts and owners; changes nothing but one probe file.  Invariant: a
folder that is accepted is a real folder of this user on a local file system.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from workers.core.errors import QueueError
from workers.core.files import discard
from workers.queue.locks import flock_now

_REMOTE = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|smbclient|afpfs|afs|9p|fuse.*|fuseblk|macfuse|osxfuse|webdav|davfs2?"
    r"|ceph|lustre|gpfs|glusterfs|ocfs2|gfs2?|coda|vboxsf|vmhgfs|prl_fs|virtiofs"
)
_MOUNTINFO = Path("/proc/self/mountinfo")


@dataclass(frozen=True)
class Mount:
    """A mounted file system."""

    point: str
    kind: str


def mounts() -> list[Mount]:
    """The mounted file systems, later mounts over earlier ones last."""
    try:
        return parse_mountinfo(_MOUNTINFO.read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError:
        import psutil

        return [Mount(p.mountpoint, p.fstype) for p in psutil.disk_partitions(all=True)]


def parse_mountinfo(text: str) -> list[Mount]:
    """Read Linux's mountinfo: the fifth field is the mount point, the type follows " - "."""
    found = []
    for line in text.splitlines():
        left, dash, right = line.partition(" - ")
        fields = left.split(" ")
        if dash and len(fields) > 4:
            found.append(Mount(_unescape(fields[4]), right.split(" ")[0]))
    return found


def _unescape(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)


def mount_of(path: Path, table: Iterable[Mount]) -> Mount | None:
    """The mount that holds `path`: the longest mount point above it, the last of equals."""
    real = Path(os.path.realpath(path))
    above = [m for m in table if real == Path(m.point) or Path(m.point) in real.parents]
    return max(reversed(above), key=lambda mount: len(Path(mount.point).parts), default=None)


def refuse_remote(path: Path, table: Iterable[Mount] | None = None) -> None:
    """Raise QueueError when the file system is one whose locks don't work across machines."""
    mount = mount_of(path, mounts() if table is None else table)
    if mount and _REMOTE.fullmatch(mount.kind.lower()):
        raise QueueError(
            f"{path}: is on {mount.point}, a {mount.kind} file system, whose kernel locks do not "
            "exclude other machines; put the queues on a local disk (CYBERLLM_QUEUES)"
        )


def refuse_foreign(path: Path) -> None:
    """Raise QueueError when a path is a symbolic link, no folder, or owned by another user."""
    status = os.lstat(path)
    if stat.S_ISLNK(status.st_mode):
        raise QueueError(f"{path}: is a symbolic link; a run's folder must be a real folder")
    if not stat.S_ISDIR(status.st_mode):
        raise QueueError(f"{path}: is not a folder")
    if status.st_uid != os.geteuid():
        raise QueueError(f"{path}: belongs to user {status.st_uid}, not to you")


def probe_locks(folder: Path) -> None:
    """Raise QueueError when two descriptors can both hold the kernel lock of one file."""
    probe = folder / ".probe.lock"
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    first, second = os.open(probe, flags, 0o666), os.open(probe, flags, 0o666)
    try:
        if flock_now(first) and flock_now(second):
            raise QueueError(f"{folder}: kernel locks have no effect on this file system")
    except OSError as error:
        raise QueueError(f"{folder}: kernel locks don't work here: {error.strerror}") from error
    finally:
        os.close(first)
        os.close(second)
        discard(probe)
