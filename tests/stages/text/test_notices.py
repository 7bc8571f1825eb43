"""Notices go with what belongs to them; what else stands in their line stays."""

from __future__ import annotations

import pytest

from stages.text.notices import without_notice


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("Copyright 2030 by Acme. All rights reserved. A flaw in Foo lets attackers read files.",
         "A flaw in Foo lets attackers read files."),
        ("(c) 2030 Acme Inc.", ""),
        ("This e-mail is confidential. If you got it in error, notify the sender at once.", ""),
        ("In no event shall Acme be liable for damages. No warranty is given by anyone.", ""),
        ("Alle Rechte vorbehalten", ""),
        ("You are receiving this because you are subscribed to this thread.", ""),
        ("We use cookies to improve your visit.", ""),
        ("Distribution: TLP clear, for all partners of the CERT", ""),
        ("Circulation list: cert@bear.example; ops@bear.example, all partners", ""),
        ("Unsubscribe from this list", ""),
    ],
)  # fmt: skip
def test_notices(line: str, rest: str) -> None:
    assert without_notice(line) == rest


@pytest.mark.parametrize(
    "line",
    [
        "Notice: Undefined index: page in x.php on line 3",
        "NOTICE: attackers exploit this flaw.",
        "Distribution: malspam with ISO attachments",
        "Distribution: jobs@bear.example",
        "Distribution list: staff get a mail of jobs@bear.example",
        "Distribution: public GitHub repositories",
        "Distribution is limited to users of Foo in Japan, whom the worm picks.",
        "This website uses cookies without the Secure flag, so an attacker can steal the session.",
        "By using this site to host payloads, the group hides.",
        "This message is intended to lure the victim.",
        "Do not forward this port to the internet.",
        "(c) by brute force",
        "Foo reserves the right to modify the rows of guests, so that guests can erase it.",
        "Foo reserves the right to update reports, which guests can misuse.",
        "Classification: internal threat",
        "Hash: SHA256",
    ],
)
def test_what_only_begins_as_one(line: str) -> None:
    assert without_notice(line) == line
