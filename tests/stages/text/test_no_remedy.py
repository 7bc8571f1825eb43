"""Phrases of vendors that deny a remedy, and sentences beside them that say what to do."""

from __future__ import annotations

import pytest

from stages.text.nothing_said import says_nothing

STANDARD = "the Red Hat Product Security criteria comprising ease of use and deployment"


@pytest.mark.parametrize(
    "phrase",
    [
        f"Mitigation for this issue is either not available or the currently available options do"
        f" not meet {STANDARD}, applicability to widespread installation base or stability.",
        "No mitigation is currently available that meets Red Hat Product Security's standards for"
        " usability, deployment, applicability, or stability.",
        "Red Hat has investigated whether a possible mitigation exists for this issue, and has not"
        " been able to identify a practical example.",
        "Microsoft has not identified any workarounds for this vulnerability.",
        "Microsoft has not identified any mitigating factors for this vulnerability.",
        "Cisco has not released and will not release software updates to address the"
        " vulnerabilities that are described in this advisory.",
        "There are no workarounds that address this vulnerability.",
        "There are no known workarounds or mitigations for this issue.",
        "No workarounds or mitigations are available.",
        "There are no viable workarounds for this issue.",
        "The CERT/CC is currently unaware of a practical solution to this problem.",
        "We are not aware of any vendor-supplied patch.",
        "Currently we are not aware of any vendor-supplied patches. If you feel we are in error"
        " or know more, please write to us.",
        "Foo Corp. did not respond to CISA's attempts at coordination.",
        "At time of publication, no known patches are available.",
        "As of time of publication, no known workarounds are available.",
        "At the time of publication, there are no known patched versions.",
        "There was no known workaround at the time of this update.",
        "No patched version is available. No reply from the vendor.",
        "No patched version available.",
        "No official fix available.",
        "Currently no fix is planned.",
        "No remediation planned",
        "No solution has been released yet.",
        "A patch is not yet available.",
        "Patch not available",
        "Not yet fixed.",
        "Will not fix.",
        "Won’t fix.",
        "Out of support scope.",
        "End of life.",
        "No fix planned.",
        "Unknown at this time.",
        "Unfortunately, there is no workaround.",
        "There's no workaround.",
        "There isn't any workaround.",
        "No workarounds exist.",
        "None known.",
        "Nothing to do.",
        "No action required.",
        "No customer action is required.",
        "The vendor did not respond.",
        "Keine Lösung verfügbar.",
        "Es gibt derzeit keinen Patch.",
        "Aucun correctif n'est disponible à ce jour.",
        "No hay solución reportada por el momento.",
        "目前厂商暂未发布修复措施解决此安全问题，建议使用此软件的用户随时关注厂商主页。",
        "厂商尚未提供漏洞修复方案，请关注厂商主页更新：http://foo.example/",
    ],
)
def test_a_phrase_that_denies_a_remedy_says_nothing(phrase: str) -> None:
    assert says_nothing(phrase)


@pytest.mark.parametrize(
    "sentence",
    [
        "No patch is available; disable the plugin.",
        "Mitigation for this issue is to disable the module.",
        "No patched version is available. Remove the plugin.",
        "There are no known workarounds, but the service can be stopped.",
        "The vendor has not released a patch for versions before 2.0, which few still use.",
        "No backups were available.",
        "Unpatched hosts are scanned.",
        "The update was not available to the hospital.",
        "Devices that are out of support must be replaced.",
        "Nothing is logged when the flaw is used.",
        "No solution other than an update removes the flaw.",
        "The vulnerability documented by this CVE requires no customer action to resolve.",
        "厂商已发布了漏洞修复程序，请及时关注更新：http://foo.example/",
    ],
)
def test_what_says_more_stays(sentence: str) -> None:
    assert not says_nothing(sentence)


def test_long_values_cost_no_time() -> None:
    for value in (
        "no " * 130,
        "no fix " + "is " * 130 + "x",
        "fix or " * 60,
        "未" * 390,
        "a " * 199,
    ):
        assert not says_nothing(value + "has not x")
