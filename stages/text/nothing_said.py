"""Values and sentences that say nothing: "N/A", "There is no fix.", "For details see the advisory".

Knows the words by which editors fill a field that has to hold something, or send a reader to
another page; those that deny a remedy are in no_remedy.  Invariant: a value counts as a whole;
what says more than that there is nothing stays.
"""

from __future__ import annotations

import re

from stages.text.no_remedy import denies_remedy
from stages.text.sentences import sentence_ends

LONGEST_OF_NOTHING = 1_000  # characters of several sentences
_WORDS = frozenset(
    "pre;other;unknown;unspecified;undefined;undetermined;varies;varies by context;various;multiple"
    ";n/a;n / a;na;nil;null;none;nothing;no;yes;true;false;all;any;some;tbd;tba;pending;-;--;?"
    ";see references;see reference;see description;see advisory;see vendor advisory".split(";")
)
_PAGES = (
    r"(?:(?:advisor\w+|bulletins?|notices?|pages?|links?|references?|documentation|articles?"
    r"|websites?|release notes|changelogs?|sections?|appendix|tables?|posts?|CVEs?|identifiers?)\b"
    r"|https?:|www\.|cwe-|capec-|cve-)"
)
_ELSEWHERE = re.compile(
    r"for (?:(?:more|further|additional|the|full|complete|other|detailed|general|specific|technical"
    r"|security) ){0,4}(?:details?|information|instructions?|guidance|status)\b.*\b"
    r"(?:refer to|see|visit|consult|check|review|read|contact|go to)\b"
    r"|(?:please |kindly )?(?:refer to|see|consult|visit) (?:also )?"
    rf"(?:[\w'’()-]+ ){{0,5}}?{_PAGES}"
    r"|(?:please |kindly )?(?:review|check|read) .*\b(?:for (?:more |further |additional )?"
    r"(?:details|information)(?= on\b| about\b|[.,]|$)"
    r"|(?:referenced|listed|linked|mentioned) (?:below|above))\b"
    r"|(?:more|further|additional) (?:details?|information|guidance)\b.*\b(?:is|are|can be|may be)"
    r" (?:\w+ )?(?:available|found|provided|given|published|obtained)\b"
    rf"|(?:this|the) (?:[\w-]+ )?{_PAGES} (?:is|are|can be) (?:\w+ )?(?:available|found)"
    r" (?:at|on|from)\b",
    re.IGNORECASE,
)
# Calls to a page's visitors, which are no measures.
_INVITES = re.compile(
    r"(?:please |to \w+ more,? )?(?:sign up (?:for|to|now|here|today)|subscribe\b"
    r"|register (?:now|here|for (?:the|our|a))|follow (?:us|me)\b|join (?:us|our)\b"
    r"|learn more\b|read (?:more|the full|our)\b"
    r"|download (?:the (?:full|free|whole)|our)\b|click here\b"
    r"|get in touch\b|contact (?:us|me|our)\b"
    r"|stay tuned\b|share this\b|watch (?:the|our) (?:video|webinar|talk)"
    r"|(?:got|have) a tip\b|thank you\b|thanks for\b|welcome (?:back|to)\b"
    r"|thanks to [^,.]{1,80} for (?:the|their|his|her|a|reporting|disclosing)\b"
    r"|we (?:would like to )?thank\b|if you (?:feel|think|believe) (?:that )?we are in error\b)",
    re.IGNORECASE,
)


def says_nothing(value: str) -> bool:
    """Whether a field's value only says that there is none, or where one stands; of several
    sentences, whether all of them do."""
    if _is_nothing(value):
        return True
    ends = sentence_ends(value) if len(value) <= LONGEST_OF_NOTHING else []
    said = [value[a:b] for a, b in zip([0, *ends], [*ends, len(value)], strict=True)]
    return len(ends) > 1 and all(map(_is_nothing, said))


def _is_nothing(value: str) -> bool:
    core = " ".join(value.split()).strip(" .*_。").casefold()
    return not core or core in _WORDS or denies_remedy(core) or refers_elsewhere(value)


def refers_elsewhere(sentence: str) -> bool:
    """Whether a sentence only sends its reader to another page, or invites to one."""
    shown = sentence.lstrip(" *_-•")
    return bool(_ELSEWHERE.match(shown) or _INVITES.match(shown))
