"""Notes of detections get a subject, and nothing else of them changes."""

from __future__ import annotations

import pytest

from stages.data_structurer.analytics import FRAME, with_subjects
from tests.stages.data_structurer.own_answers_help import answer


def told(text: str) -> str:
    return with_subjects([text], "AN1", analytic=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Detects odd loads of a library.", "AN1 detects odd loads of a library."),
        ("Watches the spooler. Also flags new jobs. Correlates both with logons.",
         "AN1 watches the spooler. It also flags new jobs. It correlates both with logons."),
        ("Watch for new printers. Compare them with a list.",
         "Defenders should watch for new printers. They should compare them with a list."),
        ("Unusual printing of large files by service accounts.",
         "AN1 looks for unusual printing of large files by service accounts."),
        ("Detection of jobs that are sent at night.", "AN1 detects jobs that are sent at night."),
        ("Correlation of print jobs with logons.",
         "AN1 relies on correlation of print jobs with logons."),
        ("Defender view: track new printers by host.",
         "Defenders should track new printers by host."),
        ("Adversary adds a printer by its API, then deletes it.",
         "AN1 looks for signs that an adversary adds a printer by its API, then deletes it."),
        ("Unusual jobs of a host. Adversary adds a printer. Process creates a queue of jobs. New"
         " service started by a queue.",
         "AN1 looks for unusual jobs of a host. It also looks for signs that an adversary adds a"
         " printer. A process creates a queue of jobs. AN1 also looks for a new service started by"
         " a queue."),
        ("Watch for new printers. Often triggered from a share.",
         "Defenders should watch for new printers. This is often triggered from a share."),
        ("Watch for new printers. Forged jobs of guests often appear as jobs of the host.",
         "Defenders should watch for new printers. Forged jobs of guests often appear as jobs of"
         " the host."),
        # Nobody says who does what may be missing.
        ("Watch for new printers. Optional: adds a queue of jobs.",
         "Defenders should watch for new printers."),
        ("Often triggered from a share.", "AN1 looks for what is often triggered from a share."),
        ("Chain of printer events: (1) a job in a queue.",
         "AN1 looks for a chain of printer events: (1) a job in a queue."),
        ("Chain: (1) a job is queued; (2) a library is loaded.",
         "AN1 looks for the following chain: (1) a job is queued; (2) a library is loaded."),
        ("Chain: (1) Process creation by lp → (2) a file of a job → (3) Optional connection.",
         "AN1 looks for the following chain: (1) process creation by lp, (2) a file of a job, and"
         " (3) optional connection."),
        ("Unusual jobs of a host. Use of lp to add queues or rename printers (lpadmin).",
         "AN1 looks for unusual jobs of a host. It also looks for use of lp to add queues or rename"
         " printers (lpadmin)."),
        ("Sudden burst of jobs from one host.",
         "AN1 looks for a sudden burst of jobs from one host."),
        ("Abuse of the spooler. Often paired with new accounts.",
         "AN1 looks for abuse of the spooler. This is often paired with new accounts."),
        ("Unusual jobs of a host. On receipt of one, the spooler loads a driver.",
         "AN1 looks for unusual jobs of a host. On receipt of one, the spooler loads a driver."),
        ("Jobs use keys, tools use ports, may also involve new drivers.",
         "AN1 looks for the following: Jobs use keys, tools use ports. This may also involve new"
         " drivers."),
        ("Printers use drivers from a share.",
         "AN1 looks for the following: Printers use drivers from a share."),
        ("Watch for new printers. Unusual jobs of a host.",
         "Defenders should watch for new printers. AN1 also looks for unusual jobs of a host."),
        # What is a sentence already, by a verb that stands later or is no common one.
        ("Unusual jobs of a host. Tools such as 'lp', cupsd, or a key may be used.",
         "AN1 looks for unusual jobs of a host. Tools such as 'lp', cupsd, or a key may be used."),
        ("Unusual jobs of a host. Queue software circumvents old filters.",
         "AN1 looks for unusual jobs of a host. Queue software circumvents old filters."),
        ("Unusual jobs of a host. Driver or spooler raises repeated alarms.",
         "AN1 looks for unusual jobs of a host. Driver or spooler raises repeated alarms."),
        ("Unusual jobs of a host. New queues that may print.",
         "AN1 looks for unusual jobs of a host. It also looks for new queues that may print."),
        ("Unusual jobs of a host. Unusual copies from a share.",
         "AN1 looks for unusual jobs of a host. It also looks for unusual copies from a share."),
        ("Defenders may see new printers in the log.",) * 2,
        ("Detection focuses on new printers.",) * 2,
        ("Use of PowerShell to add a printer.",
         "AN1 looks for use of PowerShell to add a printer."),
        ("Abuse of the spooler to execute a driver.",
         "AN1 looks for abuse of the spooler to execute a driver."),
        ("PrintNightmare tools loading a driver.",
         "AN1 looks for PrintNightmare tools loading a driver."),
        ("Changes to roles (e.g., Clerk -> Owner) via the console.",
         "AN1 looks for changes to roles (e.g., Clerk to Owner) via the console."),
        ("Unusual jobs of a host. Local and remote modifications linked to driver installs.",
         "AN1 looks for unusual jobs of a host. It also looks for local and remote modifications"
         " linked to driver installs."),
        ("Discrepancies between a job and its page.",
         "AN1 looks for discrepancies between a job and its page."),
        ("Detects odd jobs. For example, Lark Printer showing a page while it is off.",
         "AN1 detects odd jobs. It looks, for example, for Lark Printer showing a page while it is"
         " off."),
        ("Detection of odd jobs by guests, of page reads, or of names of unused drivers.",
         "AN1 detects odd jobs by guests, of page reads, or of names of unused drivers."),
        ("Suspicious access to printers, drivers, or pages by guests that do not often pay.",
         "AN1 looks for suspicious access to printers, drivers, or pages by guests that do not"
         " often pay."),
        # A verb behind the list that is its subject.
        ("Detects odd jobs. Jobs of a guest, a clerk, or an owner suggests theft of paper.",
         "AN1 detects odd jobs. Jobs of a guest, a clerk, or an owner suggests theft of paper."),
        ("Detects odd jobs. Guests printing by night, by day, or at noon often use one key.",
         "AN1 detects odd jobs. Guests printing by night, by day, or at noon often use one key."),
        # Steps that are torn apart tell of no chain.
        ("Unusual jobs of a host. Chain: (1) a printer with a bad name.",
         "AN1 looks for unusual jobs of a host."),
    ],
)  # fmt: skip
def test_a_note_becomes_a_sentence(text: str, said: str) -> None:
    assert told(text) == said


def test_what_a_subject_brings_along_is_known_to_the_gates() -> None:
    brought = set(told("Detects jobs. Odd use of the spooler. Watch for it.").lower().split())
    assert brought - {"an1", "it", "odd", "of", "the"} <= {
        *FRAME.split(), *"detects jobs. use spooler. watch for it.".split()
    }  # fmt: skip


def test_what_detects_a_technique_follows_each_other() -> None:
    technique = {
        "type": "attack-pattern", "id": "attack-pattern--1", "external_id": "T1999",
        "name": "Spooling", "description": "Adversaries may abuse the spooler to gain privileges.",
        "detection": ["Detects odd jobs in the queue.", "Monitor the folder of the spooler."],
    }  # fmt: skip
    assert answer(technique, "technique_detection") == (
        "Detection of T1999 looks for odd jobs in the queue."
        " Defenders should monitor the folder of the spooler."
    )
