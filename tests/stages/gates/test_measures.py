"""What is measured of an answer: a text measured against itself has no fault at all."""

from __future__ import annotations

import pytest

from examples import make_input
from stages.gates import measures
from stages.gates.measures import SourceText

TEXT = (
    "The parser of Foomail 2.0.7 does not check the length of a name. An attacker may send a long"
    " name, so that memory behind the buffer is overwritten. Version 2.0.8 fixes this."
)
SOURCE = SourceText(TEXT, "CVE-2099-0001")


def test_a_text_is_its_own_best_answer() -> None:
    for record in list(make_input.attack_techniques())[:40]:
        text = record["description"]
        source = SourceText(text)
        assert measures.grounded_share(text, source) == 1
        assert measures.verbatim_share(text, text) == pytest.approx(1, abs=0.01)
        assert measures.other_negations(text, source) == []
        assert measures.invented_literals(text, source) == []
        assert measures.moved_versions(text, source) == []
        assert not measures.loops(text, text)


def test_grounded_is_the_share_of_words_that_are_known() -> None:
    assert measures.grounded_share("The parser does not check names.", SOURCE) == 1
    invented = measures.grounded_share("The kernel crashes printers badly.", SOURCE)
    assert invented == pytest.approx(1 / 5)
    assert measures.grounded_share("CVE-2099-0001 has a flaw in parsing.", SOURCE) == 1 - 1 / 8


def test_spans_point_at_what_was_copied() -> None:
    answer = "Here an attacker may send a long name, they say; version 2.0.8 fixes this."
    spans = measures.verbatim_spans(answer, TEXT)
    copied = [TEXT[span.start : span.end] for span in spans]
    assert copied == ["An attacker may send a long name", "Version 2.0.8 fixes this"]
    assert measures.verbatim_share(answer, TEXT) == pytest.approx(13 / 16, abs=0.01)


def test_new_words_are_those_the_instruction_has_not() -> None:
    assert measures.new_words("The parser reads names.", "What does the parser read?") == 1
    assert measures.new_words("Parsers.", "What does the parser read?") == 0


@pytest.mark.parametrize(
    ("answer", "turned"),
    [
        ("The parser does not check the length.", []),
        ("The parser checks the length of a name.", ["not"]),
        ("An attacker may not send a long name.", ["not"]),
        ("An attacker overwrites memory behind the buffer.", []),
        ("Avoid a parser that does not check the length of a name.", ["avoid"]),
    ],
)
def test_negations_that_turn_a_sentence_round(answer: str, turned: list[str]) -> None:
    assert measures.other_negations(answer, SOURCE) == turned


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("Detection of signed run-only scripts of a host. Run-only scripts are not signed.", []),
        ("No signed run-only scripts of a host.", ["no"]),
    ],
)
def test_fixed_words_in_front_of_a_sentence_turn_nothing_round(
    text: str, turned: list[str]
) -> None:
    source = SourceText(text, "It looks for")
    said = "It looks for signed run-only scripts of a host."
    assert measures.other_negations(said, source) == turned


def test_a_sentence_that_runs_over_lines_of_the_source_turns_nothing_round() -> None:
    source = measures.SourceText(
        "Nobody made the ropes.\nThe crew made all ropes\nof the old pier."
    )
    assert measures.other_negations("The crew made all ropes of the old pier.", source) == []
    assert measures.other_negations("Its crew made the ropes.", source) == ["nobody"]


@pytest.mark.parametrize(
    ("text", "answer", "turned"),
    [
        ("The flaw is not\nexploitable by guests.", "The flaw is exploitable by guests.", ["not"]),
        ("The flaw is not\nexploitable by guests.", "The flaw is not exploitable by guests.", []),
        ("The bug is not ex-\nploitable by guests.", "The bug is exploitable by guests.", ["not"]),
        ("It is open to un-\nauthenticated guests.", "It is open to authenticated guests.",
         ["authenticated"]),
        ("It is open to un-\nauthenticated guests.", "It is open to unauthenticated guests.", []),
        ("The flaw is non-exploitable by guests.", "The flaw is exploitable by guests.", ["not"]),
        ("Do not:\n- reboot the old host\n- pay the two men", "- Pay the two men.", ["not"]),
        ("Do not:\n- reboot the old host\n- pay the two men", "Pay the two men now.", ["not"]),
        ("Do not:\n- pay the two men\n\nDo:\n- pay the two men", "Pay the two men.", []),
        ("Do not:\n- reboot the old host\n- pay the two men",
         "Do not:\n- reboot the old host\n- pay the two men", []),
    ],
)  # fmt: skip
def test_a_negation_counts_over_the_ends_of_lines(
    text: str, answer: str, turned: list[str]
) -> None:
    assert measures.other_negations(answer, SourceText(text)) == turned


def test_a_sentence_made_of_two_may_have_the_negations_of_both() -> None:
    source = SourceText("Delete the ticket at logout. Do not rely on the browser to forget it.")
    said = "Developers should delete the ticket at logout and not rely on the browser."
    assert measures.other_negations(said, source) == []


@pytest.mark.parametrize(
    ("answer", "goes_round"),
    [
        ("It reads the files of the files of the files of the files.", True),
        ("A flaw is in the parser. The flaw is in the parser.", True),
        ("The parser reads names. An attacker sends long ones.", False),
        (f"{TEXT} The parser of Foomail 2.0.7 does not check the length of a name.", True),
    ],
)
def test_loops(answer: str, goes_round: bool) -> None:
    assert measures.loops(answer, TEXT) is goes_round


def test_what_limits_a_sentence_is_not_left_out() -> None:
    source = SourceText(
        "Only the owner of a box may read its mail. Reading mail is no longer possible."
    )
    assert measures.other_negations("The owner of a box may read its mail.", source) == ["only"]
    assert measures.other_negations("Reading is possible.", source) == ["no"]
    assert measures.other_negations("Only the owner may read mail.", source) == []


def test_an_echo_is_the_question_without_its_name() -> None:
    asked = "What do adversaries gain from T1 (Foo), and on which platforms?"
    echo = "It allows adversaries to gain from T1 (Foo), and on which platforms."
    answer = "Adversaries steal the passwords that browsers keep, on Windows."
    assert measures.echoed_share(echo, asked, "T1 (Foo)") > 0.7
    assert measures.echoed_share(answer, asked, "T1 (Foo)") < 0.5
    assert measures.echoed_share("Foo is foo.", "What is Foo?", "Foo") == 0, "too short to tell"


def test_a_version_keeps_the_word_before_it() -> None:
    source = SourceText("Fixed in 2.0.7. Introduced before 2.0.5.")
    assert measures.moved_versions("It is fixed in 2.0.7.", source) == []
    assert [one.text for one in measures.moved_versions("It came in 2.0.5.", source)] == ["2.0.5"]
    lines = SourceText("Foo copies as many bytes.\n2.0.7 is affected.")
    assert measures.moved_versions("2.0.7 is affected.", lines) == []


def test_a_leak_is_six_words_of_a_prompt_that_the_source_has_not() -> None:
    shown = ["Titles are cut at forty characters and control characters are removed."]
    leaked = "The titles are cut at forty characters and so on."
    assert measures.leaked_run(leaked, shown, TEXT) == "titles are cut at forty characters"
    assert measures.leaked_run(leaked, shown, leaked) == ""
    assert measures.leaked_run("A name is long.", shown, TEXT) == ""


def test_what_a_letter_quotes_of_another_is_no_loop() -> None:
    """Every thread in which somebody quotes what he answers was left out."""
    asked = "Does the parser check the length of each name in the list?"
    head = "Date: Mon, 5 May 2099 at 10:00\n"
    talk = f"{head}{asked}\n{head}> {asked}\nIt does not, before version 3."
    assert not measures.loops(talk, talk)
    assert measures.loops(talk.replace("> ", ""), talk)
