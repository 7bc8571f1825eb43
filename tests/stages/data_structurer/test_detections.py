"""A subject for what tells of a detection without one."""

from __future__ import annotations

import pytest

from stages.data_structurer.answers import Answer
from stages.data_structurer.detections import with_detector
from stages.data_structurer.subjects import Subject

RULE = Subject("detection", "DR-7 (Odd lamps)", "DR-7")
OTHER = Subject("attack_technique", "T1 (Foo)", "T1")


@pytest.mark.parametrize(
    ("said", "by_rule", "by_defenders"),
    [
        ("Detects lamps that burn at noon. Correlates them with the tide.",
         "DR-7 detects lamps that burn at noon. It correlates them with the tide.",
         "Defenders can detect lamps that burn at noon. They can correlate them with the tide."),
        ("Unusual creation of lamps on a pier, followed by a fire.",
         "DR-7 looks for unusual creation of lamps on a pier, followed by a fire.",
         "Defenders can look for unusual creation of lamps on a pier, followed by a fire."),
        ("PowerShell execution of a lamp on a host of the pier.",
         "DR-7 looks for PowerShell execution of a lamp on a host of the pier.",
         "Defenders can look for PowerShell execution of a lamp on a host of the pier."),
        ("Monitor and count the lamps of a pier.",
         "Defenders should monitor and count the lamps of a pier.",
         "Monitor and count the lamps of a pier."),
    ],
)  # fmt: skip
def test_a_missing_subject(said: str, by_rule: str, by_defenders: str) -> None:
    assert with_detector(Answer(said, "record"), RULE).text == by_rule
    assert with_detector(Answer(said, "record"), OTHER).text == by_defenders


@pytest.mark.parametrize(
    "said",
    ["Lamps on a pier burn at noon.", "Unusual lamps are a sign of a fire.",
     "Monitoring of lamps finds most fires.", "- Detects lamps.\n- Detects fires."],
)  # fmt: skip
def test_what_has_a_subject_stays(said: str) -> None:
    assert with_detector(Answer(said, "record"), OTHER).text == said
