"""Marks of builders and terminals go; the words between them stay, and what is spoken of."""

from __future__ import annotations

import time

import pytest

from stages.text.clean import clean_text
from tests.stage_help import PATIENCE


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[vc_row][vc_column width=1]It steals.[/vc_column][/vc_row]", "It steals."),
        ("It steals.\n\n{{< youtube abc >}}\n\nIt hides.", "It steals.\n\nIt hides."),
        ("# Foo\n\n:::warning\nDo not run it.\n:::\n\nIt hides.",
         "Foo:\n\nDo not run it.\n\nIt hides."),
        ('!!! danger "Beware"\nIt steals.', "Beware:\nIt steals."),
        ('{/* draft */}\n<Callout type="warn">\nIt steals.\n</Callout>', "It steals."),
        ('<ac:structured-macro ac:name="info"><ac:parameter ac:name="title">T</ac:parameter>'
         "<ac:rich-text-body><p>It steals.</p></ac:rich-text-body></ac:structured-macro>",
         "It steals."),
        ("[b]Foo[/b] reads [url=https://a.example]files[/url].\n[list][*]It runs.[/list]",
         "Foo reads files (https://a.example).\n\n- It runs."),
        ("[b]Foo[/b]\nIt reads [i]files[/i].\n[img]http://a.example/x.png[/img]\nIt hides.",
         "Foo\nIt reads files.\n\nIt hides."),
        ('<Note>\nIt is late.\n</Note>\n<Card href="/../x/y" />\nFoo sends y.',
         'It is late.\n\n<Card href="/../x/y" />\nFoo sends y.'),
        ("{{% note %}}\nIt steals.\n{{% /note %}}", "It steals."),
        ('Do this:\n\n<Steps>\n<Step title="One">\nStop Foo.\n</Step>\n</Steps>\n'
         '<Card title="More" href="/docs/foo" />\nIt hides.',
         "Do this:\n\nStop Foo.\n\nIt hides."),
        ("\x1b[31mFoo\x1b[0m steals.", "Foo steals."),
        ("<![CDATA[Foo steals.]]> It hides.", "Foo steals. It hides."),
        ("The call `f()`[^1] fails[^old].\n\n[^1]: One.\n[^old]: Two.", "The call f() fails."),
        ("<script>var a = 1;</script><p>Foo steals.</p>", "Foo steals."),
        ("- <Step>Foo steals.</Step>\n- <Step>It hides</Step>", "- Foo steals.\n- It hides"),
        ("<style>p{color:red}</style>\n<p>Foo steals.</p>", "Foo steals."),
        ("Foo hides as invoice\u202efdp.exe.", "Foo hides as invoice[U+202E]fdp.exe."),
    ],
)  # fmt: skip
def test_words_come_out_without_the_marks(text: str, shown: str) -> None:
    """The marks stood in answers, or no pair was made of the record."""
    assert clean_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "The [vc_raw_html] shortcode runs scripts of contributors.",
        "Filters let [url=javascript:alert(1)]x[/url] through, which is XSS.",
        "The template {{7*7}} or {% include x %} is run by the server.",
        "It matches any[^abc]word but these.",
        "Replace <Card> by the number, then read arr[i] and m[b].",
        "::1 and fe80::1 are addresses.\n??? stands for bytes.",
        "<script>alert(document.cookie)</script>",
        "<script>x = new Image();</script>\nTwenty shops served this line.",
        "Stored Cross-Site Scripting in Foo: [url=https://a.example]click[/url] runs.",
        "Type [img]x onload=f()[/img] or [url=javascript:f()]x[/url] as a name.",
        "The codes [b] and [i]x are kept until [/b] ends them.",
        "Foo takes [url=a]a[/url] [*] apart in grants of [b] or so.",
        "A reply with <Card><Step>2</Step></Card> in it ends Foo.",
        'Foo reads the element <Frame id="../x"/> as a path.',
        'Send this line:\n<Frame id="../x"/>',
        'Foo shows {{< figure src="x" >}} as it is, and {{% import os %}} runs.',
        "Foo fetches the address in [img]http://192.0.2.1/x[/img] of a guest.",
        "A name of [size=99999]x[/size] fills the memory of Foo.",
        "They wrote [url=http://a.example/in]Go on[/url] to all users.",
        "Send this line.\n[b]x[/b]\nFoo then ends.",
        "Send two lines.\n[b]x[/b]\n[size=99999]x[/size]\nFoo then ends.",
        "[quote]No.[/quote]\nThe line [size=99999]x[/size] ends Foo.",
        'Open this file.\n<Frame src="file:///x/y"/>\nFoo then sends y.',
        'A file holds an element\n<Columns count="99999"/>\nwhich ends Foo.',
        "Send this:\n<Card><Step>1</Step></Card>",
        "Send this:\n<Note>It is late.</Note>",
        'Foo shows this line.\n{{< readfile "/x/y" >}}\nIt sends y.',
        'Foo reads <ac:structured-macro ac:name="html"> of guests.',
        "Enter <script>alert(1)</script> or <style>p{}</style> into the field.",
    ],
)
def test_what_a_text_speaks_of_stays(text: str) -> None:
    """The payload of a flaw or a pattern would be told as another one."""
    assert clean_text(text) == text


def test_an_order_to_clear_a_screen_is_shown() -> None:
    """What a log does to its reader's terminal would be told without what does it."""
    assert clean_text("A log with \x1b[2J hides Foo.") == "A log with [2J hides Foo."


def test_marks_within_code_stay() -> None:
    text = "Foo:\n\n```\n{{< raw >}}\n:::note\n[b]x[/b]\n```\n"
    assert clean_text(text) == "Foo:\n\n{{< raw >}}\n:::note\n[b]x[/b]"


@pytest.mark.parametrize(
    "piece",
    [
        "{{< a ",
        ":::note ",
        "<Note ",
        "<ac:a ",
        "[b]",
        "[url=",
        "[vc_row ",
        "<style>{",
        "\x1b[",
        "{/*",
    ],
)
def test_hostile_marks_cost_no_more_than_long_text(piece: str) -> None:
    started = time.perf_counter()
    clean_text("[/b] " + piece * (100_000 // len(piece)))
    assert time.perf_counter() - started < PATIENCE
