"""XML elements as values and as text."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

import pytest

from stages.sources.found import UnreadablePiece
from stages.sources.shapes.xml_values import as_value, child, children, local, prose, prose_at
from tests.source_help import problems, read
from tests.source_samples import CWE


def test_deep_xml_is_a_problem_and_no_crash() -> None:
    nested = "<a>" * 10_000 + "</a>" * 10_000
    deep = CWE.replace("<Likelihood_Of_Exploit>", f"{nested}<Likelihood_Of_Exploit>")
    assert "nested more than" in problems(deep)[0]
    assert [one.record["id"] for one in read(deep) if one.record] == ["CWE-9002"]


def element(text: str) -> Element:
    return fromstring(text)


def test_elements_become_values_with_attributes_and_repeated_names() -> None:
    found = as_value(element('<a x="1"> words <b>one</b><b>two</b><c y="2"/><!-- no --></a>'))
    assert found == {"@x": "1", "b": ["one", "two"], "c": {"@y": "2"}, "#text": "words"}
    assert as_value(element("<a>  words </a>")) == "words"
    assert as_value(element("<d>A <p>marked</p> text</d>")) == "A\nmarked\ntext"


def test_prose_is_a_line_for_each_block_without_loose_blanks() -> None:
    text = "<d>One\n  <b>bold</b> word.<p> Two. </p><ul><li>a</li><li>b</li></ul>tail</d>"
    assert prose(element(text)) == "One bold word.\nTwo.\na\nb\ntail"
    assert prose(None) == ""


def test_paths_follow_local_names() -> None:
    root = element('<r xmlns:n="urn:n"><n:a><b>1</b><b>2</b></n:a><a><b>3</b></a></r>')
    assert [local(item) for item in root] == ["a", "a"]
    assert [item.text for item in children(root, "a", "b")] == ["1", "2", "3"]
    assert prose_at(root, "a", "b") == "1"
    assert child(root, "a", "c") is None and child(None, "a") is None
    assert list(children(None, "a")) == []


def test_what_is_nested_too_deeply_is_a_problem() -> None:
    with pytest.raises(UnreadablePiece, match="nested more than"):
        as_value(element("<a>" * 200 + "</a>" * 200))
    assert prose(element("<a>" * 20_000 + "x" + "</a>" * 20_000)) == "x"
