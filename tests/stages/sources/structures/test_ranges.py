"""What is affected, in words: names and versions quoted from CPE names and version lists."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.structures.ranges import (
    cpe_matches,
    cpe_words,
    cve4_affected,
    cve_affected,
    cve_spared,
)

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
        # Without its update a candidate of a release would stand for the release.
        (f"{CPE}:2.4:rc2:*:*:*:*:*:*", "acme image viewer 2.4-rc2"),
        ("cpe:/o:acme:os:1.0:beta", "acme os 1.0-beta"),
        (f"{CPE}:2.4:sp1:*:*:*:*:*:*", "acme image viewer 2.4"),
        (f"{CPE}:*:rc2:*:*:*:*:*:*", "acme image viewer"),
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
        ({"version": "2.4", "lessThan": "2.4"}, " before 2.4"),  # and no empty range
        ({"version": "2.0", "lessThan": "2.4.*"}, " from 2.0 through 2.4.*"),  # all of 2.4
        ({"version": "2.0", "lessThan": "*"}, " from 2.0"),
        ({"version": "0", "lessThan": "*"}, " (all versions)"),
        ({"version": "2.0", "status": "affected"}, " 2.0"),
        ({"version": "1.0", "lessThan": "3", "changes": [{"at": "2.4", "status": "unaffected"}]},
         " from 1.0 before 2.4"),
        ({"version": "n/a"}, ""),
        ({"version": 2}, ""),
    ],
)  # fmt: skip
def test_versions_of_a_cve(version: dict[str, Any], words: str) -> None:
    item = {"vendor": "Acme", "product": "Viewer", "versions": [version]}
    assert cve_affected([item]) == (f"Acme Viewer{words}",)


@pytest.mark.parametrize(
    ("platforms", "words"),
    [(["Linux"], " on Linux"), (["Firmware"], ""), (["All", "Linux"], " on Linux")],
)
def test_a_platform_is_named_where_it_is_one(platforms: list[str], words: str) -> None:
    versions = [{"version": "0", "lessThan": "2.4"}]
    item = {"vendor": "Acme", "product": "Viewer", "versions": versions, "platforms": platforms}
    assert cve_affected([item]) == (f"Acme Viewer{words} before 2.4",)


def not_affected(version: str, **end: str) -> dict[str, str]:
    return {"version": version, "status": "unaffected", **end}


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        (  # as the Linux kernel's are
            [{"version": "2.6.12", "status": "affected"}, not_affected("0", lessThan="2.6.12"),
             not_affected("5.10.209", lessThanOrEqual="5.10.*"),
             not_affected("6.8", lessThanOrEqual="*")],
            " from 2.6.12 before 6.8, except from 5.10.209 through 5.10.*",
        ),
        ([not_affected("0:1.2-4.el8", lessThan="*")], " before 0:1.2-4.el8"),
        ([{"version": "2.6.12", "status": "affected"}, not_affected("0", lessThanOrEqual="2.6")],
         " after 2.6"),
        ([{"version": "1.0", "status": "affected"}, not_affected("1.2")], " 1.0, except 1.2"),
        ([], ""),
    ],
)  # fmt: skip
def test_what_is_affected_by_default(versions: list[dict[str, str]], words: str) -> None:
    item = {"vendor": "Acme", "product": "Viewer", "defaultStatus": "affected"}
    assert cve_affected([{**item, "versions": versions}]) == (f"Acme Viewer{words}",)


@pytest.mark.parametrize(
    ("text", "words"),
    [("A rope in Viewer prior to version 2.4 is loose.", "before 2.4"),
     ("A rope in Viewer before 2.4.1 is loose.", "except 2.4"),
     ("A rope in Viewer from 1.3.5 before 2.4 is loose.", "except 2.4"),
     ("A rope in Viewer 2.0 and later, but before 2.4 is loose.", "except 2.4"),
     ("A rope is loose. Viewer before 2.4 is not affected.", "except 2.4"),
     ("", "except 2.4")],
)  # fmt: skip
def test_a_single_repaired_version_ends_what_is_affected_where_the_text_says_so(
    text: str, words: str
) -> None:
    """Else all releases after it are called affected, too."""
    item = {"vendor": "Acme", "product": "Viewer", "defaultStatus": "affected"}
    affected = cve_affected([{**item, "versions": [not_affected("2.4")]}], text)
    assert affected == (f"Acme Viewer {words}",)


@pytest.mark.parametrize("default", [{}, {"defaultStatus": "unaffected"},
                                     {"defaultStatus": "unknown"}])  # fmt: skip
def test_a_product_without_an_affected_version_is_not_affected(default: dict[str, str]) -> None:
    item = {"vendor": "Acme", "product": "Viewer", "versions": [not_affected("2.0")], **default}
    assert cve_affected([item]) == ()


def test_all_versions_beside_a_range_are_named() -> None:
    """Else the range of its neighbour seems to be that of the product, too."""
    versions = [{"version": "0", "lessThan": "*", "status": "affected"}]
    assert cve_affected(
        [
            {"vendor": "Acme", "product": "Viewer", "versions": versions},
            {"product": "Lamp", "versions": [{"version": "*", "status": "affected"}]},
            {"product": "Rope", "versions": [{"version": "n/a", "status": "affected"}]},
        ]
    ) == ("Acme Viewer (all versions)", "Lamp (all versions)", "Rope")


def test_a_release_with_a_patch_of_its_own_is_not_affected() -> None:
    """Whoever runs it looks for an update that they have."""
    changes = [{"at": at, "status": "unaffected"} for at in ("2.9-p3", "2.8-p7", "2.7-p1")]
    version = {"version": "2.0", "lessThan": "2.9-p3", "status": "affected", "changes": changes}
    item = {"vendor": "Acme", "product": "Viewer", "versions": [version]}
    assert cve_affected([item]) == ("Acme Viewer from 2.0 before 2.9-p3",)
    assert list(cve_spared([item])) == ["Acme Viewer 2.8-p7 and 2.7-p1 are not affected."]
    assert list(cve_spared([{**item, "versions": [version | {"changes": changes[:1]}]}])) == []


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
    [("<", " before 2.4"), ("<=", " through 2.4"), (">=", " from 2.4"), ("", " 2.4")],
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


@pytest.mark.parametrize("excluded", ["!", "!<", "!>=", "?", "?<"])
def test_what_an_old_cve_excludes_is_not_affected(excluded: str) -> None:
    old = {"version_affected": excluded, "version_value": "2.4"}
    for versions, found in (
        ([old], ()),
        ([old, {"version_value": "2.3"}], ("Acme Viewer 2.3",)),
    ):
        product = {"product_name": "Viewer", "version": {"version_data": versions}}
        vendor = {"vendor_name": "Acme", "product": {"product_data": [product]}}
        assert cve4_affected({"vendor": {"vendor_data": [vendor]}}) == found


def test_what_a_cve_record_spares_or_leaves_open_is_said() -> None:
    """Else whoever runs it can't tell it from what nobody has looked at."""
    affected = [
        {"vendor": "Acme", "product": "Viewer", "versions": [
            {"version": "2.0", "lessThan": "2.4", "status": "affected"},
            {"version": "3.0", "status": "unknown"}]},
        {"vendor": "Acme", "product": "Viewer Lite", "defaultStatus": "unaffected"},
        {"vendor": "Acme", "product": "Acme Linux 9", "packageName": "viewd",
         "defaultStatus": "unknown"},
    ]  # fmt: skip
    assert list(cve_spared(affected)) == [
        "Whether Acme Viewer 3.0 is affected is not known.", "Acme Viewer Lite is not affected.",
        "Whether viewd in Acme Linux 9 is affected is not known.",
    ]  # fmt: skip
