"""Systems a record affects: stated in its fields, or named in its text with the place."""

from __future__ import annotations

from typing import Any

import pytest

from stages.recipe.recipe import shipped
from stages.text.affected import named_systems, stated_systems
from tests.stage_help import hostile_records

NAMES = shipped().systems.names


@pytest.mark.parametrize(
    ("record", "systems"),
    [({"platforms": ["PRE", "Linux"]}, ["Linux"]),
     ({"affected": [{"package": {"ecosystem": "npm", "name": "shoplane"}}]}, ["shoplane"]),
     ({"cna": {"affected": [{"vendor": "Acme", "product": "Foo"}]}}, ["Acme Foo", "Foo"]),
     ({"affected": ["Foo < 2.0"], "text": "t", "original": {"product": "x"}}, ["Foo < 2.0"]),
     ({"configurations": [{"nodes": [{"cpeMatch": [{"criteria": "cpe:2.3:a:acme:shop_lane:*"}]}]}]},
      ["acme shop lane"]),
     ({"affected": [{"vendor": "n/a", "product": "n/a"}]}, []), ({"affected": "yes"}, []),
     ({"affected": 5000}, []),
     ({"affected": ["Foo (not affected)", "Bar - unaffected", "Baz 2"]}, ["Baz 2"]),
     ({"affected": ["Foo (1.1 not affected)"]}, ["Foo (1.1 not affected)"]),
     ({"affected": "12,000 patients"}, []), ({"affected": "1.0 and earlier"}, ["1.0 and earlier"]),
     ({"cna": {"affected": [{"product": "A", "defaultStatus": "unaffected"},
                            {"product": "B", "defaultStatus": "unaffected",
                             "versions": [{"version": "2", "status": "affected"}]}]}}, ["B"]),
     ({"package_state": [{"package_name": "a", "fix_state": "Not affected"},
                         {"package_name": "b", "fix_state": "Affected"}]}, ["b"]),
     ({"text": "t", "original": {"product": "Foo", "product_tree": {"product": "Bar"}}}, ["Foo"]),
     ({"text": "t", "original": {"front_matter": {"products": ["Foo"]}}}, ["Foo"]),
     ({"text": "t", "original": {"product_tree": {"branches": [{"product": {"name": "A"}}]}}}, []),
     ({"text": "t", "part": {"number": 1, "of": 2, "heading": "", "begins": "t"},
       "original": {"cna": {"affected": [{"product": "Foo"}]}}}, ["Foo"])],
)  # fmt: skip
def test_stated_systems(record: dict[str, Any], systems: list[str]) -> None:
    assert stated_systems(record) == systems


def test_named_systems_stand_where_they_say() -> None:
    text = "It runs on Windows Server and macOS, not on Linux. On Windows it drops a service."
    found = named_systems(text, NAMES)
    assert [one.name for one in found] == ["Windows", "macOS"]
    assert [text[one.start : one.end] for one in found] == ["Windows Server", "macOS"]


@pytest.mark.parametrize(
    ("text", "systems"),
    [("It adds a Run key to the Registry and calls rundll32.", ["Windows"]),
     ("A plist in a LaunchDaemon folder starts it.", ["macOS"]),
     ("The unit is known to systemd on Ubuntu.", ["Linux"]),
     ("Keys in EC2 were used with an account of Okta.", ["IaaS", "Identity Provider"]),
     ("The PLCs were reached from Windows.", ["Industrial control systems", "Windows"]),
     ("Not only Windows but also Linux is affected.", ["Windows", "Linux"]),
     ("Windows is affected, Linux is not affected.", ["Windows"]),
     ("This only affects macOS; Windows builds are unaffected.", ["macOS"]),
     ("Windows users are not affected, Android phones are.", ["Android"]),
     ("It poses as a Windows service and waits.", ["Windows"]),
     ("Analysis of the dropper shows that it runs on Windows.", ["Windows"]),
     ("They ran a web shell on Windows servers.", ["Windows"]),
     ("It runs a proxy server on Windows.", ["Windows"]),
     ("It wiped Linux hosts and spared the backups, which were not reached.", ["Linux"]),
     ("The trojan is a fake Android app.", ["Android"])],
)  # fmt: skip
def test_what_only_one_platform_has_names_it(text: str, systems: list[str]) -> None:
    assert [one.name for one in named_systems(text, NAMES)] == systems


@pytest.mark.parametrize(
    "text",
    ["The registry office has a container of plants.",
     "It breaks the windows of a house.", r"Reads C:\Users\victim\Google\Chrome\User Data\Login.",
     "See https://Linux.example/Android for more.", "Unlike Linux, it is slow.",
     "Linux and macOS are not affected.", "It does not affect Windows, iOS or Linux.",
     "Users of AWS were not affected.", "No Windows hosts were hit.",
     "It was published on the npm Registry.", "The Land Registry lost its files.",
     "The flaw was reported by Debian and by Red Hat.", "The Chrome team found the flaw.",
     # What attackers and analysts work with, what a browser says, and what nothing happened to.
     "The thieves rented their own servers on Azure.", "They hosted the phishing pages in Azure.",
     "Its operators run a control panel on a hardened Linux box.",
     "We decompiled the sample on Linux.", "The sample was analysed in a lab with macOS 14.",
     "Visitors with an iOS user agent see a blank page.",
     "The page opens only where the User-Agent names Windows or macOS.",
     "Backups were kept in Azure, which was never reached.",
     # What somebody poses as, and who is told that nothing is to be done.
     "The callers posed as Red Hat support.", "She claimed to be from Azure billing.",
     "The page imitates the macOS login.", "Owners of iOS devices need not update.",
     "Windows users need no update.", "It spreads without touching Linux.", "Android is safe."],
)  # fmt: skip
def test_what_names_no_system(text: str) -> None:
    assert named_systems(text, NAMES) == []


def test_hostile_records_never_raise() -> None:
    for record in hostile_records(200):
        assert all(isinstance(one, str) for one in stated_systems(record))
