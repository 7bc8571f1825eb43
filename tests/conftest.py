"""What many tests share: a tiny real model, and the default one.

Invariant: each is made or found once per session, and no test changes it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.run_tools import TESTS_OF
from tests.tiny_model import make_tiny_model
from workers.generation import linux_cpu

# Before anything imports mlx: on a Linux CPU the fast BLAS has to be there first.
linux_cpu.prepare()

os.environ[TESTS_OF] = str(os.getpid())
_ROOT = Path(__file__).resolve().parents[1]
# Files that take longest, or wait more than they work, so that other tests run beside them.
_FIRST = (
    "tests/test_faults.py",
    "tests/generation/speculative/test_families.py",
    "tests/generation/speculative/test_decoder.py",
    "tests/benchmarks/test_benchmarks.py",
    "tests/test_coordinator.py",
    "tests/test_end_to_end.py",
    "tests/review/test_page.py",
    "tests/cluster/test_cluster_runs.py",
    "tests/cli/test_one_stage.py",
    "tests/generation/decisions/test_choosing.py",
    "tests/worker/test_main.py",
    "tests/benchmarks/test_families.py",
    "tests/observe/report/test_page.py",
)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process more than cores: many tests wait for the processes that they have started."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no process is left alone with it at the end."""
    places = {_ROOT / name: number for number, name in enumerate(_FIRST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a random Llama of some 150,000 weights that mlx_lm.load takes."""
    folder = tmp_path_factory.mktemp("tiny-model")
    make_tiny_model(folder)
    return folder


@pytest.fixture(scope="session")
def default_model() -> Path:
    """Folder of the default model; `make test` has fetched it."""
    from workers.model_store import resolve
    from workers.settings.config import DEFAULT_MODEL

    return Path(resolve(DEFAULT_MODEL))
