"""What each command of the coordinator does, from parsed arguments to an exit status.

Joins the parts and prints; parses no flags and does none of the work itself.  Invariant:
whatever changes a run happens with the run's lock held.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.cli.machines import check_cluster, check_kept_cluster
from workers.cli.machines import cluster as cluster
from workers.cli.machines import merge as merge
from workers.cli.models import models as models
from workers.core.errors import PoolError, UsageError
from workers.core.exit_status import ExitStatus
from workers.core.program import command_line
from workers.settings.config import RunConfig
from workers.settings.values import parse_stages

if TYPE_CHECKING:
    from workers.observe.observers import Observer
    from workers.run.run_folder import RunFolder

    Dashboards = Sequence[Observer]

WATCH_S = 1.0


def _with_dashboards(
    command: Callable[[argparse.Namespace, Dashboards], int],
) -> Callable[[argparse.Namespace], int]:
    """Hand a command what --prometheus-... asks for, opened first: a wrong one leaves no run."""

    @wraps(command)
    def wrapped(args: argparse.Namespace) -> int:
        from workers.observe.prometheus import exporters

        with exporters(args.prometheus_file, args.prometheus_port) as dashboards:
            return command(args, dashboards)

    return wrapped


@_with_dashboards
def run(args: argparse.Namespace, dashboards: Dashboards) -> int:
    """run: a new run, or the one of that name when --resume allows."""
    from workers.cli.chosen_models import describe_models
    from workers.cli.work import work
    from workers.pool.sizing import worker_count
    from workers.run import prepare
    from workers.run.gather import forget, gather
    from workers.run.input_files import reading_options
    from workers.run.input_pairs import refuse_input_without_pairs
    from workers.run.kept_recipe import chosen_recipe
    from workers.run.run_folder import RunFolder
    from workers.settings.chosen_stages import check_stages

    config = _config(args)
    who = prepare.who_works(vars(config))
    config = replace(config, **who)
    options, recipe = reading_options(config), chosen_recipe(config)
    check_stages(config, recipe)
    if args.run is None and args.resume == "always":
        raise UsageError("--resume always: name the run with --run NAME")
    folder = RunFolder.named(prepare.new_name(args.input[0]) if args.run is None else args.run)
    if args.resume == "always" and not folder.exists():
        raise UsageError(f"--resume always: there is no run {folder.name}")
    away = check_cluster(config)
    inputs = gather(folder, args.input, options)
    try:
        # First, so that what can't be had leaves no folder behind.
        if not folder.exists():
            refuse_input_without_pairs(config, inputs)
        models = {} if folder.exists() else describe_models(config, _print_at_once)
    except PoolError:
        forget(folder)
        raise
    _make_folder(folder)
    with folder.lock_coordinator():
        if not folder.exists():
            workers = max(1, worker_count(config) + away)
            prepare.create(folder, config, inputs, models, recipe, workers)
        else:
            _refuse_existing(folder, args.resume)
            prepare.refuse_other_settings(folder.open(), config, inputs, recipe)
            config = prepare.resume(folder, who)
            if "cluster" not in who:
                check_kept_cluster(config)
        return work(folder, config, dashboards)


def _make_folder(folder: RunFolder) -> None:
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise UsageError(
            f"{error.filename}: not a folder; remove it, or use another name"
        ) from error


def _refuse_existing(folder: RunFolder, policy: str) -> None:
    if policy == "never":
        raise UsageError(
            f"run {folder.name}: already exists; use `resume {folder.name}`, or another --run"
        )


@_with_dashboards
def resume(args: argparse.Namespace, dashboards: Dashboards) -> int:
    """resume: continue an interrupted run."""
    from workers.cli.work import work
    from workers.run import prepare

    run = _open(args.name)
    with run.lock_coordinator():
        config = prepare.resume(run, prepare.who_works(vars(args)))
        check_kept_cluster(config)
        return work(run, config, dashboards)


@_with_dashboards
def retry(args: argparse.Namespace, dashboards: Dashboards) -> int:
    """retry: requeue dead letters, then continue as resume does."""
    from workers.cli.work import work
    from workers.run import prepare
    from workers.run.retry import requeue

    run = _open(args.name)
    with run.lock_coordinator():
        config = prepare.resume(run, prepare.who_works(vars(args)))
        check_kept_cluster(config)
        stages = _stages_of(run, args.stage)
        run.recover()
        sent = requeue(run.queues, stages)
        print(f"dead letters requeued: {sent.records}")
        if sent.unreadable:
            print(
                f"lines that are not records, left as they are: {sent.unreadable} "
                "(repair the input and start a new run)"
            )
        return work(run, config, dashboards)


def status(args: argparse.Namespace) -> int:
    """status: once, or again and again until the run ends."""
    from workers.observe.progress import StatusPrinter
    from workers.observe.read_status import read_status

    run = _open(args.name or _newest_run())
    with StatusPrinter(sys.stdout, args.json, args.watch) as printer:
        while True:
            snapshot = read_status(run)
            printer.show(snapshot)
            if not args.watch or not snapshot.is_live:
                return ExitStatus.FINISHED
            time.sleep(WATCH_S)


def verify(args: argparse.Namespace) -> int:
    """verify: recount from the files."""
    from workers.run.verify import verify as recount

    run = _open(args.name)
    if run.coordinator_alive():
        raise PoolError(f"run {run.name}: a coordinator is working on it; verify it afterwards")
    found = recount(run)
    if args.json:
        _print_json(found.to_json())
    else:
        print(found.text())
    return ExitStatus.FINISHED if found.ok else ExitStatus.FAILED


def report(args: argparse.Namespace) -> int:
    """report: where the time of one or more runs went, as tables and as a page."""
    from workers.observe.report.comparison import comparison
    from workers.observe.report.figures import read_run
    from workers.observe.report.page import write_page
    from workers.observe.report.tables import tables_of
    from workers.observe.report.text import table_text

    runs = [read_run(_open(name)) for name in args.names or [_newest_run()]]
    tables = [comparison(runs)] if len(runs) > 1 else tables_of(runs[0])
    print("\n\n".join(map(table_text, tables)))
    path = args.html or _page_path([run.name for run in runs])
    write_page(runs, path)
    print(f"\nplots: {path}")
    return ExitStatus.FINISHED


def _page_path(names: list[str]) -> Path:
    """In the logs of the first run."""
    from workers.run.run_names import logs_root

    others = "".join(f"-{name}" for name in names[1:])[:100]
    return logs_root() / names[0] / f"report{others}.html"


def selftest(args: argparse.Namespace) -> int:
    """selftest: are answers correct and fast on this machine, with this model."""
    from workers.generation import linux_cpu

    linux_cpu.prepare()  # before mlx is imported
    from workers.cli.selftest import TESTS, Selftest
    from workers.cli.selftest_draft import fitting_draft
    from workers.generation.model.load import load
    from workers.model_store import fingerprint, resolve
    from workers.run.prepare import chat_template
    from workers.run.speculation import draft_model_of

    names = TESTS if args.test == "all" else (args.test,)
    config = _config(args, enable_speculative=True, endpoint=None)  # it tests a model here
    path = resolve(config.model, progress=_print_at_once)
    drafts = "speculative" in names
    chosen = draft_model_of(config, path, _print_at_once) if drafts else None
    template = chat_template(config.chat_template) if config.chat_template else None
    _print_at_once(f"selftest of {config.model} on this machine; takes some minutes on a CPU")
    target = load(path, config.trust_remote_code, chat_template=template)
    target = replace(target, fingerprint=fingerprint(path).sha256)  # trials are kept by it
    draft = fitting_draft(target, config, chosen[1], _print_at_once) if chosen else None
    checks = Selftest(target, draft, say=_print_at_once).run(names)
    advice = [line for check in checks for line in check.advice]
    print("\n".join(["", "advice:", *(f"  {line}" for line in advice)] if advice else []))
    failed = [check.name for check in checks if not check.ok]
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return ExitStatus.FAILED if failed else ExitStatus.FINISHED


def peek(args: argparse.Namespace) -> int:
    """peek: what the pipeline sees of some files."""
    from workers.cli.peek import show
    from workers.run.input_files import checked_options

    options = checked_options(getattr(args, "format", None), getattr(args, "records_at", None))
    return ExitStatus.FAILED if show(args.files, options, sys.stdout) else ExitStatus.FINISHED


# What they share


def _config(args: argparse.Namespace, **fixed: Any) -> RunConfig:
    """The settings from flags, environment and YAML; `fixed` ones win."""
    from workers.settings.flags import given_settings
    from workers.settings.sources import load_config
    from workers.settings.stage_options import from_flags

    flags = given_settings(args) | fixed
    return load_config(flags, getattr(args, "config", None), stage_flags=from_flags(args))


def _open(name: str) -> RunFolder:
    from workers.run.run_folder import RunFolder

    return RunFolder.named(name).open()


def _newest_run() -> str:
    from workers.run.run_names import queues_root, run_names

    names = run_names()
    if not names:
        raise UsageError(
            f"no runs in {queues_root()}; start one with `{command_line('run -i FILE')}`"
        )
    return names[-1]


def _stages_of(run: RunFolder, stage: str | None) -> tuple[str, ...]:
    if stage is None:
        return run.config.stages
    return tuple(run.queue(name).name for name in parse_stages(stage))


def _print_at_once(line: str) -> None:
    print(line, flush=True)


def _print_json(value: Any) -> None:
    import orjson

    print(orjson.dumps(value).decode())
