"""What a document finds on the whole stands in what is told of it, once and under its name."""

from __future__ import annotations

import pytest

from tests.stages.data_structurer.own_answers_help import answer
from tests.stages.data_structurer.test_wholes import ROPES, told

FINDING = {
    "title": "Ropes of the pier are held by a knot alone",
    "observation": "The ropes of four ships were held by a knot alone. Nobody looks after them.",
    "recommendation": "Hold each rope with a lock, and look after the locks once a day.",
}


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"risk": "High", "ease": "Trivial"}, "Risk: High.\nEase: Trivial."),
        ({"Opinion": "Needs improvement"}, "Opinion: Needs improvement."),
        ({"status_at_retest": "Partly fixed"}, "Status at retest: Partly fixed."),
        ({"meta": {"severity": "Medium", "owner": "Pier"}}, "Severity: Medium."),
        ({"impact": "Low"}, "Impact: Low."),
        ({"bulletin": "PB-2094-07", "CVE": "CVE-2094-30011"}, "CVE: CVE-2094-30011."),
        (
            {"bulletin": "PB-2094-07", "cve_ids": ["CVE-2094-30011", "CVE-2094-30012"]},
            "CVEs: CVE-2094-30011, CVE-2094-30012.",
        ),
        ({"replaces": "PB-2093-02 (withdrawn)"}, "Replaces: PB-2093-02 (withdrawn)."),
        ({"cvss_score": "9.1"}, "CVSS score: 9.1."),
        ({"cvss": "9.1 (v3.1) / 7.5 (v2)"}, "CVSS: 9.1 (v3.1) / 7.5 (v2)."),
        # Of a scanner's scores the newest, though another one stands first.
        (
            {"cvss_base_score": "10.0", "cvss3_base_score": "9.1"},
            "CVSS 3 base score: 9.1.",
        ),
    ],
)
def test_a_finding_without_its_verdict_would_read_as_any_other(
    fields: dict[str, object], line: str
) -> None:
    said = answer({**FINDING, **fields}, "text_summary")
    assert said is not None
    assert said.startswith(f"{line}\n\nThe ropes of ")


def test_behind_a_text_it_stands_at_the_end() -> None:
    assert told(ROPES, status="accepted, supersedes 12") == (
        f"{ROPES}\n\nStatus: Accepted, supersedes 12."
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "final"},  # of the document
        {"status": "draft"},
        {"state": "new"},
        {"risk": "3"},  # a number of an unknown scale
        {"severity": "unknown"},
        {"score": "41"},  # of a post
        {"severity": "internal"},
        {"cve": "none"},
    ],
)
def test_what_says_nothing_of_the_matter_is_left_out(fields: dict[str, str]) -> None:
    assert told(ROPES, **fields) == ROPES


def test_what_the_text_says_is_not_said_again() -> None:
    text = f"{ROPES} Since 3 May all of the locks are fixed."
    assert told(text, status="Fixed") == text


def test_what_stands_ahead_of_it_keeps_its_full_stop() -> None:
    said = told(ROPES, timeline="2094-05-02 reported, 2094-05-09 fixed", severity="high")
    assert said is not None
    assert said.endswith("2094-05-09 fixed.\n\nSeverity: High.")


def test_how_sure_a_report_is_is_told_in_a_word() -> None:
    said = told(ROPES, confidence="moderate")
    assert said is not None and said.endswith("\n\nConfidence: Moderate.")
