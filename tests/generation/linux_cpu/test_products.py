"""Our own matrix product against numpy in double precision, and when it is taken at all."""

from __future__ import annotations

from collections.abc import Iterator

import mlx.core as mx
import numpy as np
import pytest

from tests.fresh_process import in_fresh_process
from workers.generation import linux_cpu
from workers.generation.linux_cpu.products import GemmLibrary, GemmSpeedup

_found = linux_cpu.prepare()
needs_it = pytest.mark.skipif(
    _found is None or _found.products is None, reason="no fast BLAS or no compiler here"
)


@pytest.fixture
def products() -> GemmLibrary:
    assert _found is not None and _found.products is not None
    return _found.products


@pytest.fixture
def own(products: GemmLibrary) -> Iterator[GemmLibrary]:
    """The product, taken for every number of rows."""
    with products.taking(1, 2**31 - 1):
        yield products


@needs_it
@pytest.mark.parametrize("rows", [1, 2, 7, 8, 9, 16, 17, 31, 65])
@pytest.mark.parametrize(("outputs", "inputs"), [(32, 32), (37, 65), (96, 300), (613, 1000)])
def test_it_is_right_for_every_shape(
    own: GemmLibrary, rows: int, outputs: int, inputs: int
) -> None:
    rng = np.random.default_rng(rows * outputs + inputs)
    x = rng.standard_normal((rows, inputs)).astype(np.float32)
    w = rng.standard_normal((outputs, inputs)).astype(np.float32)
    exact = x.astype(np.float64) @ w.T.astype(np.float64)
    found = np.array(mx.array(x) @ mx.array(w).T)
    assert np.abs(found - exact).max() <= 1e-6 * np.abs(exact).max()


@needs_it
def test_what_is_added_stays(own: GemmLibrary) -> None:
    x, w, c = (mx.random.normal(shape) for shape in ((5, 64), (48, 64), (5, 48)))
    found, expected = mx.addmm(c, x, w.T), np.array(x) @ np.array(w).T + np.array(c)
    assert np.abs(np.array(found) - expected).max() < 1e-4


@needs_it
def test_a_rows_result_does_not_depend_on_its_company(own: GemmLibrary) -> None:
    x, w = mx.random.normal((40, 576)), mx.random.normal((300, 576))
    together = np.array(x @ w.T)
    for count in (1, 3, 8, 16, 17):
        assert (np.array(x[:count] @ w.T) == together[:count]).all()


@needs_it
def test_it_is_taken_only_where_it_is_no_slower(
    products: GemmLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    gains = {1: 0.9, 2: 1.2, 3: 1.3, 4: 1.4, 8: 0.9, 32: 1.2, 128: 0.0, 512: 1.4}
    monkeypatch.setattr(products, "speedup", lambda rows: gains[rows])
    found = products.measure()
    assert (found.first, found.last) == (2, 4) and found.times == pytest.approx(1.3)
    monkeypatch.setattr(products, "speedup", lambda rows: 0.9)
    assert products.measure() == GemmSpeedup(1, 0, 1.0)


@needs_it
def test_what_was_taken_for_a_while_is_given_back(products: GemmLibrary) -> None:
    before = products.taken
    with products.taking(3, 5):
        assert products.taken == (3, 5)
    assert products.taken == before


SETTLED = """
from workers.generation import linux_cpu
from workers.generation.linux_cpu.products import GemmSpeedup, GemmLibrary
first = linux_cpu.prepare().products
assert first.taken == (1, 0), "nothing is taken before it was measured"
GemmLibrary.measure = lambda self: GemmSpeedup(2, 7, 1.5)
said = []
assert first.settle(lambda step, what: said.append(step)) == GemmSpeedup(2, 7, 1.5)
assert said == ["measuring"], said
GemmLibrary.measure = lambda self: GemmSpeedup(1, 512, 9.0)
import mlx.core
again = linux_cpu.prepare().products
assert again.settle() == GemmSpeedup(2, 7, 1.5) and again.taken == (2, 7)
"""
READ_BY_THE_NEXT = """
from workers.generation import linux_cpu
from workers.generation.linux_cpu.products import GemmSpeedup, GemmLibrary
GemmLibrary.measure = lambda self: 1 / 0
assert linux_cpu.prepare().products.settle() == GemmSpeedup(2, 7, 1.5)
"""


@needs_it
def test_it_is_settled_once_a_process_and_measured_once_a_machine(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    cache = tmp_path_factory.mktemp("cache")
    in_fresh_process(SETTLED, CYBERLLM_CACHE_DIR=str(cache))
    in_fresh_process(READ_BY_THE_NEXT, CYBERLLM_CACHE_DIR=str(cache))
