"""Blobs of one line and of many are bounded; hashes and addresses are not."""

from __future__ import annotations

import pytest

from stages.text.blobs import BLOB, bounded_blobs, without_blobs

BASE64 = "MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ"
SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("text", "bounded"),
    [
        ("-----BEGIN KEY-----\n" + f"{BASE64}\n" * 9 + "RTE=\n-----END KEY-----\nEnd.",
         f"-----BEGIN KEY-----\n{BASE64[:24]}… (580 characters)\n-----END KEY-----\nEnd."),
        (f"It decodes {'QUJD' * BLOB} at once.",
         f"It decodes {'QUJD' * 6}… (640 characters) at once."),
        ('"y"=hex:' + "4d,5a,90,00,03,00,00,00,\\\n  " * 9 + "00\nEnd.",
         '"y"=hex:4d,5a,90,00,03,00,00,00,… (254 characters)\nEnd.'),
        ("".join(f"{16 * n:08x}  4d 5a 90 00 03 00 00 00  |MZ......|\n" for n in range(9)) + "End.",
         "".join(f"{16 * n:08x}  4d 5a 90 00 03 00 00 00  |MZ......|\n" for n in range(4))
         + "… (5 more lines)\nEnd."),
        ("buf = " + '"\\x90\\x31\\xc0\\x50"\n  ' * 12 + "run(buf)",
         'buf = "\\x90\\x31\\xc0\\x50"\n  "\\x9… (247 characters)"\n  run(buf)'),
    ],
)  # fmt: skip
def test_bounded(text: str, bounded: str) -> None:
    assert bounded_blobs(text) == bounded


@pytest.mark.parametrize(
    "text",
    [
        "Hashes:\n" + f"{SHA256}\n{SHA256.upper()}\n" * 5,
        "\n".join(["0a:1b:2c:3d:4e:5f"] * 20),
        "\n".join(["16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48"] * 5),
        "\n".join(["/usr/lib/x86/foo/bar/baz/qux/one/two/three/four/five/six"] * 5),
        "00000000  4d 5a 90 00 03 00 00 00  |MZ......|\n" * 6,
        "Words\n" + "internationalizationofinternationalizationofinternational\n" * 4,
    ],
)
def test_whole(text: str) -> None:
    assert bounded_blobs(text) == text


BLOCK = "QUJD" * BLOB


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"It decodes and runs a block: {BLOCK} It then hides.",
         "It decodes and runs a block. It then hides."),
        (f"It holds the block {BLOCK}.\nIt hides.", "It holds the block.\nIt hides."),
        (f"The key was:\n{BLOCK}\nIt hides.", "The key was:\nIt hides."),
        ("A dump:\n"
         + "".join(f"{16 * n:08x}  4d 5a 90 00 03 00 00 00  |MZ......|\n" for n in range(9))
         + "It hides.", "A dump:\nIt hides."),
        (f"The kit steals passwords of users. It keeps {BLOCK} there. Then it ends.\nIt runs.",
         "The kit steals passwords of users.\nIt runs."),
        (f"The loader runs sh -c {BLOCK} and waits. It sleeps for an hour before it goes on.",
         "It sleeps for an hour before it goes on."),
        (f"It holds a key:\n-----BEGIN RSA KEY-----\n{BLOCK}\n-----END RSA KEY-----\nIt hides.",
         "It holds a key:\nIt hides."),
    ],
)  # fmt: skip
def test_what_stands_apart_is_left_out(text: str, told: str) -> None:
    """An answer once held "QUJDQUJD… (640 characters)", which no record says."""
    assert without_blobs(bounded_blobs(text)) == told


@pytest.mark.parametrize(
    "text",
    [f"It stores {BLOCK} in the registry.", f"powershell -enc {BLOCK}", f'x = "{BLOCK}"\nrun(x)'],
)
def test_what_a_sentence_or_a_command_needs_stays_marked(text: str) -> None:
    """Such a text is not told: a command without its argument is another one."""
    shown = bounded_blobs(text)
    assert "… (640 characters)" in shown and without_blobs(shown) == shown
