"""One schema that is refused takes nothing from the others."""

from __future__ import annotations

from workers.endpoint.guided import Guided

GOOD, BAD, WORSE = ({"type": "object", "title": name} for name in ("good", "bad", "worse"))


def test_one_that_is_refused_is_put_in_words_from_then_on_and_no_other() -> None:
    found = Guided()
    assert found.takes(BAD)
    found.refused(BAD)
    assert not found.takes(BAD) and found.takes(GOOD)


def test_a_server_that_takes_none_is_not_asked_for_long() -> None:
    found = Guided()
    found.refused(BAD)
    found.refused(WORSE)
    assert not found.takes(GOOD)


def test_one_that_was_taken_shows_that_it_takes_some() -> None:
    found = Guided()
    found.took(GOOD)
    for schema in (BAD, WORSE, GOOD):  # the last time it was something else that was refused
        found.refused(schema)
    assert found.takes(GOOD) and found.takes({"type": "string"}) and not found.takes(BAD)
