"""The certificates of a cluster: signed by the CA beside them, and nobody else's to read."""

from __future__ import annotations

import ssl
import stat
from pathlib import Path

import pytest

from workers.cluster.certificates import make_certificates
from workers.core.errors import UsageError


def shake_hands(server: Path, client: Path) -> None:
    """A TLS handshake in memory, each side asking for the other's certificate."""
    contexts = []
    for folder, purpose in (
        (server, ssl.Purpose.CLIENT_AUTH),
        (client, ssl.Purpose.SERVER_AUTH),
    ):
        context = ssl.create_default_context(purpose, cafile=str(folder / "ca.pem"))
        context.load_cert_chain(folder / "node.pem")
        context.check_hostname, context.verify_mode = False, ssl.CERT_REQUIRED
        contexts.append(context)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        contexts[0].wrap_bio(there, back, server_side=True),
        contexts[1].wrap_bio(back, there),
    ]
    for _ in range(8):
        for side in sides:
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert sides[0].getpeercert() and sides[1].getpeercert()


def test_members_of_one_cluster_know_each_other_and_nobody_else(tmp_path: Path) -> None:
    ours, others = tmp_path / "ours", tmp_path / "others"
    for folder in (ours, others):
        make_certificates(folder)
    shake_hands(ours, ours)
    with pytest.raises(ssl.SSLError):
        shake_hands(ours, others)


def test_keys_are_private_and_nothing_is_replaced(tmp_path: Path) -> None:
    _, node = make_certificates(tmp_path)
    assert stat.S_IMODE(node.stat().st_mode) == 0o600
    before = node.read_bytes()
    with pytest.raises(UsageError, match=r"ca\.pem: exists already"):
        make_certificates(tmp_path)
    assert node.read_bytes() == before


def test_where_there_can_be_no_folder_is_said_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "certs"
    file.write_text("a file")
    with pytest.raises(UsageError, match=r"certs: is a file; name a folder"):
        make_certificates(file)
    with pytest.raises(UsageError, match=r"certs/inner: no folder can be made there: "):
        make_certificates(file / "inner")
    assert file.read_text() == "a file"
