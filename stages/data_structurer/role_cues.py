"""Cues that tell the role of a sentence: what a reader goes by at a glance.

Data only.  Each line is a weight and patterns, matched without regard to case at the beginning
of a word; if one of them is found, the weight is added to the log odds of the role.  A pattern
with `^` counts only at the beginning of the sentence.
"""

from __future__ import annotations

Cues = tuple[tuple[float, tuple[str, ...]], ...]

_WHO = (
    r"(?:an? |the )?(?:(?:remote|local|authenticated|unauthenticated|malicious|nearby|physical)"
    r"\w*,? )*(?:attackers?|adversar(?:y|ies)|users?|actors?|intruders?|guests?|hackers?)"
)
_INTRUDERS = (
    r"(?:the |then the |later the )?(?:attackers?|intruders?|criminals?|hackers?|thieves|actors?"
    r"|fraudsters?|operators|gang|group|scammers?) (?:then |also |first )?"
)
_THINGS = (
    r"(?:technique|method|weakness|vulnerabilit\w+|flaw|backdoor|trojan|worm|loader|downloader"
    r"|dropper|ransomware|malware|tool|framework|group|family|implant|stealer|botnet|campaign|rat"
    r"|spyware|wiper|script|exploit|attack|type|form|kind|utility|program|module|rootkit|miner)"
)
_PRODUCT = r"(?:the )?(?:product|software|device|application|code|program|system|server|client)"
_FLAW = (
    r"(?:vulnerability|flaw|issue|overflow|injection|traversal|scripting|forgery|bypass"
    r"|use[- ]after[- ]free)"
)

WHAT: Cues = (
    (2.0, (rf"(?:is|are|was|were) (?:an? |the |one of )(?:\w+[ -]){{0,6}}?{_THINGS}\b",)),
    (
        1.6,
        (
            rf"{_FLAW} (?:\(\w+\) )?(?:\w+ )?(?:exists|in\b|within\b)",
            rf"{_FLAW} (?:\(\w+\) )?(?:\w+ )?(?:was|has been) (?:found|discovered|identified)",
            r"(?:before|prior to|through) (?:version )?v?\d[\w.]* (?:\w+ ){0,4}?(?:allows?|lets?"
            r"|fails?|mishandles?|has|is)\b",
        ),
    ),
    (
        1.8,
        (
            rf"^{_PRODUCT} (?:does not|do not|uses|performs|stores|contains|allows|receives)\b",
            rf"^{_PRODUCT} (?:constructs|generates|transmits|relies|fails|provides|implements)\b",
            rf"^{_PRODUCT} (?:accepts|creates|has)\b",
            r"^(?:an )?adversar(?:y|ies) (?:may|can|might|could)\b",
        ),
    ),
    (
        2.4,
        (
            r"(?:we|this (?:paper|work|article|study|survey|thesis|report)) (?:\w+ )?(?:present"
            r"|propose|introduce|describe|investigate|examine|analy[sz]e|survey|cover|explore"
            r"|address|review|develop|stud(?:y|ies)|show how)s?\b",
        ),
    ),
    (
        1.2,
        (
            r"(?:has|have) (?:suffered|confirmed|disclosed|reported|experienced)\b",
            r"(?:was|were) (?:hit|attacked|compromised|breached|targeted)\b",
            r"fell victim\b",
        ),
    ),
    (1.4, (r"refers to\b", r"defined as\b", r"consists of\b", r"means that\b")),
)
HOW: Cues = (
    (
        1.0,
        (
            r"by (?:sending|abusing|exploiting|using|modifying|replacing|injecting|uploading)\b",
            r"by (?:creating|tricking|guessing|adding|inserting|supplying|crafting)\b",
            r"phishing (?:e-?mails?|messages?)\b",
            r"stolen (?:credentials|passwords?)\b",
            r"web shells?\b",
            r"moved laterally\b",
            r"opened (?:an|the) attachment\b",
        ),
    ),
    (0.8, (r"first\b", r"then\b", r"next\b", r"from there\b", r"once (?:run|started|inside)\b")),
    (
        0.7,
        (
            r"(?:inject|decod|decrypt|unpack|download|fetch|contact|beacon|communicat|load|spread"
            r"|copi|drop|install|propagat|enumerat|scann|escalat|disabl|dump)(?:s|es|ed|ing)?\b",
            r"(?:tools|utilities) such as\b",
            r"can be (?:used|abused) to\b",
            r"for example\b",
        ),
    ),
    (
        1.4,
        (
            rf"^{_INTRUDERS}(?:sent|used|gained|copied|created|installed|ran|registered|called)\b",
            rf"^{_INTRUDERS}(?:bought|logged|placed|uploaded|abused|exploited|moved|deployed)\b",
            rf"^{_INTRUDERS}(?:opened|set up|changed|posed|pretended|guessed|searched|waited)\b",
            rf"^{_INTRUDERS}(?:send|use|abuse|upload|install|create|deploy|exploit)\b",
        ),
    ),
    (1.8, (r"(?:could|can|may|might) (?:exploit|abuse) (?:this|these|the) (?:\w+ )?by\b",)),
    (
        1.6,
        (
            r"(?:came|got|broke|entered|logged|signed) (?:in )?(?:through|via|with|over|into)\b",
            r"gained (?:initial )?(?:access|entry) (?:through|via|with|over|to)\b",
        ),
    ),
    (1.2, (r"is (?:triggered|passed|reached|exploited) (?:by|to|through|when)\b",)),
)
EFFECT: Cues = (
    (
        1.3,
        (
            rf"(?:allow|let|enabl|permit)\w* {_WHO} to\b",
            rf"lets? {_WHO} \w+",
            rf"{_WHO} (?:may|might|can|could|would|will)(?: then| thereby| also)? (?:be able to )?"
            r"(?:read|run|execute|gain|obtain|access|steal|modify|change|crash|cause|bypass|take"
            r"|view|delete|decrypt|recover|impersonate|escalate|control|inject|perform)\b",
        ),
    ),
    (
        1.4,
        (
            r"(?:lead|leads|leading|led) to\b",
            r"result(?:s|ed|ing)? in\b",
            r"(?:can|could|may|might|to|and) cause\b",
            r"as a (?:result|consequence)\b",
        ),
    ),
    (
        1.8,
        (
            r"successful(?:ly)? (?:exploit\w*|attack)",
            r"consequences?\b",
            r"impact\b",
            r"makes? it possible for\b",
        ),
    ),
    (
        0.7,
        (
            r"denial of service\b",
            r"arbitrary code\b",
            r"code execution\b",
            r"privilege escalation\b",
            r"information disclosure\b",
            r"take ?over\b",
            r"data loss\b",
            r"loss of\b",
        ),
    ),
    (
        0.9,
        (
            r"(?:steals?|stole|stolen|exfiltrat\w+|encrypted|leaked|exposed|published)\b",
            r"(?:wiped|destroyed|were copied|was copied)\b",
            r"(?:outage|offline for|standstill|downtime|interrupted|cancelled|postponed|damage)\b",
            r"(?:losses|costs?|million|records|ransom of|shut down|stood still|unavailable)\b",
            r"(?:disrupted|stopped|halted|diverted|delayed)\b",
            r"lost (?:\w+ )?[\d$€£]",
        ),
    ),
)
CAUSE: Cues = (
    (
        1.8,
        (
            r"because\b",
            r"due to\b",
            r"owing to\b",
            r"caused by\b",
            r"root cause\b",
            r"stem(?:s|med) from\b",
            r"aris(?:es|ing) from\b",
            r"results? from\b",
            r"the cause was\b",
        ),
    ),
    (
        1.2,
        (r"(?:exists|occurs|happens|is introduced|is possible|works) (?:because|when|if|since)\b",),
    ),
    (
        1.4,
        (
            r"(?:had not been|was not|were not|never) (?:\w+ )?(?:updated|patched|changed|checked"
            r"|segmented|closed|rotated|enforced|protected)\b",
            r"(?:had no|did not have|without a) second factor\b",
        ),
    ),
    (
        0.7,
        (
            r"misconfigur\w+",
            r"default passwords?\b",
            r"unpatched\b",
            r"open to the internet\b",
            r"publicly accessible\b",
            r"end of life\b",
            r"(?:insufficient|improper)\b",
            r"lack of\b",
            r"missing (?:check|validation)\b",
        ),
    ),
    (0.8, (r"requires? that\b", r"prerequisite\b", r"provided that\b")),
)
