"""Rules without a model: placeholders are removed, trust is a well-known source's."""

from __future__ import annotations

import time
from typing import Any

import pytest

from stages.data_filter.rules import SHORTEST, SHORTEST_TRUSTED, fails_rules, is_trusted
from stages.text.record_text import read_record
from tests.stage_help import PATIENCE, hostile_records


def test_a_text_is_removed_for_what_all_of_it_is() -> None:
    todo = read_record({"title": "Worm", "description": "TODO"})
    assert fails_rules(todo, trusted=True) == "placeholder text"
    half = read_record(
        {"description": ["TODO", "A worm that spreads by the print jobs of others."]}
    )
    assert fails_rules(half, trusted=False) is None


@pytest.mark.parametrize(("shortest", "trusted"), [(SHORTEST, False), (SHORTEST_TRUSTED, True)])
def test_a_text_has_a_shortest_length(shortest: int, trusted: bool) -> None:
    short, enough = ("Print jobs carry worms " * 9)[: shortest - 1] + ".", "A" * shortest
    assert fails_rules(read_record({"text": enough}), trusted) is None
    told = fails_rules(read_record({"text": short[: shortest - 1]}), trusted)
    assert told == f"shorter than {shortest} characters"


def test_a_record_of_which_only_the_title_is_left_is_removed_with_that_reason() -> None:
    """Else who looks for what became of a long text finds that it was short."""
    only = read_record({"title": "Opal worm", "text": ""})
    assert fails_rules(only, trusted=False) == "no text besides its title"
    both = read_record({"title": "Opal worm", "text": "It spreads."})
    assert fails_rules(both, trusted=False) == f"shorter than {SHORTEST} characters"


@pytest.mark.parametrize(
    "record",
    [
        {"source": "NVD"},
        {"publisher": "MITRE ATT&CK"},
        {"url": "https://nvd.nist.gov/vuln/detail/CVE-2031-10001"},
        {"cve": {"sourceIdentifier": "cve@mitre.org"}},
        {"Source": {"name": "CISA"}} | {"feed": "cisa"},
    ],
)
def test_well_known_sources(record: dict[str, Any]) -> None:
    assert is_trusted(record)


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"source": "my nvd mirror"},
        {"url": "https://nvd.nist.gov.evil.example/"},
        {"url": "https://nvd.nist.gov@evil.example/"},
        {"url": "https://evil.example/nist.gov"},
        {"url": "https://evilnist.gov/"},
        {"title": "NVD"},
        {"cve": {"cve": {"source": "NVD"}}},
        {"source": 7},
    ],
)
def test_what_only_looks_like_one(record: dict[str, Any]) -> None:
    assert not is_trusted(record)


def test_hostile_records_are_judged_in_time() -> None:
    started = time.perf_counter()
    for record in [*hostile_records(100), {"url": "a" * 100_000}, {"source": "@" * 100_000}]:
        assert is_trusted(record) in (True, False)
    assert time.perf_counter() - started < 3 * PATIENCE
