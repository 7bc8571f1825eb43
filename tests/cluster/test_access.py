"""The way to a scheduler: what is refused before anything is created, in one line each."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from threading import Thread

import pytest

from tests.cluster_tools import Cluster, cluster
from tests.run_tools import free_port
from workers.cluster import access as access_module
from workers.cluster.access import Access, NobodyThere, check, refusal_of, refuse_open
from workers.cluster.certificates import make_certificates
from workers.core.errors import UsageError


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


def test_a_scheduler_says_what_it_is(started: Cluster) -> None:
    facts = check(Access(started.address, started.certs))
    assert (
        (facts.machines, facts.workers) == (0, 0)
        and facts.address == started.address
        and facts.dask == version("distributed")
    )


def test_another_version_of_dask_is_refused(tmp_path: Path) -> None:
    """By a scheduler whose installed package really says that it is another."""
    there = tmp_path / "site" / "distributed-2020.1.0.dist-info"
    there.mkdir(parents=True)
    (there / "METADATA").write_text("Metadata-Version: 2.1\nName: distributed\nVersion: 2020.1.0\n")
    older = Cluster(tmp_path / "older", environ={"PYTHONPATH": str(there.parent)})
    try:
        older.start_scheduler()
        why = f"has distributed 2020.1.0, this machine {version('distributed')}; install the same"
        with pytest.raises(UsageError, match=why):
            check(Access(older.address, older.certs))
    finally:
        older.close()


def test_wrong_certificates_are_refused(started: Cluster, tmp_path: Path) -> None:
    make_certificates(tmp_path / "others")
    with pytest.raises(UsageError, match="the certificate was refused"):
        check(Access(started.address, tmp_path / "others"))
    with pytest.raises(UsageError, match=r"nowhere: has no ca\.pem; make them with"):
        check(Access(started.address, tmp_path / "nowhere"))


def test_where_nothing_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_module, "CONNECT_S", 0.5)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(UsageError, match=f"--cluster {address}: no Dask scheduler answers there"):
        check(Access(address))


def test_where_another_server_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_module, "CONNECT_S", 2.0)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(NobodyThere, match="no Dask scheduler answers there"):
            check(Access(f"tcp://127.0.0.1:{server.server_address[1]}"))
        server.shutdown()


@pytest.mark.parametrize("address", ["tcp://10.0.0.7:8786", "tcp://host.example:8786", "ws://[::]"])
def test_a_network_without_tls_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match=r"without TLS only this machine itself"):
        refuse_open(address)


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "tcp://localhost:1", "tcp://[::1]:1", "tls://10.0.0.7:8786"]
)
def test_loopback_and_tls_are_not(address: str) -> None:
    refuse_open(address)


def test_a_scheduler_file_and_dasks_configuration_work_too(tmp_path: Path) -> None:
    import dask

    file = tmp_path / "scheduler.json"
    file.write_text(json.dumps({"address": "tls://10.0.0.7:8786"}))
    assert Access(str(file)).resolved() == "tls://10.0.0.7:8786"
    for gone in (lambda: file.write_text("{}"), file.unlink):
        gone()
        with pytest.raises(NobodyThere, match="neither an address such as"):
            Access(str(file)).resolved()
    with pytest.raises(UsageError, match="has no scheduler-address"):
        Access("dask").resolved()
    with dask.config.set({"scheduler-address": "tls://h:1"}):
        assert Access("dask").resolved() == "tls://h:1"


def test_tls_without_certificates_is_one_line() -> None:
    with pytest.raises(UsageError, match="the certificate was refused.*give --cluster-certs") as it:
        check(Access("tls://127.0.0.1:1"))
    assert not isinstance(it.value, NobodyThere)


def test_certificates_for_an_address_without_tls_are_one_line(started: Cluster) -> None:
    with pytest.raises(UsageError, match="without TLS, but certificates are given") as it:
        check(Access(started.address.replace("tls", "tcp"), started.certs))
    assert not isinstance(it.value, NobodyThere)


@pytest.mark.parametrize(
    "address", ["tls://h", "tls://h:", "tls://:1", "tls://h:1/", "tls://[::1]"]
)
def test_an_address_needs_a_host_and_a_port(address: str) -> None:
    with pytest.raises(UsageError, match="needs a host and a port, such as tls://HOST:8786"):
        Access(address).resolved()


def broken(text: str, cause: BaseException | None = None) -> OSError:
    error = OSError(text)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        broken("in <TLS (closed) rpc.identity local=tls://h:1>: Stream is closed"),
        broken("Timed out trying to connect to tls://certificates.example:8786 after 5 s"),
        broken("in <TLSConnector object>: SSLEOFError", ssl.SSLEOFError(8, "EOF occurred")),
        TypeError("Worker.identity() got an unexpected keyword argument 'n_workers'"),
        KeyError("address"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_connection_that_breaks_is_no_refused_certificate(error: BaseException) -> None:
    assert isinstance(refusal_of("tls://certificates.example:8786", error), NobodyThere)


def test_an_alert_is_a_refused_certificate() -> None:
    alert = ssl.SSLError(1, "[SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca")
    for error in (alert, broken("in <TLSConnector object>", alert)):
        refused = refusal_of("tls://h:1", error)
        assert not isinstance(refused, NobodyThere) and "the certificate was refused" in str(
            refused
        )
