"""The command `python -m stages.manual_reviewer`: what is reviewed, and in which way.

Joins the desk with a page, a terminal or a file; decides nothing.  Invariant: whatever ends the
command, what was decided is in the queue, and its last line says what to do next.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from stages.manual_reviewer.rules import AcceptRule
from stages.manual_reviewer.stage import ManualReviewer
from workers.cli.endings import exit_status_of
from workers.cli.review_flags import review_parser, rules_of
from workers.core.errors import PoolError, UsageError
from workers.core.exit_status import ExitStatus
from workers.core.program import command_line
from workers.core.terminal import plain_text
from workers.metrics.review_lines import DECIDED

if TYPE_CHECKING:
    from workers.review.desk import Desk
    from workers.review.serving import PageServer
    from workers.run.run_folder import RunFolder

STAGE = ManualReviewer.name
_MOST_FILES, _OTHER_FILES = 4096, 128  # open at once


def main(arguments: list[str] | None = None) -> None:
    """The command; ends the process with its exit status."""
    options = review_parser().parse_args(arguments)
    sys.exit(exit_status_of(lambda: _review(options)))


def _say(line: str) -> None:
    print(line, flush=True)


@dataclass(frozen=True)
class _ReviewSetup:
    """How one run's pairs are reviewed.

    name: what is reviewed, as people call it; next_step: the command to give afterwards.
    """

    options: argparse.Namespace
    rules: Sequence[AcceptRule]
    name: str
    next_step: str
    more_may_come: Callable[[], bool] = lambda: False


def _review(options: argparse.Namespace) -> ExitStatus:
    rules = rules_of(options)
    if options.export and options.imported:
        raise UsageError("--export and --import can't be combined")
    if options.output is not None:
        return _review_files(options, rules)
    run = _run(options.subject)
    resume = command_line(f"resume {run.name}")
    job = _ReviewSetup(options, rules, run.name, resume, run.coordinator_alive)
    status = _work(job, run)
    if options.export:
        return ExitStatus.FINISHED
    if status == ExitStatus.FINISHED:
        goes_on = run.coordinator_alive()
        _say("the coordinator continues" if goes_on else f"everything is decided; next: {resume}")
    return status


def _run(subject: Sequence[str]) -> RunFolder:
    """The run that is named; raises UsageError when it has nothing to review."""
    from workers.run.run_folder import RunFolder

    name = subject[0]
    if len(subject) > 1 or Path(name).is_file():
        raise UsageError("-o/--output: needed to say where the reviewed pairs go")
    run = RunFolder.at(name).open()
    if STAGE not in run.config.stages:
        raise UsageError(
            f"run {run.name}: has no manual_reviewer among its stages; start one with "
            "--stages data_filter,data_structurer,domain_classifier,manual_reviewer,..."
        )
    return run


def _review_files(options: argparse.Namespace, rules: Sequence[AcceptRule]) -> ExitStatus:
    """Review files of pairs, as a stage alone."""
    from workers.cli.one_stage import run_alone

    given = argparse.Namespace(
        input=[Path(name) for name in options.subject], output=options.output, config=None
    )
    job = _ReviewSetup(
        options, rules, options.output.name, f"the pairs are then in {options.output}"
    )
    return run_alone(ManualReviewer, given, partial(_work, job))


# Work


def _work(job: _ReviewSetup, run: RunFolder) -> ExitStatus:
    """Review what waits in a run's queue, and say what is left."""
    from workers.review.desk import Desk
    from workers.review.times import ReviewTimes
    from workers.run.kept_recipe import kept_recipe
    from workers.settings.chosen_stages import make_stage

    exchange = job.options.export or job.options.imported
    times = ReviewTimes(run.logs_dir if job.options.output is None else None)
    most = _most_chunks(exchange)
    stage = make_stage(run.config, STAGE, kept_recipe(run))
    assert isinstance(stage, ManualReviewer)
    desk = Desk(run.queue(STAGE), job.rules, stage, most_chunks=most, times=times)
    try:
        desk.take()
        _warn_of_damage(desk)
        if exchange:
            return _exchange(job, desk)
        if desk.open or job.more_may_come():
            _ask_person(job, desk)
        elif elsewhere := desk.chunks_elsewhere():
            raise PoolError(
                f"{elsewhere} chunks wait, but none is available: another reviewer has them, or "
                "they are damaged"
            )
        return _ending(desk)
    finally:
        desk.close()


def _most_chunks(all_at_once: bool) -> int:
    """How many chunks to hold: for a file as many as there may be open files."""
    import resource

    from workers.review.desk import FILES_PER_CHUNK, MOST_CHUNKS

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    fitting = (max(soft, wanted) - _OTHER_FILES) // FILES_PER_CHUNK
    return fitting if all_at_once else min(fitting, MOST_CHUNKS)


def _ask_person(job: _ReviewSetup, desk: Desk) -> None:
    if job.options.terminal:
        from workers.review.terminal import TerminalReview

        TerminalReview(desk, job.name, job.options.reviewer).work()
        return
    _page_server(job, desk).serve()


def _page_server(job: _ReviewSetup, desk: Desk) -> PageServer:
    try:
        from workers.review.app import Review
        from workers.review.serving import PageServer
    except ModuleNotFoundError as error:
        raise PoolError(
            f"the page needs the package {error.name}: pip install 'cyberllm-pool[review]'; "
            "or review with --terminal"
        ) from None
    review = Review(desk, job.name, job.options.reviewer, job.next_step)
    return PageServer(review, partial(_invite, job, desk), job.options.port, job.more_may_come)


def _invite(job: _ReviewSetup, desk: Desk, link: str) -> None:
    counts = desk.counts()
    done = counts.total() - desk.open
    _say(f"{_pairs(desk.open)} of {job.name} to review, {done} decided; open\n\n  {link}\n")
    _say("Ctrl-C ends it; every decision is saved at once.")


def _ending(desk: Desk) -> ExitStatus:
    """Say how it stands; before the desk is closed, as it knows nothing afterwards."""
    counts, left, elsewhere = desk.counts(), desk.open, desk.chunks_elsewhere()
    words = {**DECIDED, "failed": "no pairs"}
    shown = [f"{counts[state]} {word}" for state, word in words.items() if counts[state]]
    _say(f"decided: {', '.join(shown) or 'nothing'}")
    if left or elsewhere:
        more = f", and {elsewhere} chunks that wait" if elsewhere else ""
        _say(f"left to decide: {_pairs(left)}{more}; the same command continues")
    return _status(desk)


def _pairs(count: int) -> str:
    return "1 pair" if count == 1 else f"{count} pairs"


def _exchange(job: _ReviewSetup, desk: Desk) -> ExitStatus:
    from workers.review.exchange import export_pairs, import_decisions

    if elsewhere := desk.chunks_elsewhere():
        _say(f"{elsewhere} chunks are left out: another reviewer has them, or they come later")
    if job.options.export:
        written = export_pairs(desk, job.options.export, job.name, job.options.format)
        _say(f"{_pairs(written)} written to {job.options.export}")
        return _status(desk)
    taken = import_decisions(desk, job.options.imported, job.name, job.options.reviewer)
    for line in taken.lines():
        _say(line)
    if taken.problems:
        return ExitStatus.FAILED
    return _status(desk)


def _status(desk: Desk) -> ExitStatus:
    """Whether anything is left to decide, here or in chunks that are not on the desk."""
    left = desk.open or desk.chunks_elsewhere()
    return ExitStatus.REVIEW if left else ExitStatus.FINISHED


def _warn_of_damage(desk: Desk) -> None:
    for why in desk.damaged.values():
        print(f"warning: skipped a damaged chunk: {plain_text(why, 400)}", file=sys.stderr)
