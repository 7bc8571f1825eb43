"""Our own matrix product against numpy in double precision, and when it is taken at all."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

from workers.generation.linux_cpu import blas, native, products

needs_it = pytest.mark.skipif(
    blas.own_products() is None, reason="no fast BLAS or no compiler on this machine"
)


@pytest.fixture
def own() -> Iterator[products.Products]:
    """The product, taken for every number of rows, and switched off afterwards."""
    found = blas.own_products()
    assert found is not None
    found.use(1, 2**31 - 1)
    yield found
    found.tune()


@needs_it
@pytest.mark.parametrize("rows", [1, 2, 7, 8, 9, 16, 17, 31, 65])
@pytest.mark.parametrize(("outputs", "inputs"), [(32, 32), (37, 65), (96, 300), (613, 1000)])
def test_it_is_right_for_every_shape(
    own: products.Products, rows: int, outputs: int, inputs: int
) -> None:
    rng = np.random.default_rng(rows * outputs + inputs)
    x = rng.standard_normal((rows, inputs)).astype(np.float32)
    w = rng.standard_normal((outputs, inputs)).astype(np.float32)
    exact = x.astype(np.float64) @ w.T.astype(np.float64)
    found = np.array(mx.array(x) @ mx.array(w).T)
    assert np.abs(found - exact).max() <= 1e-6 * np.abs(exact).max()


@needs_it
def test_what_is_added_stays(own: products.Products) -> None:
    x, w, c = (mx.random.normal(shape) for shape in ((5, 64), (48, 64), (5, 48)))
    found, expected = mx.addmm(c, x, w.T), np.array(x) @ np.array(w).T + np.array(c)
    assert np.abs(np.array(found) - expected).max() < 1e-4


@needs_it
def test_a_rows_result_does_not_depend_on_its_company(own: products.Products) -> None:
    x, w = mx.random.normal((40, 576)), mx.random.normal((300, 576))
    together = np.array(x @ w.T)
    for count in (1, 3, 8, 16, 17):
        assert (np.array(x[:count] @ w.T) == together[:count]).all()


@needs_it
def test_it_is_taken_only_where_it_is_no_slower(
    own: products.Products, monkeypatch: pytest.MonkeyPatch
) -> None:
    gains = {1: 0.9, 2: 1.2, 3: 1.3, 4: 1.4, 8: 0.9, 32: 1.2, 128: 0.0, 512: 1.4}
    monkeypatch.setattr(own, "_measured", lambda rows: gains[rows])
    taken = own.tune()
    assert taken is not None and (taken.first, taken.last) == (2, 4)
    monkeypatch.setattr(own, "_measured", lambda rows: 0.9)
    assert own.tune() is None


def test_without_a_compiler_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert native.compiled(products.SOURCE, tmp_path) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only a Linux CPU needs it")
def test_a_source_that_does_not_compile_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "broken.c"
    source.write_text("no C at all")
    assert native.compiled(source, tmp_path / "cache") is None
    assert list((tmp_path / "cache").iterdir()) == []
