"""A long text is read on where its beginning does not keep it, and by nobody where that is vain."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from stages.base import Choice, FilledPrompt, LanguageModel, Question
from stages.data_filter.decided import MOST_PASSAGES, RelevanceScore, relevance_of
from stages.data_filter.relevance import SECURITY, RelevanceRules
from stages.recipe.recipe import shipped

RULES = RelevanceRules(shipped())

SCENE = "The ferry was late, and the harbour master drank his tea on the warm quay. " * 6
FLAW = (
    "Then malware stole the credentials of two clerks, and the attacker came back by a backdoor. "
    "The intruder had used an exploit for a server that nobody had patched. "
)
PROJECT = (
    "The parser reads a file of settings and returns a mapping. Keys are kept in order. "
    "Install the package, then import the module and call load with a path. "
)
OF_CHARTS = (
    "Charts are drawn from tables of tides: a line for each harbour, with colours that print well. "
    "Axes are labelled in metres and hours, the legend stands below, and a figure can be saved as "
    "a picture or shown in a notebook. Several figures share one scale if they are put in a grid. "
)
OF_CHANGES = (
    "Version 3 drops the old names of columns and needs a newer interpreter. Missing values are "
    "shown as gaps, dates before 1900 work, and sorting a million rows takes half the time. "
    "Thanks to everybody who wrote documentation, translated examples or reported odd results. "
)


class ByWords:
    """A model that believes what names an attacker or malware, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def choose(self, question: Question, text: str) -> Choice:
        self.asked.append(text)
        read = " ".join(text.split()[:60])
        chance = 0.95 if "attacker" in read or "intruder" in read else 0.05
        return Choice(SECURITY, chance, {SECURITY: chance})

    async def generate(self, prompt: FilledPrompt, schema: Mapping[str, Any] | None = None) -> Any:
        raise NotImplementedError


def decided(text: str, llm: LanguageModel | None = None) -> RelevanceScore:
    return asyncio.run(relevance_of(text, RULES, llm))


def test_a_report_that_begins_with_something_else_stays() -> None:
    """A story of a harbour came to its flaw behind 60 words, which nobody had read on."""
    text = f"{SCENE}\n\n{FLAW * 3}"
    assert decided(text).stays
    assert decided(text, ByWords()).stays
    assert not decided(SCENE * 2).stays and not decided(SCENE * 2, ByWords()).stays


def test_a_report_between_greetings_and_tea_stays() -> None:
    """A circular told of a theft of data in its middle, and its other half weighed as much."""
    told = (
        "The intruder broke into the company's server and stole the file with all passwords. " * 8
    )
    text = f"{SCENE * 2}\n\n{told}\n\n{SCENE * 2}"
    assert decided(text).stays and decided(text, ByWords()).stays


def test_a_page_of_software_needs_a_surer_model_than_other_short_texts() -> None:
    """Models take a page of a library in five hundred words of versions for an advisory."""
    page = "Documentation of the Python library for tides: each harbour has a table of its own."
    other = "Notes on the tides of this coast: each harbour has a table of its own."
    assert decided(page, ByWords()).demanded > decided(other, ByWords()).demanded


def test_one_sentence_on_security_keeps_no_text_on_something_else() -> None:
    """Keywords of the whole text kept every third README with a paragraph on reporting flaws."""
    text = "\n\n".join([PROJECT, OF_CHARTS, PROJECT + FLAW, OF_CHANGES, OF_CHARTS])
    assert not decided(text).stays and not decided(text, ByWords()).stays


def test_a_text_that_its_beginning_keeps_is_read_once() -> None:
    model = ByWords()
    assert decided(FLAW * 3 + SCENE, model).stays and len(model.asked) == 1


def test_short_texts_are_read_once_whatever_comes_of_it() -> None:
    model = ByWords()
    assert not decided("The harbour master drank his tea.", model).stays and len(model.asked) == 1


def test_no_model_is_asked_on_where_no_word_speaks_for_a_text() -> None:
    """Or each handbook among the input costs as much as eight reports."""
    model = ByWords()
    assert not decided(SCENE * 10, model).stays and len(model.asked) == 1


def test_of_a_long_text_so_many_passages_are_read_and_the_last_is_one() -> None:
    text = f"{SCENE}\n\n" + "\n\n".join(f"{FLAW}{number} {FLAW}" for number in range(40))
    model = ByWords()
    assert decided(text, model).stays
    assert len(model.asked) == 1 + MOST_PASSAGES and "39" in model.asked[-1]
