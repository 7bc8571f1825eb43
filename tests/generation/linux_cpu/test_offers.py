"""Kernels of a Linux CPU are taken only where they are right and faster, model by model."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import mlx.core as mx
import pytest

from tests.generation.models import gemma
from tests.tiny_model import Shape, make_tiny_model
from workers.generation.linux_cpu import offers, screen
from workers.generation.linux_cpu.offers import (
    AttentionShape,
    KernelCandidate,
    kernel_candidates,
    kernels_for,
)
from workers.generation.linux_cpu.screen import ScreenedHead
from workers.generation.model.kernels import PLAIN
from workers.generation.model.load import load
from workers.generation.packed.store import by_mlx
from workers.generation.steps import Step

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or mx.default_device() != mx.cpu, reason="for Linux CPUs only"
)

X = [mx.random.normal((4096,))]


def test_what_is_wrong_is_not_right() -> None:
    assert KernelCandidate("exp", None, mx.exp, mx.exp, X).is_right()
    assert not KernelCandidate("exp", None, lambda a: mx.exp(a) * 1.001, mx.exp, X).is_right()
    assert not KernelCandidate("exp", None, lambda a: a * mx.nan, mx.exp, X).is_right()


def test_what_fails_is_not_right() -> None:
    def breaks(_: mx.array) -> mx.array:
        raise RuntimeError("no compiler")

    assert not KernelCandidate("exp", None, breaks, mx.exp, X).is_right()


def test_what_is_no_faster_gains_nothing() -> None:
    slow = KernelCandidate("exp", None, lambda a: mx.exp(mx.log(mx.exp(a))), mx.exp, X)
    assert slow.is_right() and slow.gain() is None
    fast = replace(slow, ours=slow.theirs, theirs=slow.ours)
    assert (fast.gain() or 0) > 1.1


@pytest.mark.parametrize(
    "shape", [AttentionShape(4, 2, 16), AttentionShape(9, 3, 64), AttentionShape(8, 1, 80)]
)
def test_every_offer_is_right_for_a_models_own_shape(shape: AttentionShape) -> None:
    found = {offer.name: offer.is_right() for offer in kernel_candidates(shape)}
    assert found.pop("rows", True) and found == {"swiglu": True, "attention": True}


def test_a_shape_that_does_not_work_is_refused_for_that_model_only() -> None:
    odd = {offer.name: offer.is_right() for offer in kernel_candidates(AttentionShape(6, 4, 16))}
    assert not odd["attention"] and not odd.get("rows", False) and odd["swiglu"]
    even = {offer.name: offer.is_right() for offer in kernel_candidates(AttentionShape(6, 2, 16))}
    assert even["attention"]


def test_two_models_in_one_process_choose_apart(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gain = KernelCandidate.gain

    def only_for_two_heads_of_keys(offer: KernelCandidate) -> float | None:
        if len(offer.samples) < 3:
            return gain(offer)
        return 2.0 if offer.samples[1].shape[1] == 2 else None

    monkeypatch.setattr(KernelCandidate, "gain", only_for_two_heads_of_keys)
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path / "cache"))
    make_tiny_model(tmp_path, shape=Shape(heads=4, kv_heads=4))
    two, four = load(tiny_model).kernels, load(tmp_path).kernels
    assert two.attention is not by_mlx and four.attention is by_mlx
    assert (two.rows is not None) == ("rows" in two.times) and four.rows is None
    assert load(tiny_model).kernels.attention is not by_mlx, "the second model changed the first"


def test_it_is_measured_once_on_a_machine(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path))
    model = load(tiny_model, accelerate=False).model
    said: list[Step] = []
    first = kernels_for(model, lambda step, what: said.append(step))
    assert Step.MEASURING in said
    monkeypatch.setattr(KernelCandidate, "gain", lambda _: pytest.fail("measured again"))
    said.clear()
    assert kernels_for(model, lambda step, what: said.append(step)).times == first.times
    assert said == []


def test_a_kernel_that_stopped_working_is_not_taken_from_the_cache(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(KernelCandidate, "gain", lambda _: 2.0)
    model = load(tiny_model, accelerate=False).model
    assert kernels_for(model).swiglu is not None

    def broken(*_: mx.array) -> mx.array:
        raise RuntimeError("no compiler")

    monkeypatch.setattr(offers, "compiled_swiglu", lambda: broken)
    assert kernels_for(model).swiglu is None


def test_gelu_is_offered_to_models_that_call_it(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offers, "_gains", lambda right, _: {offer.name: 2.0 for offer in right})
    calling, other = kernels_for(gemma()), kernels_for(load(tiny_model, accelerate=False).model)
    assert calling.gelu is not None and calling.times["gelu"] == 2.0
    assert other.gelu is None and "gelu" not in other.times
    assert calling.ropes is not None and other.ropes is not None


def test_a_screened_head_is_offered_for_a_large_vocabulary(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offers, "_gains", lambda right, _: {offer.name: 2.0 for offer in right})
    model = load(tiny_model, accelerate=False).model
    assert kernels_for(model).head is None
    monkeypatch.setattr(screen, "LEAST", 1)
    made = kernels_for(model).head
    if made is None:
        pytest.skip("no compiler on this machine")
    assert isinstance(made(mx.ones((512, 32))), ScreenedHead)


def test_a_gpu_keeps_mlxs_own(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = load(tiny_model, accelerate=False).model
    monkeypatch.setattr(mx, "default_device", lambda: mx.Device(mx.gpu))
    assert kernels_for(model) is PLAIN
