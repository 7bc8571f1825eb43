"""Lines of package feeds: what their nested objects say, and nothing of other lines."""

from __future__ import annotations

from stages.data_structurer.feed_lines import with_fields
from tests.stages.data_structurer.own_answers_help import answer

LINE = {
    "id": "PLSA-2099-1",
    "aliases": ["CVE-2099-0007"],
    "summary": "lintel: paths are not checked",
    "details": "### Impact\nThe server of `lintel` reads any file that a request of its names.\n\n"
    "### Patches\nFixed in 2.1. The 1.x series does not have the bug.\n\n"
    "### Workarounds\nServe files from a reverse proxy.",
    "affected": [
        {
            "package": {"ecosystem": "Slate", "name": "lintel"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "2.0"}, {"fixed": "2.1"}]}],
        }
    ],
    "database_specific": {"cwe_ids": ["CWE-22"]},
}


def test_a_line_of_packages_is_read_as_its_feed_is() -> None:
    assert answer(LINE, "vulnerability_scope") == (
        "CVE-2099-0007 affects lintel (Slate) from 2.0 before 2.1. The 1.x series does not have the"
        " bug."
    )
    assert answer(LINE, "vulnerability_response") == (
        "Update lintel to 2.1. The 1.x series does not have the bug. As a workaround, serve files"
        " from a reverse proxy."
    )
    filtered = LINE | {"mitigations": []}  # as the filter leaves a line that states none
    assert answer(filtered, "vulnerability_response") == answer(LINE, "vulnerability_response")
    bare = {name: value for name, value in LINE.items() if name != "affected"}
    assert answer(bare, "vulnerability_response") == (
        "CVE-2099-0007 is fixed in 2.1. The 1.x series does not have the bug. As a workaround,"
        " serve files from a reverse proxy."
    )


def test_any_other_line_stays() -> None:
    own = {"id": "X-1", "summary": "A flaw.", "affected": ["Lark 2.0"], "mitigations": "Patch."}
    assert with_fields(own) is own
    kept = with_fields({**LINE, "mitigations": "Own words."})
    assert kept["mitigations"] == "Own words."


def test_versions_are_told_with_the_product_beside_them() -> None:
    line = {"id": "CVE-2099-0007", "description": "A flaw lets attackers read files.",
            "product": "Lark Mail", "affected_versions": ["2.0", "2.1"]}  # fmt: skip
    assert answer(line, "vulnerability_scope") == "CVE-2099-0007 affects Lark Mail 2.0 and 2.1."
    report = {**line, "id": "R-1", "title": "A report"}
    assert with_fields(report) is report
