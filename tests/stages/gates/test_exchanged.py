"""A fact turned round, or with one word for another, reads as well as the right one."""

from __future__ import annotations

import time

import pytest

from examples import make_input
from stages.gates.exchanged import exchanged

TEXT = (
    "Release 4.1.7 repairs the loop that came with release 4.1.6 of the reader. It fills a buffer"
    " with sprintf. They started nltest on five hosts in Oslo. Some 30 million letters were lost."
    " The sale ran from 2 May to 9 May. It moves /var/a to /var/b at night. Umber Bank sued Sienna"
    " over the leak. It hit Umber, Sienna and Ochre Mills."
)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("It fills a buffer with snprintf.", ["snprintf for sprintf"]),
        ("They started dsquery on five hosts in Oslo.", ["dsquery for nltest"]),
        ("Some 30 billion letters were lost.", ["billion for million"]),
        ("They started nltest on one host in Oslo.", ["one for five"]),
        ("They started nltest on dozens of hosts in Oslo.", ["dozens for five"]),
        ("They started nltest on five hosts in Bonn.", ["Bonn for Oslo"]),
        (
            "Release 4.1.6 repairs the loop that came with release 4.1.7 of the reader.",
            ["4.1.6 for 4.1.7", "4.1.7 for 4.1.6"],
        ),
        ("The sale ran from 9 May to 2 May.", ["9 May for 2 May", "2 May for 9 May"]),
        ("It moves /var/b to /var/a at night.", ["/var/b for /var/a", "/var/a for /var/b"]),
        (
            "Sienna sued Umber Bank over the leak.",
            ["Sienna for Umber Bank", "Umber Bank for Sienna"],
        ),
    ],
)
def test_a_word_or_fact_in_the_place_of_another_is_found(answer: str, found: list[str]) -> None:
    """Somebody would look for the wrong tool, or update to the release that has the flaw."""
    assert exchanged(answer, TEXT) == found


@pytest.mark.parametrize(
    "answer",
    [
        "The reader fills a buffer with sprintf.",
        "It filled buffers with sprintf.",
        "It hit Ochre Mills, Umber and Sienna.",
        "It hit Sienna and Umber.",
        "The sale ran to 9 May from 2 May.",
        "At night it moves /var/a to /var/b.",
        "Ochre Mills: 5 hosts, rated high.",
        "It fills its buffers of a fixed length by using sprintf.",
        "It looks for a host in Oslo that was restarted by night.",
        "Clerks are warned of letters that were lost.",
        "Ask each clerk for a pass.",
        "",
    ],
)
def test_names_for_pronouns_and_lists_and_moved_phrases_exchange_nothing(answer: str) -> None:
    """Else records' own words, and a good model's, would be lost for being put well."""
    text = f"{TEXT} Detects a host in Oslo that was restarted by night. Lost letters warn clerks."
    text += " ADVICE:Ask each clerk for a pass."
    assert exchanged(answer, text, "the reader") == []


def test_the_sentence_that_an_answer_is_nearest_to_decides() -> None:
    """Sources say much the same of several versions; each may be told."""
    text = "Branch 7 gets no more patches. Branch 8 gets no more features."
    assert exchanged("Branch 8 gets no more features.", text) == []
    assert exchanged("Branch 7 gets no more features.", text) != []


def test_a_record_exchanges_nothing_of_its_own() -> None:
    for record in list(make_input.attack_techniques())[:40]:
        assert exchanged(record["description"], record["description"]) == []


def test_a_long_source_costs_little_time() -> None:
    text = "".join(f"Host {n} of site {n % 7} sends mail to host {n + 1}. " for n in range(3_000))
    began = time.process_time()
    exchanged("Host 1 of site 9 sends mail to host 5. " * 20, text)
    exchanged("a b c d " * 2_000, "a b d c " * 20_000)
    assert time.process_time() - began < 5
