"""Digests and signatures of texts."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from stages.similar.signatures import FEWEST, MOST, PERMUTATIONS, blocks, sketch

LONG = "A buffer overflow in the parser of a web server lets a remote attacker run code on it"


def test_a_row_for_each_text() -> None:
    found = sketch([LONG, "short", ""])
    assert found.digests.shape == (3,)
    assert found.signatures.shape == (3, PERMUTATIONS)
    assert found.tellable.tolist() == [True, False, False]
    assert len(LONG.split()) - 2 >= FEWEST


def test_similarity_is_estimated() -> None:
    words = [f"w{number}" for number in range(300)]
    other = [*words[:270], *(f"v{number}" for number in range(30))]
    one, two = sketch([" ".join(words), " ".join(other)]).signatures
    shared, union = 268, 298 * 2 - 268
    assert abs((one == two).mean() - shared / union) < 0.12


def test_they_are_the_same_in_another_process() -> None:
    code = f"from stages.similar.signatures import sketch; s = sketch([{LONG!r}]); "
    code += "print(s.digests[0], s.signatures.tolist())"
    found = sketch([LONG])
    for seed in ("1", "2"):
        told = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
        ).stdout
        assert told.split(" ", 1) == [str(found.digests[0]), f"{found.signatures.tolist()}\n"]


def test_long_texts_are_told_apart_to_their_end_in_bounded_blocks() -> None:
    long = " ".join(f"w{number % 997}" for number in range(200_000))
    one, same, other = sketch([long, long.upper(), long + " more"]).digests
    assert one == same != other
    sizes = [len(block) for block in blocks([long] * 10 + ["x"] * 600, len)]
    assert sum(sizes) == 610
    assert max(sizes[:2]) < 6 and max(sizes) <= MOST


def test_scripts_without_blanks_are_told_by_their_letters() -> None:
    text = "攻击者可以通过发送特制的请求利用此漏洞执行任意代码并获得系统的完全控制权限影响所有版本"
    found = sketch([text, text[:-3] + "的版本", text[::-1]])
    assert found.tellable.all()
    near, far = ((found.signatures[0] == other).mean() for other in found.signatures[1:])
    assert near > 0.7
    assert far < 0.2


def test_broken_text_is_a_text_too() -> None:
    assert np.unique(sketch(["\ud800 a", "\ud801 a", "a"]).digests).size >= 1
