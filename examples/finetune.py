"""The demo's dataset put to use: a few steps of LoRA on the default model, with mlx_lm.

`make finetune` calls it.  What is trained and measured is mlx_lm's own; this only picks settings
that a CPU can do in minutes, and says what the held-out pairs cost before and after.  Invariant:
the held-out pairs are the dataset's validation part, which no step sees.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # so that it also runs as `python examples/finetune.py`

from workers.core.terminal import duration  # noqa: E402
from workers.generation import linux_cpu  # noqa: E402
from workers.model_store import resolve  # noqa: E402
from workers.settings.config import DEFAULT_MODEL  # noqa: E402

DATASET = ROOT / "build" / "demo" / "dataset"
ADAPTERS = ROOT / "build" / "demo" / "adapters"
LARGEST_BATCH = 4
HELD_OUT_BATCHES = 4


class HeldOut:
    """Takes down what mlx_lm reports of the validation part; the first is before any step."""

    def __init__(self) -> None:
        self.losses: list[float] = []

    def on_train_loss_report(self, train_info: dict[str, Any]) -> None:
        """Has the interface of mlx_lm's TrainingCallback."""

    def on_val_loss_report(self, val_info: dict[str, Any]) -> None:
        self.losses.append(float(val_info["val_loss"]))


def main(argv: Sequence[str] | None = None) -> int:
    """Train and say what it did; the exit status."""
    args = parse(argv)
    counts = {side: pairs_in(args.data / f"{side}.jsonl") for side in ("train", "valid")}
    if not all(counts.values()):
        print(f"error: {args.data}: no train.jsonl and valid.jsonl; `make demo` makes them",
              file=sys.stderr)  # fmt: skip
        return 2
    linux_cpu.prepare()  # before mlx is imported
    model = resolve(args.model)
    print(f"{counts['train']} pairs to train on, {counts['valid']} held out; {args.model}")
    begun = time.monotonic()
    held_out = trained(settings(args, str(model), min(counts.values())))
    before, after = held_out.losses[0], held_out.losses[-1]
    print(f"\nheld-out loss before: {before:.3f}   after {args.iters} steps: {after:.3f}")
    print(f"in {duration(time.monotonic() - begun)}; adapters: {args.adapter_path}")
    print(f"try it: mlx_lm.generate --model {model} --adapter-path {args.adapter_path} "
          '--prompt "What is CWE-79?"')  # fmt: skip
    return 0


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line; the defaults are what `make finetune` takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=DATASET, metavar="FOLDER")
    parser.add_argument("--model", default=DEFAULT_MODEL, metavar="ID|PATH")
    parser.add_argument("--iters", type=int, default=20, metavar="N", help="default 20")
    parser.add_argument("--num-layers", type=int, default=8, metavar="N", help="default 8")
    parser.add_argument("--adapter-path", type=Path, default=ADAPTERS, metavar="FOLDER")
    return parser.parse_args(argv)


def pairs_in(path: Path) -> int:
    return len(path.read_bytes().splitlines()) if path.is_file() else 0


def settings(args: argparse.Namespace, model: str, fewest: int) -> SimpleNamespace:
    """mlx_lm.lora's own defaults, but for what makes it short enough for a CPU."""
    from mlx_lm.lora import CONFIG_DEFAULTS

    ours = {
        "model": model,
        "data": str(args.data),
        "train": True,
        "iters": args.iters,
        "adapter_path": str(args.adapter_path),
        "batch_size": min(LARGEST_BATCH, fewest),
        "num_layers": args.num_layers,
        "learning_rate": 2e-4,
        "max_seq_length": 512,
        "val_batches": HELD_OUT_BATCHES,
        "steps_per_eval": max(2, args.iters),
        "mask_prompt": True,
    }
    return SimpleNamespace(**{**CONFIG_DEFAULTS, **ours})


def trained(chosen: SimpleNamespace) -> HeldOut:
    """Do it; the adapters are on disk afterwards."""
    from mlx_lm import load, lora
    from mlx_lm.tuner.datasets import load_dataset

    held_out = HeldOut()
    model, tokenizer, *_ = load(chosen.model)
    train, valid, _ = load_dataset(chosen, cast(Any, tokenizer))
    lora.train_model(chosen, model, train, valid, cast(Any, held_out))
    return held_out


if __name__ == "__main__":
    sys.exit(main())
