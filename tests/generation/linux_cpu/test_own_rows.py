"""Attention of a Linux CPU's rows against double precision, whatever their shapes and company."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

from workers.core.cache import cache_dir
from workers.generation.linux_cpu import own_rows
from workers.generation.linux_cpu.own_rows import RowsCache, RowsLibrary
from workers.generation.packed.kinds import FULL, LayerKind
from workers.generation.packed.plan import PrefillChunk, PrefilledKV
from workers.generation.packed.rows import Decoding

SCALE = 0.3
WITHIN = 2e-6  # of the largest number; MLX's own attention is off by half of that
found_library = own_rows.load(cache_dir() / "compiled")
pytestmark = pytest.mark.skipif(
    found_library is None or mx.default_device() != mx.cpu,
    reason="no compiler on this machine, or no need of one",
)


@pytest.fixture
def library() -> RowsLibrary:
    assert found_library is not None
    return found_library


def numbers(seed: int, *shape: int) -> mx.array:
    return mx.random.normal(shape, key=mx.random.key(seed))


def exact(
    queries: mx.array,
    keys: mx.array,
    values: mx.array,
    window: int | None = None,
    sinks: Sequence[float] | None = None,
) -> np.ndarray:
    """The last tokens of a row attend to it: (tokens, heads, dim), in double precision."""
    q, k, v = (np.array(x, dtype=np.float64)[:, :, 0] for x in (queries, keys, values))
    group, out = q.shape[1] // k.shape[1], np.zeros((len(q), q.shape[1], v.shape[2]))
    for token in range(len(q)):
        seen = len(k) - len(q) + token + 1
        cut = slice(max(0, seen - window) if window else 0, seen)
        for head in range(q.shape[1]):
            scores = k[cut, head // group] @ q[token, head] * SCALE
            sink = sinks[head] if sinks is not None else -np.inf
            weights = np.exp(scores - max(scores.max(), sink))
            total = weights.sum() + np.exp(sink - max(scores.max(), sink))
            out[token, head] = weights @ v[cut, head // group] / total
    return out


def as_prompt(x: mx.array) -> mx.array:
    """(tokens, heads, 1, dim) as a prompt keeps it, (1, heads, tokens, dim)."""
    return x[:, :, 0].transpose(1, 0, 2)[None]


def decoded(
    library: RowsLibrary,
    rows: Sequence[tuple[mx.array, mx.array, mx.array]],
    new: Sequence[int],
    kind: LayerKind = FULL,
    sinks: mx.array | None = None,
) -> list[np.ndarray]:
    """Rows of (queries, keys, values), each (tokens, heads, 1, dim), attend with their last
    tokens, so many of each, in one pass."""
    cache = RowsCache([kind], library)
    widths = []
    for (_, keys, values), count in zip(rows, new, strict=True):
        held = len(keys) - count
        kv = PrefilledKV([(as_prompt(keys[:held]), as_prompt(values[:held]))])
        widths.append(Decoding(cache.insert(kv), count))
    cache.begin(widths, [], [0] * sum(new))
    queries, keys, values = (
        mx.concatenate([row[part][-count:] for row, count in zip(rows, new, strict=True)])
        for part in range(3)
    )
    cache.layers[0].update_and_fetch(keys, values)
    flat = np.array(cache.layers[0].attend(queries, keys, values, SCALE, None, sinks))[:, :, 0]
    return np.split(flat, np.cumsum(new)[:-1])


def row(seed: int, tokens: int, heads: int = 6, kv_heads: int = 2, dim: int = 64):  # type: ignore[no-untyped-def]
    return (
        numbers(seed, tokens, heads, 1, dim),
        numbers(seed + 1, tokens, kv_heads, 1, dim),
        numbers(seed + 2, tokens, kv_heads, 1, dim),
    )


@pytest.mark.parametrize("dim", [8, 32, 64, 80, 128])
@pytest.mark.parametrize(("heads", "kv_heads"), [(1, 1), (4, 4), (9, 3), (8, 1), (14, 2)])
def test_it_is_right_for_every_shape(
    library: RowsLibrary, heads: int, kv_heads: int, dim: int
) -> None:
    new = [1, 2, 3, 5, 9]
    lengths = [9, 40, 33, 300, 64]
    rows = [row(7 * n, n, heads, kv_heads, dim) for n in lengths]
    outs = decoded(library, rows, new)
    for (queries, keys, values), count, out in zip(rows, new, outs, strict=True):
        wanted = exact(queries[-count:], keys, values)
        assert out.shape == wanted.shape
        assert np.abs(out - wanted).max() <= WITHIN * np.abs(wanted).max()


@pytest.mark.parametrize("cuts", [(0, 150), (0, 1, 2, 150), (0, 17, 99, 150), (0, 149, 150)])
def test_prompts_are_right_however_they_are_cut(library: RowsLibrary, cuts: Sequence[int]) -> None:
    queries, keys, values = row(3, 150)
    cache, kv, outs = RowsCache([FULL], library), PrefilledKV([None]), []
    for start, stop in zip(cuts, cuts[1:], strict=False):
        cache.begin([], [PrefillChunk(kv, 0, stop - start)], list(range(start, stop)))
        cache.layers[0].update_and_fetch(keys[start:stop], values[start:stop])
        outs.append(
            np.array(cache.layers[0].attend(queries[start:stop], keys, values, SCALE))[:, :, 0]
        )
    wanted = exact(queries, keys, values)
    assert np.abs(np.concatenate(outs) - wanted).max() <= WITHIN * np.abs(wanted).max()


SINKS = [-4.0, 0.0, 0.5, 1.0, 3.0, 30.0]


@pytest.mark.parametrize("window", [1, 7, 8, 63, 64, 65, 100, 300, None])
@pytest.mark.parametrize("sinks", [None, SINKS])
def test_windows_and_sinks_are_right_at_any_length(
    library: RowsLibrary, window: int | None, sinks: list[float] | None
) -> None:
    lengths, new = [3, 9, 40, 129, 200, 300], [1, 2, 1, 9, 70, 3]
    rows = [row(7 * n, n) for n in lengths]
    given = None if sinks is None else mx.array(sinks)
    outs = decoded(library, rows, new, LayerKind(window), given)
    for (queries, keys, values), count, out in zip(rows, new, outs, strict=True):
        wanted = exact(queries[-count:], keys, values, window, sinks)
        assert np.abs(out - wanted).max() <= WITHIN * np.abs(wanted).max()


@pytest.mark.parametrize("cuts", [(0, 150), (0, 17, 99, 150), (0, 149, 150)])
def test_windows_hold_in_prompts_however_they_are_cut(
    library: RowsLibrary, cuts: Sequence[int]
) -> None:
    queries, keys, values = row(3, 150)
    cache, kv, outs = RowsCache([LayerKind(20)], library), PrefilledKV([None]), []
    for start, stop in zip(cuts, cuts[1:], strict=False):
        cache.begin([], [PrefillChunk(kv, 0, stop - start)], list(range(start, stop)))
        q, k, v = (x[start:stop] for x in (queries, keys, values))
        cache.layers[0].update_and_fetch(k, v)
        out = cache.layers[0].attend(q, k, v, SCALE, None, mx.array(SINKS))
        outs.append(np.array(out)[:, :, 0])
    wanted = exact(queries, keys, values, 20, SINKS)
    assert np.abs(np.concatenate(outs) - wanted).max() <= WITHIN * np.abs(wanted).max()


def test_with_a_window_company_and_drafts_change_not_a_bit(library: RowsLibrary) -> None:
    rows, kind = [row(10 * n, n) for n in (20, 77, 300, 130)], LayerKind(50)
    alone = [decoded(library, [one], [1], kind)[0] for one in rows]
    together = decoded(library, rows, [4, 1, 7, 2], kind)
    for one, many in zip(alone, together, strict=True):
        assert (one[-1] == many[-1]).all()


def test_another_layer_may_attend_to_what_is_written(library: RowsLibrary) -> None:
    queries, keys, values = row(4, 30)
    cache = RowsCache([FULL], library)
    slot = cache.insert(PrefilledKV([(as_prompt(keys[:28]), as_prompt(values[:28]))]))
    chunk = PrefillChunk(PrefilledKV([None]), 2, 7)
    cache.begin([Decoding(slot, 2)], [chunk], [0] * 7)
    q, k, v = (mx.concatenate([x[28:], x[:5]]) for x in (queries, keys, values))
    layer = cache.layers[0]
    layer.update_and_fetch(k, v)
    first = np.array(layer.attend(q, k, v, SCALE))
    again = np.array(layer.attend(q, k, v, SCALE))
    np.testing.assert_array_equal(first, again)


def test_values_may_be_smaller_than_keys(library: RowsLibrary) -> None:
    queries, keys, values = row(8, 40)
    values = values[..., :24]
    [out] = decoded(library, [(queries, keys, values)], [3])
    wanted = exact(queries[-3:], keys, values)
    assert out.shape == wanted.shape
    assert np.abs(out - wanted).max() <= WITHIN * np.abs(wanted).max()


def test_a_row_may_outgrow_its_memory(library: RowsLibrary) -> None:
    """Each layer has keys and values of its own, and as many heads as it likes."""
    layers = [row(31, 300), row(41, 300, 6, 3, 32)]
    cache, start = RowsCache([FULL, FULL], library), 10
    held = [(as_prompt(keys[:start]), as_prompt(values[:start])) for _, keys, values in layers]
    slot = cache.insert(PrefilledKV(list(held)))
    for at in range(start, 300, 5):
        cache.begin([Decoding(slot, 5)], [], [0] * 5)
        for layer, (queries, keys, values) in zip(cache.layers, layers, strict=True):
            layer.update_and_fetch(keys[at : at + 5], values[at : at + 5])
            out = np.array(layer.attend(queries[at : at + 5], keys, values, SCALE))[:, :, 0]
            wanted = exact(queries[at : at + 5], keys[: at + 5], values[: at + 5])
            assert np.abs(out - wanted).max() <= WITHIN * np.abs(wanted).max()
        cache.commit([Decoding(slot, 5)], [5])


def test_what_is_not_a_number_is_not_hidden(library: RowsLibrary) -> None:
    queries, keys, values = row(51, 20)
    broken = mx.where(mx.arange(64) == 3, mx.nan, queries)
    [out] = decoded(library, [(broken, keys, values)], [1])
    assert np.isnan(out).all()


def test_heads_that_share_no_keys_evenly_are_refused(library: RowsLibrary) -> None:
    with pytest.raises(ValueError, match="6 query heads can't share 4 KV heads"):
        decoded(library, [row(61, 20, 6, 4)], [1])


def test_rows_and_prompts_share_a_pass(library: RowsLibrary) -> None:
    first, second = row(11, 30), row(21, 20)
    cache, kv = RowsCache([FULL], library), PrefilledKV([None])
    held = PrefilledKV([(as_prompt(first[1][:28]), as_prompt(first[2][:28]))])
    widths = [Decoding(cache.insert(held), 2)]
    cache.begin(widths, [PrefillChunk(kv, 2, 22)], [28, 29, *range(20)])
    queries, keys, values = (
        mx.concatenate([a[-2:], b]) for a, b in zip(first, second, strict=True)
    )
    cache.layers[0].update_and_fetch(keys, values)
    out = np.array(cache.layers[0].attend(queries, keys, values, SCALE))[:, :, 0]
    for found, wanted in (
        (out[:2], exact(first[0][-2:], *first[1:])),
        (out[2:], exact(*second)),
    ):
        assert np.abs(found - wanted).max() <= WITHIN * np.abs(wanted).max()


def test_a_rows_result_depends_on_neither_company_nor_draft(library: RowsLibrary) -> None:
    rows = [row(10 * n, n) for n in (20, 77, 300, 130)]
    alone = [decoded(library, [one], [1])[0] for one in rows]
    together = decoded(library, rows, [4, 1, 7, 2])
    for one, many in zip(alone, together, strict=True):
        assert (one[-1] == many[-1]).all()


def test_half_precision_comes_back_as_it_came(library: RowsLibrary) -> None:
    queries, keys, values = (x.astype(mx.bfloat16) for x in row(5, 12))
    cache, kv = RowsCache([FULL], library), PrefilledKV([None])
    cache.begin([], [PrefillChunk(kv, 0, 12)], list(range(12)))
    cache.layers[0].update_and_fetch(keys, values)
    out = cache.layers[0].attend(queries, keys, values, SCALE)
    assert out.dtype == mx.bfloat16
    wanted = exact(*(x.astype(mx.float32) for x in (queries, keys, values)))
    assert np.abs(np.array(out.astype(mx.float32))[:, :, 0] - wanted).max() < 0.02
    assert cache.insert(kv).length == 12


def test_without_a_compiler_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert own_rows.load(tmp_path) is None
