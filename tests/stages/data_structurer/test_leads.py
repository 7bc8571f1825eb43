"""What a text begins with, as an answer: not only a product, an order or a heading."""

from __future__ import annotations

import pytest

from stages.base import Record
from tests.stages.data_structurer.test_own_answers import answer, flaw, report


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
        (report("Never expose the admin port to the internet. Put a reverse proxy in front."),
         "text_summary",
         "Never expose the admin port to the internet. Put a reverse proxy in front."),
    ],
)  # fmt: skip
def test_what_a_text_begins_with(record: Record, type_: str, said: str) -> None:
    assert answer(record, type_) == said
