"""Facts quoted from a record's fields: cleaned, bounded, the first field with a label."""

from __future__ import annotations

import pytest

from stages.base import Record
from stages.text.facts import MOST_ACTIONS, Fact, facts_about, facts_of, stated_actions
from tests.stage_help import hostile_records

MARKED = (
    "Deny writes to <code>C:\\Windows\\System32\\*.dll</code> for **all** users, as in"
    " [the guide](https://guide.example/acl). (Citation: Guide 2030) Log what is denied &amp; why."
)
READ = (
    "Deny writes to C:\\Windows\\System32\\*.dll for all users, as in the guide."
    " Log what is denied & why."
)


@pytest.mark.parametrize("field", ["mitigations", "courses_of_action", "solution", "detection"])
def test_prose_of_fields_has_no_markup_and_its_literals(field: str) -> None:
    labels = ("Mitigations", "Solution", "Detection")
    assert [fact.values for fact in facts_about({field: [MARKED]}, labels)] == [(READ,)]


def test_a_marked_up_cell_is_cleaned_piece_by_piece() -> None:
    cell = "::PHASE:Design:DESCRIPTION:Use <b>one</b> parser.::PHASE:Test:DESCRIPTION:Fuzz it.::"
    assert facts_of({"potential_mitigations": cell}, ("Mitigations",)) == (
        "Mitigations: Use one parser. Fuzz it."
    )
    assert stated_actions({"potential_mitigations": cell}) == ["Use one parser.", "Fuzz it."]


def test_advice_in_the_cells_of_capec_and_in_the_objects_of_xml() -> None:
    cell = "::Design: Bound the jobs of each user.::Configuration: Keep the queue apart.::"
    told = ["Design: Bound the jobs of each user.", "Configuration: Keep the queue apart."]
    assert stated_actions({"mitigations": cell}) == told
    listed = [{"Phase": "Design", "Description": one} for one in told]
    assert stated_actions({"Potential_Mitigations": {"Mitigation": listed}}) == told
    assert stated_actions({"Mitigations": {"Mitigation": told}}) == told


def test_that_there_is_nothing_is_no_advice() -> None:
    record = {"workarounds": "None.", "solution": "There is no fix.", "mitigation": "Stop it."}
    assert stated_actions(record) == ["Stop it."]


def test_a_value_of_markup_alone_is_none() -> None:
    assert facts_of({"solution": "<br/>"}, ("Solution",)) == ""
    assert stated_actions({"solution": "<br/>"}) == []


def test_hostile_records_never_raise() -> None:
    for record in hostile_records(100):
        assert all(isinstance(one, str) for one in stated_actions(record))


@pytest.mark.parametrize(
    ("record", "line"),
    [
        ({"platforms": ["Linux", "macOS", "Linux"]}, "Platforms: Linux, macOS."),
        ({"x_mitre_platforms": "Linux"}, "Platforms: Linux."),
        ({"platforms": [], "x_mitre_platforms": ["Linux"]}, "Platforms: Linux."),
        ({"platforms": ["Other", "n/a"]}, ""),
        ({"platforms": list("abcdefg")}, "Platforms: a, b, c, d, e."),
    ],
)
def test_a_list_is_one_line(record: Record, line: str) -> None:
    assert facts_of(record, ("Platforms",)) == line


def test_numbers_and_what_is_spared_are_not_affected() -> None:
    assert facts_of({"affected": 5000}, ("Affected",)) == ""
    some = {"affected": ["Foo Client (not affected)", "Foo Server < 2.0"]}
    assert facts_of(some, ("Affected",)) == "Affected: Foo Server < 2.0."


def test_sentences_are_quoted_whole_and_few() -> None:
    record = {"detection": ["Watch the spooler. Count the jobs. Sleep well.", *"ABCDE"]}
    assert facts_about(record, ("Detection",)) == [
        Fact("Detection", ("Watch the spooler. Count the jobs.", "A", "B"), prose=True)
    ]


def test_labels_come_in_the_order_asked_for_and_only_where_stated() -> None:
    record = {"format": "Jeopardy", "weight": "24"}
    labels = ("Weight", "Actor", "Format")
    assert facts_of(record, labels) == "Weight: 24.\nFormat: Jeopardy."


def test_one_severity_and_one_score_whatever_a_record_pools() -> None:
    record = {
        "severity": "high",
        "metrics": [{"cvssV3_1": {"version": "3.1", "baseScore": 9.8, "baseSeverity": "CRITICAL"}}],
    }
    severity, score = facts_about(record, ("Severity", "Base score"))
    assert len(severity.values) == len(score.values) == 1
    assert score.values[0].startswith("9.8")
    assert facts_about({}, ("Severity", "Base score")) == []


def test_advice_is_whole_and_each_piece_comes_once() -> None:
    record = {"mitigations": ["Cut  titles.\nAt forty.", "Cut titles. At forty.", "n/a", " "]}
    assert stated_actions(record) == ["Cut titles. At forty."]
    many = {"mitigations": [f"Do {n}." for n in range(99)]}
    assert stated_actions(many) == [f"Do {n}." for n in range(MOST_ACTIONS)]
    cell = "::PHASE:Design:DESCRIPTION:Use one parser.::PHASE:Test:DESCRIPTION:Fuzz it.::"
    assert stated_actions({"potential_mitigations": cell}) == ["Use one parser.", "Fuzz it."]


def test_advice_is_in_one_language_and_where_a_reader_states_it_from_nowhere_else() -> None:
    """The Spanish solution once stood in an English answer, and each line came twice."""
    solutions = [{"lang": "es", "value": "Actualice."}, {"lang": "en", "value": "Update.\n\nStop."}]
    raw = {"cna": {"solutions": solutions}}
    read = {"text": "t", "mitigations": ["Update.", "", "Stop."], "original": raw}
    assert stated_actions(raw) == ["Update. Stop."]
    assert stated_actions(read) == ["Update.", "Stop."]
    assert facts_of(read, ("Solution", "Mitigations")) == "Mitigations: Update. Stop."
    table = {"text": "t", "original": {"remediation": "Update it."}}
    assert stated_actions(table) == ["Update it."]


def test_products_that_are_not_affected_are_no_fact() -> None:
    tree = {"product_tree": {"branches": [{"product": {"name": "Acme Router 9.1"}}]}}
    assert facts_of({"text": "t", "original": tree}, ("Affected",)) == ""


def test_a_list_of_recommendations_is_advice_and_stands_as_a_whole() -> None:
    steps = [f"Change the key of lock {number} at once." for number in range(1, 5)]
    (fact,) = facts_about({"recommendations": steps}, ("Solution",))
    assert fact.values == tuple(steps) and stated_actions({"recommendations": steps}) == steps


def test_what_a_field_says_in_another_language_is_no_fact_of_an_english_record() -> None:
    """Asked in English what an advisory advises, an answer was once German."""
    record = {"text": "A flaw.", "language": "en", "fields_from": {},
              "solution": "Installieren Sie das Update und starten Sie den Server danach neu.",
              "workaround": "Turn off the web interface of the server."}  # fmt: skip
    assert facts_of(record, ("Solution", "Workaround")) == (
        "Workaround: Turn off the web interface of the server."
    )
    del record["fields_from"]
    assert "Installieren" in facts_of(record, ("Solution",))
