"""The text of records of all shapes: whole, in order, English where there is a choice."""

from __future__ import annotations

import time

import pytest

from examples import make_input
from stages.base import RecordError
from stages.text.kinds import identify
from stages.text.record_text import (
    RecordText,
    find_values,
    read_record,
    record_text,
    required_text,
)
from tests.stage_help import PATIENCE, hostile_records

NVD = {
    "cve": {
        "id": "CVE-2099-0001",
        "sourceIdentifier": "cve@mitre.org",
        "descriptions": [
            {"lang": "es", "value": "Un desbordamiento."},
            {"lang": "en", "value": "An overflow in the parser."},
        ],
        "metrics": {"cvssMetricV31": [{"cvssData": {"baseSeverity": "HIGH"}}]},
        "weaknesses": [{"description": [{"lang": "en", "value": "CWE-120"}]}],
        "references": [{"description": "a link", "url": "https://example.org"}],
    }
}


def test_nvd_keeps_its_description_deep_inside_and_english_wins() -> None:
    assert record_text(NVD) == "An overflow in the parser."


def test_cve_json_5() -> None:
    cna = {
        "title": "Overflow in Foo",
        "descriptions": [{"lang": "en", "value": "Foo overflows."}],
        "problemTypes": [{"descriptions": [{"lang": "en", "description": "CWE-120"}]}],
    }
    record = {"cveMetadata": {"cveId": "CVE-2099-0002"}, "containers": {"cna": cna}}
    assert record_text(record) == "Overflow in Foo\nFoo overflows."


def test_stix_description_without_its_citations() -> None:
    record = {
        "type": "attack-pattern",
        "name": "Obfuscation",
        "description": "Adversaries may obfuscate.(Citation: Someone 2020) They often do.",
        "external_references": [{"source_name": "Someone", "description": "A report."}],
    }
    assert record_text(record) == "Obfuscation\nAdversaries may obfuscate. They often do."


def test_cwe_has_a_description_and_an_extended_one() -> None:
    weakness = next(w for w in make_input.cwe_weaknesses(make_input.cwe_rows())
                    if w.get("extended_description"))  # fmt: skip
    read = read_record(weakness)
    assert read.title == weakness["name"].strip()
    assert read.bodies == (
        weakness["description"].strip(),
        weakness["extended_description"].strip(),
    )


def test_fields_of_chinese_and_russian_databases() -> None:
    chinese = {
        "漏洞名称": "Foo 漏洞",
        "漏洞简介": "Foo 存在漏洞。",
        "参考网址": "https://a.example",
    }
    russian = {"Наименование уязвимости": "Foo", "Описание уязвимости": "Ошибка в Foo."}
    assert [record_text(one) for one in (chinese, russian)] == [
        "Foo 漏洞\nFoo 存在漏洞。",
        "Foo\nОшибка в Foo.",
    ]


@pytest.mark.parametrize(
    "key", ["text", "content", "body", "summary", "abstract", "details", "shortDescription"]
)
def test_flat_records(key: str) -> None:
    assert record_text({"id": 7, key: " A phishing mail. "}) == "A phishing mail."


def test_all_of_a_long_list_is_taken_not_its_first_five() -> None:
    pieces = [f"Passage number {n}." for n in range(200)]
    assert record_text({"content": pieces}).split("\n") == pieces
    sections = [{"heading": "x", "text": piece} for piece in pieces]
    assert record_text({"sections": sections}).split("\n") == pieces


def test_a_long_text_is_not_cut() -> None:
    text = "word " * 200_000
    assert record_text({"body": text}) == text.strip()


def test_a_passage_that_is_there_twice_is_taken_once() -> None:
    assert record_text({"title": "Same.", "summary": "Same.", "body": "More."}) == "Same.\nMore."


def test_names_of_other_things_are_no_title() -> None:
    record = {"authors": [{"name": "A. Person"}], "package": {"name": "foo"}, "text": "A bug."}
    assert read_record(record).title == ""


@pytest.mark.parametrize("record", [{}, {"description": 5}, {"text": "  "}, {"a": {"b": [1]}}])
def test_no_text_is_an_error_that_says_so(record: dict[str, object]) -> None:
    with pytest.raises(RecordError, match="no text"):
        required_text(record)


def test_find_values() -> None:
    assert find_values(NVD, "basescore", "baseseverity") == ["HIGH"]
    assert find_values({"platforms": ["Linux", {"name": "macOS"}, None, 3]}, "platforms") == [
        "Linux",
        "macOS",
        "3",
    ]


def test_hostile_records_give_a_text_and_never_raise() -> None:
    started = time.perf_counter()
    for record in hostile_records(500):
        assert isinstance(record_text(record), str)
        find_values(record, "severity", "id")
    assert time.perf_counter() - started < 5 * PATIENCE


def test_findings_and_recommendations_are_text() -> None:
    found = record_text(
        {"title": "Test", "findings": "A port is open.", "recommendations": "Shut it."}
    )
    assert found == "Test\nA port is open.\nShut it."


def test_prose_of_a_field_of_any_name_is_the_text_where_no_known_one_holds_any() -> None:
    told = "We write because a thief took the keys of the old lock. We have changed all of them."
    record = {"subject": "A lost key", "memo": told, "ref": "K-7", "logic": "a == b and c " * 9}
    assert record_text(record) == f"A lost key\n{told}"
    assert record_text({**record, "summary": "A thief took keys."}).endswith("A thief took keys.")
    assert record_text({"subject": "A lost key", "acknowledgments": told}) == "A lost key"


def test_a_ticket_whose_headline_is_all_but_its_notes_is_read_with_them() -> None:
    """It had no text but its title, and gave no pair."""
    notes = "09:02 Somebody rang Ida and asked for the code of the pier. She did not tell it.\n" * 2
    read = read_record({"short_description": "Odd call to Ida", "work_notes": notes})
    assert (read.title, read.bodies) == ("Odd call to Ida", (notes.strip(),))


def test_a_title_that_is_a_list_of_one_is_read() -> None:
    """Papers of Crossref had no name, and were asked about as "the text"."""
    said = "We show that tide gauges accept packets from any host."
    paper = {
        "DOI": "10.9999/q.17", "title": ["Ropes that lie"], "container-title": ["Harbour Letters"],
        "abstract": f"<jats:title>Abstract</jats:title><jats:p>{said}</jats:p>",
        "publisher": "Quay Press",
    }  # fmt: skip
    assert read_record(paper) == RecordText("Ropes that lie", (said,))
    assert identify(paper).source == "Harbour Letters"


def test_the_texts_of_scanners_are_read() -> None:
    """Each of their findings was a dead letter: "record has no text"."""
    assert read_record({"alert": "Gate", "desc": "<p>It lifts.</p>"}).bodies == ("It lifts.",)
    assert read_record({"test_id": "B1", "issue_text": "It lifts."}).bodies == ("It lifts.",)
