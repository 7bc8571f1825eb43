"""Literals: found where they stand, and in a source only as they are, never as a piece."""

from __future__ import annotations

import time

import pytest

from stages.text.literals import literals, missing, stands_in
from tests.stage_help import PATIENCE


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        (r"to C:\Program Files\Foo\svc.exe without", "path", r"C:\Program Files\Foo\svc.exe"),
        (r"place C:\Program.exe, then", "path", r"C:\Program.exe"),
        (r"runs C:\Spool\ink pump.exe daily", "path", r"C:\Spool\ink pump.exe"),
        (r"runs C:\Spool\Ink Works pump.exe daily", "path", r"C:\Spool\Ink Works pump.exe"),
        (r"fills C:\Spool\ink tank\a.dll and", "path", r"C:\Spool\ink tank\a.dll"),
        (r"in C:\Spool and loads pump.dll.", "path", r"C:\Spool"),
        (r"C:\Spool\pump.exe ink.dll", "path", r"C:\Spool\pump.exe"),
        (r"C:\Spool\pump HKCU\Ink to", "path", r"C:\Spool\pump"),
        (r"to %APPDATA%\Roaming\spool.cfg.", "path", r"%APPDATA%\Roaming\spool.cfg"),
        (r"reach \\server\share$ with", "path", r"\\server\share$"),
        (r"the pipe \\.\pipe\msspool and", "path", r"\\.\pipe\msspool"),
        ("reads /etc/passwd.", "path", "/etc/passwd"),
        ("a ../../etc sequence", "path", "../../etc"),
        (r"sets HKCU\Software\Windows Defender\X to", "registry",
         r"HKCU\Software\Windows Defender\X"),
        (r"under HKEY_LOCAL_MACHINE\SECURITY\Policy or", "registry",
         r"HKEY_LOCAL_MACHINE\SECURITY\Policy"),
        ("see https://a.example/x(1)?q=2, or", "url", "https://a.example/x(1)?q=2"),
        ("to hxxps://print[.]evil[.]example/g.php and", "url",
         "hxxps://print[.]evil[.]example/g.php"),
        ("block evil(dot)example now", "url", "evil(dot)example"),
        ("from 198.51.100[.]23:8443.", "address", "198.51.100[.]23:8443"),
        ("in 10.0.0.0/8 and", "address", "10.0.0.0/8"),
        ("at fe80::1 only", "address", "fe80::1"),
        ("mail security(at)foo[.]example.", "email", "security(at)foo[.]example"),
        ("sum " + "ab" * 32 + ".", "hash", "ab" * 32),
        ("CVE-2021-44228, too", "id", "CVE-2021-44228"),
        ("and T1059.003 with", "id", "T1059.003"),
        ("in MS17-010.", "id", "MS17-010"),
        ("by KB5005565, or", "id", "KB5005565"),
        ("GHSA-aaaa-bbbb-cccc is", "id", "GHSA-aaaa-bbbb-cccc"),
        ("RHSA-2030:1234 has", "id", "RHSA-2030:1234"),
        ("before 2.0.7, which", "version", "2.0.7"),
        ("in 1.2.3-rc1 and", "version", "1.2.3-rc1"),
        ("Java 8u261.", "version", "8u261"),
        ("loads version.dll from", "file", "version.dll"),
        ("calls strcpy() on", "function", "strcpy()"),
        ("uses CreateProcess and", "function", "CreateProcess"),
        ("the tty_tickets option", "function", "tty_tickets"),
        ("about 3,000 users", "number", "3,000"),
        ("lost $1.5 each", "number", "$1.5"),
        ("copied 40GB of", "number", "40GB"),
        ("the 3rd theft", "number", "3rd"),
        ("バージョン2.4.1より前", "version", "2.4.1"),
        ("攻撃者はAPT29です", "id", "APT29"),
        ("uses Get-Process to", "function", "Get-Process"),
        ("run `id -u` now", "code", "`id -u`"),
    ],
)  # fmt: skip
def test_a_literal_is_found_with_its_kind_and_place(text: str, kind: str, found: str) -> None:
    literal = next(one for one in literals(text) if one.text == found)
    assert literal.kind == kind and text[literal.start : literal.end] == found


def test_prose_has_none() -> None:
    prose = "Adversaries and/or users, e.g. in the U.S., may see a client/server product: why?"
    assert literals(prose) == []


def test_they_come_in_order_and_do_not_overlap() -> None:
    text = (
        r"Put C:\a\b.txt into 2.0.7 at 198.51.100[.]3, then run `x` and strcpy() on CVE-2020-1234."
    )
    found = literals(text)
    assert [one.end for one in found[:-1]] < [one.start for one in found[1:]]
    assert len(found) == 6


SOURCE = (
    r"Versions 2.0.7 and 2.1.10 of foo; 3,000 users; C:\Users\Public\README_RESTORE.txt and"
    r" print[.]evil[.]example; CVE-2030-1001. Seen at 198.51.100[.]23:8443, in"
    r" C:\Program Files\Foo\svc.exe and, said she, HKLM\SOFTWARE\Windows Defender\X too; `rm -rf`"
)


@pytest.mark.parametrize(
    "whole",
    ["2.0.7", "2.1.10", "3,000", r"C:\Users\Public\README_RESTORE.txt", "README_RESTORE.txt",
     "print[.]evil[.]example", "CVE-2030-1001", "198.51.100[.]23:8443", "`rm -rf`",
     r"HKLM\SOFTWARE\Windows Defender\X"],
)  # fmt: skip
def test_what_stands_in_the_source_is_not_missing(whole: str) -> None:
    assert missing(f"It is about {whole}.", SOURCE) == []


@pytest.mark.parametrize(
    "piece",
    ["2.0", "2.1.1", "10", "3", "000", r"C:\Users\Public", r"C:\Program", "CVE-2030-100",
     "198.51.100", "print.evil.example", r"HKLM\SOFTWARE\Windows", "2.0.8", "`rm -r`",
     'C:"Public""RESTORE.txt', "readme_restore.txt", 'C:"Public"', r'\server"share"', r'\."pipe"',
     "foo=2", "evil[dot]"],
)  # fmt: skip
def test_a_piece_or_another_spelling_is_missing(piece: str) -> None:
    assert missing(f"It is about {piece} here.", SOURCE)


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("evil.com", "It asks https://cdn-evil.com.br/gate.php."),
        ("https://cdn-evil.com", "It asks https://cdn-evil.com.br/gate.php."),
        ("https://evil.com/a", "It asks https://evil.com/a/b."),
        ("evil[.]com", "It asks a[.]evil[.]com."),
        ("setup.exe", "It drops setup.exe.config."),
        ("smith@evil.com", "It is from bob.smith@evil.com."),
        ("10.0.0.0", "It scans 10.0.0.0/8."),
        ("ops@mill", "It is from ops@mill.example."),
        ("at 17:4", "It began at 17:45."),
        ("4/6/2031", "It began on 4 June 2031, page 6."),
        ("2031-06-04", "It began on 4 June 2031, page 06, 04."),
        (r"at C:\Spool\ink and", r"It is at C:\Spool\ink pump.exe."),
        (r"at C:\Spool\ink", r"It is at C:\Spool\ink tank\a.dll."),
    ],
)
def test_a_piece_of_a_host_or_a_name_is_missing(said: str, source: str) -> None:
    assert missing(f"It is {said}", source) and not missing(source, source)


WALLET = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("400GB", "It copied 40GB, not 00GB."),
        ("1.5TB", "It copied 2.5TB."),
        ("30min", "It took 90min."),
        ("5th", "It was the 3rd theft."),
        ("バージョン2.5.9より前", "バージョン2.4.1より前のFoo"),
        ("2.4", "バージョン2.4.1より前のFoo"),
        ("d41D8cd98F00b204e9800998ecf8427F", "It is d41D8cd98F00b204e9800998ecf8427E."),
        (f"{WALLET[:-1]}X", f"It was paid to {WALLET}."),
        (WALLET.lower(), f"It was paid to {WALLET}."),
        ("a1b2c3e", "The commit a1b2c3d mends it."),
        ("a1b2c3", "The commit a1b2c3d mends it."),
        ("Set-Process", "It calls Get-Process."),
    ],
)
def test_another_value_beside_a_unit_or_a_letter_is_missing(said: str, source: str) -> None:
    assert missing(f"It is {said} here.", source) and not missing(source, source)


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("SHA256 sums and Base64-encoded text", "It is base64 encoded, with a sha256 sum."),
        ("System32", r"It writes to C:\Windows\System32\x.dll."),
        ("2030年5月10日", "2030年5月10日に公開されました。"),
        ("Log4j's lookup", "A flaw in Log4j."),
        ("the 64bit build", "Only 64bit builds are hit."),
    ],
)
def test_a_code_in_other_words_or_with_another_capital_is_not_missing(
    said: str, source: str
) -> None:
    assert missing(f"It is {said}.", source) == []


def test_punctuation_around_words_is_no_literal() -> None:
    text = 'He said: "(we) see" *this* [sic]; "that", <b> too: files(s), client/server...'
    assert missing(text, "nothing") == []


@pytest.mark.parametrize(
    "hostile",
    ["a", "\\", "a.b", "1.", "(", "C:\\A b ", "/a", "x_", "a@", "<code>", "`", "A ", "[.]", "a[.]",
     "::", "::a", "%a% ", "C:\\A\\B", "0.0:", "Aa", "a-", "{a}", "hxxp://"],
)  # fmt: skip
def test_hostile_texts_cost_little(hostile: str) -> None:
    started = time.perf_counter()
    literals(hostile * (100_000 // len(hostile)))
    assert time.perf_counter() - started < 2 * PATIENCE


def test_a_piece_of_a_word_that_the_source_has_whole_is_not_missing() -> None:
    task = "It adds the task \\Microsoft\\Windows\\UpdateOrchestrator\\Reboot_AC."
    assert missing(task, task) == []
    assert missing("It adds UpdateOrchestrator.", task) != []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (r"Remove HKCU\Software\Quay\Tide Night Update", r"HKCU\Software\Quay\Tide Night Update"),
        (r"It writes HKLM\Software\Quay Gate. It ends.", r"HKLM\Software\Quay Gate"),
        (r"It writes 'HKLM\Software\Quay Gate' and ends.", r"HKLM\Software\Quay Gate"),
        (r"Under HKCU\Ink Thieves set a name.", r"HKCU\Ink"),
        (r"It sets HKLM\Software\Quay Opening to 1, Quay Gate to 2.", r"HKLM\Software\Quay"),
        (r"HKLM\Software\Quay\Tide Value: 5", r"HKLM\Software\Quay\Tide"),
        (r"It reads HKLM\Software\Quay The gate opens", r"HKLM\Software\Quay"),
        (r"It adds HKCU\Software\Quay\Tide Windows then opens it", r"HKCU\Software\Quay\Tide"),
        (r"It adds HKCU\Software\Quay\Run Tide then opens it", r"HKCU\Software\Quay\Run"),
        ("HKLM\\Software\\Quay\\ is read", "HKLM\\Software\\Quay\\"),
    ],
)
def test_the_last_name_of_a_key_may_have_blanks(text: str, key: str) -> None:
    """Half a key names another one, or none: whoever removes it breaks something else."""
    assert [one.text for one in literals(text)][0] == key
    assert stands_in(literals(key)[0], text)
