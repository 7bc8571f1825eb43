"""`make finetune`: mlx_lm trains on an assembled dataset; with a tiny model here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from examples import finetune
from tests.dataset_help import pair, write_lines
from workers.cli.assembly import assemble_dataset
from workers.cli.assembly_flags import assembly_parser


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    pairs = write_lines(tmp_path / "own.jsonl", [pair(number) for number in range(30)])
    target = tmp_path / "made"
    how = [str(pairs), "-o", str(target), "--split", "80/20"]
    assemble_dataset(assembly_parser().parse_args(how))
    return target


def test_some_steps_lower_the_loss_of_pairs_that_were_held_out(
    dataset: Path, tmp_path: Path, tiny_model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    adapters = tmp_path / "adapters"
    how = [
        "--data",
        dataset,
        "--model",
        tiny_model,
        "--adapter-path",
        adapters,
        "--iters",
        "6",
        "--num-layers",
        "2",
    ]
    assert finetune.main(list(map(str, how))) == 0
    said = re.search(
        r"held-out loss before: ([\d.]+)   after 6 steps: ([\d.]+)", capfd.readouterr().out
    )
    assert said is not None
    assert float(said[2]) < float(said[1])
    assert (adapters / "adapters.safetensors").is_file()


def test_without_a_dataset_it_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert finetune.main(["--data", str(tmp_path)]) == 2
    assert "`make demo` makes them" in capsys.readouterr().err


def test_a_batch_is_no_larger_than_what_is_held_out(tmp_path: Path) -> None:
    args = finetune.parse(["--data", str(tmp_path), "--iters", "7"])
    assert finetune.settings(args, "m", 2).batch_size == 2
    chosen = finetune.settings(args, "m", 100)
    assert (chosen.batch_size, chosen.iters, chosen.mask_prompt) == (4, 7, True)
