"""Lines of navigation go; words that a text may speak of go only at its edges."""

from __future__ import annotations

import pytest

from stages.text.navigation import without_navigation


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "Menu|Home > Foo > Bar||Search|A flaw.|Read more|More of it.|Share|Print",
            "|A flaw.|More of it.",
        ),
        ("Skip to content|- Log in|- Search||A flaw.", "|A flaw."),
        ("Home » Foo|Log in", ""),
        ("A flaw.|Share via Reddit · Subscribe · Save to PDF|More of it.", "A flaw.|More of it."),
        ("A flaw.|Tags: malware, stealer|Filed under: News", "A flaw."),
        ("A flaw.|Terms of use · Privacy|Leave a reply", "A flaw."),
        ("Book a demo today.|A flaw.|Follow us on Mastodon", "A flaw."),
        ("A flaw.|Enjoyed this article? Follow us on Mastodon to read more of it.", "A flaw."),
        ("A flaw.|Category: News", "A flaw."),
        ("By Ann Roe · May 3, 2031 · 4 min read|A flaw.|Sign up for our weekly newsletter"
         "|Read next: Ten ropes for boats", "A flaw."),
        ("Foo|By Ann Roe · May 3, 2031 · 4 min read|A flaw.", "Foo|A flaw."),
        ("A flaw.|Related posts|- Ten ropes for boats.||Comments are closed.", "A flaw."),
        ("A flaw.|For questions write to desk@acme.example|Version history"
         "|1.0 - 2031-01-01: first version", "A flaw."),
        ("Weiterlesen|Ein Fehler.|阅读全文", "Ein Fehler."),
    ],
)  # fmt: skip
def test_navigation_goes(text: str, left: str) -> None:
    assert without_navigation(text.split("|")) == (left.split("|") if left else [])


@pytest.mark.parametrize(
    "text",
    [
        "The stealer collects:|- Passwords|- Cookies",
        "Affected pages:||- Login|- Search|- Register",
        "Affected features:|- Share on Facebook|- Read more",
        "It takes:|Passwords|Cookies",
        "It takes these|- Passwords.|- Cookies.",
        "It opens|Start > Settings > Apps|and runs.",
        "- Cookies|- Passwords",
        "It takes logins of|Facebook, X, Reddit",
        "1. Log in|2. Open it",
        "The worm spreads.|Posted on a hacking forum",
        "Cookies",
        "It removes it.|Next.",
        "The rule finds it.|Tags: attack.t1059",
        "Tags: windows, execution|Level: high",
        "A flaw.|Contact | the vendor",
        "A flaw.|Tags vanish on each start",
        "A flaw.|Tagged as harmful",
        "A flaw.|Category: memory corruption",
        "Related posts of the gang|- Foo is sold.",
        "Foo reads two fields.|Tags: ropes, boats",
        "Foo reads them.|Topics: ropes, boats",
        "Read next: the name of Foo|is what the code does.",
        "A flaw.|Version history|1.0 - 2031-01-01: first version|1.1 - 2031-02-01: Foo 5 has it",
        "The page has a button.|Follow us on Telegram|Start your free trial|It leads to the kit.",
        "A flaw.|Contact us now to learn more about your parcel",
        "Pay for it.|If you have any questions, please contact support@gull-bank.example.",
        "All is locked.|For more information contact lark@onion.example",
        "A flaw.|Read more: the bulletin of the port says that 2.0 mends it",
        "Follow this:|1. Stop Foo.|2. Start it.",
    ],
)
def test_what_a_text_says_stays(text: str) -> None:
    assert without_navigation(text.split("|")) == text.split("|")
