"""The command `python -m workers.cluster_worker`: lends this machine to runs over a Dask cluster.

Starts Dask's own worker with what serves runs in it, and starts it again when the scheduler comes
back or it dies.  Knows flags and one process; what is not its own flag is Dask's.  Invariant: the
process it started ends when it does.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NoReturn

from workers.cluster.beats import BEATS_VARIABLE, Beats
from workers.core.command_parser import CommandParser
from workers.core.errors import PoolError, UsageError
from workers.core.exit_status import ExitStatus

FIRST_WAIT_S = 1.0
LAST_WAIT_S = 15.0
_STEADY_S = 60.0  # a worker that lived so long is started again soon
_MESSAGES = 2  # at a time: one waits for outcomes, another says that it need not
_ELSEWHERE = ("--host", "--interface", "--listen-address", "--contact-address")
# Dask's worker looks at itself a hundred times a second, at its tasks, its event loop and the
# disks; of what it finds nothing is used here.  The environment's own settings win.
QUIET = {
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "5s",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__DISK": "False",
}
_EPILOG = """\
Flags of `dask worker` follow after two dashes: -- --local-directory /scratch --lifetime 4h
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop; returns the exit status."""
    options = options_of(arguments)
    try:
        command_of(options)  # what is wrong with the flags is said at once
        _check_model(options.model)
        signal.signal(signal.SIGTERM, _as_interrupt)
        keep_running(partial(command_of, options), reach_of(options), environment_of(options))
    except PoolError as error:
        from workers.cluster.access import for_machines

        print(f"error: {for_machines(str(error))}", file=sys.stderr)
        return ExitStatus.USAGE
    except KeyboardInterrupt:
        return ExitStatus.FINISHED


def options_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Its own flags, and those of Dask's worker as `dask_flags`."""
    parser = CommandParser(
        prog="python -m workers.cluster_worker",
        description="Lend this machine to runs with --cluster.",
        epilog=_EPILOG,
    )
    parser.add_version()
    parser.add_argument(
        "scheduler", metavar="tls://HOST:PORT", help="address of the scheduler, or its file"
    )
    parser.add_argument(
        "--certs", type=Path, metavar="DIR", help="certificates, as `cluster certs` makes them"
    )
    parser.add_argument(
        "--model",
        metavar="ID|PATH",
        help="the runs' model on this machine, if it is not found under its name",
    )
    parser.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="number of worker processes (default: what suits the machine)",
    )
    parser.add_argument(
        "--cores",
        type=int,
        metavar="N",
        help="number of cores that its workers share (default: all it may use)",
    )
    parser.add_argument(
        "--name", metavar="NAME", help="name of this machine (default: its host name)"
    )
    given = list(sys.argv[1:] if arguments is None else arguments)
    ours = given.index("--") if "--" in given else len(given)
    return parser.parse_args(given[:ours], argparse.Namespace(dask_flags=given[ours + 1 :]))


def command_of(options: argparse.Namespace) -> list[str]:
    """Dask's worker as a command; raises UsageError for a scheduler that must not be used."""
    from workers.cluster.access import Access, refuse_open

    for flag, value in (("--workers", options.workers), ("--cores", options.cores)):
        if value is not None and not 1 <= value <= 256:
            raise UsageError(f"{flag} {value}: must be from 1 to 256")
    access = Access(options.scheduler, options.certs)
    certificates = access.certificate_files()
    address = access.resolved()
    refuse_open(address)
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address]
    command += ["--no-nanny", "--nthreads", str(_MESSAGES), "--memory-limit", "0"]
    # Its pages know no TLS.
    command += ["--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
    command += _listening(address, options.dask_flags)
    command += ["--resources", _resources(options), "--preload", "workers.cluster.dask_host"]
    if certificates:
        ca, own = map(str, certificates)
        command += ["--tls-ca-file", ca, "--tls-cert", own, "--tls-key", own]
    command += ["--name", _name(options)]
    return [*command, "--local-directory", tempfile.gettempdir(), *options.dask_flags]


def _name(options: argparse.Namespace) -> str:
    return options.name or f"{platform.node() or 'machine'}-{os.getpid()}"


def _check_model(model: str | None) -> None:
    """Raise ModelError for one that is not here; those of a hub are looked for when one is used."""
    from workers.model_store import resolve

    if not model:
        return
    is_path = model.startswith((".", "/", "~")) or Path(model).exists()
    if is_path or model.count("/") != 1:
        resolve(model, fetch=False)


def _resources(options: argparse.Namespace) -> str:
    """What Dask tells others of this machine; so many processes are what most runs will get."""
    from workers.cluster.access import RESOURCE, WORKERS_RESOURCE
    from workers.pool.sizing import core_count, worker_count
    from workers.settings.config import RunConfig

    cores = options.cores or core_count()
    workers = options.workers or min(worker_count(RunConfig()), cores)
    return f"{RESOURCE}={_MESSAGES},{WORKERS_RESOURCE}={workers}"


def _listening(address: str, dask_flags: Sequence[str]) -> list[str]:
    """Where Dask's worker listens: without TLS on this machine's own address, and no other."""
    if address.startswith("tls://"):
        return []
    for flag in dask_flags:
        if flag.partition("=")[0] in _ELSEWHERE:
            raise UsageError(
                f"{flag}: without TLS only this machine itself (127.0.0.1) may be used"
            )
    return ["--host", "[::1]" if "[::1]" in address else "127.0.0.1"]


def reach_of(options: argparse.Namespace) -> list[str]:
    """The command that asks whether the scheduler is there and can be used."""
    certs = ["--certs", str(options.certs)] if options.certs else []
    line = [sys.executable, "-m", "workers.cluster.reach", options.scheduler, *certs]
    return [*line, "--name", _name(options)]


def environment_of(options: argparse.Namespace) -> dict[str, str]:
    """Ours, with what is handed on to the process that Dask starts."""
    from workers.cluster import dask_host

    project = str(Path(__file__).resolve().parents[1])
    paths = [project, *filter(None, [os.environ.get("PYTHONPATH")])]
    handed = {"PYTHONPATH": os.pathsep.join(paths), dask_host.PARENT_VARIABLE: "1"}
    if options.model:
        handed[dask_host.MODEL_VARIABLE] = options.model
    if options.workers:
        handed[dask_host.WORKERS_VARIABLE] = str(options.workers)
    if options.cores:
        handed[dask_host.CORES_VARIABLE] = str(options.cores)
    return {**QUIET, **os.environ, **handed}


def run_once(command: Sequence[str], environ: dict[str, str]) -> int:
    """Until it ends, of itself or because it hangs; returns its exit status."""
    with (
        closing(Beats()) as beats,
        subprocess.Popen(
            command,
            env={**environ, BEATS_VARIABLE: str(beats.inherited)},
            stdin=subprocess.PIPE,
            pass_fds=(beats.inherited,),
            start_new_session=True,
        ) as process,
    ):
        try:
            return beats.end_of(process)
        except BaseException:
            process.terminate()
            raise


def keep_running(
    command: Callable[[], Sequence[str]],
    reach: Sequence[str],
    environ: dict[str, str],
    run: Callable[[Sequence[str], dict[str, str]], int] = run_once,
) -> NoReturn:
    """Start it again whenever it ends; Dask's worker ends when its scheduler does.

    run: runs a command to its end.  Raises UsageError for a scheduler that this machine can't join.
    """
    wait, status, line = FIRST_WAIT_S, 0, command()
    while True:
        if status >= 0:  # one that was killed knew its scheduler
            await_scheduler(reach, environ)
            line = command()  # a scheduler file may name another than before
        begun = time.monotonic()
        status = run(line, environ)
        if time.monotonic() - begun >= _STEADY_S:
            wait = FIRST_WAIT_S
        print(f"Dask's worker ended ({status}); it restarts in {wait:.0f} s", flush=True)
        time.sleep(wait)
        wait = min(LAST_WAIT_S, wait * 2)


def await_scheduler(reach: Sequence[str], environ: dict[str, str]) -> None:
    """Return once it is there; raises UsageError for one that this machine can't join."""
    told, wait = "", FIRST_WAIT_S
    while True:
        asked = subprocess.run(reach, capture_output=True, text=True, env=environ)
        why = asked.stdout.strip() or asked.stderr.strip() or "it ended without a message"
        if asked.returncode == ExitStatus.FINISHED:
            return
        if asked.returncode != ExitStatus.FAILED or not asked.stdout:
            raise UsageError(why.splitlines()[-1])
        if why != told:
            print(f"{why}; waiting for it", flush=True)
        told = why
        time.sleep(wait)
        wait = min(LAST_WAIT_S, wait * 2)


def _as_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
