"""Products with the versions that stand beside them, and the order to update one."""

from __future__ import annotations

from typing import Any

import pytest

from stages.text.product_versions import update_of, versions_in_rows, versions_of_product
from tests.stage_help import hostile_records


def test_rows_of_a_table_keep_what_their_versions_are_of() -> None:
    rows = [
        {"name": "Foo Server", "platform": "Windows", "affected": "1.0 - 1.4", "fixed": "1.5"},
        {"name": "Foo Server", "platform": "any", "affected": "2.0 only"},
        {"name": "Foo Client", "platform": "any", "affected": "none"},
    ]
    told = ["Foo Server (Windows) 1.0 - 1.4", "Foo Server 2.0 only"]
    assert versions_in_rows({"products": rows}) == told
    assert versions_in_rows({"products": [*rows, {"name": "Bar"}]}) == []


@pytest.mark.parametrize(
    ("record", "named"),
    [
        (
            {"product": "Foo Server", "affected_versions": ["1.0", "1.1"]},
            ["Foo Server 1.0", "Foo Server 1.1"],
        ),
        ({"product": "Foo", "affectedVersions": "before 1.5"}, ["Foo before 1.5"]),
        ({"PkgName": "foo", "InstalledVersion": "1.0"}, ["foo 1.0"]),
        ({"product": "Foo", "affected_versions": "Foo 1.0 to 1.4"}, ["Foo 1.0 to 1.4"]),
        (
            {"product": "Arm A3", "affected_versions": "Controller 6.0"},
            ["Arm A3", "Controller 6.0"],
        ),
        ({"affected_versions": ["NS OS 11.0 - 11.3"]}, ["NS OS 11.0 - 11.3"]),
        ({"affected_versions": ["1.0"]}, []),
        ({"product": "Foo"}, []),
        ({"product": "Foo", "affected_versions": "n/a"}, []),
        ({"product": ["Foo", "Bar"], "affected_versions": "1.0"}, []),
        ({"product": "Foo", "affected_versions": "1.0 is hit. Version 2 is not."}, []),
        ({"affected": "Foo 2", "product": "Foo", "affected_versions": "1.0"}, []),
    ],
)
def test_a_version_is_told_with_its_product(record: dict[str, Any], named: list[str]) -> None:
    assert versions_of_product(record) == named


@pytest.mark.parametrize(
    ("record", "order"),
    [
        ({"product": "Foo Server", "fixed_in": "1.5"}, "Update Foo Server to 1.5."),
        ({"PkgName": "foo", "FixedVersion": "1.2, 1.3.1"}, "Update foo to 1.2 or 1.3.1."),
        ({"package_name": "foo", "patched_versions": ["1.2-3"]}, "Update foo to 1.2-3."),
        ({"fixed_in": "1.5"}, ""),
        ({"product": "Foo 1.1, 1.2", "fixed_in": "1.5"}, ""),
        ({"product": "Foo", "fixed_in": "the next release"}, ""),
        ({"product": "Foo", "fixed_in": None}, ""),
    ],
)
def test_what_repairs_one_product_is_an_order(record: dict[str, Any], order: str) -> None:
    assert update_of(record) == order


def test_hostile_records_never_raise() -> None:
    for record in hostile_records(100):
        assert isinstance(
            [*versions_of_product(record), *versions_in_rows(record)], list
        ) and isinstance(update_of(record), str)
