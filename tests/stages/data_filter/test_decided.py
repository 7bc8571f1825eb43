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


def test_one_sentence_on_security_keeps_no_text_on_something_else() -> None:
    """Keywords of the whole text kept every third README with a paragraph on reporting flaws."""
    text = "\n\n".join([PROJECT * 2, PROJECT * 2, PROJECT + FLAW, PROJECT * 2, PROJECT * 2])
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
