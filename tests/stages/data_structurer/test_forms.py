"""Forms: a sentence where every slot has its value, and nothing where one has not."""

from __future__ import annotations

from typing import Any

import pytest

from stages.base import Record
from stages.data_structurer.forms import _WORDINGS, form_sentence, listed
from stages.data_structurer.subjects import Subject
from stages.recipe.forms import (
    HARM,
    IMPACTS,
    NAMED_WEAKNESS,
    OF_NO_FIELDS,
    PERIOD,
    PLATFORMS,
    PRODUCTS,
    WEAKNESS,
    WORDINGS,
)
from stages.recipe.recipe import shipped

FORMS = shipped().forms
FLAW = Subject("vulnerability", "CVE-1 (Foo)", "CVE-1")


def made(form: str, short: str = "CVE-1", **record: Any) -> str:
    return form_sentence(form, record, Subject("x", short, short), FORMS)


@pytest.mark.parametrize(
    ("form", "record", "sentence"),
    [
        ("tactics and platforms", {"tactics": ["defense-evasion", "persistence"],
         "platforms": ["Linux", "macOS", "Windows"]},
         "Adversaries use CVE-1 for defense evasion and persistence, on Linux, macOS and Windows."),
        ("tactics and platforms", {"tactics": ["reconnaissance"], "platforms": ["PRE"]}, ""),
        ("tactics", {"tactics": ["reconnaissance"]}, "Adversaries use CVE-1 for reconnaissance."),
        ("rating", {"baseScore": 9.8, "baseSeverity": "CRITICAL",
                    "vectorString": "CVSS:3.1/AV:N"},
         "CVE-1 has a CVSS 3.1 base score of 9.8, and its severity is rated critical."),
        ("consequences", {"common_consequences": "DoS: Resource Consumption (Other)"},
         "Through CVE-1, an attacker may be able to exhaust resources."),
        ("consequences", {"common_consequences": [
            "DoS: Resource Consumption (CPU)", "DoS: Resource Consumption (Other)"]},
         "Through CVE-1, an attacker may be able to exhaust the CPU and exhaust other resources."),
        ("rating", {"baseScore": 9.8}, "CVE-1 has a CVSS base score of 9.8."),
        ("rating", {"severity": "HIGH"}, "The severity of CVE-1 is rated high."),
        ("rating", {"severity": "low", "cvss": {"version": "3.1", "baseScore": 7.5}},
         "The severity of CVE-1 is rated low, although its CVSS 3.1 base score of 7.5 counts as"
         " high on the scale of CVSS."),
        ("rating", {"severity": "LOW", "cvss": "2.2", "status": "disputed"},
         "CVE-1 has a CVSS base score of 2.2, and its severity is rated low. The entry is"
         " disputed."),
        ("affected", {"affected": ["Lark Mail before 2.1"], "status": "disputed"},
         "CVE-1 affects Lark Mail before 2.1. The entry is disputed."),
        ("rating", {"metrics": {"cvssMetricV31": [
            {"source": "nvd@nist.gov", "type": "Primary", "cvssData": {
                "version": "3.1", "baseScore": 8.8, "baseSeverity": "HIGH"}},
            {"source": "psirt@acme.example", "cvssData": {
                "version": "3.1", "baseScore": 6.5, "baseSeverity": "MEDIUM"}}]}},
         "Sources rate CVE-1 differently: NVD gives it a CVSS 3.1 base score of 8.8 (high), and"
         " psirt@acme.example one of 6.5 (medium)."),
        ("rating", {"metrics": {"cvssMetricV31": [
            {"source": source, "cvssData": {"version": "3.1", "baseScore": 8.8}}
            for source in ("nvd@nist.gov", "psirt@acme.example")]}},
         "CVE-1 has a CVSS 3.1 base score of 8.8."),
        ("rating and weakness", {"severity": "HIGH", "cvss": 7.5, "cwe_id": "CWE-22"},
         "CVE-1 has a CVSS base score of 7.5, its severity is rated high, and the underlying"
         " weakness is classified as CWE-22 (path traversal)."),
        ("weakness", {"cwe_id": "CWE-9901"}, ""),
        ("fixed", {"fixed_in": "v2.1.7"}, "CVE-1 is fixed in version 2.1.7."),
        ("fixed", {"fixed": "yes"}, ""),
        # What is affected names a product, and no order.
        ("affected", {"affected": ["Lark 3.17", "Install 3.18", "Update Lark to 3.18"]},
         "CVE-1 affects Lark 3.17."),
        ("affected", {"affected": ["< 2.3", "All versions", "before 2.3"]}, ""),
        ("affected", {"affected": ["Lark Update Manager before 2.3"]},
         "CVE-1 affects Lark Update Manager before 2.3."),
        ("fixed", {"fixed_in": "9f8e7d6c5b4a"}, ""),  # a commit is no release
        # Ids of products, and versions of several packages: no release of the flaw.
        ("fixed", {"product_status": {"fixed": ["CSAFPID-0004"]}}, ""),
        ("fixed", {"affected": [{"ranges": [{"events": [{"fixed": "1.5.0"}]}]}]}, ""),
        ("fixed", {"text": "Foo.", "kind": "vulnerability",
                   "original": {"product_status": {"fixed": ["CSAFPID-0004"]}}}, ""),
        ("fixed", {"text": "Foo.", "kind": "vulnerability", "original": {"fixed_in": "2.1"}},
         "CVE-1 is fixed in version 2.1."),
        ("tactics", {"tactics": ["TA0003", "Command And Control"]},
         "Adversaries use CVE-1 for TA0003 and command and control."),
        ("actor and victim", {"attacker": "203.0.113.7", "target": "10.0.0.5"}, ""),
        ("actor and victim", {"actor": "Insider", "victim": "Foo Bank"}, ""),
        ("actor and victim", {"actor": ["External", "FIN7"], "victim": "Foo Bank"},
         "The attack is attributed to FIN7. The victim was Foo Bank."),
        ("rating", {"cvss": {"version": "4.0", "base_score": 6.9, "severity": "MEDIUM"}},
         "CVE-1 has a CVSS 4.0 base score of 6.9, and its severity is rated medium."),
        ("rating", {"a": {"baseScore": 9.8}, "b": {"baseScore": 7.5}}, ""),
        ("rating", {"metrics": {
            "cvssMetricV2": [{"type": "Primary", "cvssData": {"version": "2.0", "baseScore": 10}}],
            "cvssMetricV31": [
                {"type": "Secondary", "cvssData": {"version": "3.1", "baseScore": 9.8}},
                {"type": "Primary", "cvssData": {"version": "3.1", "baseScore": 7,
                                                 "baseSeverity": "HIGH"}}]}},
         ""),  # nobody is told whose score is whose
        ("rating", {"severity": "unknown"}, ""),
        ("affected", {"affected": ["Acme Shoplane before 4.2.1"]},
         "CVE-1 affects Acme Shoplane before 4.2.1."),
        ("consequences", {"common_consequences": "::SCOPE:Other:IMPACT:Read Memory:IMPACT:DoS:"
         " Crash, Exit, or Restart:IMPACT:Quality Degradation::"},
         "Through CVE-1, an attacker may be able to read memory and make the product crash, exit or"
         " restart. It may also degrade the quality of the product."),
        ("consequences", {"consequences": ["Other: Reduce Performance."]},
         "CVE-1 may reduce the performance of the product."),
        ("consequences", {"consequences": ["Other: Varies by Context."]}, ""),
        ("period", {"first_seen": "2021-08-03T06:00:00Z", "last_seen": "2022-07-01"},
         "CVE-1 was active from 2021-08-03 to 2022-07-01, as far as is known."),
        ("period", {"first_seen": "2021-07-31T23:00:00.000Z", "last_seen": "2022-07-01T05:00:00Z"},
         "CVE-1 was active from August 2021 to July 2022, as far as is known."),
        ("period", {"first_seen": "2021-08-01", "last_seen": "2021-08-01"},
         "CVE-1 was active in August 2021, as far as is known."),
        ("period", {"first_seen": "2021-08-07", "last_seen": "2021-08-07"}, ""),
        ("period", {"first_seen": "2021-08-01"}, ""),
        ("tactics and platforms", {"tactics": ["impact"],
         "platforms": ["macOS", "Identity Provider"]},
         "Adversaries use CVE-1 for impact, on macOS and identity providers."),
        ("aliases", {"aliases": ["CVE-1", "Foo", "Bar"]}, "CVE-1 is also known as Foo and Bar."),
        ("aliases", {"aliases": ["CVE-1"]}, ""),
        ("aliases", {"aliases": ["cve 1", "C1"]}, ""),  # nothing but its letters
        ("start and finish", {"start": "2024-05-01T10:00:00+00:00", "finish": "2024-05-03"},
         "CVE-1 begins on 2024-05-01 at 10:00 and ends on 2024-05-03."),
        ("affected", {"affected": ["A sentence of prose that describes what it is about."]}, ""),
    ],
)  # fmt: skip
def test_forms(form: str, record: Record, sentence: str) -> None:
    assert form_sentence(form, record, FLAW, FORMS) == sentence


def test_a_name_with_a_noun_begins_a_sentence_with_a_capital() -> None:
    made_of = {"start": "2030-05-02T10:00:00Z", "finish": "2030-05-04T10:00:00Z"}
    assert made("start and finish", 'the event "X"', **made_of).startswith(
        'The event "X" begins on '
    )


def test_every_wording_that_a_recipe_may_name_is_known() -> None:
    apart = {IMPACTS, HARM, PERIOD, PLATFORMS, PRODUCTS, WEAKNESS, NAMED_WEAKNESS, *OF_NO_FIELDS}
    assert {*_WORDINGS, *apart} == set(WORDINGS)


def test_a_list_in_a_sentence() -> None:
    assert [listed(list("abc"[:n]), 3) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert listed(list("abcd"), 3) == "", "what is left out would be wrong"


def test_what_an_entry_of_cve_affects_is_not_told_again_as_upstream() -> None:
    """Its own package is the product, and no distribution's copy."""
    said: dict[str, Any] = {
        "text": "A flaw in Lark CI 6.0 through 6.4 lets guests ring.",
        "affected": ["Lark CI 6.0"],
    }
    said |= {"packageName": "lark-ci"}
    assert "Upstream" in made("affected", **said)
    assert "Upstream" not in made("affected", **said, assignerShortName="Lark")
