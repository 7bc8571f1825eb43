"""The whole pipeline on real text: from nothing to a dataset, in a few minutes.

`make demo` calls it.  Knows the command line of coordinator.py and the layout of a run;
imports nothing of the workers that would load a model.  Invariant: each call is a run
of its own, and a run that was cut short can be resumed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # so that it also runs as `python examples/demo.py`

from examples import make_input  # noqa: E402
from workers.core.terminal import duration, plain_text  # noqa: E402
from workers.metrics.metric_kinds import ModelBatch  # noqa: E402
from workers.performance_logger import read_metrics  # noqa: E402

COORDINATOR = [sys.executable, "coordinator.py"]
LONGEST_SHOWN = 600  # characters of an example that are printed
DATASET = ROOT / "build" / "demo" / "dataset"
SPLIT = "80/20"  # so few pairs leave too few to validate with at 90/5/5
CARD_LINES = 16


@dataclass(frozen=True)
class Demo:
    """One run of the demo: its name, its input and what it is run with."""

    run: str
    records: int
    workers: int
    chunk_size: int | None = None

    @property
    def input_path(self) -> Path:
        return ROOT / "build" / "demo" / f"{self.run}.jsonl"

    def command(self) -> list[str]:
        settings = {
            "-i": self.input_path,
            "--run": self.run,
            "--workers": self.workers,
            "--chunk-size": self.chunk_size,
        }
        given = [(flag, str(value)) for flag, value in settings.items() if value is not None]
        return [*COORDINATOR, "run", *(part for pair in given for part in pair)]


def main(argv: Sequence[str] | None = None) -> int:
    """Make the input, run it, check it, show it; returns the coordinator's exit status."""
    demo = parse(argv)
    demo.input_path.parent.mkdir(parents=True, exist_ok=True)
    records = make_input.records(demo.records)
    demo.input_path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    introduce(demo, records)
    begun = time.monotonic()
    status = passed_through(demo.command())
    seconds = time.monotonic() - begun
    if status == 130:
        print(f"\nStopped. Nothing is lost: python coordinator.py resume {demo.run}")
    if status not in (0, 3):
        return status
    verified = verify(demo)
    show(demo, seconds)
    return verified or assemble(demo) or status


def parse(argv: Sequence[str] | None) -> Demo:
    """The command line; the defaults are what `make demo` takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--records", type=int, default=24, metavar="N", help="default 24")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="default 2")
    parser.add_argument("--chunk-size", type=int, metavar="N", help="default: what fits")
    chosen = parser.parse_args(argv)
    run = f"demo-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    return Demo(run, chosen.records, chosen.workers, chosen.chunk_size)


def introduce(demo: Demo, records: list[dict[str, Any]]) -> None:
    """Say what is about to happen, and how to disturb it."""
    off_topic = sum(str(record.get("id", "")).startswith("python-package:") for record in records)
    print(f"Input: {len(records)} records in {shown(demo.input_path)}")
    print(f"  {len(records) - off_topic} from ATT&CK and CWE, and {off_topic} about other things,")
    print("  which the data filter should remove.")
    print("To see a worker killed and started again, in another terminal:")
    print(f"  python coordinator.py status {demo.run}    (lists the workers' PIDs)")
    print("  kill -9 PID\n", flush=True)


def passed_through(command: list[str]) -> int:
    """Run with this terminal as its own.  Ctrl-C reaches the command too, and it decides."""
    with subprocess.Popen(command, cwd=ROOT) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def assemble(demo: Demo) -> int:
    """Make the dataset, show the beginning of its card, and say what to do with it."""
    target = shown(DATASET)
    print("\nAssembling it:", flush=True)
    command = [sys.executable, "-m", "stages.final_assembler", demo.run, "-o", str(target)]
    if status := passed_through([*command, "--split", SPLIT]):
        return status
    card = (DATASET / "README.md").read_text(encoding="utf-8").split("---\n", 2)[2]
    print("\nIts card begins:\n")
    print("\n".join(f"  {plain_text(line)}" for line in card.strip().splitlines()[:CARD_LINES]))
    print("\nTrain on it:  make finetune, or")
    print(f"  mlx_lm.lora --train --data {target} --model MODEL --iters 100")
    return 0


def verify(demo: Demo) -> int:
    """Recount the run; what verify has to say is shown when it found something."""
    command = [*COORDINATOR, "verify", demo.run]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        print(f"\n{done.stdout}{done.stderr}")
    else:
        print("\nverify: ok, every record is accounted for, once")
    return done.returncode


def show(demo: Demo, seconds: float) -> None:
    """Where the dataset is, how the records ended, how fast it went, and what it reads like."""
    dataset = dataset_path(demo)
    pairs = [json.loads(line) for line in dataset.read_bytes().splitlines()]
    print(f"\nDataset: {len(pairs)} pairs in {shown(dataset)}\n")
    show_stages(demo)
    print(f"\nTime: {duration(seconds)}, model loading and all; {throughput(demo, seconds)}")
    show_pairs(chosen_pairs(pairs))


def show_pairs(pairs: Iterable[dict[str, Any]]) -> None:
    """Text of records on a terminal: nothing in it may steer the terminal."""
    for number, pair in enumerate(pairs, 1):
        print(f"\nExample {number} ({plain_text(pair.get('type', 'pair'))})")
        for part in ("instruction", "response"):
            one_line = " ".join(str(pair.get(part)).split())
            print(f"  {part + ':':13}{plain_text(one_line, LONGEST_SHOWN)}")


def show_stages(demo: Demo) -> None:
    status = json.loads(
        subprocess.run(
            [*COORDINATOR, "status", demo.run, "--json"], cwd=ROOT, capture_output=True, check=True
        ).stdout
    )
    columns = ("in", "results", "removed", "failed")
    print(f"{'stage':22}" + "".join(f"{column:>9}" for column in columns))
    for stage in status["stages"]:
        counts = stage["records"]
        print(f"{stage['name']:22}" + "".join(f"{counts[column]:9}" for column in columns))


def throughput(demo: Demo, seconds: float) -> str:
    """Records and tokens a second over the whole run, from the performance logs."""
    folder = ROOT / os.environ.get("CYBERLLM_LOGS", "performance_logs") / demo.run
    bodies = [line.body for line in read_metrics(folder)]
    batches = [body.figures for body in bodies if isinstance(body, ModelBatch)]
    prompt = sum(figures.prompt_tokens for figures in batches)
    generated = sum(figures.generated_tokens for figures in batches)
    return (
        f"{demo.records / seconds:.2f} records/s, {prompt / seconds:.0f} prompt tokens/s, "
        f"{generated / seconds:.0f} generated tokens/s"
    )


def dataset_path(demo: Demo) -> Path:
    """The last stage's merged file."""
    queues = ROOT / os.environ.get("CYBERLLM_QUEUES", "queues")
    return queues / demo.run / "results" / "6_security_aligner.jsonl"


def chosen_pairs(pairs: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The first pair, and one from the middle or after it: of another type if there is one."""
    if len(pairs) < 2:
        return pairs
    later = pairs[len(pairs) // 2 :]
    other = (pair for pair in later if pair.get("type") != pairs[0].get("type"))
    return [pairs[0], next(other, later[0])]


def shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


if __name__ == "__main__":
    sys.exit(main())
