"""What a VEX says is not affected, in sentences with its reasons."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.structures.csaf import read_csaf
from stages.sources.structures.vex import MOST_NAMED, unaffected

NAMES = {f"P{number}": f"Lark {number}" for number in range(1, 9)}


def _flaw(spared: list[str], open_ones: list[str] = [], **flags: list[str]) -> dict[str, Any]:  # noqa: B006
    return {
        "cve": "CVE-2099-0001",
        "product_status": {"known_not_affected": spared, "under_investigation": open_ones},
        "flags": [{"label": label, "product_ids": ids} for label, ids in flags.items()],
    }


@pytest.mark.parametrize(
    ("flaw", "said"),
    [
        (_flaw(["P1"], vulnerable_code_not_present=["P1"]),
         "Lark 1 is not affected by CVE-2099-0001: the vulnerable code is not present."),
        (_flaw(["P1", "P2"]), "Lark 1 and Lark 2 are not affected by CVE-2099-0001."),
        (_flaw(["P1", "P2"], component_not_present=["P2"]),
         "Lark 1 is not affected by CVE-2099-0001. Lark 2 is not affected by CVE-2099-0001: the"
         " component is not present."),
        (_flaw(["P1"], ["P3"]),
         "Lark 1 is not affected by CVE-2099-0001. Whether Lark 3 is affected by CVE-2099-0001 is"
         " under investigation."),
        (_flaw(["P1"], of_my_own=["P1"]), "Lark 1 is not affected by CVE-2099-0001."),
        (_flaw(["P1", "P99"]), ""),
        (_flaw([f"P{number}" for number in range(1, MOST_NAMED + 2)]), ""),
        ({"product_status": "none"}, ""),
    ],
)  # fmt: skip
def test_what_is_not_affected(flaw: dict[str, Any], said: str) -> None:
    assert unaffected(flaw, NAMES) == said


def test_it_is_part_of_the_text_with_the_reason_in_the_vendors_words() -> None:
    flaw = _flaw(["P1"]) | {
        "notes": [{"category": "description", "text": "Layers are verified once."}],
        "threats": [{"category": "impact", "details": "Lark pulls by digest."},
                    {"category": "impact", "details": "Important"}],
    }  # fmt: skip
    tree = {"full_product_names": [{"product_id": "P1", "name": "Lark 1"}]}
    read = read_csaf(
        {"document": {"title": "VEX"}, "product_tree": tree, "vulnerabilities": [flaw]}
    )
    assert read.text == (
        "CVE-2099-0001: Layers are verified once.\n"
        "Lark 1 is not affected by CVE-2099-0001. Lark pulls by digest."
    )
