"""What a person is told about a run that waits: how many pairs, and the command to give."""

from __future__ import annotations

import pytest

from workers.run.review_notice import review_notice


@pytest.mark.parametrize(
    ("undecided", "said"),
    [
        (2, "2 pairs wait for review: python -m stages.manual_reviewer first, and then: "),
        (1, "1 pair waits for review: python -m stages.manual_reviewer first, and then: "),
        (0, "everything is decided; close the reviewer if it is open, then: "),
    ],
)
def test_the_notice_ends_with_the_command_to_give(undecided: int, said: str) -> None:
    assert review_notice("first", undecided) == f"{said}python coordinator.py resume first"
