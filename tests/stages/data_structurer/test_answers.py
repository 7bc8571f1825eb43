"""Answers of several sentences: in order, each once, and no longer than there is room."""

from __future__ import annotations

from stages.data_structurer.answers import LONGEST, RECORD, Answer, combined, ended, fitting, quoted
from stages.data_structurer.passages import Sentence


def sentence(text: str) -> Sentence:
    return Sentence(text, 0, len(text), 0)


def test_several_answers_are_one_and_say_nothing_twice() -> None:
    first, second = (
        Answer("It leaks.", RECORD, "lets"),
        Answer("It is rated high.", "form", "rated"),
    )
    found = combined([first, second, Answer("It leaks.", "form")])
    assert found == Answer("It leaks. It is rated high.", RECORD, "lets rated")
    assert combined([]) is None


def test_sentences_are_left_out_at_the_end_but_never_the_first() -> None:
    long, short = sentence("x" * LONGEST), sentence("y" * 20)
    assert fitting([short, long, short]) == [short]
    assert fitting([long, short]) == [long]


def test_a_quotation_needs_a_sentence() -> None:
    assert quoted([sentence("Moreover, it leaks.")]) == Answer("It leaks.", RECORD)
    assert quoted([]) is None


def test_no_full_stop_touches_an_address_at_the_end_of_a_list() -> None:
    """It became part of the address for everybody who copies it."""
    assert ended("- domain: rope.example") == "- domain: rope.example"
    assert ended("- rope.example (domain)") == "- rope.example (domain)."
    assert ended("More:\n\nhttps://rope.example/pier") == "More:\n\nhttps://rope.example/pier"
    assert ended("The crew,\nCVE-2099-0001") == "The crew,\nCVE-2099-0001."
    assert ended("The crew,\nIda") == "The crew,\nIda."
    assert ended("It is held at rope.example") == "It is held at rope.example."


def test_a_list_has_lines_of_its_own_beside_other_answers() -> None:
    """What followed was read as part of its last item."""
    found = combined([Answer("- Use chains.\n- Light all.", RECORD), Answer("Wait.", RECORD)])
    assert found is not None and found.text == "- Use chains.\n- Light all.\nWait."
