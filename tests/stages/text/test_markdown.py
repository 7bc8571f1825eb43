"""Markdown as text: marks go where only Markdown puts them, and code stays byte for byte."""

from __future__ import annotations

import pytest

from stages.text.code_pieces import CodePieces
from stages.text.markdown import plain_prose


def plain_markdown(text: str) -> str:
    """A text as cleaning reads it: its code is set aside meanwhile."""
    codes = CodePieces()
    return codes.put_back(plain_prose(codes.set_aside(text)))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("see [the note](https://a.example/x_(y) \"title\").", "see the note."),
        ("![logo](/a.png)Text [one][1] <https://b.example>\n[1]: https://c.example",
         "Text one https://b.example\n"),
        ("Nobody from *finance* saw it. They *deleted* it all, and *quickly*, on a Friday.",
         "Nobody from finance saw it. They deleted it all, and quickly, on a Friday."),
        ("# Impact\n### Is it bad? ###", "Impact:\nIs it bad?"),
        ("Impact\n======\nAll.", "Impact:\nAll."),
        ("**strong** and *emphasis* and __two words__ and ~~struck~~",
         "strong and emphasis and two words and struck"),
        ("**Steps**\n1. We pull.\n\n**Why so** Ropes are old.\n\n**Fix** Buy new ones.",
         "Steps:\n1. We pull.\n\nWhy so: Ropes are old.\n\nFix: Buy new ones."),
        ("**Foo** Pro is cut.\n\n**Bar** Two is not.", "Foo Pro is cut.\n\nBar Two is not."),
        ("* one\n- [x] three\n> four\n\n+ two", "- one\n- three\nfour\n\n- two"),
        ("- [ ] one\n- [x] two", "- one\n- [done] two"),
        ("*Note: on 1 May a reader saw that it runs by night; by day, it's off.*",
         "Note: on 1 May a reader saw that it runs by night; by day, it's off."),
        ("It asked for a name[^2], then.[^13]\n[^2]: A note.\n", "It asked for a name, then.\n"),
        ("Part\n~~~~\n> [!TIP]\n> Update.", "Part:\nUpdate."),
        ("false positives *or* more, and *all of* it", "false positives or more, and all of it"),
        ("Open *Ropes > Red lines* and look *exactly* there. *9 May:* I was wrong.",
         "Open Ropes > Red lines and look exactly there. 9 May: I was wrong."),
        (">> deeper\n> 2 more\n> - item", "deeper\n2 more\n- item"),
        ("# C#\n\n# Foo #", "C#:\n\nFoo:"),
        ("see [two][Ref]\n\n`x`\n[ref]: /b 'T'\n", "see two\n\nx\n"),
        ("a\n\n---\n***\n\nb", "a\n\n\n\n\nb"),
        ("| a | b |\n|---|:--:|\n| 1 | 2 |\n| 3 |", "a: 1; b: 2.\na: 3."),
        ("[![Build](https://a.example/b.svg)](https://c.example)\nFoo ![x](docs/y.png)\n![logo][L]"
         "\n\n[L]: https://d.example", "\nFoo \n\n\n"),
        ("by [Foo\nBar](https://a.example) and **exactly\nthis** *one\n- *two",
         "by Foo\nBar and exactly\nthis *one\n- *two"),
        ("# foo-bar\n\nSee `the docs <https://a.example>`_ and `Bar`__.",
         "foo-bar:\n\nSee the docs and Bar."),
        ("| a | b |\n|---|---|\n| x \\| y | 2 |\n| `p \\| q` | z \\|",
         "a: x | y; b: 2.\na: p | q; b: z |."),
        ("A name.[^1]\n\n[^1]: A note of\n    two lines.\n\n    And more.\nEnd.",
         "A name.\n\nEnd."),
        ("see [guide](docs/guide.md#a), [Licence](LICENSE) and [`x`](./y)",
         "see guide, Licence and x"),
    ],
)  # fmt: skip
def test_marks_go(text: str, plain: str) -> None:
    assert plain_markdown(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "The filter drops *invoice* in each mail of the shop.",
        "It removes *.log and *temp* from there on each of the days.",
        "Somebody had *temp* there.\nint *a; they are *used* there on each day.",
        r"C:\a\*b*\_c_.exe and \\server\share$\__init__.py",
        "Deletes *.doc and *.xls, 2 * 3 * 4, snake_case_name and __init__.",
        "arr[1](x) and m[0][2], f(a)[b]",
        "#1 issue, C# code, a|b and 5~6",
        "The pattern [^2] and x[^a-z] match.",
        "cmd /c dir | findstr x | more",
        "table[idx][val] and [idx][val]",
        "[Impact]: An attacker reads.\n[CVE-2030-1]: Fixed.\n[Description]:\nFoo is bad.",
        ">= 4.0, < 4.5.1\n> 2.0\n> v3",
        "# sysctl -w x=0\n# /etc/init.d/foo stop",
        "It calls _start and main_ here.",
        "rm ~/x~~y~~z",
        "[a-z](foo) and arr[i](x.c), vec![1](x), [](int x)",
        "* * * * * x\n* 3 * * 1 y",
        "# Date: 2030\n# Version: 1",
        "x = 1\n# Remark\ny = 2",
        "int *x; char* y and '*a*'",
        "-Allow All\n+ Allow None",
    ],
)
def test_what_only_looks_like_marks_stays(text: str) -> None:
    assert plain_markdown(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Run `*a* [b](http://c) _d e_` now", "Run *a* [b](http://c) _d e_ now"),
        ("``a`b``", "a`b"),
        ("```sh\n# x\n*y*\n```\nDone *now*.", "# x\n*y*\nDone now."),
        ("~~~\nnever *closed*", "never *closed*"),
        (r"Run `grep a\|b` | more", r"Run grep a\|b | more"),
        ("a ` b", "a ` b"),
    ],
)
def test_code_stays_without_its_marks(text: str, plain: str) -> None:
    assert plain_markdown(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("## The `foo` option", "The foo option:"),
        ("It is `a` > b and size `n` * 4, `c` # d", "It is a > b and size n * 4, c # d"),
        ("| a | b |\n|---|---|\n| `x|y` | **`z`** |\nEnd.", "a: x|y; b: z.\nEnd."),
        ("> `a` is quoted", "a is quoted"),
        ("- `a`\n* `b`", "- a\n- b"),
    ],
)
def test_code_within_what_is_marked(text: str, plain: str) -> None:
    """Marks behind a piece of code once counted as those of a line's beginning."""
    assert plain_markdown(text) == plain
