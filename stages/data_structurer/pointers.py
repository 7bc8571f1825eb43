"""The words by which a sentence points to what stands before it: "This", "On it", "Until then".

Knows English words and no record.  Invariant: what a paper or an advisory says of itself, "This
flaw", points nowhere, and neither does an "It" that stands for nothing.
"""

from __future__ import annotations

import re

from stages.text.pronouns import STANDS_FOR_NOTHING

# What cannot begin an answer, since it points to what stands before it.
_ITSELF = (
    r"(?:paper|work|study|article|survey|thesis|report|advisory|vulnerability|flaw|weakness|issue"
    r"|technique|attack|malware|tool|campaign|incident|document|bulletin|amendment|filing|letter|notice|post|memo|statement"
    r"|morning|afternoon|week|month|year|spring|summer|autumn|winter)\b"
)
_MEASURED = r"(?:quarter|half|stage|week|day|month|year|largest|most|time|edition|party|parties)\b"
_BEFORE = (
    r"(?:on|from|with|for|to|by|at|of|upon|under|behind|within|through|without|against|among"
    r"|besides|inside|during|over|via|despite|unlike|like)"
)
_POINTS_BACK = re.compile(
    rf"(?:this(?! {_ITSELF})|these|those|that|it(?! {STANDS_FOR_NOTHING})|its|they|their|them|he"
    r"|she|his|her|such|both(?! \w+s\b)|the (?:former|latter|above|same|resulting|other|remaining)"
    r"|the (?:more|less) \w+ (?:one|of (?:the two|them))"
    rf"|the (?:second|third|fourth) (?!{_MEASURED})\w+"
    r"|the following(?![^.]*: \S)"
    r"|another|others|neither|either|one of (?:them|these)|as such|here|there(?:by|fore|after)|then"
    r"|afterwards?|later|next|finally|instead|thus|hence|so(?!,| (?:far|i|we)\b)|otherwise|but|and"
    r"|or|nor|yet|consequently|as a result|for (?:example|instance|this|these)|if so|to do so"
    r"|doing so|e\.g"
    r"|there (?:is|are|was|were|have been) [^.;,]{1,30}? of (?:them|these|those)"
    r"|(?:[a-z]+ )?(?:each|all|any|one|some|most|none|two|three) of (?:them|these|those)"
    r"|until (?:then|that|this)|[a-z]+ (?:it|them)|if (?:you|we|they|one) \w+ (?:it|them|either|one"
    r"|(?:any|one|some) of (?:it|them|these)|the same)"
    r"|if (?:both|either|neither) (?!\w+s\b)\w+|if (?:that|this|not)\b"
    r"|if (?:you|they|we|one) (?:cannot|can not|can['’]t)(?=,| do (?:so|this|that|it)\b)"
    r"|depending on [^,.;]{1,60},? (?:this|it|these)\b"
    rf"|in (?:that|these|those|such|other|another) \w+"
    rf"|in this (?!{_ITSELF})\w+|i\.e|after (?:this|that)|meanwhile"
    rf"|{_BEFORE} (?:it|them|him|her|(?:this|that|these|those|such)(?: (?!{_ITSELF})\w+)?(?=[ ,]))"
    r"|at this point|once \w+ (?:is|are|has|have) done|(?:once )?inside"
    r"|[^,.;:]{1,60}, (?:they|he|she|it)"
    # Others speak of it, and nothing in the sentence says of what.
    r"|(?:[\w'-]+ ){1,3}?(?:also )?(?:calls?|tracks?|names?|links?|puts?|attributes?) (?:it|them)"
    r"|(?:we|i) (?:(?!(?:the|an?|its|our|one|some)\b)[^ ,;]+ ){1,8}?(?:that|whether|how|if|why)"
    rf" (?:it(?! {STANDS_FOR_NOTHING})|he|she)"
    # No plural before it in the sentence that it could stand for.
    r"|(?:we|this (?:paper|study|work)) (?:(?!\w{3,}s\b(?<!ss))[^ ,;]+ ){1,10}?"
    r"(?:them|their|they|these|those)"
    r"|(?:in this (?:paper|study|work),? )?(?:we|this (?:paper|study|work)) (?:[^ ,;]+ ){1,10}?"
    r"such(?! as))\b",
    re.IGNORECASE,
)


def points_back(text: str) -> bool:
    """Whether a text begins with a word that stands for something said before."""
    return _POINTS_BACK.match(text) is not None
