"""Options of an assembly in YAML."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.cli.assembly_settings import read_settings
from workers.core.errors import UsageError


def read(tmp_path: Path, text: str) -> dict[str, object]:
    path = tmp_path / "how.yaml"
    path.write_text(text)
    return read_settings(path)


def test_names_as_on_the_command_line(tmp_path: Path) -> None:
    text = "dedup-threshold: 0.9\nexport: mlx\ncap: {domain: 5, source: 20%}\nno_dedup: true\n"
    text += "decontaminate: [a.csv]\nsheet: s.txt\nsystem:\n"
    assert read(tmp_path, text) == {
        "dedup_threshold": 0.9,
        "export": ["mlx"],
        "cap": ["domain=5", "source=20%"],
        "no_dedup": True,
        "decontaminate": [Path("a.csv")],
        "sheet": Path("s.txt"),
    }
    assert read(tmp_path, "") == {}
    assert read(tmp_path, "format: mlx\nlicense: mit") == {"export": ["mlx"], "licence": "mit"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("colour: red", "colour: no such option; the options are split"),
        ("ngram: many", "ngram: must be a number"),
        ("ngram: true", "ngram: must be a number"),
        ("no_dedup: 1", "no_dedup: must be true or false"),
        ("export: {a: 1}", "export: must be a list"),
        ("export: [1]", "export: must be a list of texts"),
        ("cap: 5", "cap: must be like"),
        ("title: 5", "title: must be text"),
        ("- a", "must hold options"),
        ("a: [", "not valid YAML"),
    ],
)
def test_wrong_ones_are_named_with_the_file(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(UsageError) as error:
        read(tmp_path, text)
    assert str(error.value).startswith(f"--config {tmp_path / 'how.yaml'}: ")
    assert problem in str(error.value)
