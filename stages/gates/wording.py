"""The words that gates look for: what an instruction begins with, and what no pair may hold.

Plain data; the words are the recipe's, but for those that end no sentence.  Invariant: words are
in lower case, and patterns are matched without regard to case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """The words of the gates.

    `question_words` stand among the first words of a question, `orders` begin an order, `polite`
    words may stand before it.  `refusals` are said by a model that declines or speaks of itself,
    and `openings` by one that begins its answer as in a chat.
    `injections` give orders to whoever reads the text with a model, and `template_tokens` are
    marks of prompts and chat templates; `told_of` stands near a quotation of such orders in a text
    that tells of them.
    """

    question_words: frozenset[str]
    orders: frozenset[str]
    polite: frozenset[str]
    refusals: re.Pattern[str]
    injections: re.Pattern[str]
    template_tokens: re.Pattern[str]
    openings: re.Pattern[str]
    told_of: re.Pattern[str]


NOTHING = re.compile(r"(?!)")  # found in no text
# Words that end no sentence: an answer that ends with one was cut off.
OPEN_ENDS = frozenset(
    """a an and as because from if into its nor of or than that the their these this those whose
    with within without""".split()
)
_LAST_WORD = re.compile(r"([^\W_]+(?:['’][^\W_]+)*)[^\w]*$")


def ends_open(text: str) -> bool:
    """Whether a text ends with a word that ends no sentence; "Router A" ends with a name."""
    last = _LAST_WORD.search(text[-200:])
    return last is not None and last[1].islower() and last[1] in OPEN_ENDS
