"""One order to update for each package of a feed, with all its versions."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.structures.osv import read_osv
from tests.stages.sources.structures.test_osv import OSV


def package(name: str, *fixed: str, of: str = "npm", type_: str = "SEMVER") -> dict[str, Any]:
    events = [{"introduced": "0"}, *({"fixed": version} for version in fixed)]
    return {
        "package": {"ecosystem": of, "name": name},
        "ranges": [{"type": type_, "events": events}],
    }


@pytest.mark.parametrize(
    ("affected", "orders"),
    [
        ([package("wren", "5.4.2"), package("wren", "4.19.7")],
         ["Update wren to 4.19.7 or 5.4.2."]),
        ([package("wren", "10.0"), package("wren", "9.1", "9.10")],
         ["Update wren to 9.1 or 9.10 or 10.0."]),
        ([package("wren", "5.0.0"), package("wren", "5.0.0-rc1")],
         ["Update wren to 5.0.0-rc1 or 5.0.0."]),
        ([package("wren", "1.5.0"), package("wren-core", "3.0.2")],
         ["Update wren to 1.5.0.", "Update wren-core to 3.0.2."]),
        ([package("wren", "1.5.0"), package("wren", "3.0.2", of="PyPI")],
         ["Update wren (npm) to 1.5.0.", "Update wren (PyPI) to 3.0.2."]),
        ([package("wren", "9f8e7d6c5b4a", type_="GIT"), package("wren", "1.5.0")],
         ["Update wren to 1.5.0."]),
        ([package("wren", "9f8e7d6c5b4a", type_="ECOSYSTEM")], []),
    ],
)  # fmt: skip
def test_one_order_for_each_package_and_none_for_a_commit(
    affected: list[dict[str, Any]], orders: list[str]
) -> None:
    """Else a reader is told to update twice, or to a release that is a hash."""
    assert list(read_osv({**OSV, "affected": affected}).mitigations) == orders
