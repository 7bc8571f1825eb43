"""Texts that stand for a text still to be written: "N/A", "TBD", "lorem ipsum".

Knows their wording; reads no record.  Invariant: a pattern has to match a whole text, so that none
counts for a word that occurs in it.
"""

from __future__ import annotations

import re

PLACEHOLDERS = (
    r"lorem ipsum\b.*",
    r"test(ing|s|ed)?([ _-]?(text|data|record|entry|description|message|only|test|\d))*",
    r"this is (just |only )?an? (test|example|sample|placeholder)( \w+)?",
    r"(todo|tbd|tba|fixme|wip|xxx+)(\s*:.{0,80})?",
    r"n[./]?a|none|null|nil|undefined|unknown|empty|nothing|coming soon|hello,? world",
    r"not (available|applicable|specified|provided|yet known)",
    r"no (description|details|summary|text|information|data)( (is )?(available|provided|given))?",
    r"(description|details|summary) (not available|pending|missing|to be added|to follow)",
    r"placeholder( text)?|(sample|example|dummy|default)( text| data| description)?",
    r"(your|insert|enter|add|put)( your| the)? (text|description|content)( here)?",
    r"foo( bar( baz)?)?|asdf\w*|qwerty\w*|blah([ ,]+blah)*",
    r"(please )?see (below|above|attached|attachment|details|text|title|description)",
    r"to be (determined|defined|announced|added|completed|written)",
    r"[\W_]*",
)
_PLACEHOLDER = re.compile("|".join(f"(?:{p})" for p in PLACEHOLDERS), re.DOTALL)


def is_placeholder(text: str) -> bool:
    """Whether the whole of a text stands for a text still to be written."""
    return _PLACEHOLDER.fullmatch(text.strip().rstrip(".!").lower()) is not None
