"""Ids where old feeds keep them."""

from __future__ import annotations

from typing import Any

import pytest

from stages.text.kinds import VULNERABILITY, identify

META = {"CVE_data_meta": {"ID": "CVE-2020-14001", "ASSIGNER": "cve@mitre.org"}}


@pytest.mark.parametrize("record", [META, {"cve": META}])
def test_cve_4_and_nvd_1_keep_their_id_in_a_head(record: dict[str, Any]) -> None:
    found = identify(record)
    assert (found.kind, found.id) == (VULNERABILITY, "CVE-2020-14001")
