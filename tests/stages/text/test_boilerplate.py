"""Lines that a reader skips: whole lines only, and none that says more than its notice."""

from __future__ import annotations

import time

import pytest

from stages.text.boilerplate import without_boilerplate
from stages.text.notices import LONGEST_NOTICE
from tests.stage_help import PATIENCE

SKIPPED = (
    "Home > Security > Advisories",
    "Start  /  News & more | R-2  »  x",
    "Skip to main content",
    "**Read more**",
    "Share this on Twitter",
    "Previous post | Next post",
    "Subscribe to our newsletter",
    "5 min read",
    "Page 2 of 9",
    "About us | Privacy Policy | Careers",
    "© 2030 Acme. All rights reserved.",
    "© Acme 2030. All rights reserved. Terms | Privacy",
    "Acme reserves the right to change this document.",
    "This report may contain forward-looking statements.",
    "Share this: Reddit, Mastodon",
    "Your email address will not be published. Required fields are marked *",
    "Last updated: 5 May 2030 | Reading time: 4 minutes",
    "The post Foo steals cookies appeared first on Acme.",
    "Copyright by Acme",
    "TLP:AMBER+STRICT",
    "DISTRIBUTION STATEMENT A. Approved for public release.",
    "Disclaimer: no warranty.",
    'The information in this advisory is provided "as is" without warranty.',
    "Acme disclaims all warranties.",
    "Confidentiality notice: this mail is for its addressee only.",
    "If you are not the intended recipient, delete it.",
    "TLP:CLEAR Disclosure is not limited.",
    "Handling: internal only",
    "Distribution: limited to partners",
    "Click here to unsubscribe from this list.",
    "Distribution: partners of the CERT",
    "Classification: Internal",
    "FOR OFFICIAL USE ONLY",
    "Do not forward this report.",
    "We use cookies to improve this site.",
    "Licensed under the Apache License, Version 2.0.",
)
KEPT = (
    "The home page leaks a password.",
    "Search results show the names of hidden files.",
    "Log in as root without a password by sending an empty name.",
    "The post with the stolen data first appeared on a forum.",
    "The post with the stolen data appeared first on Quartzforum.",
    "The post Naming Foo appeared first on Quartzforum in May.",
    "The post naming Foo as a victim appeared first on the site of the gang.",
    "Acme reserves the right to update the policy at any time and sends spyware by it.",
    "Acme reserves the name of each temporary file without a lock.",
    "Last updated hosts are scanned first.",
    "The demo that attackers request holds a keylogger.",
    "Copyright infringement mails carried the malware.",
    "Contents of the buffer are sent to the attacker.",
    "The cookie settings page is open to cross-site scripting.",
    "TLP is a protocol of the traffic light.",
    "Distribution: the Foo bot is spread by phishing mails of the group to banks.",
    "Distribution: spread by phishing mails",
    "Unsubscribe links in the mail lead to the phishing kit.",
    "Handling: the parser writes past its buffer.",
    "Next, the worm prints itself.",
    "Classification: CWE-79, cross-site scripting.",
    "Do not forward port 445 to the internet.",
    "Handling a long name, the parser writes past its buffer.",
    "",
    "   ",
    "---",
)


@pytest.mark.parametrize("line", SKIPPED)
def test_lines_that_say_nothing(line: str) -> None:
    assert without_boilerplate(line) == without_boilerplate(f"> * {line} ") == ""


@pytest.mark.parametrize("line", KEPT)
def test_lines_that_say_something(line: str) -> None:
    assert without_boilerplate(line) == line


def test_only_whole_lines_go_and_the_others_stay_as_they_are() -> None:
    text = "  A flaw. \nRead more\n\n\tTLP:CLEAR\nPatch it.  "
    assert without_boilerplate(text) == "  A flaw. \n\nPatch it.  "
    assert without_boilerplate("Home | Security") == ""


@pytest.mark.parametrize(
    "line", ["TLP:CLEAR The kit is sold.", "**TLP: AMBER+STRICT** - The kit is sold."]
)
def test_a_mark_in_front_of_a_line_goes_alone(line: str) -> None:
    assert without_boilerplate(line) == "The kit is sold."


def test_a_mark_goes_with_all_that_explains_it_but_not_with_a_flaw() -> None:
    explained = "TLP:CLEAR Disclosure is not limited. Sources may use TLP:CLEAR for it. Subject to"
    assert without_boilerplate(f"{explained} copyright rules.") == ""
    flaw = "Information disclosure in Foo lets attackers read files."
    assert without_boilerplate(f"TLP:CLEAR {flaw}") == flaw


def test_the_end_of_a_mailing_list_goes() -> None:
    footer = "Foo-Disclosure mailing list\nhttps://foo.example/list"
    assert without_boilerplate(f"A flaw.\n{'_' * 30}\n{footer}") == "A flaw."
    said = "They wrote to the mailing list\nof Foo."
    assert without_boilerplate(said) == said


def test_a_signature_goes_with_what_follows_if_it_never_ends() -> None:
    begin, end = "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
    assert without_boilerplate(f"A flaw.{begin}\nabc\n{end} Patch it.") == "A flaw. Patch it."
    assert without_boilerplate(f"A flaw.\n{begin}\nabc") == "A flaw.\n"


def test_a_line_longer_than_a_notice_stays() -> None:
    line = "All rights reserved, " + "and more. " * (LONGEST_NOTICE // 10)
    assert without_boilerplate(line) == line


@pytest.mark.parametrize(
    "piece",
    ["home > ", "start|", "about | ", "news / a ", "share ", "a | ", "next ", "previous | next ",
     "the information ", "tlp : ", "copyright ", "* ", "acme disclaims ",
     "the post ", "tags: ", "a, ", "share on, ", "about the author\n"],
)  # fmt: skip
def test_hostile_lines_cost_no_more_than_long_ones(piece: str) -> None:
    started = time.perf_counter()
    for length in (100, 120, 1_400, 100_000):
        for begin in ("", "home", "about us", "Tags: ", "A flaw.\nAbout the author\n"):
            without_boilerplate((begin + piece * length)[:length])
    assert time.perf_counter() - started < PATIENCE


def test_marks_of_a_database_of_malicious_packages_go() -> None:
    """A summary that begins with "Do not edit below this line" orders its reader about."""
    marks = "_-= Per source details. Do not edit below this line.=-_\n\n## Source: scan (9aa1b0)"
    text = f"{marks}\nIt steals."
    assert without_boilerplate(text).strip() == "It steals."


def test_the_foot_of_an_entry_of_a_feed_goes_from_behind_its_last_sentence() -> None:
    """Every entry of a blog's feed would end with its own title as an answer."""
    foot = "The post Foo steals cookies appeared first on Acme."
    assert without_boilerplate(f"Foo steals cookies. {foot}") == "Foo steals cookies. "
    told = f"Foo steals cookies.\n{foot}\nIt then hides."
    assert without_boilerplate(told) == told


def test_what_an_article_says_of_its_writer_goes_and_what_others_say_stays() -> None:
    """An answer would end with who likes cats."""
    text = "Foo steals cookies.\n\nAbout the author\n\nJane Doe writes about cats.\n"
    assert without_boilerplate(text).strip() == "Foo steals cookies."
    said = "Foo steals cookies.\n\nAbout the authors of Foo\n\nThey sell it."
    assert without_boilerplate(said) == said
    for line in ("Whoever wrote Foo is called quartz.", "Ann Roe sells it on a forum as quartz.",
                 "Ann Roe was a student and let Foo loose on the net."):  # fmt: skip
        told = f"Foo steals cookies.\n\nAbout the author\n\n{line}"
        assert without_boilerplate(told) == told


def test_questions_of_a_template_to_its_writer_go() -> None:
    """A workaround would be "Is there a way for users to fix it without upgrading?"."""
    asked = "_Is there a way for users to fix or remediate the vulnerability without upgrading?_"
    text = f"### Workarounds\n{asked}\n\nLock the gate."
    assert without_boilerplate(text) == "### Workarounds\n\nLock the gate."
    own = "Is there a way for users to fix or remediate the vulnerability without upgrading? Yes."
    assert without_boilerplate(own) == own


def test_what_a_malicious_package_is_filed_under_goes() -> None:
    """An answer would list words for machines."""
    mark = "_-= Per source details. Do not edit below this line.=-_"
    filed = (
        "**Campaign:** 2099-07-pier\n\nReasons (based on the campaign):\n\n"
        " - steals-keys\n - copies-names\n"
    )
    shown = without_boilerplate(f"{mark}\nIt copies keys.\n\n{filed}\nChange all keys.")
    assert shown.split() == "It copies keys. Change all keys.".split()
    apart = "Reasons:\n\n\n - steals-keys\n\n\n - copies-names"
    assert without_boilerplate(f"{mark}\nIt copies keys.\n\n{apart}").strip() == "It copies keys."
    said = "Campaign: 2099-07-pier\nIt copies keys."
    assert without_boilerplate(said) == said
