"""What each command of the coordinator does, from parsed arguments to an exit status.

Joins the parts and prints; parses no flags and does none of the work itself.  Invariant:
whatever changes a run happens with the run's lock held.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.core.errors import PoolError, UsageError
from workers.settings.config import RunConfig, load_config, parse_stages

if TYPE_CHECKING:
    from workers.control.supervisor import Summary
    from workers.run.run_folder import RunFolder

EXIT_FAILED = 1
EXIT_DEAD_LETTERS = 3
EXIT_INTERRUPTED = 130
WATCH_S = 1.0
_NOT_SETTINGS = {"command", "action", "input", "run", "config", "resume", "ratio", "stages"}
_NOT_SETTINGS |= {"prometheus_file", "prometheus_port", "dashboards"}


def _with_dashboards(command: Callable[[argparse.Namespace], int]) -> Any:
    """Open what --prometheus-... asks for first, so that a wrong one leaves no run behind."""

    def wrapped(args: argparse.Namespace) -> int:
        from workers.observe.prometheus import exporters

        with exporters(args.prometheus_file, args.prometheus_port) as args.dashboards:
            return command(args)

    return wrapped


@_with_dashboards
def run(args: argparse.Namespace) -> int:
    """run: a new run, or the one of that name when --resume allows."""
    from workers.run import prepare
    from workers.run.input_lines import inspect_inputs
    from workers.run.run_folder import RunFolder

    config = _config(args)
    inputs = inspect_inputs(args.input)
    if args.run is None and args.resume == "always":
        raise UsageError("--resume always: say which run with --run NAME")
    folder = RunFolder.named(prepare.new_name(args.input[0]) if args.run is None else args.run)
    models = {}
    if not folder.exists():
        if args.resume == "always":
            raise UsageError(f"--resume always: there is no run {folder.name}")
        models = prepare.describe_models(config)  # one that can't be had leaves no folder behind
    folder.path.mkdir(parents=True, exist_ok=True)
    with folder.lock_coordinator():
        if not folder.exists():
            prepare.create(folder, config, inputs, models)
        else:
            _allow_resume(folder, args.resume)
            prepare.refuse_other_settings(folder.open(), config, inputs)
            config = prepare.take_up(folder, config.workers)
        return _work(folder, config, args)


def _allow_resume(folder: RunFolder, policy: str) -> None:
    if policy == "never":
        raise UsageError(
            f"run {folder.name}: exists already; `resume {folder.name}`, or use another --run"
        )


@_with_dashboards
def resume(args: argparse.Namespace) -> int:
    """resume: go on where a run stopped."""
    from workers.run import prepare

    run = _open(args.name)
    with run.lock_coordinator():
        return _work(run, prepare.take_up(run, getattr(args, "workers", None)), args)


@_with_dashboards
def retry(args: argparse.Namespace) -> int:
    """retry: send dead letters round again, then go on as resume does."""
    from workers.run import prepare
    from workers.run.retry import requeue

    run = _open(args.name)
    with run.lock_coordinator():
        config = prepare.take_up(run, getattr(args, "workers", None))
        run.recover()
        stages = _stages_of(run, args.stage)
        sent = requeue(run.queues, stages)
        print(f"{sent.records} dead letters sent round again")
        if sent.unreadable:
            print(f"{sent.unreadable} lines were no records; mend the input and make a new run")
        return _work(run, config, args)


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
                return 0
            time.sleep(WATCH_S)


def verify(args: argparse.Namespace) -> int:
    """verify: recount from the files."""
    from workers.run.verify import verify as recount

    run = _open(args.name)
    if run.coordinator_alive():
        raise PoolError(f"run {run.name}: is being worked on; verify it when it has stopped")
    found = recount(run)
    if args.json:
        _print_json(found.to_json())
    else:
        print(found.text())
    return 0 if found.ok else EXIT_FAILED


def report(args: argparse.Namespace) -> int:
    """report: where the time of one or more runs went, as tables and as a page."""
    from workers.observe.report.figures import read_run
    from workers.observe.report.page import write_page
    from workers.observe.report.tables import comparison, tables_of
    from workers.observe.report.text import table_text

    runs = [read_run(_open(name)) for name in args.names or [_newest_run()]]
    tables = [comparison(runs)] if len(runs) > 1 else tables_of(runs[0])
    print("\n\n".join(map(table_text, tables)))
    path = args.html or _page_path([run.name for run in runs])
    write_page(runs, path)
    print(f"\nplots: {path}")
    return 0


def _page_path(names: list[str]) -> Path:
    """Beside the logs of the first run."""
    from workers.run.run_folder import logs_root

    others = "".join(f"-{name}" for name in names[1:])[:100]
    return logs_root() / names[0] / f"report{others}.html"


def selftest(args: argparse.Namespace) -> int:
    """selftest: is it right and fast on this machine, with this model."""
    from workers.generation import linux_cpu

    linux_cpu.prepare()  # before mlx comes in
    from workers.cli.selftest import TESTS, Selftest
    from workers.generation.model.load import load
    from workers.model_store import resolve
    from workers.settings.config import DEFAULT_MODEL

    name = getattr(args, "model", DEFAULT_MODEL)
    print(f"selftest of {name} on this machine; some minutes on a CPU", flush=True)
    draft = load(resolve(args.draft_model)) if hasattr(args, "draft_model") else None
    test = Selftest(load(resolve(name)), draft, say=lambda line: print(line, flush=True))
    checks = test.run(TESTS if args.test == "all" else (args.test,))
    advice = [line for check in checks for line in check.advice]
    print("\n".join(["", "advice:", *(f"  {line}" for line in advice)] if advice else []))
    failed = [check.name for check in checks if not check.ok]
    print(f"failed: {', '.join(failed)}" if failed else "all is well")
    return EXIT_FAILED if failed else 0


def models(args: argparse.Namespace) -> int:
    """models: list what is here, or fetch the default one."""
    from workers.core.terminal import megabytes
    from workers.model_store import fetch_default, list_models

    if args.action == "fetch":
        from workers.cli.prepare_model import prepare_model

        prepare_model(fetch_default(_say), _say)
        return 0
    for model in list_models():
        print(f"{model.name:<44} {megabytes(model.size_bytes):>10}  {model.note}  {model.path}")
    return 0


# What they share


def _say(line: str) -> None:
    """Progress, as it comes."""
    print(line, flush=True)


def _config(args: argparse.Namespace) -> RunConfig:
    """Settings from flags, environment and YAML, with the stage options put where they go."""
    flags = {key: value for key, value in vars(args).items() if key not in _NOT_SETTINGS}
    if args.stages is not None:
        flags["stages"] = args.stages
    config = load_config(flags, args.config)
    return with_stage_options(config, args.ratio)


def with_stage_options(config: RunConfig, ratio: float | None) -> RunConfig:
    """Stage options under full stage names, checked against what each stage knows."""
    from dataclasses import replace

    from workers.settings.stage_options import normalized

    return replace(config, stage_options=normalized(config.stage_options, ratio))


def _open(name: str) -> RunFolder:
    from workers.run.run_folder import RunFolder

    return RunFolder.named(name).open()


def _newest_run() -> str:
    from workers.run.run_folder import queues_root, run_names

    names = run_names()
    if not names:
        raise UsageError(f"no runs in {queues_root()}; start one with `coordinator.py run -i FILE`")
    return names[-1]


def _stages_of(run: RunFolder, stage: str | None) -> tuple[str, ...]:
    if stage is None:
        return run.config.stages
    return tuple(run.queue(name).name for name in parse_stages(stage))


def _work(run: RunFolder, config: RunConfig, args: argparse.Namespace) -> int:
    """Process a run whose lock is held, to its end, and say how it went."""
    from workers.control.interrupts import Interrupted

    print(f"run {run.name}", flush=True)
    try:
        summary = _observed(run, config, args)
    except Interrupted:
        print(f"interrupted; go on with: python coordinator.py resume {run.name}", flush=True)
        return EXIT_INTERRUPTED
    _print_summary(run, summary)
    return EXIT_DEAD_LETTERS if summary.merged.failed else 0


def _observed(run: RunFolder, config: RunConfig, args: argparse.Namespace) -> Summary:
    """Do the work, with whoever wants to see it looking on."""
    from workers.control.assemble import join_parts
    from workers.control.interrupts import Interrupts
    from workers.observe.observers import Observers, RunLog
    from workers.observe.progress import display_for

    with (
        Interrupts() as interrupts,
        display_for(sys.stdout) as display,
        Observers([display, log := RunLog(run.logs_dir), *args.dashboards]) as observers,
    ):
        supervisor = join_parts(run, config, observers, interrupts)
        supervisor.pool.record_death = log.deaths_too(supervisor.pool.record_death)
        return supervisor.work()


def _print_summary(run: RunFolder, summary: Summary) -> None:
    from workers.core.terminal import duration
    from workers.observe.status_lines import short_name

    for stage in summary.merged.stages:
        ends = stage.ends
        print(
            f"  {short_name(stage.name):<18} {ends.total:>6} in {ends.results:>6} results "
            f"{ends.removed:>6} removed {ends.failed:>6} failed"
        )
    rate = summary.records_done / summary.seconds if summary.seconds else 0.0
    print(
        f"finished in {duration(summary.seconds)}: {summary.records_done} records through a stage, "
        f"{rate:.1f} a second"
    )
    if summary.merged.failed:
        print(
            f"{summary.merged.failed} dead letters in {summary.merged.dead_letters}; "
            f"requeue them with: python coordinator.py retry {run.name}"
        )
        _print_reasons(summary)
    print(f"dataset: {summary.merged.dataset} ({summary.merged.stages[-1].records_out} records)")


def _print_reasons(summary: Summary) -> None:
    from workers.observe.status import SHOWN_KINDS
    from workers.observe.status_lines import short_name

    for stage in summary.merged.stages:
        for example, count in stage.dead_letters.most_common(SHOWN_KINDS).items():
            print(f"  {short_name(stage.name)}: {count} x {example}")


def _print_json(value: Any) -> None:
    import orjson

    print(orjson.dumps(value).decode())
