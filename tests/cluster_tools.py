"""A Dask cluster on loopback for tests: scheduler and machines as the docs start them, over TLS.

Invariant: every process started here is gone at the end.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.run_tools import free_port
from workers.cluster.certificates import make_certificates

PROJECT = Path(__file__).resolve().parents[1]
Process = subprocess.Popen[bytes]


def wait_for(holds: Callable[[], object], seconds: float = 30.0) -> bool:
    """Whether it came to hold in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@dataclass
class Cluster:
    """One scheduler, and machines that join it.

    project: the copy of the program that the machines run.
    """

    folder: Path
    project: Path = PROJECT
    environ: Mapping[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    machines: dict[str, Process] = field(default_factory=dict)
    scheduler: Process | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.certs.exists():
            make_certificates(self.certs)

    @property
    def certs(self) -> Path:
        return self.folder / "certs"

    @property
    def address(self) -> str:
        return f"tls://{self.host}:{self.port}"

    @property
    def flags(self) -> tuple[str, ...]:
        """For `coordinator.py run`."""
        return ("--cluster", self.address, "--cluster-certs", str(self.certs))

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start_scheduler(self) -> None:
        """As `dask scheduler` does; the port is the same each time."""
        node = str(self.certs / "node.pem")
        line = ["-m", "distributed.cli.dask_scheduler", "--protocol", "tls", "--no-dashboard"]
        line += ["--host", self.host, "--port", str(self.port), "--dashboard-address", ":0"]
        line += ["--tls-ca-file", str(self.certs / "ca.pem"), "--tls-cert", node, "--tls-key", node]
        self.scheduler = self._start("scheduler", line)
        assert wait_for(self._listens), self.log("scheduler")

    def _listens(self) -> bool:
        with suppress(OSError), socket.create_connection((self.host, self.port), 1):
            return True
        return False

    def start_machine(
        self, name: str, *flags: str, wait: bool = True, inside: Sequence[str] = ()
    ) -> None:
        """As a person does on another machine; `inside` another command, if need be."""
        line = ["-m", "workers.cluster_worker", self.address, "--certs", str(self.certs)]
        (self.folder / name).mkdir(exist_ok=True)
        rest = ["--name", name, *flags, "--", "--local-directory", str(self.folder / name)]
        self.machines[name] = self._start(name, [*line, *rest], inside)
        assert not wait or wait_for(lambda: "Registered to" in self.log(name)), self.log(name)

    def _start(self, name: str, line: list[str], inside: Sequence[str] = ()) -> Process:
        paths = [str(self.project), *filter(None, [self.environ.get("PYTHONPATH")])]
        environ = {**os.environ, **self.environ, "PYTHONPATH": os.pathsep.join(paths)}
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [*inside, sys.executable, *line],
                cwd=self.folder,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def dask_process(self, name: str) -> psutil.Process | None:
        """Dask's own process of a machine; None while there is none."""
        with suppress(psutil.Error):
            return next(iter(psutil.Process(self.machines[name].pid).children()), None)
        return None

    def signal(self, name: str, number: int = signal.SIGKILL) -> bool:
        """Signal Dask's process and its workers, as a machine that fails takes all with it."""
        dask = self.dask_process(name)
        with suppress(psutil.Error):
            if dask:
                for process in [dask, *dask.children(recursive=True)]:
                    with suppress(psutil.Error):
                        process.send_signal(number)
                return True
        return False

    def kill_machine(self, name: str) -> None:
        """All of it at once, for good."""
        shell = self.machines.pop(name)
        dask = None
        with suppress(psutil.Error):
            dask = psutil.Process(shell.pid).children(recursive=True)
        for process in [*(dask or []), psutil.Process(shell.pid)][::-1]:
            with suppress(psutil.Error):
                process.kill()
        shell.wait()

    def kill_scheduler(self) -> None:
        if self.scheduler:
            self.scheduler.kill()
            self.scheduler.wait()

    def close(self) -> None:
        for name in list(self.machines):
            self.kill_machine(name)
        self.kill_scheduler()


@contextmanager
def cluster(folder: Path, *names: str, flags: tuple[str, ...] = ()) -> Iterator[Cluster]:
    """A cluster with some machines of one worker process each."""
    started = Cluster(folder)
    try:
        started.start_scheduler()
        for name in names:
            started.start_machine(name, "--workers", "1", *flags, wait=False)
        yield started
    finally:
        started.close()
