"""What forms say of a rating: whose score it is, how it is called, and who disputes it."""

from __future__ import annotations

from typing import Any

import pytest

from stages.data_structurer.rated import RATED
from stages.recipe.forms import (
    CALLED,
    CVSS_SCORE,
    CVSS_VERSION,
    DISPUTE,
    LEVEL,
    OF_THE_RATING,
    RATINGS,
    REASON,
    SCORES,
    SEVERITY,
)
from stages.sources.shapes.items import Item
from stages.sources.structures.registry import found_in

THREE = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
FOUR = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"


def by(**scores: float) -> dict[str, Any]:
    """A record with a rating by each source."""
    rated = [
        {"source": who.replace("_", "."), "cvssData": {"version": "3.1", "baseScore": score}}
        for who, score in scores.items()
    ]
    return {"metrics": {"cvssMetricV31": rated}}


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (by(nvd=9.1), {CVSS_SCORE: "9.1", CVSS_VERSION: "3.1", SEVERITY: "", RATINGS: "",
                       LEVEL: ""}),
        (by(nvd=9.1, lark_example=5.0),
         {RATINGS: "NVD gives it a CVSS 3.1 base score of 9.1 (critical), and lark.example one of"
                   " 5.0 (medium)"}),
        # A source that is only the number of a registry has no name to be told.
        (by(nvd=9.1, **{"0a1b2c3d-1111": 5.0}), {RATINGS: ""}),
        ({"cvss": [{"baseScore": 9.1}, {"baseScore": 5.0}]}, {CVSS_SCORE: "", CVSS_VERSION: ""}),
        ({"severity": "Low", "cvss": "7.5"}, {SEVERITY: "low", LEVEL: "high"}),
        ({"severity": "Important", "cvss": "7.5"}, {SEVERITY: "Important", LEVEL: ""}),
        # An English sentence tells it in English, in the vendor's word where that is.
        ({"severity": "mittel"}, {SEVERITY: "medium"}), ({"gravedad": "Alta"}, {SEVERITY: "high"}),
        ({"severity": "Medium-High"}, {SEVERITY: "medium-high"}),
        # Whoever reads of one score only takes it for the only one.
        ({"metrics": {"cvssMetricV40": [{"source": "a.example", "cvssData":
                      {"version": "4.0", "baseScore": 2.1}}],
                      "cvssMetricV31": [{"source": "a.example", "cvssData":
                      {"version": "3.1", "baseScore": 6.3}},
                      {"source": "nvd@nist.gov", "cvssData":
                      {"version": "3.1", "baseScore": 8.8}}]}},
         {CVSS_SCORE: "", RATINGS: "a.example gives it a CVSS 4.0 base score of 2.1 (low) and a"
          " CVSS 3.1 base score of 6.3 (medium), and NVD gives it a CVSS 3.1 base score of 8.8"
          " (high)"}),
        ({"severity": [{"score": THREE}, {"score": FOUR}]},
         {RATINGS: "", SCORES: "a CVSS 4.0 base score of 9.3 (critical) and a CVSS 3.1 base score"
          " of 9.8 (critical)"}),
        ({"metrics": [{"scenarios": [{"lang": "en", "value": "GENERAL"}],
                       "cvssV3_1": {"version": "3.1", "baseScore": 6.5}},
                      {"scenarios": [{"lang": "en", "value": "Guests may sign up."}],
                       "cvssV3_1": {"version": "3.1", "baseScore": 8.8}}]},
         {SCORES: "a CVSS 3.1 base score of 6.5 (medium) and one of 8.8 (high) in the scenario"
          " 'Guests may sign up'"}),
        # The vendor's reason for its word, and what the text calls a flaw.
        ({"severity": "Low", "statement": "Lark is rated Low because it runs as nobody. Lark 1"
          " has no such code."}, {REASON: "Lark is rated Low because it runs as nobody."}),
        ({"description": "A flaw was found in Lark. It has been rated as problematic. It is old."},
         {CALLED: "The entry's text calls it problematic"}),
        ({"vulnStatus": "Disputed"}, {DISPUTE: "disputed", CVSS_SCORE: "", SEVERITY: ""}),
        ({"description": "** DISPUTED ** Lark 2.1 lists names."}, {DISPUTE: "disputed"}),
        ({"description": "Lark 2.1 lists disputed names."}, {DISPUTE: ""}),
    ],
)  # fmt: skip
def test_what_a_record_says_of_its_rating(record: dict[str, Any], said: dict[str, str]) -> None:
    assert {wording: RATED[wording](record) for wording in said} == said


def test_every_wording_of_a_rating_is_known() -> None:
    assert RATED.keys() == set(OF_THE_RATING)


def test_a_rating_that_a_reader_has_taken_keeps_its_scenario() -> None:
    """The score of one edition is taken for that of all."""
    metrics = [
        {"scenarios": [{"lang": "en", "value": where}],
         "cvssV3_1": {"version": "3.1", "vectorString": vector, "baseScore": score}}
        for where, vector, score in (
            ("Lark on a desk", THREE, 9.8),
            ("Lark in a wall", THREE.replace("C:H", "C:N"), 9.1),
        )
    ]  # fmt: skip
    meta = {"cveId": "CVE-2099-0001", "state": "PUBLISHED"}
    told = [{"lang": "en", "value": "Lark opens the door to everybody who rings twice."}]
    own = {
        "dataType": "CVE_RECORD",
        "dataVersion": "5.1",
        "cveMetadata": meta,
        "containers": {"cna": {"descriptions": told, "metrics": metrics}},
    }
    read = found_in(Item("a.json", own), flat=False).record
    assert read is not None
    assert RATED[SCORES](read) == (
        "a CVSS 3.1 base score of 9.8 (critical) in the scenario 'Lark on a desk' and one of 9.1"
        " (critical) in the scenario 'Lark in a wall'"
    )


def test_a_reason_that_ends_with_a_command_gets_no_full_stop() -> None:
    """Whoever copies it would stop "spooler.", which there is not."""
    why = ["Low, for it needs: net stop spooler", "Nobody does that"]
    told = RATED[REASON]({"severity_reason": why})
    assert told == "Low, for it needs: net stop spooler\nNobody does that."
