"""The fast BLAS: before mlx, whatever order a program imports things in, and never an obstacle."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.fresh_process import in_fresh_process
from workers.generation import linux_cpu

needs_it = pytest.mark.skipif(linux_cpu.prepare() is None, reason="no fast BLAS here")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="for Linux CPUs only")

SPEED = """
def speed():
    import time
    a = mx.random.normal((512, 512))
    mx.eval(a @ a)
    begun = time.perf_counter()
    mx.eval(a @ a)
    return 2 * 512**3 / (time.perf_counter() - begun) / 1e9
"""


@needs_it
def test_it_is_fast_when_it_comes_first() -> None:
    done = in_fresh_process(
        "from workers.generation import linux_cpu\n"
        "assert linux_cpu.prepare() is not None\n"
        f"import mlx.core as mx\n{SPEED}\n"
        "assert speed() > 10, speed()\n"
        "assert linux_cpu.prepare() is not None, 'it may be called again'\n"
    )
    assert "Warning" not in done.stderr


@needs_it
def test_too_late_is_one_warning_and_the_engine_works(tiny_model: Path) -> None:
    done = in_fresh_process(
        "import mlx.core as mx\n"
        "from workers.generation import linux_cpu\n"
        "from workers.generation.model.load import load\n"
        "from pathlib import Path\n"
        "assert linux_cpu.prepare() is None and linux_cpu.prepare() is None\n"
        f"loaded = load(Path({str(tiny_model)!r}))\n"
        "assert loaded.kernels.times['products'] == 1\n"
        "assert loaded.model(mx.array([[1, 2, 3]])).shape == (1, 3, 512)\n"
    )
    assert done.stderr.count("Warning") == 1
    assert "mlx was imported before" in done.stderr and "prepare() first" in done.stderr


def test_importing_the_engine_loads_nothing() -> None:
    in_fresh_process(
        "import importlib, pkgutil, sys\n"
        "import workers.generation\n"
        "for found in pkgutil.walk_packages(workers.generation.__path__, 'workers.generation.'):\n"
        "    importlib.import_module(found.name)\n"
        "maps = open('/proc/self/maps').read() if sys.platform == 'linux' else ''\n"
        "assert 'libmkl' not in maps and 'products-' not in maps, 'an import loaded a library'\n"
        "import mlx_lm.models.base as base, mlx_lm.models.llama as llama\n"
        "from mlx_lm.models import activations\n"
        "assert llama.scaled_dot_product_attention is base.scaled_dot_product_attention\n"
        "assert llama.swiglu is activations.swiglu\n"
    )


@on_linux
def test_none_is_wanted() -> None:
    in_fresh_process(
        "from workers.generation import linux_cpu\nassert linux_cpu.prepare() is None\n",
        CYBERLLM_BLAS="",
    )


@on_linux
@pytest.mark.parametrize("made", [False, True])
def test_a_library_that_can_not_be_loaded_is_a_warning(tmp_path: Path, made: bool) -> None:
    library = tmp_path / "libodd.so"
    if made:
        library.write_text("not a library")
    done = in_fresh_process(
        "from workers.generation import linux_cpu\n"
        "assert linux_cpu.prepare() is None\n"
        "import mlx.core as mx\n"
        "assert (mx.ones((64, 64)) @ mx.ones((64, 64)))[0, 0].item() == 64\n",
        CYBERLLM_BLAS=str(library),
    )
    assert str(library) in done.stderr and "can't be loaded" in done.stderr
