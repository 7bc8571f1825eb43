"""The commands for more machines than one: certificates of a cluster, and the merge of shards.

Joins the parts and prints, as the other commands do.  Invariant: nothing here is imported from
Dask unless a cluster was asked for.
"""

from __future__ import annotations

import argparse
import sys

from workers.core.errors import UsageError
from workers.core.exit_status import ExitStatus
from workers.settings.config import RunConfig

__all__ = ["check_cluster", "check_kept_cluster", "cluster", "merge"]


def check_cluster(config: RunConfig) -> int:
    """How many worker processes a cluster's machines have; 0 without one.

    Raises UsageError for one that can't be used, before anything is created.
    """
    if not config.cluster:
        return 0
    from workers.cluster.access import access_of, check

    facts = check(access_of(config))
    link = f"; its dashboard: {facts.dashboard}" if facts.dashboard else ""
    machines = "1 machine" if facts.machines == 1 else f"{facts.machines} machines"
    print(f"cluster: {machines} at {facts.address}{link}", flush=True)
    return facts.workers


def check_kept_cluster(config: RunConfig) -> None:
    """The same for the cluster of a run that exists, which can go on without it."""
    try:
        check_cluster(config)
    except UsageError as error:
        raise UsageError(f"{error}; or go on without it: --cluster none") from error


def merge(args: argparse.Namespace) -> int:
    """merge: one finished run of the runs of all shards."""
    from workers.core.files import make_folders
    from workers.run.merge import merge as merge_results
    from workers.run.merge_shards import check_shards, merge_shards, other_findings
    from workers.run.run_folder import RunFolder
    from workers.run.verify import verify as recount

    shards = [RunFolder.named(name).open() for name in args.names]
    target = RunFolder.named(args.run)
    if target.exists():
        raise UsageError(f"run {target.name}: exists already; use another --run")
    check_shards(shards)
    for line in other_findings(shards):
        print(f"warning: {line}", file=sys.stderr)
    make_folders(target.path)
    with target.lock_coordinator():
        merge_shards(shards, target)
        merged = merge_results(target.open())
        found = recount(target)
    print(found.text())
    print(merged.dataset_line)
    if not found.ok:
        return ExitStatus.FAILED
    return ExitStatus.DEAD_LETTERS if merged.failed else ExitStatus.FINISHED


def cluster(args: argparse.Namespace) -> int:
    """cluster: make the certificates of a cluster."""
    from workers.cluster.certificates import make_certificates

    made = make_certificates(args.folder)
    print("\n".join(map(str, made)))
    print("copy this folder to every machine of the cluster, and keep it secret")
    return ExitStatus.FINISHED
