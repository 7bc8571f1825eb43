"""One-line errors, arguments added when needed, and help that shows each value once."""

from __future__ import annotations

import pytest

from workers.core.command_parser import CommandParser


@pytest.fixture
def parser() -> CommandParser:
    made = CommandParser(prog="test")
    made.add_argument("-n", "--number", type=int, metavar="N", help="a number")
    made.add_argument("--share", type=float)
    made.add_argument("--all", action="store_true")
    made.add_argument("file", nargs="?")
    made.add_version()
    return made


def fails(parser: CommandParser, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        parser.parse_args(arguments)
    assert stopped.value.code == 2
    message = capsys.readouterr().err
    assert message.startswith("error: ") and message.count("\n") == 1
    assert message.endswith("(more: test --help)\n")
    return message


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--number", "x"], "-n/--number x: must be a whole number"),
        (["--share", "x y"], "--share x y: must be a number"),
        (["--number"], "-n/--number: expected one argument"),
        (["--nubmer", "3"], "--nubmer: no such option; did you mean --number?"),
        (["--nubmer=3"], "--nubmer: no such option; did you mean --number?"),
        (["--zzz"], "--zzz: no such option (more"),
        (["--num", "3"], "--num: no such option"),
        (["a", "b"], "b: no such argument"),
        (["--a\x1b[31m\nb"], "--a?[31m?b: no such option"),
    ],
)
def test_errors_are_one_line_and_safe_to_print(
    parser: CommandParser, capsys: pytest.CaptureFixture[str], arguments: list[str], part: str
) -> None:
    assert part in fails(parser, capsys, *arguments)


def test_help_shows_a_value_once(parser: CommandParser) -> None:
    assert "  -n, --number N " in parser.format_help()
    assert "  --all\n" in parser.format_help()


def test_the_version_is_said(parser: CommandParser, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        parser.parse_args(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith("cyberllm-pool ")


def test_a_command_adds_its_arguments_when_it_is_called_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    filled: list[str] = []

    def fill(parser: CommandParser) -> None:
        filled.append(parser.prog)
        parser.add_argument("--deep")

    main = CommandParser(prog="test")
    commands = main.add_subparsers()
    for name in ("one", "two"):
        commands.add_parser(name, fill=fill)
    assert main.format_help() and filled == []
    assert main.parse_args(["two", "--deep", "x"]).deep == "x"
    assert filled == ["test two"]
    with pytest.raises(SystemExit):
        main.parse_args(["one", "--dep", "x"])
    assert "did you mean --deep? (more: test one --help)" in capsys.readouterr().err
