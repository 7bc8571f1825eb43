"""A record's severity: its own word first, then its score's, else unknown."""

from __future__ import annotations

from typing import Any

import pytest

from stages.text.facts import facts_of
from stages.text.severity import UNKNOWN, highest, in_english, severity_of
from tests.stage_help import hostile_records


@pytest.mark.parametrize(
    ("record", "level"),
    [({"severity": "HIGH"}, "high"), ({"severity": "Moderate"}, "medium"),
     ({"cve": {"baseSeverity": "LOW"}}, "low"), ({"risk_level": "critical"}, "critical"),
     ({"database_specific": {"severity": "MODERATE"}}, "medium"),
     ({"document": {"aggregate_severity": {"text": "Important"}}}, "high"),
     ({"severity": ["HIGH"]}, "high"), ({"severity": "Critical (9.8)"}, "critical"),
     ({"severity": "High severity"}, "high"), ({"severity": "7.5 high"}, "high"),
     ({"severity": "Not critical"}, "low"), ({"criticality": "less critical"}, "low"),
     ({"severity": "non-critical"}, "low"), ({"criticality": "Moderately critical"}, "medium"),
     ({"threat_severity": "Moderate"}, "medium"), ({"sir": "Critical"}, "critical"),
     ({"severity": [{"type": "Ubuntu", "score": "high"}]}, "high"),
     ({"priority": "medium", "packages": []}, "medium"), ({"risk_factor": "High"}, "high"),
     ({"level": "high", "logsource": {}}, "high"), ({"info": {"severity": "high"}}, "high"),
     ({"severity": "HIGH (CVSS 8.1)"}, "high"), ({"severity": "High/8.8"}, "high"),
     ({"severity": "Critical - CVSS 9.8"}, "critical"), ({"cvssV3Severity": "HIGH"}, "high"),
     ({"severity": "High (CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H)"}, "high"),
     ({"severity": "9.8 CRITICAL"}, "critical"), ({"typical_severity": "Very High"}, "critical"),
     ({"危害等级": "高危"}, "high"), ({"深刻度": "警告"}, "medium"),
     ({"severity": "严重"}, "critical"), ({"severity": "Hoch"}, "high"),
     ({"Gravedad": "Alta"}, "high"), ({"gravité": "Élevée"}, "high"),
     ({"严重级别": "中危"}, "medium"), ({"severity": "low-medium"}, "medium"),
     ({"severity": "High to Critical"}, "critical"), ({"severity": "Low / Medium"}, "medium"),
     ({"severity": "Less critical 8 \u2215 25 AC:Complex/A:User/CI:Some/II:None"}, "low"),
     ({"Security risk": "Highly critical 21/25"}, "high"),
     ({"severities": [{"source": "vendor", "level": "High"}]}, "high"),
     ({"severities": ["Very High"]}, "critical"),
     ({"security_severity_level": "High"}, "high"),
     ({"riskdesc": "High (Medium)"}, "high"), ({"issue_severity": "HIGH"}, "high"),
     ({"text": "A.", "original": {"front_matter": {"severity": "High"}}}, "high"),
     ({"severity": "Критический"}, "critical"), ({"severidade": "Média"}, "medium")],
)  # fmt: skip
def test_a_stated_severity_is_the_level(record: dict[str, Any], level: str) -> None:
    found = severity_of(record | {"cvss": 0.5})
    assert found.level == level and found.stated
    assert (found.rating is not None) == (level == "low")  # a score of 0.5 says the same


@pytest.mark.parametrize(
    "line", ["Severity: moderate", "- **Severity:** Medium (5.3)", "  severity rating : MEDIUM  "]
)
def test_a_line_of_a_text_that_is_a_field_states_it(line: str) -> None:
    """Advisories that came as letters were of no severity, though each said one."""
    text = f"The gate of the pier can be lifted.\n\n{line}\n\nLock it."
    assert severity_of({"title": "Gate", "text": text}).level == "medium"
    assert severity_of({"title": "Gate", "text": text, "severity": "low"}).level == "low"


@pytest.mark.parametrize(
    "text",
    ["Severity: high\n\nSeverity: low", "> Severity: high", "Its severity: high",
     "Severity: high risk of floods in May", "Severity:\nhigh", "Severity: high. It was not so."],
)  # fmt: skip
def test_what_a_text_says_otherwise_states_none(text: str) -> None:
    assert severity_of({"text": text}).level == UNKNOWN


def test_a_word_and_a_score_in_one_field_are_read_both() -> None:
    found = severity_of({"severity": "CVSS 3.1: 7.5 high", "cvss": 0.5})
    assert (found.level, found.stated) == ("high", "CVSS 3.1: 7.5 high")
    assert found.rating is not None and found.rating.called == "CVSS 3.1"


def test_without_a_word_the_newest_score_is_called_by_its_name() -> None:
    found = severity_of({"cvss_v3": 7.5, "cvss_v2": 3.0})
    assert found.level == "high" and found.basis()["from"] == "CVSS 3"


def test_a_severity_that_is_a_score_of_cvss_is_one() -> None:
    """It was unknown, and nobody was told how severe the flaw is."""
    for said, level in (("CVSS 9.8", "critical"), ("CVSS 8", "high"), ("6.1 (CVSS)", "medium"),
                        ("8.1/10", "high"), ("5,3 / 10", "medium")):  # fmt: skip
        assert severity_of({"severity": said}).level == level
    assert severity_of({"risk_level": "CVSS 7.2"}).level == "high"
    for other in ({"severity": "CVSS 3.1"}, {"risk": "7.2"}, {"risk": "Loss of 9.8 m"}):
        assert severity_of(other).level == UNKNOWN


@pytest.mark.parametrize(
    "record",                      [{}, {"severity": "yes"}, {"severity": [1]}, {"risk": 9},
                                    {"references": [{"severity": "high"}]},
                                    {"risk": "Information disclosure"}, {"severity": "low to high"},
                                    {"severity": ["LOW", "HIGH"]}, {"severity": "low/high"},
                                    {"severities": [{"level": "Low"}, {"level": "High"}]},
                                    {"severities": [[["high"]]]}, {"Security risk": "Loss of 5/25"},
                                    {"severity": 8},
                                    {"cvss": {"epss": {"score": 0.9}}},
                                    {"severity": "A high chance of critical things, as always."}],
)  # fmt: skip
def test_what_nothing_states_is_unknown(record: dict[str, Any]) -> None:
    assert severity_of(record).level == UNKNOWN and severity_of(record).basis() == {}


def test_facts_state_one_severity_and_one_score_with_its_version() -> None:
    """Four scores of one record were once pooled in a line."""
    metrics = {"cvssMetricV31": [{"cvssData": {"version": "3.1", "baseScore": s}} for s in [9.8]],
               "cvssMetricV2": [{"cvssData": {"version": "2.0", "baseScore": 5}}]}  # fmt: skip
    lines = facts_of({"cve": {"metrics": metrics}}, ("Severity", "Base score"))
    assert lines == "Severity: critical.\nBase score: 9.8 (CVSS 3.1)."


def test_the_highest_of_several_words_where_each_names_a_level() -> None:
    assert highest(["Moderate", "Important", "Low"]) == "Important"
    assert highest(["Important", ""]) == highest([]) == ""


def test_a_scale_behind_a_word_is_not_told_with_it() -> None:
    """ "13 of 25" means nothing to a reader who does not know whose scale that is."""
    assert in_english("Moderately critical 13 \u2215 25 AC:None/A:User/CI:Some") == (
        "Moderately critical"
    )


def test_hostile_records_never_raise() -> None:
    for record in hostile_records(200):
        severity_of(record)


def test_a_stated_severity_names_the_rating_that_says_the_same() -> None:
    cvss = {"version": "4.0", "base_score": 6.9, "source": "cna.example"}
    basis = severity_of({"severity": "MEDIUM", "cvss": cvss}).basis()
    assert basis == {
        "from": "stated", "as": "MEDIUM", "cvss": "CVSS 4.0", "score": 6.9, "source": "cna.example",
    }  # fmt: skip
    assert severity_of({"severity": "HIGH", "cvss": cvss}).basis() == {
        "from": "stated", "as": "HIGH",
    }  # fmt: skip


def test_ratings_that_did_not_count_are_named_the_newest_first() -> None:
    """The newest version counts even where only another source than NVD rates by it."""
    v4 = {"source": "cna", "type": "Secondary", "cvssData": {"version": "4.0", "baseScore": 6.9}}
    v3 = {"source": "nvd", "type": "Primary", "cvssData": {"version": "3.1", "baseScore": 9.8}}
    v2 = {"source": "nvd", "type": "Primary", "cvssData": {"version": "2.0", "baseScore": 10}}
    found = severity_of({"cve": {"metrics": {"a": [v2, v3], "cvssMetricV40": [v4]}}})
    assert found.level == "medium"
    assert found.basis() == {
        "from": "CVSS 4.0", "score": 6.9, "source": "cna",
        "others": ["CVSS 3.1: 9.8, nvd", "CVSS 2.0: 10, nvd"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("record", "level", "called"),
    [({"cvss": {"v3": {"score": 9.8}, "v2": {"score": 5.0}}}, "critical", "CVSS 3"),
     ({"cvss": {"3.1": 7.5}}, "high", "CVSS 3.1"), ({"severity": 8.1}, "high", "CVSS"),
     ({"severity": "5.5"}, "medium", "CVSS"),
     ({"severity": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}, "critical", "CVSS 3.1")],
)  # fmt: skip
def test_scores_and_vectors_in_plain_fields(
    record: dict[str, Any], level: str, called: str
) -> None:
    found = severity_of(record)
    assert found.level == level and found.rating and found.rating.called == called


def test_the_vendors_word_counts_before_the_level_that_the_filter_has_found() -> None:
    """Else "Moderate" is told as "medium", which nobody has said."""
    record = {"id": "GHSA-2222-3333-4444", "database_specific": {"severity": "MODERATE"}}
    filtered = {**record, "risk_level": "medium", "fields_from": {"risk_level": {"from": "stated"}}}
    assert severity_of(filtered).stated == severity_of(record).stated == "MODERATE"


@pytest.mark.parametrize("score", ["9.8", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"])
def test_the_word_of_an_object_counts_beside_its_score(score: str) -> None:
    """The vendor's own word was lost, and the record's level with it."""
    found = severity_of({"severity": {"score": score, "name": "High"}})
    assert (found.level, found.stated) == ("high", "High")
