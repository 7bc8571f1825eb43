"""What a text begins with, as an answer: not only a product, an order or a heading."""

from __future__ import annotations

import pytest

from stages.base import Record
from tests.stages.data_structurer.own_answers_help import answer, flaw


def report(text: str) -> Record:
    return {"title": "Break-in at the harbour", "text": text}


FIXES = (
    "- CVE-2099-1: Fixed an overflow in the reader (bsc#1).\n"
    "- CVE-2099-2: Fixed a traversal on export (bsc#2)."
)


@pytest.mark.parametrize(
    ("record", "type_", "said"),
    [
        (flaw("In the Linux kernel, the following vulnerability has been resolved:\n\nusb: lark:"
              " fix use-after-free in lark_unbind()\n\nThe work item was not cancelled before."),
         "vulnerability_explanation",
         "In the Linux kernel, the following vulnerability has been resolved: usb: lark: fix"
         " use-after-free in lark_unbind(). The work item was not cancelled before."),
        (report("Sieve is an open proxy that testers use. It can strip pinning from packages."
                " Criminals have bundled it with a fake app to read the traffic of victims."),
         "text_summary",
         "Sieve is an open proxy that testers use. It can strip pinning from packages. Criminals"
         " have bundled it with a fake app to read the traffic of victims."),
        (flaw("larkd is a print server for the offices of Lark. The list of jobs is matched before"
              " its names are decoded. A job has a name of its own. It may hold a slash in the end."
              " An attacker can read the jobs of other offices. No lamp is lit."),
         "vulnerability_explanation",
         "Larkd is a print server for the offices of Lark. The list of jobs is matched before its"
         " names are decoded. A job has a name of its own. It"
         " may hold a slash in the end. An attacker can read the jobs of other offices. No lamp is"
         " lit."),
        ({"id": "SUSE-SU-2099:1-1", "title": "Security update for lark",
          "description": f"This update for lark fixes the following issues:\n\n{FIXES}"},
         "advisory_summary", FIXES),
        ({"id": "RHSA-2099:1", "description": "The larkd packages provide a printer daemon.\n\n"
          "* larkd: use of freed memory in a queue (CVE-2099-1)\n\n* larkd: a page tells all"},
         "advisory_summary",
         "- larkd: use of freed memory in a queue (CVE-2099-1).\n- larkd: a page tells all."),
        ({"title": "VPN flaw used", "summary": "Thieves use a flaw in Lark VPN to read mail.",
          "content": "Thieves use a flaw in Lark VPN to read mail. Its maker has no cure yet."},
         "text_summary",
         "Thieves use a flaw in Lark VPN to read mail. Its maker has no cure yet."),
        ({"title": "VPN flaw used", "text": "Is it used by thieves? Yes, since May. Thieves read"
          " mail through Lark VPN since its key is in every box."},
         "text_summary", "Is it used by thieves? Yes, since May. Thieves read mail through Lark"
         " VPN since its key is in every box."),
        (report("These were three drills. Every ship took part with its crew."),
         "text_summary", "These were three drills. Every ship took part with its crew."),
        (report("Sailors who drink and never sleep.\n\nThieves robbed six ships in one year."),
         "text_summary", "Thieves robbed six ships in one year."),
        (report("Below is what we have learned. Thieves robbed six ships in a year."),
         "text_summary", "Thieves robbed six ships in a year."),
        ({"type": "threat actor", "name": "GREY OTTER", "text": "GREY OTTER is a group that has"
          " robbed ships since 2081. It comes by night."}, "group_profile",
         "GREY OTTER is a group that has robbed ships since 2081. It comes by night."),
        (report("Hi all, thieves took the rope. Thanks to Ida for the report. Look for the man"
                " named above. The harbour paid for a new one."), "text_summary",
         "Thieves took the rope. Thanks to Ida for the report. Look for the man named above. The"
         " harbour paid for a new one."),
        (report("Thieves took the rope of a ship.\n\nWhat we did. We bought a new one for it."),
         "text_summary",
         "Thieves took the rope of a ship.\n\nWhat we did. We bought a new one for it."),
        (report("Thieves took the rope of a ship. Was it old? Yes, it was. It was of no use at all."
                " The harbour paid for a new one."), "text_summary",
         "Thieves took the rope of a ship. Was it old? Yes, it was. It was of no use at all. The"
         " harbour paid for a new one."),
        (report("Thieves took the rope of a ship.\n\nWhat to do:\nLock all ropes at night."),
         "text_summary",
         "Thieves took the rope of a ship.\n\nWhat to do:\nLock all ropes at night."),
        (report("Never expose the admin port to the internet. Put a reverse proxy in front."),
         "text_summary",
         "Never expose the admin port to the internet. Put a reverse proxy in front."),
    ],
)  # fmt: skip
def test_what_a_text_begins_with(record: Record, type_: str, said: str) -> None:
    assert answer(record, type_) == said


def test_a_commit_is_told_without_its_orders_and_with_its_title() -> None:
    """Only the title says what kind of flaw it was, and nobody else is to move the call."""
    text = (
        "In the Lark kernel, the following vulnerability has been resolved:\n\nlark: fix a double"
        " free\n\nlark_cut() frees the rope when the bell is silent, and lark_ring() frees it again"
        " later on. Move the call behind the bell. Note that lark_tie() is right."
    )
    told = str(answer(flaw(text), "vulnerability_explanation"))
    assert "Move" not in told and "Note that" not in told
    assert told.endswith('The commit that repairs it is called "lark: fix a double free".')


def test_a_name_in_code_that_nothing_brings_in_ends_a_description() -> None:
    """Nobody knows what Rope::Base has to do with it."""
    told = "The lamp burns a rope of the ship. It falls then, and nobody sees it."
    code = "## Details\nIn `rope.rs` the rope is tied with `Rope::Base`:\n\n```\ntie(b);\n```\n\n"
    text = f"{told}\n\n{code}`Rope::Base` resolves to the rope of the base."
    assert answer(flaw(text), "vulnerability_explanation") == told
    known = f"{told} Rope::Base is one.\n\n{code}`Rope::Base` resolves to the rope of the base."
    assert "resolves to" in str(answer(flaw(known), "vulnerability_explanation"))
    does = f"{told}\n\n{code}`Rope::tie` does look for a knot, but not for two."
    assert "does look" in str(answer(flaw(does), "vulnerability_explanation"))
