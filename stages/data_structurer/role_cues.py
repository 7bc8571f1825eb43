"""Cues that tell the role of a sentence, with weights: what a reader goes by at a glance.

Data only.  A cue is a pattern, matched without regard to case; its weight is added to the log
odds of the role.  `OPENING` cues count only at the beginning of a sentence.
"""

from __future__ import annotations

_WHO = (
    r"(?:an? |the )?(?:remote |local |authenticated |unauthenticated |malicious |nearby "
    r"|low-privileged |physically proximate )*"
    r"(?:attackers?|adversar(?:y|ies)|users?|actors?|intruders?|guests?|hackers?|criminals?)"
)
_DO = (
    r"(?:updat|upgrad|patch|appl|disabl|block|restrict|limit|remov|rotat|reset|chang|install"
    r"|enabl|us|configur|validat|verif|check|ensur|avoid|implement|encrypt|review|isolat"
    r"|segment|monitor|requir|set|turn|train|educat|encod|prevent|enforc|consider|follow|keep"
    r"|store|design|perform|adher|assum|run|replac|delet|revok|uninstall|migrat|deploy|allow"
    r"|audit|protect|minimi[sz]|sanitiz|escap|test|choos|select|add|provid|clear|lock|make|do)"
)

WHAT: tuple[tuple[str, float], ...] = (
    (
        r"\b(?:is|are|was|were) (?:an? |the |one of )(?:\w+[ -]){0,6}?(?:technique|method|weakness"
        r"|vulnerabilit\w+|flaw|backdoor|trojan|worm|loader|downloader|dropper|ransomware|malware"
        r"|tool|framework|group|family|implant|stealer|botnet|campaign|rat|spyware|wiper|script"
        r"|exploit|attack|type|form|kind|utility|program|module|rootkit|miner)\b",
        2.0,
    ),
    (
        r"\b(?:vulnerability|flaw|issue|overflow|injection|traversal|scripting|forgery|bypass"
        r"|use[- ]after[- ]free) (?:\(\w+\) )?(?:\w+ )?(?:was (?:found|discovered|identified"
        r"|reported)|exists|has been (?:found|discovered|identified)|in|within)\b",
        1.6,
    ),
    (
        r"^(?:the )?(?:product|software|device|application|code|program|system|server|client) (?:does"
        r" not|do not|uses|performs|stores|contains|allows|receives|constructs|generates|transmits"
        r"|relies|fails|provides|implements|accepts|creates|has)\b",
        1.8,
    ),
    (
        r"\b(?:we|this (?:paper|work|article|study|survey|thesis|report)) (?:\w+ )?(?:present"
        r"|propose|stud(?:y|ies)|introduce|describe|investigate|examine|analy[sz]e|survey|cover"
        r"|explore|address|review|develop|show how)s?\b",
        2.4,
    ),
    (r"^(?:an )?adversar(?:y|ies) (?:may|can|might|could)\b", 1.8),
    (
        r"\b(?:has|have) (?:suffered|confirmed|disclosed|reported|experienced)\b|\b(?:was|were) (?:hit"
        r"|attacked|compromised|breached|targeted)\b|\bfell victim\b",
        1.2,
    ),
    (
        r"\b(?:before|prior to|through) (?:version )?v?\d[\w.]* (?:\w+ ){0,4}?(?:allows?|lets?|fails?"
        r"|mishandles?|has|is)\b",
        1.6,
    ),
    (r"\b(?:refers to|defined as|consists of|means that|is used to describe)\b", 1.4),
)
HOW: tuple[tuple[str, float], ...] = (
    (
        r"\bby (?:sending|abusing|exploiting|using|modifying|replacing|injecting|uploading|creating"
        r"|tricking|guessing|adding|inserting|supplying|crafting)\b",
        1.0,
    ),
    (
        r"\b(?:first|then|next|after (?:that|start|execution)|once (?:run|started|executed|inside"
        r"|installed)|from there)\b",
        0.8,
    ),
    (
        r"\b(?:inject|decod|decrypt|unpack|download|fetch|contact|beacon|communicat|load|spread"
        r"|copi|drop|install|propagat|enumerat|scann|escalat|disabl|dump)(?:s|es|ed|ing)?\b",
        0.7,
    ),
    (
        r"^(?:the |then the |later the )?(?:attackers?|intruders?|criminals?|hackers?|thieves|actors?"
        r"|fraudsters?|operators|gang|group|scammers?) (?:then |also |first )?(?:sent|used|gained|copied"
        r"|created|installed|ran|registered|called|bought|logged|placed|uploaded|abused|exploited|moved"
        r"|deployed|opened|set up|changed|posed|pretended|guessed|searched|waited|send|use|abuse)\b",
        1.4,
    ),
    (r"\b(?:could|can|may|might) (?:exploit|abuse) (?:this|these|the) (?:\w+ )?by\b", 1.8),
    (
        r"\b(?:came|got|broke|gained (?:initial )?(?:access|entry)|entered|logged|signed) (?:in )?"
        r"(?:through|via|with|over|into)\b",
        1.6,
    ),
    (
        r"\b(?:phishing (?:e-?mails?|messages?)|stolen (?:credentials|passwords?)|web shells?"
        r"|moved laterally|lateral movement|opened (?:an|the) attachment)\b",
        1.0,
    ),
    (r"\bis (?:triggered|passed|reached|exploited) (?:by|to|through|when)\b", 1.2),
    (r"\b(?:tools|utilities) such as\b|\bcan be (?:used|abused) to\b|\bfor example\b", 0.7),
)
EFFECT: tuple[tuple[str, float], ...] = (
    (rf"\b(?:allow|let|enabl|permit)\w* {_WHO} to\b|\blets? {_WHO} \w+", 1.3),
    (
        rf"\b{_WHO} (?:may|might|can|could|would|will)(?: then| thereby| also)? (?:be able to )?"
        r"(?:read|run|execute|gain|obtain|access|steal|modify|change|crash|cause|bypass|take|view"
        r"|delete|decrypt|recover|impersonate|escalate|control|inject|perform)\b",
        1.3,
    ),
    (
        r"\b(?:lead|leads|leading|led) to\b|\bresult(?:s|ed|ing)? in\b|\b(?:can|could|may|might|to"
        r"|and) cause\b|\bas a (?:result|consequence)\b",
        1.4,
    ),
    (
        r"\bsuccessful(?:ly)? (?:exploit\w*|attack)\b|\bconsequences?\b|\bimpact\b"
        r"|\bmakes? it possible for\b",
        1.8,
    ),
    (
        r"\b(?:denial of service|arbitrary code|code execution|privilege escalation|information"
        r" disclosure|take ?over|data loss|loss of)\b",
        0.7,
    ),
    (
        r"\b(?:steals?|stole|exfiltrat\w+|encrypted|encrypts|leaked|were copied|was copied|exposed"
        r"|published|wiped|destroyed|stolen)\b",
        0.9,
    ),
    (
        r"\b(?:outage|offline for|standstill|downtime|interrupted|cancelled|postponed|damage|losses"
        r"|costs?|million|records|ransom of|shut down|stood still|unavailable|disrupted|stopped|halted"
        r"|diverted|delayed|lost (?:\w+ )?[\d$€£])",
        0.9,
    ),
)
CAUSE: tuple[tuple[str, float], ...] = (
    (
        r"\b(?:because|due to|owing to|caused by|root cause|stems? from|stemmed from|arises?"
        r"|results? from|attributed to (?:an?|the) (?:error|missing|incorrect|mistake))\b",
        1.8,
    ),
    (
        r"\b(?:exists|occurs|happens|is introduced|is possible|works) (?:because|when|if|since)\b",
        1.2,
    ),
    (
        r"\b(?:had not been|was not|were not|never|had no|without a|did not have) (?:\w+ )?(?:updated"
        r"|patched|changed|checked|second factor|segmented|closed|rotated|enforced|protected)\b",
        1.4,
    ),
    (
        r"\b(?:misconfigur\w+|default passwords?|unpatched|open to the internet|publicly accessible"
        r"|end of life|insufficient|improper|lack of|missing (?:check|validation))\b",
        0.7,
    ),
    (r"\brequires? that\b|\bprerequisite\b|\bprovided that\b", 0.8),
)
DETECT: tuple[tuple[str, float], ...] = (
    (
        r"^(?:detects?|identif(?:y|ies)|correlat\w+|monitor\w*|look for|hunt for|alert on|watch for"
        r"|detection|anomalous|unusual|unexpected|suspicious|search for)\b",
        2.4,
    ),
    (
        r"\b(?:defenders?|analysts?|operators?|administrators?|teams?) (?:can|should|may|could) "
        r"(?:\w+ )?(?:look|monitor|detect|alert|hunt|search|watch|check (?:the |their )?logs?)\b",
        2.2,
    ),
    (
        r"\b(?:indicators? of compromise|iocs?|event ids?|event \d{3,5}|log (?:entries|lines|files?)"
        r"|in the logs?|access log|telemetry|signatures?|baseline|false positives?)\b",
        1.2,
    ),
    (
        r"\b(?:was|were|been) (?:noticed|detected|discovered|spotted|uncovered)"
        r" (?:when|after|by|during|because|on|in|through)\b|\bwere found (?:when|after|during)\b|\bcame to light\b|\braised an? "
        r"(?:alarm|alert)\b|\bbecame (?:aware|suspicious)\b|(?<!\bi )(?<!\bwe )\bnoticed (?:that|when"
        r"|unusual|strange)\b",
        1.8,
    ),
    (
        r"\bcan be (?:detected|found|recognised|recognized|spotted|uncovered)\b|\b(?:may|can|could)"
        r" (?:indicate|point to|be a sign)\b|\bsigns? of\b",
        1.8,
    ),
    (r"\b(?:static analysis|dynamic analysis|fuzzing|black box|white box|manual review)\b", 1.3),
)
RESPOND: tuple[tuple[str, float], ...] = (
    (
        rf"^(?:please |always |never |do not |don't |where possible, |if possible, )?{_DO}(?:e|y|ie)?"
        r" (?!of\b|for\b|in\b|by\b|is\b|was\b|from\b)",
        2.0,
    ),
    (
        r"\b(?:updat|upgrad)(?:e|es|ed|ing) to\b|\b(?:fix(?:ed)?|patch(?:ed)?|resolved|addressed"
        r"|corrected|remediated) (?:in|by|with|this|the)\b|\b(?:patch|update|hotfix|fix|new version)"
        r"(?:es|s)? (?:is|are|has|have|was) (?:been )?(?:available|released|published)\b",
        2.2,
    ),
    (
        r"\b(?:users?|administrators?|organi[sz]ations?|developers?|customers?|operators?|companies"
        r"|owners?|everyone) (?:should|must|need to|are (?:advised|urged|encouraged|recommended))\b",
        2.0,
    ),
    (
        r"\bshould (?:also |always |never |only |immediately )?(?:be )?(?!not be able)[a-z]{3,}\b",
        1.3,
    ),
    (
        r"\b(?:has|have) (?:released|published|issued|provided) (?:\w+ ){0,4}?(?:patch|updat|fix|firmware"
        r"|version|hotfix|release|guidance)",
        2.2,
    ),
    (
        r"\b(?:removed|closed|replaced|shut down|disabled|took down) the\b|\bput (?:\w+ ){1,3}behind\b"
        r"|\bnow (?:requires?|checks?|confirms?|scans?|uses?|verif|demands?|signs?)|^since then\b"
        r"|\bsince (?:then|january|february|march|april|may|june|july|august|september|october"
        r"|november|december), ",
        1.2,
    ),
    (
        r"\b(?:workarounds?|mitigat\w+|countermeasures?|remediation|recommend\w*|advis(?:es|ed) "
        r"(?:to|that|customers|users))\b",
        1.2,
    ),
    (
        r"\b(?:reset|rebuilt|restored|isolated|disconnected|taken offline|took (?:\w+ ){1,4}offline"
        r"|locked|revoked|rotated|blocked|notified|informed|called in|hired|switched off|shut off"
        r"|did not pay|refused to pay|brought in)\b",
        1.1,
    ),
)
AFFECTED: tuple[tuple[str, float], ...] = (
    (r"\b(?:is|are|not) (?:not )?(?:affected|vulnerable(?! to)|impacted)\b", 1.8),
    (
        r"\baffects? (?:the |all |only |version|some |\w+ versions?)|^(?:the )?(?:affected|vulnerable)"
        r" (?:versions?|products?|packages?|systems?|devices?)\b",
        1.8,
    ),
    (r"\bversions? (?:up to|before|prior to|from|through|\d[\w.]* (?:to|through|and))", 0.8),
    (
        r"\b(?:targets?|targeted|targeting|victims?) (?:are|were|include[sd]?|in|of|is|\w+ (?:in|and))"
        r"\b|\bsectors?\b",
        1.3,
    ),
    (r"\b(?:runs? on|available for|applies to) (?:windows|linux|macos|android|ios|all)\b", 1.3),
)
WHO: tuple[tuple[str, float], ...] = (
    (
        r"\b(?:attribut\w+ (?:\w+ ){0,4}?to|attribute (?:the|it|this)|linked to|links? (?:the|it|them)|on behalf of|believed to be"
        r"|state-sponsored|claimed responsibility|claimed by|is tracked as|also known as|associated"
        r" with|ties to)\b",
        2.0,
    ),
    (
        r"\bactive since\b|\bsince at least\b|\b(?:gang|apt ?\d+|threat actor|crew|operators? of)\b",
        1.0,
    ),
    (
        r"\b(?:arrested|accused|indicted|charged|prosecutors?|suspects?|demanded|is sold|is offered"
        r"|exploited in the wild)\b",
        1.2,
    ),
)
FINDING: tuple[tuple[str, float], ...] = (
    (
        r"\b(?:our|the) (?:results?|evaluation|experiments?|findings?|analysis|measurements?) "
        r"(?:show|suggest|indicate|confirm|demonstrate|reveal)s?\b",
        2.4,
    ),
    (
        r"\bwe (?:find|found|show|showed|observe|observed|conclude|demonstrate|achieve|discover\w*)"
        r"\b",
        1.9,
    ),
    (
        r"\b(?:outperform\w*|accuracy|precision|recall|overhead|percent|per cent|median|on average"
        r"|participants|compared (?:with|to))\b|\d ?%",
        0.9,
    ),
    (
        r"\b(?:lesson|lessons|review concludes|investigation (?:showed|shows|found|revealed)"
        r"|in hindsight|would have)\b",
        1.6,
    ),
)
ASIDE: tuple[tuple[str, float], ...] = (
    (
        r"\b(?:warranty|copyright|all rights reserved|liability|terms of use|distributed freely|tlp:"
        r"|licen[cs]ed under|disclaimer|trademarks?)\b",
        3.0,
    ),
    (
        r"\b(?:see (?:also|below|the)|references?|more information|further (?:details|information)"
        r"|for (?:more )?details|click here|read more|subscribe|newsletter|download the (?:full )?"
        r"report|contact (?:us|\S+@)|available (?:at|on request)|full report)\b",
        1.8,
    ),
    (
        r"\b(?:we (?:would like to )?thank|acknowledg\w+|credits?|reported by|grant|supported by)\b",
        1.8,
    ),
    (
        r"\b(?:the rest of this|is organi[sz]ed as follows|this entry|this page|this document"
        r"|this section|table \d|figure \d|revision|initial (?:version|release))\b",
        1.6,
    ),
    (r"\b(?:declined to comment|employees|inhabitants|headquartered|based in|founded in)\b", 1.1),
    (r"^(?:note|disclaimer|update|editor's note)\s*:|\*\* (?:disputed|reject|reserved)", 1.8),
    (
        r"\b(?:the term|terminology|identifier \S+ was assigned|has been disclosed to the public"
        r"|awaiting analysis|might be split|more research)\b",
        1.8,
    ),
)
