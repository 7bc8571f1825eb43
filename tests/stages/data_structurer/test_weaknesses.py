"""Weaknesses by number and name: the record's own name first, the recipe's where it has none."""

from __future__ import annotations

import pytest

from stages.base import Record
from stages.data_structurer.weaknesses import named_weaknesses, weaknesses_of

KNOWN = {"CWE-22": "path traversal"}


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"cwe": "CWE-22"}, ["CWE-22 (path traversal)"]),
        ({"cwe": "CWE-9901"}, ["CWE-9901"]),
        ({"cwe": "CWE-9901: Lax Lock"}, ["CWE-9901 (Lax Lock)"]),
        ({"cwe": "cwe-22", "weaknesses": ["CWE-22 Long Name of it ('Climbing Up')"]},
         ["CWE-22 (Climbing Up)"]),
        ({"cwe": ["CWE-9901", "CWE-22"]}, ["CWE-9901", "CWE-22 (path traversal)"]),
        ({"cwe": "NVD-CWE-noinfo"}, []),
        # The second is what the first leads to, and not its name.
        ({"cwe": "CWE-9901->CWE-22"}, ["CWE-9901, which leads to CWE-22 (path traversal)"]),
        ({"cwe": "CWE-9901 -> CWE-9902", "weaknesses": ["CWE-9901 Lax Lock"]},
         ["CWE-9901 (Lax Lock), which leads to CWE-9902"]),
        ({"cwe": "CWE-22", "text": "A lock is left open (CWE-9901)."}, []),
    ],
)  # fmt: skip
def test_names_of_weaknesses(record: Record, told: list[str]) -> None:
    assert weaknesses_of(record, ("cwe",), KNOWN) == told


def test_a_weakness_is_named_or_none_is() -> None:
    assert named_weaknesses({"cwe": ["CWE-22", "CWE-9901"]}, ("cwe",), KNOWN) == []
    stated = {"cwe": "CWE-22", "text": "A lock is left open (CWE-9901)."}
    assert named_weaknesses(stated, ("cwe",), KNOWN) == ["CWE-22 (path traversal)"]
