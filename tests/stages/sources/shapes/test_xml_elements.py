"""XML cut into elements: damage costs the element it is in, and entities are refused."""

from __future__ import annotations

import io

import pytest

from stages.sources.found import UnreadablePiece
from stages.sources.shapes.xml_elements import Parsed, XmlElements, parse_element, root_of
from tests.source_help import read, refusal
from tests.source_samples import CAPEC, CWE, RSS


@pytest.mark.parametrize(
    ("whole", "broken", "problem"),
    [
        ("</Potential_Mitigations>", "</Potential_Mitigation>", "not well-formed XML: mismatched"),
        ("</Weakness>\n<Weakness ID", "\n<Weakness ID", "its end is missing"),
        ("</Weakness>\n</Weaknesses>", "</Weakness\n</Weaknesses>", "it ends in the middle"),
        ('<Weakness ID="9001"', '<Meakness ID="9001"', "the beginning of this element is missing"),
    ],
)
def test_a_broken_weakness_costs_itself(whole: str, broken: str, problem: str) -> None:
    assert whole in CWE
    found = read(CWE.replace(whole, broken, 1))
    told = [one.problem for one in found if one.problem]
    kept = [one.record["id"] for one in found if one.record]
    assert len(told) == 1 and problem in told[0] and "at byte" in told[0]
    assert kept == ["CWE-9001" if "ends in the middle" in problem else "CWE-9002"]


def test_the_file_cut_at_any_place_gives_what_was_whole_or_is_refused() -> None:
    first_end = CWE.index("</Weakness>", CWE.index("9001")) + len("</Weakness>")
    for end in range(400, len(CWE), 37):
        found = read(CWE[:end])
        kept = [one.record["id"] for one in found if one.record]
        assert kept[:1] == (["CWE-9001"] if end >= first_end else [])
        assert len(kept) == 2 or end < CWE.index("</Weaknesses>")


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [BOMB, OUTSIDE])
@pytest.mark.parametrize("body", [CWE.partition("?>")[2], CAPEC, RSS.partition("?>")[2]])
def test_entities_are_refused(head: str, body: str) -> None:
    assert "declares entities of its own" in refusal(head + body)


def cut(text: str) -> list[Parsed[bytes]]:
    return list(XmlElements(io.BytesIO(text.encode()), "r", "e", lambda data: data))


def test_elements_are_cut_out_whatever_comments_and_cdata_say() -> None:
    text = "<r>b<!-- <e>no</e> --><e/>x<n:e a='1'><![CDATA[</e>]]></n:e><ee>no</ee></r>"
    elements = XmlElements(io.BytesIO(text.replace("<e/>", "").encode()), "r", "e", bytes)
    assert [one.value for one in elements] == [b"<n:e a='1'><![CDATA[</e>]]></n:e>"]
    assert elements.before == b"<r>b<!-- <e>no</e> -->x"


def test_a_document_that_is_cut_short_says_so() -> None:
    whole, short = cut("<r><e>1</e>")
    assert (whole.place, whole.value) == ("e 1", b"<e>1</e>")
    assert short.problem == "the document ends before its r does: it is cut short, at byte 12"


@pytest.mark.parametrize(
    ("text", "name", "namespaces"),
    [
        ("<a>", "a", b""),
        ('<?xml version="1.0"?>\n<!-- x --><n:a xmlns:n="urn:n" b=">">', "a", b'xmlns:n="urn:n"'),
        ("<!DOCTYPE html><html>", "html", b""),
    ],
)
def test_the_root_of_a_document(text: str, name: str, namespaces: bytes) -> None:
    root = root_of(text.encode())
    assert root is not None and (root.name, root.namespaces) == (name, namespaces)
    assert root.tag.startswith(b"<") and root.tag.endswith(b">")


@pytest.mark.parametrize("text", ["", "words", "<", "< a>"])
def test_what_has_no_root(text: str) -> None:
    assert root_of(text.encode()) is None


def test_an_element_is_parsed_alone_with_the_namespaces_of_its_root() -> None:
    found = parse_element(b"<n:e>1</n:e>", b'xmlns:n="urn:n"')
    assert (found.tag, found.text) == ("{urn:n}e", "1")
    for broken in (b"<e>", b"<n:e/>", b"<e>&none;</e>", b"<e>\x00</e>"):
        with pytest.raises(UnreadablePiece, match="not well-formed XML"):
            parse_element(broken)
