"""What a text, an answer or a sentence has to hold before a question makes sense of it.

Data only: patterns, matched anywhere and without regard to case.  `^(?!...)` in front says what a
sentence must not be.
"""

from __future__ import annotations

SAYS_WHAT_IS_AFFECTED = (
    r"(?<!not )(?<!neither )\b(?:affected|vulnerable|impacted|affects?)\b|\bonly\b"
)
TELLS_OF_AN_ATTACK = (
    r"\b(?:attack|intru|malware|malicious|exploit|phish|criminal|ransom|trojan|backdoor|victim"
    r"|adversar|implant|loader|miner|stealer|botnet|hack|breach|fraud|inject|bypass)"
)
TELLS_OF_A_FLAW = (
    TELLS_OF_AN_ATTACK
    + r"|\b(?:vulnerab|flaw|weakness|overflow|leak|unauthori[sz]|secur|credential"
    r"|password|privilege|disclos|denial|crash|execut|travers|forge|spoof|escap|malform|craft)"
)
SAYS_WHO = (
    r"attribut|believed|link|suspect|behalf|sponsor|based|nexus|origin|speak|operate|associat"
    r"|used by|sold|tied|ties|member|arrest|accus|claim|work|author"
)
CAME_TO_LIGHT = (
    r"\b(?:noticed|discovered|detected|spotted|uncovered|came to light|raised|complained|saw"
    r"|(?:was|were) (?:found|reported|shown|alerted|told|warned)|grew suspicious|became (?:aware"
    r"|suspicious)|reported (?:an?|the|that)|(?:alarm|alert)s? (?:\w+ )?(?:rang|went|fired))\b"
)
IS_A_FINDING = (
    r"\b(?:(?:we|they|researchers|investigators|analysts|it) (?:have |had )?(?:found|find|saw"
    r"|counted|measured|observed|learned|conclude)|investigation|audit|review|analysis|study|survey"
    r"|experiments?|results?|reveal\w*|conclud\w*|lessons?|\d+(?:\.\d+)? ?(?:%|per ?cent))"
)

# What tells somebody to look, or what there is to see: a flaw that has to do with logs does not.
SAYS_WHAT_TO_LOOK_FOR = (
    r"\b(?:monitor\w*|look (?:for|at|in)|watch|alert|detect\w*|hunt|search|check|review|inspect"
    r"|audit|indicat\w+ (?:of|that|a|an)|signs? of|traces?|evidence|noticed?|shows? up|suspicious"
    r"|unusual|unexpected|anomal\w+|entries|can be (?:seen|found|recogni[sz]ed|identified)"
    r"|logs? (?:show|hold|contain)\w*|in the logs?)\b"
)

# A sentence that only says what a product is for: what a text is about comes behind it.
INTRODUCES = r"^\S+(?: \S+){0,3} (?:is|are) (?:an?|the|one of the) "

# Who does something: those who attack, or what they use; not those who defend themselves.
_DEFENDERS = (
    r"(?:we|our|please|install|update|upgrade|change|block|disable|the (?:soc|vendor|company|bank"
    r"|police|provider|hospital|district|authority|team|school|university|city|college|agency))\b"
)
ATTACKERS_ACT = (
    rf"^(?!{_DEFENDERS}).*\b(?:attack|intru|crimin|hacker|thie[fv]|fraudster|spammer|scammer|actor"
    r"|adversar|operators|gang|group|someone|somebody|whoever|malware|ransom|trojan|backdoor"
    r"|implant|loader|stealer|miner|worm|bot|script|macro|payload|program|tool|exploit|shell"
    r"|phish|victim|malicious|stolen|leaked|fake|forged|crafted|they\b|he\b|she\b)"
)
OWN_METHOD = r"\b(?:we|our|us|this (?:paper|work|study|article|survey)|approach|method)\b"
ATTACKERS_GAIN = (
    r"\b(?:attack|adversar|intru|malicious|victim|exploit|compromis|hijack|steal|stolen)"
)
# A cause of what happened, and neither of what did not happen nor of its being seen.
IS_A_CAUSE = (
    r"^(?!.*\b(?:never|not|no) (?:[a-z]+ ){0,2}(?:risk|danger|affected|exposed|hit|stolen|lost"
    r"|compromised|harmed)\b)"
    r"(?!.*\b(?:notic|discover|detect|spott|found|suspicious)\w* [^.;]{0,20}\bbecause\b)"
)
IS_A_MEASURE = r"^(?!.*\b(?:did not|didn't|refused to|has not|have not|will not) (?:pay|comment))"
