"""Remedies of CSAF stand with the products that they are for, or are left out."""

from __future__ import annotations

from typing import Any

import pytest

from stages.sources.structures.csaf import read_csaf
from tests.stages.sources.structures.test_csaf import larks

# Nobody knows which update that is, and a restart without it is of no use.
LEANS = "Before installing this update, read all of the notes. The lamps have to be restarted."
UPDATE, CLOSE, SAID = "Update to 2.1 or later.", "Close port 9.", "The maker plans a fix."


@pytest.mark.parametrize(
    ("details", "of", "told"),
    [
        (UPDATE, {"product_ids": ["A"]}, ["For Lark A, update to 2.1 or later."]),
        (UPDATE, {"product_ids": ["A", "B"]}, ["For Lark A and Lark B, update to 2.1 or later."]),
        (UPDATE, {"group_ids": ["G"]}, ["For Lark A and Lark B, update to 2.1 or later."]),
        (UPDATE, {"product_ids": [*"ABCDEFG"]}, ["Update the affected products to 2.1 or later."]),
        (UPDATE, {"product_ids": [*"HABCDEF"]}, []),
        (UPDATE, {}, [UPDATE]),
        (CLOSE, {"product_ids": [*"ABCDEFG"]}, [CLOSE]),
        (CLOSE, {"product_ids": ["C"]}, ["For Lark C, close port 9."]),
        (SAID, {"product_ids": ["C"]}, ["For Lark C: The maker plans a fix."]),
        (LEANS, {}, []),
        (f"{CLOSE} {LEANS}", {}, [CLOSE]),
        (UPDATE, {"product_ids": ["A", "CSAFPID-9"]}, []),
    ],
)
def test_a_remedy_names_its_products_or_is_left_out(
    details: str, of: dict[str, Any], told: list[str]
) -> None:
    """Else a reader installs the release of another product."""
    remedy = {"category": "vendor_fix", "details": details, **of}
    status = {"known_affected": [*"ABCDEFG"]}
    flaw = {"cve": "CVE-2099-0001", "product_status": status, "remediations": [remedy]}
    assert list(read_csaf(larks(flaw)).mitigations) == told


def test_one_remedy_of_several_flaws_is_told_once_with_all_its_products() -> None:
    flaws = [{"cve": f"CVE-2099-000{n}", "remediations": [
        {"category": "vendor_fix", "details": UPDATE, "product_ids": [one]}]}
        for n, one in enumerate("AB")]  # fmt: skip
    told = read_csaf(larks(*flaws)).mitigations
    assert told == ("For Lark A and Lark B, update to 2.1 or later.",)


def test_what_gets_no_fix_is_said_with_its_products() -> None:
    """Else the owner of a Lark B looks for an update that nobody plans."""
    remedies = [{"category": "vendor_fix", "details": UPDATE, "product_ids": ["A"]},
                {"category": "no_fix_planned", "details": "No fix is planned",
                 "product_ids": ["B"]}]  # fmt: skip
    flaw = {"cve": "CVE-2099-0001", "product_status": {"known_affected": ["A", "B"]},
            "remediations": remedies}  # fmt: skip
    assert read_csaf(larks(flaw)).fix_notes == ("For Lark B: No fix is planned.",)


@pytest.mark.parametrize(
    ("category", "details", "told", "noted"),
    [
        ("none_available", "None for Lark B.", (), ("No fix is available for Lark B.",)),
        ("none_available", "None", (), ("No fix is available for Lark B.",)),
        ("no_fix_planned", "N/A", (), ("No fix is planned for Lark B.",)),
        ("mitigation", "None for Lark B.", (), ()),
        ("workaround", "There are no workarounds.", (), ()),
        ("workaround", CLOSE, ("As a workaround, for Lark B, close port 9.",), ()),
    ],
)
def test_that_there_is_none_is_no_advice(
    category: str, details: str, told: tuple[str, ...], noted: tuple[str, ...]
) -> None:
    """ "None for Lark B." stood among the measures, behind an update that it seemed to deny."""
    remedy = {"category": category, "details": details, "product_ids": ["B"]}
    flaw = {"cve": "CVE-2099-0001", "product_status": {"known_affected": ["A", "B"]},
            "remediations": [remedy]}  # fmt: skip
    found = read_csaf(larks(flaw))
    assert (found.mitigations, found.fix_notes) == (told, noted)


def test_this_update_is_called_by_the_products_that_it_repairs() -> None:
    remedy = {"category": "vendor_fix", "details": LEANS, "product_ids": ["A"]}
    flaw = {"cve": "CVE-2099-0001", "product_status": {"fixed": ["A"]}, "remediations": [remedy]}
    assert read_csaf(larks(flaw)).mitigations == ("Install Lark A.",)


def test_how_to_install_updates_in_general_is_no_remedy() -> None:
    """ "Use the online update" names nothing to install; the repaired packages do."""
    general = "To install this Lark Security Update use the methods that Lark recommends."
    remedy = {"category": "vendor_fix", "details": general, "product_ids": ["K", "L"]}
    names = {"K": "bell-2.1-4.x86_64 as component of Lark 12", "L": "rope-2.1-4.aarch64 as a "
             "component of Lark 12"}  # fmt: skip
    flaw: dict[str, Any] = {"cve": "CVE-2099-0001", "remediations": [remedy]}
    document = larks(flaw)
    named = [{"product_id": own_id, "name": name} for own_id, name in names.items()]
    document["product_tree"]["relationships"] = [{"full_product_name": one} for one in named]
    assert read_csaf(document).mitigations == ()
    flaw["product_status"] = {"recommended": ["K", "L"]}
    assert read_csaf(document).mitigations == ("Install bell-2.1-4 and rope-2.1-4 on Lark 12.",)


def test_a_remedy_that_names_its_version_stays() -> None:
    said = "Install this firmware update, 2.1.4, and restart the lamps."
    flaw = {"cve": "CVE-2099-0001", "remediations": [{"category": "vendor_fix", "details": said}]}
    assert read_csaf(larks(flaw)).mitigations == (said,)
