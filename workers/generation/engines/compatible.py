"""Which models can be run in packed passes or in mlx-lm's batches, and which pairs can draft.

Decides by what each layer keeps, then by a trial of each way that may be used, against the model
as mlx-lm runs it on one row.  What a pair's answers end with need not be the same: the target alone
decides.  Invariant: a refusal names the layer, token or figure at fault.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from workers.core.cache import CachedResult, cache_dir
from workers.generation.architecture import FAILURES
from workers.generation.engines.batch_trial import FORMAT, batch_trial
from workers.generation.engines.packed_trial import FORMAT as PACKED_FORMAT
from workers.generation.engines.packed_trial import packed_trial
from workers.generation.engines.patience import TooSlowError
from workers.generation.machine import machine_key
from workers.generation.model.device import device_name
from workers.generation.model.load import LoadedModel
from workers.generation.model.memory import is_no_memory
from workers.generation.packed.kinds import NotPackableError
from workers.generation.steps import Begin, Step, silent

_SOUND = "ok"
_FAILURES = (*FAILURES, AssertionError, MemoryError, NotImplementedError, ctypes.ArgumentError)


def why_not_packed(
    loaded: LoadedModel, kv_bits: int | None = None, begin: Begin = silent
) -> str | None:
    """Why this model can't be run in packed passes, or None if it can.

    Tried with every kind of cache that its rows may be kept in, once for a model whose content
    hash is known and the kernels that this machine has for it.
    """

    def tried() -> str:
        begin(Step.MEASURING, "whether packed passes give what the model gives one by one")
        try:
            return packed_trial(loaded, kv_bits) or ""
        except (NotPackableError, TooSlowError) as error:
            return str(error)
        except _FAILURES as error:
            return _failed(f"a trial pass failed: {_first_line(error)}", error)

    try:
        if not loaded.fingerprint:
            return tried() or None
        kernels = sorted(loaded.kernels.times)  # the cache of rows among them
        kept = _kept("packed", tried, PACKED_FORMAT, kv_bits, loaded.fingerprint, kernels)
        waiting = "for a trial of packed passes, which another process is making"
        return kept.get(lambda: begin(Step.WAITING, waiting)) or None
    except _ForNowError as now:
        return str(now)


def why_not_batched(loaded: LoadedModel, begin: Begin = silent) -> str | None:
    """Why rows can't be answered side by side in mlx-lm's own batches, or None if they can.

    Found out once for a model of this shape: it takes a few answers.
    """

    def tried() -> str:
        begin(Step.MEASURING, "whether batched answers equal those made one at a time")
        try:
            return batch_trial(loaded) or ""
        except TooSlowError as error:
            return str(error)
        except _FAILURES as error:
            return _failed(f"mlx-lm's batches fail: {_first_line(error)}", error)

    kept = _kept("batches", tried, FORMAT, loaded.shape, loaded.fingerprint)
    waiting = "for a trial of batches, which another process is making"
    try:
        return kept.get(lambda: begin(Step.WAITING, waiting)) or None
    except _ForNowError as now:
        return str(now)


class _ForNowError(Exception):
    """A verdict that holds for this process only: there was no memory for the trial."""


def _failed(verdict: str, error: BaseException) -> str:
    if is_no_memory(error):
        raise _ForNowError(verdict) from error
    return verdict


def _kept(name: str, tried: Callable[[], str], *parts: object) -> CachedResult[str]:
    """The verdict of a trial, "" where nothing is wrong; it holds for this device and `parts`."""
    key = machine_key(name, device_name(), *parts)
    file = cache_dir() / "measured" / f"{name}-{key}.txt"
    return CachedResult(
        file, tried, dump=lambda verdict: (verdict or _SOUND).encode(), load=_verdict
    )


def _verdict(data: bytes) -> str:
    """Raises ValueError for an empty file, as a power cut may leave it."""
    text = data.decode()
    if not text:
        raise ValueError("no verdict")
    return "" if text == _SOUND else text


def _first_line(error: BaseException) -> str:
    [first, *_] = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {first[:120]}"


def why_not_draft(target: LoadedModel, draft: LoadedModel, begin: Begin = silent) -> str | None:
    """Why `draft` can't draft for `target`, or None if it can: their tokens must be the same."""
    ours, theirs = _vocabulary(target), _vocabulary(draft)
    if ours != theirs:
        odd = next(iter(sorted(ours.items() ^ theirs.items(), key=lambda item: item[1])))
        return (
            f"their tokenizers differ: {len(ours)} and {len(theirs)} tokens, "
            f"and {odd[0]!r} does not have the id {odd[1]} in both"
        )
    text = 'CVE-2021-44228: an attacker\'s request,\n\n  {"id": 7} <b>über</b>'
    if target.tokenizer.encode(text) != draft.tokenizer.encode(text):
        return "their tokenizers cut the same text into different tokens"
    reason = why_not_packed(draft, begin=begin)
    return f"the draft model can't run in packed passes: {reason}" if reason else None


def _vocabulary(loaded: LoadedModel) -> dict[str, Any]:
    return dict(loaded.tokenizer.get_vocab())
