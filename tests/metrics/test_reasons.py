"""Messages counted by kind: grouped by a template that nobody sees, shown by a real one."""

from __future__ import annotations

from collections import Counter

import pytest

from workers.metrics.reasons import LONGEST, Reasons, kind_of

WINDOW = "a prompt of {} tokens doesn't fit the model's window"


def test_a_kind_is_shown_by_its_first_message_word_for_word() -> None:
    messages = [WINDOW.format(12), "CVE-2021-44228.json: no text", WINDOW.format(2100)]
    messages += ["latin1.jsonl line 7: not UTF-8", "latin1.jsonl line 9: not UTF-8"]
    messages += ["KeyError: 'cve'", "KeyError: 'cwe'", "KeyError: 'capec'"]
    assert Reasons.of(messages).most_common() == {
        "KeyError: 'cve'": 3,
        WINDOW.format(12): 2,
        "latin1.jsonl line 7: not UTF-8": 2,
        "CVE-2021-44228.json: no text": 1,
    }
    assert list(Reasons.of(messages).most_common(1)) == ["KeyError: 'cve'"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("line 1: bad", "line 23: bad", True),
        ("expected 'null' at byte 1", "expected 'true' at byte 5", True),
        ('no field "a"', 'no field "b c"', True),
        ("the model's window", "the record's window", False),
        ("answer 'cut off in the mid", "answer 'of another text", True),
        ("no text", "no record", False),
    ],
)
def test_numbers_and_quotes_make_no_kind_of_their_own(one: str, other: str, same: bool) -> None:
    assert (kind_of(one) == kind_of(other)) == same
    assert Reasons.of([one, other]).total == 2


def test_what_is_shown_is_short_and_steers_no_terminal() -> None:
    long = Reasons.of(["x" * 5000]).most_common()
    assert [len(message) for message in long] == [LONGEST]
    assert list(Reasons.of(["bad\x1b[2J\nline"]).most_common()) == ["bad?[2J?line"]


def test_reasons_of_many_chunks_add_up() -> None:
    whole = Reasons()
    for numbers in ([1, 2], [3], []):
        whole.update(Reasons.of(WINDOW.format(n) for n in numbers).most_common())
    assert whole.most_common() == {WINDOW.format(1): 3}


def test_a_kind_that_is_gone_is_forgotten_and_comes_back_with_a_new_example() -> None:
    reasons = Reasons()
    kind = reasons.note(WINDOW.format(1))
    assert reasons.total == 0
    reasons.exchange(Counter(), Counter({kind: 2}))
    assert reasons.most_common() == {WINDOW.format(1): 2}
    reasons.exchange(Counter({kind: 2}), Counter())
    assert reasons.most_common() == {}
    reasons.add(WINDOW.format(9))
    assert reasons.most_common() == {WINDOW.format(9): 1}
