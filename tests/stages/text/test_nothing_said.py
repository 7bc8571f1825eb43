"""What says that there is nothing, or sends a reader elsewhere; what says more than that stays."""

from __future__ import annotations

import pytest

from stages.text.nothing_said import refers_elsewhere, says_nothing


@pytest.mark.parametrize(
    "value",
    [
        "None.",
        "n/a",
        "PRE",
        "Other",
        "There is no fix.",
        "No known workarounds",
        "There are no workarounds that address this vulnerability.",
        "There is no known workaround at this time.",
        "Currently, no patch is available.",
        "No fix is available from the vendor",
        "To be determined",
        "Please review the CVE identifiers referenced below for details.",
        "For details on how to apply this update, refer to:\n\nhttps://vendor.example/1",
        "See the vendor's advisory.",
        "Sign up for our daily security briefing.",
        "Click here to read more.",
    ],
)
def test_says_nothing(value: str) -> None:
    assert says_nothing(value)


@pytest.mark.parametrize(
    "value",
    [
        "There is no fix; replace the device.",
        "No longer expose the port.",
        "None of the parsers should run as root.",
        "Update to 2.1",
        "Review the list of administrators and remove those that are not needed.",
        "Check the logs for information leaks.",
        "For guests, see to it that no share is open.",
        "For hours the information desk could not contact customers.",
        "Refer users to the new login page.",
        "Visit only sites that you know.",
        "Follow the principle of least privilege.",
        "Sign each package and register its key.",
        "Read access is limited to administrators.",
        "Contact the owners of exposed hosts.",
        "Refer to NIST guidelines when creating password policies.",
        "Thanks to a leaked key, thieves signed their driver.",
        "Click fraud cost the network two million.",
    ],
)
def test_says_something(value: str) -> None:
    assert not says_nothing(value) and not refers_elsewhere(value)
