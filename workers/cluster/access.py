"""The way to a scheduler: its address, certificates, and whether it may be used at all.

Knows Dask's addresses and Security; opens no lasting connection.  Invariant: nothing goes over
a network without TLS.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.core.errors import UsageError
from workers.settings.config import RunConfig

if TYPE_CHECKING:
    from distributed import Security

CA_FILE, CERTIFICATE_FILE = "ca.pem", "node.pem"
CONNECT_S = 5.0
# What a machine declares to Dask: that it serves runs, and with how many worker processes.
RESOURCE, WORKERS_RESOURCE = "cyberllm", "cyberllm_workers"
_BROKEN_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
DASK_CONFIG = "dask"  # as an address: the one in Dask's own configuration
_HELP = "add `cluster` to the extras, such as pip install -e '.[cpu,model,cluster]'"


class NobodyThere(UsageError):
    """No scheduler answers at an address; one may be started yet."""


@dataclass(frozen=True)
class Access:
    """An address as given, the folder of certificates, and what to tell others of it.

    address: tcp://HOST:PORT or tls://HOST:PORT, a scheduler file, or "dask".
    """

    address: str
    certificates: Path | None = None

    def resolved(self) -> str:
        """The scheduler's address.

        Raises UsageError when there is none; NobodyThere for a scheduler file that is not there,
        as a scheduler removes it when it ends.
        """
        _require_dask()
        if self.address == DASK_CONFIG:
            import dask

            found = dask.config.get("scheduler-address", None)
            if not found:
                raise UsageError("--cluster dask: Dask's configuration has no scheduler-address")
            return str(found)
        if "://" in self.address:
            return _with_port(self.address)
        try:
            return str(json.loads(Path(self.address).read_bytes())["address"])
        except (OSError, ValueError, KeyError, TypeError):
            raise NobodyThere(
                f"--cluster {self.address}: neither an address such as tls://HOST:8786 nor the "
                "scheduler file that `dask scheduler --scheduler-file` writes"
            ) from None

    def certificate_files(self) -> tuple[Path, ...]:
        """The authority's and our own; none where Dask's configuration names them.

        Raises UsageError for such that are not there.
        """
        if self.certificates is None:
            return ()
        names = tuple(self.certificates / name for name in (CA_FILE, CERTIFICATE_FILE))
        for name in names:
            if not name.is_file():
                raise UsageError(
                    f"--cluster-certs {self.certificates}: has no {name.name}; "
                    "make them with `python coordinator.py cluster certs DIR`"
                )
        return names

    def security(self) -> Security:
        """Dask's settings for encryption; raises UsageError for certificates that are not there."""
        _require_dask()
        from distributed import Security

        if not (names := self.certificate_files()):
            return Security()  # as Dask's configuration says
        ca, own = map(str, names)
        keys = {f"tls_{role}_{what}": own for role in _ROLES for what in ("cert", "key")}
        return Security(tls_ca_file=ca, require_encryption=True, **keys)


def access_of(config: RunConfig) -> Access:
    """The way to the cluster of a run."""
    assert config.cluster is not None
    return Access(config.cluster, Path(config.cluster_certs) if config.cluster_certs else None)


_ROLES = ("client", "worker", "scheduler")


@dataclass(frozen=True)
class SchedulerFacts:
    """What a scheduler says of itself, and of the machines that have joined it so far.

    workers: processes that they will have for a run, all together; names: of all that joined.
    """

    address: str
    dask: str
    dashboard: str
    machines: int
    workers: int = 0
    names: frozenset[str] = frozenset()


def check(access: Access) -> SchedulerFacts:
    """See whether a scheduler can be used.

    Raises UsageError, which says what to do; NobodyThere where none answers.
    """
    address, security = access.resolved(), access.security()
    refuse_open(address)
    try:
        facts = asyncio.run(asyncio.wait_for(ask_scheduler(address, security), CONNECT_S))
    except (OSError, ValueError, RuntimeError, MemoryError, TypeError, KeyError) as error:
        # MemoryError: another server's answer, read as the size of a message.
        # TypeError: no certificates for TLS, or another process of Dask's, which is asked in vain.
        raise refusal_of(address, error) from error
    refuse_open(facts.address)
    if facts.dask != version("distributed"):
        raise UsageError(
            f"--cluster {address}: the scheduler has distributed {facts.dask}, this machine "
            f"{version('distributed')}; install the same version on both"
        )
    return facts


async def ask_scheduler(address: str, security: Security) -> SchedulerFacts:
    """What the scheduler at an address says; raises whatever Dask does where none answers."""
    from distributed import rpc

    async with rpc(
        address, timeout=CONNECT_S, connection_args=security.get_connection_args("client")
    ) as scheduler:
        identity: dict[str, Any] = await scheduler.identity(n_workers=-1)
        versions: dict[str, Any] = await scheduler.versions()
    port = identity.get("services", {}).get("dashboard")
    host = identity["address"].split("://")[1].rpartition(":")[0]
    resources = [worker["resources"] for worker in identity["workers"].values()]
    machines = [given for given in resources if RESOURCE in given]
    return SchedulerFacts(
        identity["address"],
        str(versions["packages"]["distributed"]),
        f"http://{host}:{port}/status" if port else "",
        len(machines),
        sum(int(given.get(WORKERS_RESOURCE, 1)) for given in machines),
        frozenset(str(worker["name"]) for worker in identity["workers"].values()),
    )


def refusal_of(address: str, error: BaseException) -> UsageError:
    """What to tell a person of an error of Dask's; NobodyThere where no scheduler answered."""
    if any(map(_is_of_certificates, _causes(error))):
        return UsageError(
            f"--cluster {address}: the certificate was refused, or the scheduler has none of the "
            "same CA; give --cluster-certs with the folder that the scheduler was started with"
        )
    if isinstance(error, RuntimeError) and "encryption required" in str(error):
        return UsageError(
            f"--cluster {address}: without TLS, but certificates are given; give the scheduler's "
            "tls:// address, or no certificates"
        )
    return NobodyThere(
        f"--cluster {address}: no Dask scheduler answers there; start one with `dask scheduler`, "
        "or correct the address"
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_of_certificates(cause: BaseException) -> bool:
    """Whether one was refused, or there is none; a connection that broke is nobody's refusal."""
    from distributed.comm.core import FatalCommClosedError

    if isinstance(cause, ssl.SSLError):
        return not isinstance(cause, _BROKEN_OFF)
    if isinstance(cause, FatalCommClosedError):
        return cause.__cause__ is None
    return isinstance(cause, TypeError) and "ssl_context" in str(cause)


def refuse_open(address: str) -> None:
    """Raise UsageError for an address that is reached over a network without TLS."""
    protocol, _, rest = address.partition("://")
    if protocol != "tls" and not _is_loopback(rest.rpartition(":")[0]):
        raise UsageError(
            f"{address}: without TLS only this machine itself (127.0.0.1) may be used; make "
            "certificates with `python coordinator.py cluster certs DIR`, start the scheduler "
            "with them, and give its tls:// address"
        )


def _with_port(address: str) -> str:
    host, _, port = address.partition("://")[2].rpartition(":")
    if not host or not port.isdecimal():
        raise UsageError(f"--cluster {address}: needs a host and a port, such as tls://HOST:8786")
    return address


def for_machines(message: str) -> str:
    """A message with the flags of `workers.cluster_worker`, which has the same, but shorter."""
    return message.replace("--cluster-certs", "--certs").removeprefix("--cluster ")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _require_dask() -> None:
    if find_spec("distributed") is None:  # importing it takes a second, and some 60 MB for good
        raise UsageError(f"--cluster: needs Dask on this machine; {_HELP}")
