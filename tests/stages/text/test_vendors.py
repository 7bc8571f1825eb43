"""A product behind its vendor, none of them named twice."""

from __future__ import annotations

import pytest

from stages.sources.structures.ranges import cpe_words, cve_affected
from stages.text.vendors import called


@pytest.mark.parametrize(
    ("vendor", "product", "said"),
    [
        ("Acme", "Viewer", "Acme Viewer"),
        ("Acme", "Acme Viewer", "Acme Viewer"),
        ("Stoker CI Project", "Stoker CI Parcel", "Stoker CI Parcel"),
        ("Stoker Software, Inc.", "Stoker", "Stoker"),
        ("stoker_project", "stoker", "stoker"),
        ("Acme", "Acmeo", "Acme Acmeo"),
        ("", "Viewer", "Viewer"),
        ("Acme", "", "Acme"),
        ("Project", "Gull", "Project Gull"),
    ],
)
def test_a_vendor_is_not_named_twice(vendor: str, product: str, said: str) -> None:
    """Else an answer says "Stoker CI Project Stoker CI Parcel"."""
    assert called(vendor, product) == said


def test_products_of_cpe_and_cve_records() -> None:
    assert cpe_words("cpe:2.3:a:stoker_project:stoker:2.1:*:*:*:*:*:*:*") == "stoker 2.1"
    assert cpe_words("cpe:2.3:o:acme:gate:-:*:*:*:*:*:*:*") == "acme gate"
    item = {"vendor": "Stoker CI Project", "product": "Stoker CI Parcel", "versions": []}
    assert cve_affected([item]) == ("Stoker CI Parcel",)
