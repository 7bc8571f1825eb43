"""Which structure a piece has, and the record that it becomes."""

from __future__ import annotations

from tests.source_help import read
from tests.source_samples import TEXT, nvd, nvd_entry


def test_format_names_a_structure_that_the_records_must_have() -> None:
    found = read(nvd(nvd_entry(), {"id": "x", "description": TEXT}), format="nvd")
    assert found[0].record is not None
    assert found[1].problem == "no nvd record: its fields are id, description"
