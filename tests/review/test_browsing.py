"""Filters, search and order of the pairs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stages.manual_reviewer.decision import Decision
from stages.manual_reviewer.note import ACCEPT, EDIT, REJECT
from tests.review_help import flagged, pair, review_queue
from workers.core.errors import UsageError
from workers.review.browsing import Wishes, browse, domains
from workers.review.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Pairs 1 to 5: open, accepted, edited, rejected, and a flagged one."""
    records = [*map(pair, range(1, 5)), flagged(5) | {"primary_domain": "malware"}]
    made = Desk(review_queue(tmp_path, records, 10))
    made.take()
    made.decide("0:2", 0, Decision(ACCEPT))
    made.decide("0:3", 0, Decision(EDIT, instruction="What can an attacker do with Gate three?"))
    made.decide("0:4", 0, Decision(REJECT, reason="wrong"))
    yield made
    made.close()


def ids(desk: Desk, **wishes: str) -> str:
    found = browse(desk.items.values(), Wishes(**{"sort": "order", **wishes}))
    return "".join(item.id[2:] for item in found)


@pytest.mark.parametrize(
    ("show", "found"),
    [("open", "15"), ("all", "12345"), ("accepted", "2"), ("edited", "3"), ("rejected", "4"),
     ("flagged", "5"), ("by rule", ""), ("failed", "")],
)  # fmt: skip
def test_what_is_shown(desk: Desk, show: str, found: str) -> None:
    assert ids(desk, show=show) == found


def test_search_looks_for_every_word_in_the_pair_as_it_is_now(desk: Desk) -> None:
    assert ids(desk, show="all", search="GATE three") == "3"
    assert ids(desk, show="all", search="v-4") == "4" and ids(desk, show="all", search="0:2") == "2"
    assert ids(desk, show="all", search="review required") == "5"
    assert ids(desk, show="all", search="gate bananas") == ""


def test_by_domain_and_by_doubt(desk: Desk) -> None:
    assert ids(desk, domain="malware") == "5" and ids(desk, domain="network_security") == "1"
    assert ids(desk, sort="doubt") == "51"
    assert domains(desk.items.values()) == {"network_security": 4, "malware": 1}


def test_what_can_not_be_chosen_is_refused() -> None:
    with pytest.raises(UsageError, match="show 'everything': must be one of open, all"):
        Wishes(show="everything")
    with pytest.raises(UsageError, match="sort 'luck'"):
        Wishes(sort="luck")
