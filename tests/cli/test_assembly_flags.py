"""The flags of the assembler: what was not given is not made up, and each has its option."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from stages.final_assembler.options import parse_options
from workers.cli.assembly_flags import assembly_parser


def test_a_flag_that_was_not_given_leaves_the_file_to_count() -> None:
    given = vars(assembly_parser().parse_args(["a", "b", "-o", "made"]))
    assert (given.pop("runs"), given.pop("output")) == (["a", "b"], Path("made"))
    assert all(value is None or value is False for value in given.values())


def test_every_option_of_an_assembly_has_a_flag() -> None:
    flags = vars(assembly_parser().parse_args(["a", "-o", "made"]))
    assert set(inspect.signature(parse_options).parameters) <= set(flags)


def test_values_come_as_what_they_are() -> None:
    given = assembly_parser().parse_args(
        ["run", "--output", "made", "--config", "how.yaml", "--partial", "--no-dedup"]
        + ["--dedup-threshold", ".7", "--cap", "domain=5", "--cap", "kind=20%", "--ngram", "8"]
        + ["--split", "95/5", "--decontaminate", "a.csv", "b c.csv", "--export", "mlx,openai"]
        + ["--export", "alpaca", "--system", "", "--licence", "mit", "--sheet", "s.md"]
    )
    assert (given.dedup_threshold, given.ngram, given.split) == (0.7, 8, "95/5")
    assert (given.cap, given.export) == (["domain=5", "kind=20%"], ["mlx,openai", "alpaca"])
    assert given.decontaminate == [Path("a.csv"), Path("b c.csv")]
    assert (given.config, given.sheet) == (Path("how.yaml"), Path("s.md"))
    assert given.partial and given.no_dedup
    assert (given.system, given.licence, given.title) == ("", "mit", None)


def test_names_that_other_tools_use_are_taken_as_well() -> None:
    given = assembly_parser().parse_args(["r", "-o", "d", "--format", "mlx", "--license", "mit"])
    assert (given.export, given.licence) == (["mlx"], "mit")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "made"], "RUN"),
        (["run"], "-o/--output"),
        (["run", "-o", "made", "--ngram", "many"], "--ngram"),
        (["run", "-o", "made", "--dedup-threshold", "x\x1b[2J"], "--dedup-threshold"),
        (["run", "-o", "made", "--exports", "mlx"], "did you mean --export?"),
        (["run", "-o", "made", "--part"], "--part: no such option"),
        (["run", "-o", "made", "--decontaminate"], "--decontaminate"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_flag(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        assembly_parser().parse_args(arguments)
    told = capsys.readouterr().err
    assert ended.value.code == 2 and said in told
    assert told.startswith("error: ") and told.count("\n") == 1 and "\x1b" not in told


def test_help_names_every_flag_with_its_default(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        assembly_parser().parse_args(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert all(one in told for one in ("0.85", "90/5/5", "default: 13", "messages,mlx", "20%"))
    assert "%%" not in told
