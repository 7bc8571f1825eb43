"""Code set aside: what is code, and that it comes back byte for byte."""

from __future__ import annotations

import pytest

from stages.text.code_pieces import CodePieces

PATCH = """diff --git a/f.c b/f.c
--- a/f.c
+++ b/f.c
@@ -1,4 +1,5 @@ int f(void)
 \tint *n;

-\tx = *y*;
+\tif (n > sizeof(`b`))
+* # > z"""


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Run `*a*` and `b`s, or ``c`d``.", ["*a*", "b", "c`d"]),
        ("```sh\n# x\n\n*y*\n```\nDone.", ["# x\n\n*y*"]),
        ("1. Do:\n\n    ```\n    pip *x*\n    ```\n\n~~~\nnever closed",
         ["    pip *x*", "never closed"]),
        ("> Do:\n> ```sh\n> pip *x*\n> # y\n> ```\n> End.", ["pip *x*\n# y"]),
        (f"Apply:\n{PATCH}\nReboot.", [PATCH]),
        ("$ foo -x `id` > *out*\nroot@host:~# cat *a*\nC:\\> dir *b*\nEnd.",
         ["$ foo -x `id` > *out*", "root@host:~# cat *a*", "C:\\> dir *b*"]),
        ("使用`foo`函数", ["foo"]),
    ],
)  # fmt: skip
def test_what_is_code(text: str, codes: list[str]) -> None:
    pieces = CodePieces()
    shown = pieces.set_aside(text)
    assert [pieces.put_back(f"\x02{n}\x03") for n in range(len(codes))] == codes
    assert shown.count("\x02") == len(codes) and not any(code in shown for code in codes)


@pytest.mark.parametrize(
    "text",
    [
        "A host such as foo`reboot`.example or host=`id` runs it; a ` b ` c.",
        "- one\n+ two\n> Hello\n>>> Hello",
        "It costs a`b and `c.",
        "Title\n~~~~~\nand more *of* it",
    ],
)
def test_what_is_none(text: str) -> None:
    assert CodePieces().set_aside(text) == text


def test_what_is_no_code_by_its_place_stays_with_its_marks() -> None:
    assert CodePieces().set_aside("`a` `b`", lambda piece: "a" in piece) == "\x020\x03 `b`"


def test_code_of_several_lines_stands_on_its_own_ones() -> None:
    pieces = CodePieces()
    several, one = pieces.add("a\nb"), pieces.add("c")
    text = f"Run {several} now, {one}."
    assert pieces.put_back(text) == "Run \na\nb\n now, c."


def test_marks_within_code_are_characters_again() -> None:
    pieces = CodePieces()
    shown = pieces.set_aside("`id` here")
    assert pieces.put_back(pieces.add(f"x={shown}")) == "x=`id` here"
