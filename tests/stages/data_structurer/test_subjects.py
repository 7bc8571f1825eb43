"""What records are called in questions: by id, name or title, else by what tells them apart."""

from __future__ import annotations

import pytest

from stages.base import Record
from stages.data_structurer.passages import sentences_of
from stages.data_structurer.subjects import subject_of
from stages.recipe.recipe import shipped
from stages.text.kinds import identify


def called(record: Record) -> str:
    sentences = sentences_of(str(record.get("text", "")))
    return subject_of(record, identify(record), sentences, shipped().questions).name


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"id": "CVE-2099-0001"}, "CVE-2099-0001"),
        ({"id": "CVE-2099-0001", "name": "CVE-2099-0001"}, "CVE-2099-0001"),
        ({"id": "CWE-1", "name": "A {b}\n c"}, "CWE-1 (A {b} c)"),
        ({"cwe_id": "1", "name": "n" * 500}, "CWE-1"),
        ({"stix_type": "tool", "name": "Foo", "external_id": "S1000"}, "the tool Foo (S1000)"),
        ({"type": "intrusion-set", "name": "Amber Heron"}, "the group Amber Heron"),
        ({"stix_id": "campaign--1", "name": "C0001", "external_id": "C0001"}, "the campaign C0001"),
        ({"kind": "malware", "title": "Foo"}, "the malware Foo"),
        ({"incident_id": "I-9", "title": "Break-in at a harbour."},
         'the incident "Break-in at a harbour"'),
        ({"arxiv_id": "2401.01234", "title": 'Unsafe "quotes" in titles'},
         "the paper \"Unsafe 'quotes' in titles\""),
        ({"advisory_id": "A-1", "title": "Two flaws"}, 'the advisory A-1 ("Two flaws")'),
        ({"title": "Mail of an office"}, 'the report "Mail of an office"'),
        ({"title": "Report 5", "text": "FOXSPOOL copies itself to a folder of the host."},
         "the report that mentions FOXSPOOL"),
        ({"title": "Note", "text": "An installer of Foomail 2.1 writes to a folder of the host."},
         "the report that mentions Foomail 2.1"),
        ({"title": "T", "text": r"A trojan drops C:\Users\Public\a.txt into folders of a host."},
         r"the report that mentions C:\Users\Public\a.txt"),
        ({"title": "T", "text": r"A stealer reads C:\Users\a\Default\Login Data and mails it."},
         'the report that begins "A stealer reads..."'),
        ({"title": "T", "text": "Some malware hides in a picture and waits for years or decades."},
         'the report that begins "Some malware hides in a picture..."'),
        ({"text": 'He said "no" to it all.'}, "the report that begins \"He said 'no'...\""),
        ({}, "the report"),
        ({"type": "group profile", "name": "GREY OTTER"}, "the group GREY OTTER"),
        ({"type": "group", "title": "Notes of the group that mends locks"},
         'the report "Notes of the group that mends locks"'),
        ({"type": "detection rule", "id": "D-7", "title": "Odd keys of a lock"},
         "D-7 (Odd keys of a lock)"),
        ({"org": "Lockmen Inc.", "title": "Keys of the old lock", "text": "A thief robbed us all."},
         'the report "Keys of the old lock" by Lockmen Inc'),
        ({"org": "Lockmen", "title": "Keys of the old lock", "text": "A thief took them away."},
         'the report "Keys of the old lock"'),
    ],
)  # fmt: skip
def test_names(record: Record, name: str) -> None:
    assert called(record) == name


def test_a_beginning_never_cuts_a_literal_in_two() -> None:
    text = r"Somebody has put a file into a folder of the host, C:\Foo\bar.txt, and left it there."
    name = called({"title": "Report", "text": text.replace("C:", "of C")})
    assert name.count("...") == 1 and "bar" not in name
