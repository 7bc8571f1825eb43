"""Works on a run whose lock is held: to its end, watched, and with a summary in the end.

Knows what a person is shown; the loop is the supervisor's.  Invariant: the exit status says
whether the run is finished, has dead letters, waits for a person, or was interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from stages import short_name
from workers.control.assemble import join_parts
from workers.control.interrupts import Interrupted, Interrupts
from workers.control.supervisor import ReviewNeeded, Summary
from workers.core.exit_status import ExitStatus
from workers.core.program import command_line
from workers.core.terminal import duration
from workers.observe.observers import Observer, Observers, RunLog
from workers.observe.progress import display_for
from workers.observe.status import SHOWN_KINDS
from workers.run import repeats
from workers.run.languages import languages_notice
from workers.run.merge import Merged
from workers.run.run_folder import RunFolder
from workers.run.speculation import speculation_notice
from workers.settings.config import RunConfig


def work(run: RunFolder, config: RunConfig, dashboards: Sequence[Observer]) -> ExitStatus:
    """Process a run to its end, and print how it went."""
    again = f"resume with: {command_line(f'resume {run.name}')}"
    return work_and_tell(run, config, dashboards, again, lambda end: _print_summary(run, end))


def work_and_tell(
    run: RunFolder,
    config: RunConfig,
    dashboards: Sequence[Observer],
    again: str,
    tell: Callable[[Summary], None],
) -> ExitStatus:
    """Process a run to its end; `again` says how to go on when it is interrupted, and `tell`
    prints how it ended."""
    print(f"run {run.name}", flush=True)
    try:
        summary = _observed(run, config, dashboards)
    except Interrupted:
        print(f"interrupted; {again}", flush=True)
        return ExitStatus.INTERRUPTED
    except ReviewNeeded as needed:
        print(f"waiting: {needed}", flush=True)
        return ExitStatus.REVIEW
    tell(summary)
    return ExitStatus.DEAD_LETTERS if summary.merged.failed else ExitStatus.FINISHED


def _observed(run: RunFolder, config: RunConfig, dashboards: Sequence[Observer]) -> Summary:
    """Do the work while terminal, log and dashboards follow it."""
    with (
        Interrupts() as interrupts,
        display_for(sys.stdout) as display,
        Observers([display, log := RunLog(run.logs_dir), *dashboards]) as observers,
    ):
        speculation = speculation_notice(config, run.manifest.draft_model)
        for notice in (speculation, languages_notice(run.config), repeats.notice(run)):
            if notice:
                observers.say(notice)
        record_death = log.deaths_too(run.add_death)
        return join_parts(run, config, observers, interrupts, record_death=record_death).work()


def _print_summary(run: RunFolder, summary: Summary) -> None:
    width = max(18, *(len(short_name(stage.name)) for stage in summary.merged.stages))
    for stage in summary.merged.stages:
        ends = stage.ends
        print(
            f"  {short_name(stage.name):<{width}} {ends.total:>6} in {ends.results:>6} results "
            f"{ends.removed:>6} removed {ends.failed:>6} failed"
        )
    rate = summary.records_done / summary.seconds if summary.seconds else 0.0
    print(
        f"finished in {duration(summary.seconds)}: {summary.records_done} records processed in all "
        f"stages, {rate:.1f} per second"
    )
    if summary.merged.failed:
        _print_dead_letters(run, summary.merged)
        _print_reasons(summary)
    print(summary.merged.dataset_line)


def _print_dead_letters(run: RunFolder, merged: Merged) -> None:
    """Where they are, and what helps: `retry`, or repairing input that can't be read."""
    unreadable = merged.unreadable
    advice = f"requeue them with: {command_line(f'retry {run.name}')}"
    if unreadable == merged.failed:
        advice = "input that can't be read, where a retry won't help: repair it, start a new run"
    print(f"{_letters(merged.failed)} in {merged.dead_letters}; {advice}")
    if 0 < unreadable < merged.failed:
        verb = "is" if unreadable == 1 else "are"
        print(f"{unreadable} of them {verb} input that can't be read, where a retry won't help")


def _letters(count: int) -> str:
    return "1 dead letter" if count == 1 else f"{count} dead letters"


def _print_reasons(summary: Summary) -> None:
    for stage in summary.merged.stages:
        for example, count in stage.dead_letters.most_common(SHOWN_KINDS).items():
            print(f"  {short_name(stage.name)}: {count} x {example}")
