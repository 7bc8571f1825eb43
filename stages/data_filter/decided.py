"""How relevant the text of a record is: its beginning first, and more of it where that fails.

Knows records and a model.  Invariant: what its beginning keeps costs no second look, and whatever
is asked of a model is read by the rules of relevance alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from stages.base import LanguageModel, Record
from stages.data_filter.relevance import SECURITY, RelevanceRules
from stages.data_filter.rules import is_trusted
from stages.text.entries import is_entry
from stages.text.passages import passages
from stages.text.record_text import record_text
from stages.text.word_odds import READ_AT_MOST

MOST_PASSAGES = 8  # of a long text that are read, from its beginning to its end
HOPELESS = 0.04  # by the words of these passages: below it no model is asked

_T = TypeVar("_T")


@dataclass(frozen=True)
class RelevanceScore:
    """What speaks for a record: its rule score, the model's probability, and both together."""

    rule_score: float
    probability: float | None
    score: float
    demanded: float
    in_doubt: bool  # it stays, but somebody should look at it

    @property
    def stays(self) -> bool:
        """Whether it is as relevant as is demanded of it."""
        return self.score >= self.demanded

    def rounded(self) -> Record:
        """Two digits: what lies below is rounding noise of the batch it ran in."""
        figures = {"score": round(self.score, 2), "rule_score": round(self.rule_score, 2)}
        if self.probability is not None:
            figures["probability"] = round(self.probability, 2)
        return figures


async def relevance_of_any(
    parts: list[Record], how: RelevanceRules, llm: LanguageModel | None
) -> RelevanceScore:
    """The first part's relevance that is enough, else the highest: a text is kept whole."""
    found: list[RelevanceScore] = []
    for part in parts:
        text, entry = record_text(part), is_entry(part)
        found.append(await relevance_of(text, how, llm, is_trusted(part), entry))
        if found[-1].stays:
            return found[-1]
    return max(found, key=lambda one: one.score)


async def relevance_of(
    text: str,
    how: RelevanceRules,
    llm: LanguageModel | None,
    trusted: bool = False,
    is_entry: bool = False,
) -> RelevanceScore:
    """That of a text's beginning if it is enough, else of all its passages if there are more."""
    rules, with_model = how.rule_score(text, is_entry), llm is not None
    software = rules < how.bounds.words and how.speaks_of_software(text)
    demanded = how.demanded(rules, trusted, with_model, is_entry, software)
    beginning = await _of_beginning(text, rules, demanded, how, llm)
    if beginning.stays or len(text.split()) <= READ_AT_MOST:
        return beginning
    # Of many words a few are of software whatever the text is about.
    demanded = how.demanded(rules, trusted, with_model, is_entry)
    return await _of_all(text, replace(beginning, demanded=demanded), how, llm)


async def _of_beginning(
    text: str, rules: float, demanded: float, how: RelevanceRules, llm: LanguageModel | None
) -> RelevanceScore:
    probability, odds = None, how.word_odds(text)
    score = how.by_words(rules, odds)
    if llm is not None:
        probability = (await llm.choose(how.question, text)).probabilities[SECURITY]
        score = how.combined(rules, odds, probability)
    # Also where only a model speaks for it, somebody should look.
    in_doubt = score < how.sure(llm is not None) or rules < how.bounds.words
    return RelevanceScore(rules, probability, score, demanded, in_doubt)


async def _of_all(
    text: str, beginning: RelevanceScore, how: RelevanceRules, llm: LanguageModel | None
) -> RelevanceScore:
    """That of passages from all over a long text; that of its beginning if they are hopeless."""
    read = _spread(passages(text, READ_AT_MOST), MOST_PASSAGES)
    odds = how.word_odds(" ".join(read), MOST_PASSAGES * READ_AT_MOST)
    by_words = [(how.rule_score(one), how.word_odds(one)) for one in read]
    score = how.of_passages(odds, [how.by_words(*one) for one in by_words])
    if llm is not None:
        if score < HOPELESS:
            return beginning
        said = await asyncio.gather(*(llm.choose(how.question, one) for one in read))
        found = zip(by_words, (one.probabilities[SECURITY] for one in said), strict=True)
        score = how.of_passages(odds, [how.combined(*words, model) for words, model in found])
    in_doubt = score < how.sure(llm is not None) or beginning.rule_score < how.bounds.words
    return replace(beginning, score=score, in_doubt=in_doubt)


def _spread(things: Sequence[_T], most: int) -> Sequence[_T]:
    """At most so many of them, evenly from the first to the last."""
    if len(things) <= most:
        return things
    step = (len(things) - 1) / (most - 1)
    return [things[round(at * step)] for at in range(most)]
