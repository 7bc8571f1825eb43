"""The fault matrix: every fault, each with what makes it, and how often.

Invariant: every row is in the table, whether it was run or not.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from tests.faults import (
    attacks,
    damage,
    disks,
    failing,
    feeds,
    holders,
    hostile,
    kills,
    machines,
    poison,
    reviews,
    scale,
    scarcity,
    surroundings,
    syscalls,
    unwell,
)
from tests.faults.rig import Rig
from tests.faults.tally import Tally

Inject = Callable[[Rig, int], Tally]


@dataclass(frozen=True)
class Row:
    """One fault; `share` is how often `make test` makes it, `full` how often `make faults`.

    `lanes` parts of it are made side by side when it is made in full: where most of the time
    is spent waiting, and nothing that is measured suffers.
    """

    number: int
    fault: str
    inject: Inject
    share: int
    full: int
    lanes: int = 2

    def make(self, rig: Rig, times: int, lanes: int = 1) -> Tally:
        """Make the fault `times` times, side by side in as many lanes."""
        lanes = min(lanes, self.lanes, times)
        if lanes < 2:
            return self.inject(rig, times)
        rigs = rig.lanes(lanes)
        parts = [lane.lane.part_of(times) for lane in rigs]
        with ProcessPoolExecutor(lanes, get_context("fork")) as pool:
            tallies = list(pool.map(self.inject, rigs, parts))
        for other in tallies[1:]:
            tallies[0].join(other)
        return tallies[0]


ROWS = (
    Row(1, "a random worker is killed", kills.workers_killed, 3, 1000),
    Row(2, "the coordinator is killed, and started again", kills.coordinators_killed, 1, 300),
    Row(3, "everything is killed at once", kills.everything_killed, 1, 300),
    Row(4, "death at every system call", syscalls.death_at_every_call, 1, 10**6),
    Row(5, "killed again while recovering, four deep", syscalls.death_while_recovering, 1, 10**6),
    Row(6, "power loss", disks.power_cut, 4, 200),
    Row(7, "disk full", disks.full_disk, 1, 30),
    Row(8, "short writes", disks.short_writes, 1, 40),
    Row(9, "fsync or rename fails", syscalls.failing_disk, 1, 10**6),
    Row(10, "too many open files", disks.few_files, 0, 60),
    Row(11, "out of memory", scarcity.out_of_memory, 0, 3, lanes=1),
    Row(12, "a worker is stopped and hangs", kills.workers_stopped, 1, 20),
    Row(13, "a worker is stopped, and continued in time", kills.workers_paused, 2, 100),
    Row(14, "a record that kills or hangs its worker", poison.one_poison, 1, 30),
    Row(15, "ten such records among 10,000", poison.ten_poisons, 0, 10, lanes=1),
    Row(16, "a model that can't be loaded", poison.broken_model, 0, 5, lanes=1),
    Row(17, "50 coordinators on one run", holders.many_coordinators, 2, 50, lanes=1),
    Row(18, "16 workers race for one chunk", holders.race_for_a_chunk, 300, 10_000, lanes=1),
    Row(19, "a lock file is removed", holders.lock_removed, 2, 100),
    Row(20, "a journal is damaged", damage.damaged_journal, 120, 10**6, lanes=1),
    Row(21, "the input changes after the split", damage.changed_input, 3, 20),
    Row(22, "SIGTERM or Ctrl-C, in any phase", kills.asked_to_stop, 2, 100, lanes=1),
    Row(23, "the clock jumps a day", surroundings.clock_jumps, 0, 40),
    Row(24, "100,000 chunks, 10 million records", scale.big_queue, 0, 100_000, lanes=1),
    Row(25, "hostile lines", hostile.hostile_lines, 1, 2, lanes=1),
    Row(26, "hostile text and names", hostile.hostile_text, 1, 2, lanes=1),
    Row(27, "a hostile model folder", hostile.hostile_model, 0, 1, lanes=1),
    Row(28, "a lock that a child inherited", holders.inherited_lock, 1, 20),
    Row(29, "a foreign folder", holders.foreign_folder, 3, 3, lanes=1),
    Row(30, "split, seal and merge three times over", damage.repeated, 1, 10),
    Row(31, "a model that fails after a worker was ready", failing.failing_model, 1, 40),
    Row(32, "a damaged feed", feeds.damaged_feeds, 20, 10**6, lanes=1),
    Row(33, "an archive that attacks", attacks.hostile_archives, 1, 2, lanes=1),
    Row(34, "the reviewer is killed while a person decides", reviews.reviewers_killed, 1, 200),
    Row(35, "another machine is killed", machines.machines_killed, 0, 100),
    Row(36, "another machine is stopped for too long", machines.machines_stopped, 0, 100),
    Row(37, "another machine is stopped, continued in time", machines.machines_paused, 0, 100),
    Row(38, "the scheduler is killed, and started again", machines.scheduler_killed, 0, 30),
    Row(39, "the coordinator of a cluster is killed", machines.coordinator_killed, 0, 30),
    Row(40, "a record kills or hangs its process elsewhere", machines.poison_there, 0, 12),
    Row(41, "machines come late, and leave", machines.machines_come_late, 0, 10),
    Row(42, "another machine is cut off", machines.machines_cut_off, 0, 100),
    Row(43, "another machine runs out of memory", unwell.machines_without_memory, 0, 4, lanes=1),
    Row(44, "another machine's disk is full", unwell.machines_without_room, 0, 6, lanes=1),
    Row(45, "another machine is ten times slower", unwell.slow_machines, 0, 4),
    Row(46, "outcomes come twice, and late", unwell.repeated_outcomes, 0, 10_000),
    Row(47, "a record takes down, or hangs, a whole machine", unwell.poison_for_machines, 0, 4),
)
