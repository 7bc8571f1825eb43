"""A run's folder: its manifest, its queues, its lock, and the paths of everything in it.

Knows paths and the manifest; knows nothing of what workers and stages do.  Invariant: at
most one process holds the run as coordinator, and only that one writes the manifest.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from workers.core.errors import UsageError
from workers.core.files import discard, is_temporary, make_folders, publish
from workers.queue.chunk_paths import OPEN_STATES
from workers.queue.chunk_queue import ChunkQueue
from workers.queue.deaths import DEATHS_FILE, Death, append_death, read_deaths
from workers.queue.locks import KernelLock
from workers.run.filesystems import probe_locks, refuse_foreign, refuse_remote
from workers.run.input_files import InputFile
from workers.run.manifest import MANIFEST, Manifest, SplitState
from workers.run.run_lock import hold_run, is_run_held
from workers.run.run_model import RunModel
from workers.run.run_names import LONGEST, is_run_name, logs_root, queues_root, run_names
from workers.run.run_recipe import RunRecipe
from workers.run.versions import Versions
from workers.settings.config import RunConfig

_LOWERING_S = 1.0  # that somebody else may take to lower the batch size; then it is lowered already
_WORKERS = "workers"


def is_run_folder(path: Path) -> bool:
    """Whether a folder is that of a run: by what each has, and hardly any other."""
    return (path / MANIFEST).is_file() and (path / _WORKERS).is_dir()


class RunFolder:
    """queues/RUN.  `create` or `open` it before asking for its manifest or queues."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.name = self.path.name
        self._manifest: Manifest | None = None
        self._queues: dict[str, ChunkQueue] = {}
        if not is_run_name(self.name):
            raise UsageError(
                f"run name {self.name!r}: use at most {LONGEST} letters, digits, '.', '_' and '-', "
                "starting with a letter or digit"
            )

    @classmethod
    def named(cls, name: str) -> RunFolder:
        """The run of that name under the queues root; raises UsageError for a bad name."""
        if cls(name).name != name:
            raise UsageError(f"run name {name!r}: must be a name, not a path")
        return cls(queues_root() / name)

    @classmethod
    def at(cls, place: str) -> RunFolder:
        """The run of that name, or the one in that folder if `place` is a path with a slash."""
        return cls(Path(place)) if "/" in place else cls.named(place)

    def create(
        self,
        config: RunConfig,
        inputs: Sequence[InputFile],
        model: Mapping[str, RunModel] | None = None,
        versions: Versions | None = None,
        split: SplitState | None = None,
        recipe: RunRecipe | None = None,
    ) -> RunFolder:
        """Make the folders, then the manifest, which is what makes it a run."""
        if self.exists():
            raise UsageError(f"run {self.name}: already exists; resume it or choose another name")
        make_folders(self.path)
        self._check_folder()
        probe_locks(self.path)
        created = datetime.now(UTC).isoformat(timespec="seconds")
        made_by = (model or {}, versions or Versions(), recipe)
        manifest = Manifest(
            *(self.name, created, config, tuple(inputs), split or SplitState()), *made_by
        )
        for stage in config.stages:
            ChunkQueue(self.path / stage).create()
        make_folders(self.workers_dir)
        self.save(manifest)
        return self

    def exists(self) -> bool:
        """Whether its creation was completed."""
        return os.path.lexists(self.manifest_file)

    def open(self) -> RunFolder:
        """Read the manifest; raises UsageError when there is no such run."""
        if not self.exists():
            others = ", ".join(run_names()[-5:]) or "none"
            raise UsageError(
                f"run {self.name}: not found in {self.path.parent}; runs there: {others}"
            )
        self._check_folder()
        self._manifest = Manifest.parse(self.manifest_file.read_bytes(), str(self.manifest_file))
        return self

    def _check_folder(self) -> None:
        refuse_foreign(self.path)
        refuse_remote(self.path)

    # Manifest

    @property
    def manifest(self) -> Manifest:
        """As read or written last."""
        if self._manifest is None:
            self.open()
        assert self._manifest is not None
        return self._manifest

    @property
    def config(self) -> RunConfig:
        return self.manifest.config

    def save(self, manifest: Manifest) -> None:
        """Replace run.json whole; only the coordinator does this."""
        publish(self.manifest_file, manifest.to_bytes())
        self._manifest = manifest

    def update(self, **changes: Any) -> Manifest:
        """Replace some fields of the manifest."""
        self.save(replace(self.manifest, **changes))
        return self.manifest

    def keep_calibration(self, summaries: Sequence[Mapping[str, Any]]) -> None:
        """Write calibration.json: how the model answers the stages' questions.

        Every worker measures it at start-up, with the same result; the first one writes.
        """
        data = orjson.dumps(list(summaries), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        lock = KernelLock.try_acquire(self.path / "calibration.lock") if summaries else None
        if lock is not None:
            with lock:
                if not self.calibration_file.is_file():
                    publish(self.calibration_file, data)

    # Where things are

    @property
    def manifest_file(self) -> Path:
        return self.path / MANIFEST

    @property
    def calibration_file(self) -> Path:
        return self.path / "calibration.json"

    def trial_file(self, stage: str) -> Path:
        """What a stage found out about the run's model before its first record."""
        return self.path / f"trial-{stage}.json"

    @property
    def status_file(self) -> Path:
        return self.path / "status.json"

    @property
    def deaths_file(self) -> Path:
        return self.path / DEATHS_FILE

    @property
    def recipe_dir(self) -> Path:
        """The files of the recipe that it was created with."""
        return self.path / "recipe"

    @property
    def workers_dir(self) -> Path:
        return self.path / _WORKERS

    @property
    def results_dir(self) -> Path:
        return self.path / "results"

    def merged_file(self, stage: str) -> Path:
        """The merged results of a stage."""
        return self.results_dir / f"{stage}.jsonl"

    @property
    def dataset_file(self) -> Path:
        """The merged results of the last stage."""
        return self.merged_file(self.config.stages[-1])

    @property
    def removed_file(self) -> Path:
        return self.results_dir / "removed.jsonl"

    @property
    def failed_file(self) -> Path:
        """The merged dead letters."""
        return self.results_dir / "failed.jsonl"

    @property
    def logs_dir(self) -> Path:
        return logs_root() / self.name

    def heartbeat_file(self, worker: str) -> Path:
        return self.workers_dir / f"{worker}.json"

    # Queues

    @property
    def queues(self) -> list[ChunkQueue]:
        """The stages' queues, in the order records go through them."""
        return [self.queue(stage) for stage in self.config.stages]

    def queue(self, stage: str) -> ChunkQueue:
        """The queue of a stage of this run; always the same object."""
        if stage not in self.config.stages:
            raise UsageError(
                f"--stage {stage}: run {self.name} has only {', '.join(self.config.stages)}"
            )
        if stage not in self._queues:
            self._queues[stage] = ChunkQueue(self.path / stage, self.deaths_file)
        return self._queues[stage]

    @property
    def is_settled(self) -> bool:
        """Whether its results are merged and no chunk is open."""
        if not (self.manifest.split.complete and self.dataset_file.exists()):
            return False
        return not any(queue.names(state) for queue in self.queues for state in OPEN_STATES)

    @property
    def is_finished(self) -> bool:
        """Whether it is settled and nobody works on it."""
        return self.is_settled and not self.coordinator_alive()

    def recover(self) -> list[str]:
        """Clean up after crashes; for the coordinator, with the run's lock held."""
        temporaries = [
            folder / name
            for folder in (self.path, self.recipe_dir, self.workers_dir, self.results_dir)
            if folder.is_dir()
            for name in os.listdir(folder)
            if is_temporary(name)
        ]
        done = [f"removed {path}" for path in temporaries if discard(path)]
        return done + [line for queue in self.queues for line in queue.recover()]

    # The batch size that memory allows

    def batch_ceiling(self) -> int:
        """Maximum batch size: the flag's, or a smaller one once memory ran out in this run."""
        try:
            return min(self.config.batch_size, max(1, int(self._ceiling_file.read_bytes())))
        except (FileNotFoundError, ValueError):
            return self.config.batch_size

    def lower_batch_ceiling(self, rows: int) -> None:
        """Lower the maximum batch size, durably; it never grows again in this run.

        Workers that share the memory run short of it in the same moment: one writes at a time.
        """
        lock = KernelLock.acquire_within(self.path / "batch_ceiling.lock", _LOWERING_S)
        if lock is not None:
            with lock:
                if rows < self.batch_ceiling():
                    publish(self._ceiling_file, b"%d\n" % max(1, rows))

    @property
    def _ceiling_file(self) -> Path:
        return self.path / "batch_ceiling"

    # Deaths

    def add_death(self, death: Death) -> None:
        """Record how a worker ended, durably; only the coordinator and its bridge do this."""
        append_death(self.deaths_file, death)

    def deaths(self) -> dict[str, Death]:
        """The known deaths by worker."""
        return read_deaths(self.deaths_file)

    # The coordinator's lock

    def lock_coordinator(self) -> AbstractContextManager[KernelLock]:
        """Hold the run; raises RunLockedError when another coordinator does."""
        self._check_folder()
        return hold_run(self.path)

    def coordinator_alive(self) -> bool:
        """Whether a coordinator holds the run right now."""
        return is_run_held(self.path)
