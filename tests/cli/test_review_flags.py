"""The reviewer's flags: what they take, and rules that are refused under their flag's name."""

from __future__ import annotations

import pytest

from workers.cli.review_flags import review_parser, rules_of
from workers.core.errors import UsageError


def test_what_is_given_and_what_is_not() -> None:
    options = review_parser().parse_args(["first", "--port", "8000", "--reviewer", "anna"])
    assert (options.subject, options.port, options.reviewer) == (["first"], 8000, "anna")
    assert not options.terminal and options.auto_accept == [] and options.format == "jsonl"
    assert rules_of(options) == []


@pytest.mark.parametrize("port", ["0", "65536", "x", "-1"])
def test_a_port_that_is_none(port: str) -> None:
    with pytest.raises((SystemExit, UsageError)):
        review_parser().parse_args(["first", f"--port={port}"])


def test_each_rule_and_the_sample_make_one() -> None:
    flags = ["first", "--auto-accept", "grounded>=0.9", "--auto-accept", "words>3"]
    assert len(rules_of(review_parser().parse_args([*flags, "--sample", "5%"]))) == 3


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (["--auto-accept", "grounded>=0.9", "--auto-accept", "__import__('os')"], "--auto-accept"),
        (["--sample", "200%"], "--sample 200%: "),
    ],
)
def test_a_rule_that_is_none_is_refused_under_its_flag(flags: list[str], named: str) -> None:
    with pytest.raises(UsageError) as refused:
        rules_of(review_parser().parse_args(["first", *flags]))
    assert str(refused.value).startswith(named) and "import" not in str(refused.value)[:14]
