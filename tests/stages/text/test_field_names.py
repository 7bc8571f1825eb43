"""What names of fields mean, however they are written, and how they read."""

from __future__ import annotations

import pytest

from stages.text import field_names
from stages.text.field_names import label_of, meaning_of


@pytest.mark.parametrize(
    ("key", "meaning", "label"),
    [
        ("description", field_names.MAIN, "Description"),
        ("recommended_actions", field_names.MEASURES, "Recommended actions"),
        ("management_response", field_names.MEASURES, "Management response"),
        ("affectedProducts", field_names.AFFECTED, "Affected products"),
        ("falsepositives", field_names.TOLD, "False positives"),
        ("u_root_cause", field_names.CAUSE, "Root cause"),
        ("What went well", field_names.TOLD, "What went well"),
        ("source_ip", field_names.OTHER, "Source IP"),
        ("CVSS3_BASE", field_names.NOTED, "CVSS 3 BASE"),
        ("CVSS v3.0 Base Score", field_names.NOTED, "CVSS v3.0 base score"),  # was "v3 0"
        ("cve.description.0", field_names.OTHER, "Cve description 0"),
        ("cvssv4_score", field_names.NOTED, "CVSS 4 score"),
        ("IOCs", field_names.SIGNS, "Indicators of compromise"),
        ("published_at", field_names.NOTED, "Published at"),
        ("update", field_names.TOLD, "Update"),
        ("Traffic light", field_names.FIGURE, "Traffic light"),
        ("strengths", field_names.TOLD, "Strengths"),
        ("not_tested", field_names.TOLD, "Not tested"),
        ("Dropped from last month", field_names.TOLD, "Dropped from last month"),
        ("last_update", field_names.NOTED, "Last update"),
        ("satisfaction_score", field_names.NOTED, "Satisfaction score"),
        ("for_how_long", field_names.OTHER, "For how long"),
        ("pier_in_short", field_names.OTHER, "Pier in short"),
        ("what_the_vendor_did", field_names.OTHER, "What the vendor did"),
        ("what_owners_should_do", field_names.MEASURES, "What owners should do"),
        ("client_response", field_names.MEASURES, "Client response"),
        ("advisory-id", field_names.NOTED, "Advisory ID"),
        ("risk_evaluation", field_names.OTHER, "Risk evaluation"),
        ("影响", field_names.OTHER, "影响"),
    ],
)
def test_names(key: str, meaning: str, label: str) -> None:
    assert (meaning_of(key), label_of(key)) == (meaning, label)
