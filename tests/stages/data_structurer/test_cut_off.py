"""What can stand of a sentence that a feed has cut off."""

from __future__ import annotations

import pytest

from stages.data_structurer.cut_off import first_part


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Foo is a framework that has been used since 2020 as a loader for Bar, Baz, and ...",
         "Foo is a framework that has been used since 2020 as a loader for Bar and Baz, among"
         " others"),
        # A list that is whole has no others, and one name is no list.
        ("Foo is a group that has hit firms in Norland, Ostmere, and Iltia, with a focus on ...",
         "Foo is a group that has hit firms in Norland, Ostmere, and Iltia"),
        ("Foo is a group that has hit many firms in Norland, Ostm...", None),
        ("Foo is a group that has targeted Norland, Ostmere, and the Isles since 2009; by 2020"
         " it ...",
         "Foo is a group that has targeted Norland, Ostmere, and the Isles since 2009"),
        ("The actors of the campaign relied on open source tools, including Foo...",
         "The actors of the campaign relied on open source tools"),
        ("They came into the network of the firm through an open server and used a tool for ...",
         "They came into the network of the firm through an open server"),
        ("Odd chain: (1) a job is queued by a user, (2) a library is loaded, (3) a token of ...",
         "Odd chain: (1) a job is queued by a user, (2) a library is loaded"),
        ("Foo may change trusts of a domain to evade defenses.Trust details, such as ...",
         "Foo may change trusts of a domain to evade defenses."),
        ("Foo is a tool for the spying on banks that was built and used by ...", None),
        ("The scan of some hosts may well include a variety of details, including ...", None),
        ("Foo is a group that has sent ransomware against the business, health and ...", None),
        ("Foo is a group that has sent ransomware against some banks, which ...",
         "Foo is a group that has sent ransomware against some banks"),
        ("Foo was designed to evade the defenses of banks and stay there by hiding ...",
         "Foo was designed to evade the defenses of banks and stay there"),
        ("The group runs and spreads the Bar banking trojan via a Malware-as-a-Se...",
         "The group runs and spreads the Bar banking trojan"),
        ("A small group of ten old friends from the north by sending ...", None),
        ("Foo, a group of ten that is active since 2019, and ...", None),
        ("The name of the old group is said to come from raids of banks conducted via ...", None),
        ("A thief may rely upon a clerk opening a letter in order to learn a code, as in Bad...",
         "A thief may rely upon a clerk opening a letter in order to learn a code"),
        ("This includes things of a harbour such as ropes, lamps, and sails as well as the ...",
         "This includes things of a harbour such as ropes, lamps, and sails"),
        ("Foo is a universal program that can run on all old Norland hosts and...",
         "Foo is a universal program that can run on all old Norland hosts"),
        ("Foo is a framework that has been used since 2020 as a loader for Bar, Baz.", None),
        ("This may take many steps, such as theft of ropes, sale of lamps, Gull Sails, Lamp S...",
         "This may take many steps, such as theft of ropes, sale of lamps and Gull Sails"),
        # The list at the end says more than what stands before it.
        ("Foo is a group that is active since 2012, primarily robbing banks in Norland, Ostmere,"
         " Iltia, the Isl...",
         "Foo is a group that is active since 2012, primarily robbing banks in Norland, Ostmere and"
         " Iltia, among others"),
        ("Foo is a tool that was built from a combination of Bar, Baz, Qux, and ...", None),
        ("This can be done to plan the theft of ropes, to learn of a Norland Sale, or as a st...",
         None),
        ("From the bridge of the boat, thieves may read all of the letters, in...",
         "From the bridge of the boat, thieves may read all of the letters"),
        ("Foo has robbed a small number of mills, old boat yards, and schools in the Long B...",
         "Foo has robbed a small number of mills, old boat yards, and schools"),
        ("Foo is a tool (that has been used by many people since 2020, and ...", None),
    ],
)  # fmt: skip
def test_the_first_part_of_a_text_that_was_cut_off(text: str, part: str | None) -> None:
    found = first_part(text, 0, len(text))
    assert (found.text if found else None) == part
