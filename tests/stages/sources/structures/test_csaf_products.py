"""Products of a CSAF tree: their names, and the ranges of versions that only the tree states."""

from __future__ import annotations

import pytest

from stages.sources.structures.csaf import read_csaf
from stages.sources.structures.csaf_products import bounds_of, product_names
from tests.stages.sources.structures.test_csaf import larks


def test_versions_in_a_product_tree_are_told_with_their_product() -> None:
    """Else "vers:all/*" is what is affected."""
    versions = [
        {
            "category": "product_version_range",
            "name": "<3.1",
            "product": {"product_id": "P1", "name": "All versions < V3.1"},
        },
        {"category": "product_version", "product": {"product_id": "P2", "name": "Wren 3"}},
    ]
    tree = {"branches": [{"category": "product_name", "name": "Wren Door", "branches": versions}]}
    assert product_names(tree) == {"P1": "Wren Door All versions < V3.1", "P2": "Wren 3"}


def test_a_range_that_only_the_tree_states_is_told_of_its_product() -> None:
    """Else whoever has installed the repair reads that they are still affected."""
    named = ("Wren Door (8WD1)", "Wren Gate < V2", "Wren Lock (all versions)")
    ranges = ("vers:all/<V3.1", "vers:all/<V2", "vers:all/*")
    branches = [
        {"category": "product_version_range", "name": versions,
         "product": {"product_id": own_id, "name": name}}
        for own_id, name, versions in zip("ABC", named, ranges, strict=True)
    ]  # fmt: skip
    flaw = {
        "product_status": {"known_affected": ["A", "B", "C"]},
        "remediations": [
            {"category": "vendor_fix", "details": "Update to V3.1", "product_ids": ["A"]}
        ],
    }
    read = read_csaf(larks(flaw) | {"product_tree": {"branches": branches}})
    assert read.affected == ("Wren Door (8WD1) <V3.1", *named[1:])
    assert read.mitigations == ("For Wren Door (8WD1), update to V3.1",)


@pytest.mark.parametrize(
    "name",
    ["Wren Door 3.0 to 3.6.1", "Wren Door 3.6 and earlier", "Wren Door V3 (all below V3.1)",
     "Wren Door 3.0-3.6", "Wren Door until 3", "Wren Door 3.0 - 3.6", "Wren Door 3.6 and prior",
     "Wren Door 3.0 or newer", "Wren Door 3.0+", "Wren Door under 3.6"],
)  # fmt: skip
def test_a_range_that_a_name_states_is_not_told_again(name: str) -> None:
    """It was told twice: "5.0 to 5.6.1 from 5.0 before 5.6.2"."""
    branch = {"category": "product_version_range", "name": "vers:all/>=3.0|<3.6.2",
              "product": {"product_id": "A", "name": name}}  # fmt: skip
    assert bounds_of({"branches": [branch]}) == {}
    branch["product"] = {"product_id": "A", "name": "Wren Door S7-15"}
    assert bounds_of({"branches": [branch]}) == {"A": ">=3.0, <3.6.2"}


@pytest.mark.parametrize("name", ["Wren Door 3.0", "Wren Door V3.1", "Wren Door 3.x"])
def test_a_release_in_a_name_is_no_range(name: str) -> None:
    """Whoever has installed the repair reads that they are still affected."""
    branch = {"category": "product_version_range", "name": "<3.0.4",
              "product": {"product_id": "A", "name": name}}  # fmt: skip
    assert bounds_of({"branches": [branch]}) == {"A": "<3.0.4"}
