"""What a question is: its wordings, the ways a record can answer it, and what a model is told.

Plain data; knows no record and no model.  Invariant: a question has at least one wording, and
at least one way in which a record may answer it with its own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LEAD = "lead"  # the sentences that a text begins with
ROLE = "role"  # the sentences that play a role
FIELDS = "fields"  # the prose of the record's own fields
FORM = "form"  # fields put into a sentence by a fixed form
CLAUSE = "clause"  # what a sentence says an attacker may do
TOLD = "told"  # what fields of a report say, whole

WAYS = (LEAD, ROLE, FIELDS, FORM, CLAUSE, TOLD)

OWN_WORK = "own work"  # of a lead: from where a paper speaks of itself
FIRST_PARAGRAPH = "first paragraph"  # of a lead: no further
WHOLE, FIRST_PARAGRAPHS = "whole text", "first paragraphs"  # in one stretch, nothing left out
HARM = "harm"  # of a clause: what comes of a flaw, if nothing says what an attacker may do
FIX = "fix"  # of a clause: where a flaw is fixed
PROBLEM = "measures behind their problem"  # of what is told: where they can't be understood alone
LEANED_ON = "what others lean on"  # of a lead that is joined: told where others need it
AS_WRITTEN = "as written"  # of a lead on a flaw: in quotation marks
NOTES = "notes"  # of a lead: a whole text in the style of notes

PURPOSE = "purpose"  # what a question asks for, besides the roles of sentences
RATING = "rating"


@dataclass(frozen=True)
class Way:
    """One way to answer: its kind, what it takes (a role, a label, a form), and how much.

    `each` is a pattern that every sentence taken for its role has to hold.
    """

    kind: str
    of: str = ""
    most: int = 3  # sentences
    each: str = ""


@dataclass(frozen=True)
class KindQuestion:
    """A question, the type its pair gets, and how it is answered.

    `asks` is what it asks for: the role of a sentence, or PURPOSE or RATING.  The first of `ways`
    that yields an answer gives it, or, if `joined`, all of them together.  `facts` are labels
    of fields that a model is shown, `opening` the words its answer begins with; a question with
    `by_model` false is never put to a model.  `fits` is a pattern that an answer of the record's
    own has to hold, `about` one that its text has to, before the question makes sense.  An answer
    needs `new_words` content words beyond the instruction; 0: as many as the gates demand.  An
    answer to a `whole` question has all that the record says on it.  Of questions of one type the
    first is asked that has an answer.
    """

    type: str
    wordings: tuple[str, ...]
    ways: tuple[Way, ...]
    asks: str
    joined: bool = False
    facts: tuple[str, ...] = ()
    opening: str = ""
    by_model: bool = True
    fits: str = ""
    about: str = ""
    new_words: int = 0
    whole: bool = False

    def worded(self, number: int, name: str) -> str:
        """One of its wordings, counted round, about what a record is called."""
        wording = self.wordings[number % len(self.wordings)]
        return (_of_several(wording) if _SEVERAL.match(name) else wording).replace("{name}", name)

    def name_in(self, instruction: str) -> str:
        """What an instruction calls the record, if it is one of the wordings; else nothing."""
        for wording in (*self.wordings, *map(_of_several, self.wordings)):
            front, _, end = wording.partition("{name}")
            if instruction.startswith(front) and instruction.endswith(end):
                return instruction[len(front) : len(instruction) - len(end)]
        return ""


# Documents whose names are plurals: "the minutes of ...", "the release notes".
_SEVERAL = re.compile(
    r"the (?:(?!(?:of|on|by|in|to|for)\b)[\w-]+ ){0,2}(?:minutes|notes|proceedings)\b"
)
_VERBS = {"does": "do", "is": "are", "was": "were", "has": "have"}


def _of_several(wording: str) -> str:
    """A wording about what has a plural as its name: "What do the minutes say?"."""
    return re.sub(rf"\b({'|'.join(_VERBS)})(?= {{name}})", lambda found: _VERBS[found[1]], wording)
