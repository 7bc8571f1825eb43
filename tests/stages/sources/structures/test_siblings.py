"""A description that several CVE entries share says of one of them what is its own."""

from __future__ import annotations

import pytest

from stages.sources.structures.nvd import read_nvd
from stages.sources.structures.reading import Said
from stages.sources.structures.siblings import of_this_flaw

OWN, OTHER = "CVE-2099-0007", "CVE-2099-0008"
FLAW = "The lamp of the pier burns by day."
NOTE = "[This CNA record relates to multiple CVEs; the text says which is which.]"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{FLAW} {NOTE} {OWN} is the wick. It is old. {OTHER} is the oil.",
         f"{FLAW} {OWN} is the wick. It is old."),
        (f"{NOTE} {FLAW}", FLAW),
        (f"{FLAW} {OTHER} is the oil.", f"{FLAW} {OTHER} is the oil."),  # without the note
        (f"{FLAW} [sic] It is old.", f"{FLAW} [sic] It is old."),
    ],
)  # fmt: skip
def test_what_is_of_one_flaw(text: str, told: str) -> None:
    """What is said of another entry would be told as this one's."""
    assert of_this_flaw(Said(text, "en"), OWN) == Said(told, "en")


def test_nvd_has_the_same_descriptions() -> None:
    said = [{"lang": "en", "value": f"{FLAW} {NOTE} {OTHER} is the oil."}]
    assert read_nvd({"cve": {"id": OWN, "descriptions": said}}).text == FLAW
