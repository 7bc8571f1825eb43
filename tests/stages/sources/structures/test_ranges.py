"""What is affected, in words: names and versions quoted from CPE names and version lists."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.structures.ranges import cpe_matches, cpe_words, cve4_affected, cve_affected

CPE = "cpe:2.3:a:acme:image_viewer"


def test_wrong_types_are_as_good_as_nothing() -> None:
    for value in (7, True, 1.5, "x", {"a": 1}, [7]):
        assert cpe_matches([{"nodes": [{"cpeMatch": value}]}]) == ()
        assert cpe_matches([{"nodes": value}]) == cpe_matches(value) == ()


@pytest.mark.parametrize(
    ("criteria", "words"),
    [
        (f"{CPE}:2.4:*:*:*:*:*:*:*", "acme image viewer 2.4"),
        (f"{CPE}:*:*:*:*:*:*:*:*", "acme image viewer"),
        (f"{CPE}:-:*:*:*:*:*:*:*", "acme image viewer"),
        ("cpe:2.3:a:acme:view\\:er\\!:1.0\\+b:*:*:*:*:*:*:*", "acme view:er! 1.0+b"),
        ("cpe:/o:acme:os:1.0", "acme os 1.0"),
        ("cpe:/o:acme", "acme"),
        ("acme viewer", ""),
        ("", ""),
    ],
)
def test_a_cpe_name_in_words(criteria: str, words: str) -> None:
    assert cpe_words(criteria) == words


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({"versionStartIncluding": "2.0", "versionEndExcluding": "2.4"}, " from 2.0 before 2.4"),
        ({"versionStartExcluding": "2.0", "versionEndIncluding": "2.4"}, " after 2.0 through 2.4"),
        ({}, ""),
    ],
)
def test_the_bounds_of_a_match(bounds: dict[str, str], words: str) -> None:
    match = {"vulnerable": True, "criteria": f"{CPE}:*:*:*:*:*:*:*:*", **bounds}
    nodes = [
        {"nodes": [{"children": [{"cpeMatch": [match, match, {**match, "vulnerable": False}]}]}]}
    ]
    assert cpe_matches(nodes) == (f"acme image viewer{words}",)


def test_configurations_of_wrong_types_or_without_end_give_nothing() -> None:
    deep: dict[str, Any] = {"cpeMatch": [{"criteria": f"{CPE}:1:*:*:*:*:*:*:*"}]}
    for _ in range(5000):
        deep = {"nodes": [deep]}
    for value in (None, 7, "x", [7, None], [{"cpeMatch": [7, {}]}], {"nodes": "x"}, [deep]):
        assert cpe_matches(value) == ()


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ({"version": "2.0", "lessThan": "2.4"}, " from 2.0 before 2.4"),
        ({"version": "0", "lessThanOrEqual": "2.4"}, " through 2.4"),
        ({"version": "2.0", "lessThan": "*"}, " from 2.0"),
        ({"version": "0", "lessThan": "*"}, ""),
        ({"version": "2.0", "status": "affected"}, " 2.0"),
        ({"version": "2.0", "status": "unaffected"}, ""),
        ({"version": "n/a"}, ""),
        ({"version": 2}, ""),
    ],
)
def test_versions_of_a_cve(version: dict[str, Any], words: str) -> None:
    item = {"vendor": "Acme", "product": "Viewer", "versions": [version]}
    assert cve_affected([item]) == (f"Acme Viewer{words}",)


def test_products_of_a_cve() -> None:
    assert cve_affected(
        [
            {"vendor": "Acme", "product": "Acme Viewer"},
            {"vendor": "n/a", "packageName": "viewer"},
            {"vendor": "n/a", "product": "unknown"},
            {"vendor": "Acme", "product": "Other", "defaultStatus": "unaffected"},
            "Viewer",
        ]
    ) == ("Acme Viewer", "viewer")


@pytest.mark.parametrize(
    ("affected", "words"),
    [("<", " before 2.4"), ("<=", " through 2.4"), ("!>=", " from 2.4"), ("", " 2.4")],
)
def test_versions_of_an_old_cve(affected: str, words: str) -> None:
    versions = [
        {"version_affected": affected, "version_value": "2.4"},
        {"version_affected": affected, "version_value": "n/a"},
    ]
    product = {"product_name": "Viewer", "version": {"version_data": versions}}
    vendor = {"vendor_name": "Acme", "product": {"product_data": [product]}}
    assert cve4_affected({"vendor": {"vendor_data": [vendor]}}) == (f"Acme Viewer{words}",)
    assert cve4_affected({"vendor": [vendor]}) == cve4_affected(None) == ()
