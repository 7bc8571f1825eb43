"""A certificate authority and a certificate signed by it, for the processes of one cluster.

Knows X.509 by the `cryptography` package; starts nothing.  Invariant: private keys are readable
by their owner only, and nothing that exists is replaced.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from workers.cluster.access import CA_FILE, CERTIFICATE_FILE
from workers.core.errors import UsageError

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

_LIFE = timedelta(days=825)
_CLOCKS = timedelta(hours=1)  # by which another machine's may be late


@dataclass(frozen=True)
class _Signer:
    """The authority while it signs; its key is not kept."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey


def make_certificates(folder: Path) -> list[Path]:
    """Write ca.pem and node.pem, a certificate with its key for every process of the cluster.

    The authority's key is not kept: whoever has node.pem belongs to the cluster, and nobody else
    ever will.  Raises UsageError where there are some already, or where there can be no folder.
    """
    paths = [folder / CA_FILE, folder / CERTIFICATE_FILE]
    for path in paths:
        if path.exists():
            raise UsageError(f"{path}: exists already; remove it, or name another folder")
    try:
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
        )
    except ImportError as error:
        raise UsageError(
            "cluster certs: needs cryptography: pip install -e '.[cluster]'"
        ) from error
    _make_folder(folder)
    authority = _sign("cyberllm-pool cluster CA", None)
    node = _sign("cyberllm-pool cluster", authority)
    key = node.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(paths[0], authority.certificate.public_bytes(Encoding.PEM), 0o644)
    _write(paths[1], node.certificate.public_bytes(Encoding.PEM) + key, 0o600)
    return paths


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UsageError(f"{folder}: is a file; name a folder for the certificates") from None
    except OSError as error:
        raise UsageError(f"{folder}: no folder can be made there: {error.strerror}") from error


def _sign(name: str, signer: _Signer | None) -> _Signer:
    """A certificate of that name, signed by `signer` or by itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    is_ca = signer is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer.certificate.subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS)
        .not_valid_after(now + _LIFE)
        .add_extension(x509.BasicConstraints(is_ca, 0 if is_ca else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if signer is not None:
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()),
            critical=False,
        )
    return _Signer(builder.sign(signer.key if signer else key, hashes.SHA256()), key)


def _write(path: Path, data: bytes, mode: int) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
