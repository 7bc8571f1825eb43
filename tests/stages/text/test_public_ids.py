"""Ids of databases are known in whole, and those of a tracker are none."""

from __future__ import annotations

import pytest

from stages.text.public_ids import CATALOGUE_ID, MALWARE_ID, is_of_a_feed, is_public_id

OF_ADVISORIES = ["ZDI-CAN-99001", "SSA-990001", "CERTFR-2031-AVI-0101", "WID-SEC-2031-1001",
                 "MFSA 2031-01", "INTEL-SA-00990", "JVNDB-2031-001001",
                 "RHSA-2031:1001", "BEAR-SA-2031-11", "ALSA-2031:1001"]  # fmt: skip


@pytest.mark.parametrize("own", ["CVE-2031-10001", "CNVD-2031-10001", "CNNVD-203101-101",
                                 "BDU:2031-01001", "EUVD-2031-1001", "GHSA-aaaa-bbbb-cccc",
                                 "CWE-9901", "BIT-some-bear-2031-1001",
                                 "UBUNTU-CVE-2031-10001", *OF_ADVISORIES])  # fmt: skip
def test_an_entry_is_known_by_its_id(own: str) -> None:
    """The status of one that isn't known was overlooked: a rejected entry became pairs."""
    assert is_public_id(own) and is_public_id(own.lower())
    assert not is_public_id(f"On {own}") and not is_public_id(f"{own} fixed")
    assert is_of_a_feed(own) == (own not in OF_ADVISORIES)


@pytest.mark.parametrize("own", ["T1990", "T1990.001", "G9059", "TA9001", "DET9001", "AML.T9001"])
def test_ids_of_catalogues_may_be_anybodys(own: str) -> None:
    """A tracker's T1990 may be rejected and still tell of security."""
    assert CATALOGUE_ID.fullmatch(own) and not is_public_id(own)


@pytest.mark.parametrize("own", ["OPS-7", "SA-1", "T19", "K1234", "CVE-1", "12", "PROJ-2031-12"])
def test_numbers_of_trackers_are_none(own: str) -> None:
    assert not is_public_id(own) and not CATALOGUE_ID.fullmatch(own)


def test_a_malicious_package_is_told_as_a_report() -> None:
    """As a flaw it was asked what it affects, and most of its report went unsaid."""
    assert MALWARE_ID.fullmatch("MAL-2031-1001") and not is_public_id("MAL-2031-1001")
