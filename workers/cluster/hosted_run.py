"""A run as another machine works on it: a queue folder of its own there, and a pool of workers.

What comes in a parcel is published as a chunk of that folder, and the same workers as at home
claim, journal and seal it; so a crash there is found out, halved and repaired there.  Knows no
Dask.  Invariant: an outcome is handed out once per session, and only for a record of that session.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path

from stages.recipe.nodes import RecipeError
from stages.recipe.recipe import load
from workers.cluster.messages import HostState, MessagePart, PartKind, RunOffer
from workers.cluster.parcels import Parcels
from workers.cluster.stage_code import stages_digest
from workers.cluster.verdicts import MachineFindings
from workers.core.errors import ModelError, PoolError, QueueError, damage_report
from workers.core.files import NO_ROOM, publish
from workers.core.terminal import plain_text
from workers.core.version import PACKAGE, version
from workers.metrics.metric_lines import log_files
from workers.pool.child import Launch, child_environment
from workers.pool.pool import WorkerPool
from workers.pool.sizing import alike, core_count, roles, worker_count
from workers.run.filesystems import refuse_remote
from workers.run.kept_recipe import keep_recipe
from workers.run.manifest import Manifest
from workers.run.run_folder import RunFolder
from workers.run.run_model import TARGET, RunModel
from workers.run.worker_view import WorkerView
from workers.settings.config import RunConfig

WATCH_S = 0.1
WANTED_S = 20.0
FORGOTTEN_S = 600.0  # a run that nobody asks for ends, for its model takes memory
FULL_DISK = "its disk is full; free some space and it continues by itself"
_MOST_NOTICES = 100
_MOST_LOG_BYTES = 1 << 20  # in one reply


@dataclass(frozen=True)
class Site:
    """What a machine gives to runs: where to work, which model, how many worker processes.

    model: a folder that stands in for the run's model; None: it is looked for by its name.
    workers: None: what suits the machine; cores: that they share, None: all that there are.
    """

    scratch: Path
    environ: Mapping[str, str]
    model: str | None = None
    workers: int | None = None
    cores: int | None = None


@dataclass
class HostedRun:
    """One run on this machine; `start` it, then exchange parcels and outcomes.

    known: what trials of the run have found already, by stage; findings: those and its own.
    """

    offer: RunOffer
    site: Site
    known: Mapping[str, bytes] = field(default_factory=dict)
    state: HostState = HostState.PREPARING
    why: str = ""
    workers: int = 0
    parcels: Parcels | None = None
    findings: MachineFindings | None = None
    _pool: WorkerPool | None = None
    _run: RunFolder | None = None
    _folder: Path | None = None
    _notices: list[str] = field(default_factory=list)
    _log_offsets: dict[str, int] = field(default_factory=dict)
    _unlearn: bool = False  # its workers have gone by other findings than the run's
    _last_metrics: list[MessagePart] = field(default_factory=list)
    _asked: float = field(default_factory=time.monotonic)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Check what is needed and start the workers, in a thread of its own."""
        self._thread = threading.Thread(target=self._live, name="hosted-run", daemon=True)
        self._thread.start()

    def close(self) -> list[MessagePart]:
        """End the workers and remove what was written here; returns the last they logged."""
        self._over.set()
        if self._thread:
            self._thread.join()
        return self._last_metrics

    def touch(self) -> bool:
        """Somebody asks for it; False once nobody had for so long that it ended."""
        self._asked = time.monotonic()
        return not self._over.is_set()

    def _live(self) -> None:
        try:
            self._prepare()
            while not self._over.wait(WATCH_S):
                if time.monotonic() - self._asked > FORGOTTEN_S:
                    self._over.set()
                if self._pool:
                    self._look_after(self._pool)
        except OSError as error:
            self.refuse(str(error), full=error.errno in NO_ROOM)
        except (PoolError, RecipeError) as error:
            self.refuse(str(error))
        except Exception as error:
            traceback.print_exc()
            self.refuse(f"{type(error).__name__}: {error}")
        finally:
            if self._pool:
                self._pool.stop()
                self._last_metrics = self.new_metrics()
            if self._folder:
                shutil.rmtree(self._folder, ignore_errors=True)

    def _look_after(self, pool: WorkerPool) -> None:
        if self._unlearn:
            self._unlearn = False
            pool.restart()
        pool.watch()
        if pool.damaged:  # nobody repairs it here: the run is offered anew, and begins afresh
            raise QueueError(f"its disk damaged what was written: {damage_report(pool.damaged)}")
        self.why = FULL_DISK if pool.disk_full else ""

    def refuse(self, why: str, full: bool = False) -> None:
        """Work on it no longer, until it is offered anew."""
        self.why = FULL_DISK if full else plain_text(why, 400)
        self.state = HostState.FULL if full else HostState.REFUSED

    @property
    def disk_full(self) -> bool:
        """Whether its workers wait for room on the disk."""
        return self._pool is not None and self._pool.disk_full

    @property
    def is_wanted(self) -> bool:
        """Whether somebody works with it: whoever does asks once a second."""
        asked_lately = time.monotonic() - self._asked < WANTED_S
        return asked_lately and self.state not in (HostState.REFUSED, HostState.FULL)

    # Preparing

    def _prepare(self) -> None:
        given = Manifest.parse(self.offer.manifest.encode(), "the run that was offered")
        self._check_code(given)
        self._folder = Path(tempfile.mkdtemp(prefix="cyberllm-", dir=self.site.scratch))
        _refuse_remote(self._folder)
        self._run = run = self._make_run(given, self._folder)
        self.findings = MachineFindings(run)
        for stage, found in self.known.items():
            self.findings.learn(stage, found)
        cores = self.site.cores or core_count()
        chosen = roles(run.config, self._worker_count(run.config, cores))
        self.workers = len(chosen)
        self.parcels = Parcels(run, self.workers)
        environ = child_environment(len(chosen), cores, self.site.environ)
        environ["CYBERLLM_LOGS"] = str(self._logs.parent)
        self._logs.mkdir(parents=True)
        launches = [
            Launch(str(run.path), role, self._logs, environ, workers=alike(role, chosen))
            for role in chosen
        ]
        timeout = run.config.worker_timeout
        self._pool = WorkerPool(
            *(launches, run.workers_dir, run.add_death, self._note, run.lower_batch_ceiling),
            patience=timeout,
        )
        self.state = HostState.READY

    def _worker_count(self, config: RunConfig, cores: int) -> int:
        return self.site.workers or min(worker_count(config), cores)

    def _check_code(self, given: Manifest) -> None:
        wanted, here = given.versions.program or "unknown", version()
        if wanted != here:
            raise PoolError(f"has {PACKAGE} {here}, the run needs {wanted}: install that there")
        dask = metadata.version("distributed")
        if dask != self.offer.dask:
            raise PoolError(
                f"has distributed {dask}, the run {self.offer.dask}: install that version there"
            )
        if stages_digest(given.config.stages) != self.offer.stages:
            raise PoolError(
                f"its stages differ from the run's, in the same version {here}: "
                "bring both to the same commit"
            )

    def _make_run(self, given: Manifest, folder: Path) -> RunFolder:
        recipe_dir = folder / "offered-recipe"
        recipe_dir.mkdir()
        for name, text in self.offer.recipe.items():
            publish(recipe_dir / Path(name).name, [text.encode()])
        recipe = load(recipe_dir if self.offer.recipe else None)
        if given.recipe and recipe.sha256 != given.recipe.sha256:
            raise PoolError("its recipe differs from the run's: bring both to the same commit")
        run = RunFolder(folder / given.run)
        config = replace(given.config, workers=self.site.workers or None, cluster=None)
        run.path.mkdir()
        kept = keep_recipe(run, recipe)
        return run.create(config, (), self.model_here(given), given.versions, given.split, kept)

    def model_here(self, given: Manifest) -> dict[str, RunModel]:
        """The run's model as it is here; without the draft model, which a machine may lack.

        Raises ModelError for one that is not here, and PoolError for another one.
        """
        if TARGET not in given.model:
            return {}
        from workers.model_store import fingerprint, resolve

        wanted = given.model[TARGET]
        name = self.site.model or given.config.model
        try:
            path = resolve(name, fetch=False)
        except ModelError as error:
            raise ModelError(
                f"lacks the model {wanted.name} ({error}): "
                "fetch it there, or name its folder there with --model"
            ) from error
        found = fingerprint(path)
        if found.sha256 != wanted.sha256:
            raise ModelError(
                f"{path} is another model than the run's {wanted.name}: "
                "fetch that there, or name its folder there with --model"
            )
        return {TARGET: RunModel.of(wanted.name, found, wanted.chat_template)}

    # What is going on

    def learn(self, stage: str, findings: bytes) -> None:
        """Go by what a trial found elsewhere; workers that went by other findings start anew."""
        assert self.findings is not None
        self._unlearn = self.findings.learn(stage, findings) or self._unlearn

    def _note(self, message: str) -> None:
        if len(self._notices) < _MOST_NOTICES:
            self._notices.append(plain_text(message, 400))

    def take_notices(self) -> tuple[str, ...]:
        """What a person should know, since this was asked last."""
        taken, self._notices = tuple(self._notices), []
        return taken

    def views(self) -> tuple[WorkerView, ...]:
        """Its worker processes as they are now."""
        return tuple(self._pool.views()) if self._pool else ()

    @property
    def _logs(self) -> Path:
        assert self._folder is not None and self._run is not None
        return self._folder / "logs" / self._run.name

    def new_metrics(self) -> list[MessagePart]:
        """Whole lines that workers logged since this was asked last, by worker."""
        if self.state is not HostState.READY:
            return []
        return [part for path in log_files(self._logs) if (part := self._new_lines(path))]

    def _new_lines(self, path: Path) -> MessagePart | None:
        with path.open("rb") as file:
            file.seek(self._log_offsets.get(path.name, 0))
            data = file.read(_MOST_LOG_BYTES)
        whole = data[: data.rfind(b"\n") + 1]
        self._log_offsets[path.name] = self._log_offsets.get(path.name, 0) + len(whole)
        return MessagePart(PartKind.METRICS, path.stem, whole) if whole else None


def _refuse_remote(folder: Path) -> None:
    """Raise PoolError for a folder that is not on a local disk, with what helps on a machine."""
    try:
        refuse_remote(folder)
    except QueueError as error:
        problem = str(error).partition("; ")[0]
        raise PoolError(f"{problem}; name another there: -- --local-directory DIR") from error


def wait_until(holds: Callable[[], bool], seconds: float, every: float = 0.02) -> bool:
    """Whether something came to hold within so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() >= deadline:
            return False
        time.sleep(every)
    return True
