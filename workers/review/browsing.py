"""Which pairs a reviewer sees, and in which order: filters, search, and sorting by doubt.

Knows pairs; changes nothing.  Invariant: the same desk and the same wishes give the same list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from stages.manual_reviewer.note import ACCEPT, EDIT, REJECT
from workers.core.errors import UsageError
from workers.queue.json_lines import id_order
from workers.review.desk import FAILED, OPEN, DeskItem

SHOW: Mapping[str, Callable[[DeskItem], bool]] = {
    "open": lambda item: item.state == OPEN,
    "all": lambda item: True,
    "flagged": lambda item: bool(item.pair.flags),
    "accepted": lambda item: item.state == ACCEPT,
    "edited": lambda item: item.state == EDIT,
    "rejected": lambda item: item.state == REJECT,
    "by rule": lambda item: item.note is not None and item.note.rule != "",
    "failed": lambda item: item.state == FAILED,
}
SORT: Mapping[str, Callable[[DeskItem], tuple[float, ...]]] = {
    "doubt": lambda item: (-item.pair.doubt, *id_order(item.id)),
    "order": lambda item: tuple(map(float, id_order(item.id))),
}


@dataclass(frozen=True)
class Wishes:
    """What a reviewer wants to see; raises UsageError for what can't be chosen."""

    show: str = "open"
    domain: str = ""
    search: str = ""
    sort: str = "doubt"

    def __post_init__(self) -> None:
        for name, value, known in (("show", self.show, SHOW), ("sort", self.sort, SORT)):
            if value not in known:
                raise UsageError(f"{name} {value!r}: must be one of {', '.join(known)}")


def browse(items: Iterable[DeskItem], wishes: Wishes) -> list[DeskItem]:
    """The pairs that are wanted, in the wanted order."""
    words = wishes.search.casefold().split()
    shows = SHOW[wishes.show]
    found = [
        item
        for item in items
        if shows(item)
        and wishes.domain in ("", item.pair.domain)
        and (not words or all(word in _searched(item) for word in words))
    ]
    return sorted(found, key=SORT[wishes.sort])


def _searched(item: DeskItem) -> str:
    """What a search looks through: the pair, what it is about, its flags and its id."""
    pair = item.current
    parts = (pair.instruction, pair.response, *pair.about.values(), *item.pair.flags, item.id)
    return "\n".join(parts).casefold()


def domains(items: Iterable[DeskItem]) -> dict[str, int]:
    """How many pairs each primary domain has, the commonest first."""
    counts = Counter(item.pair.domain for item in items if item.pair.domain)
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
