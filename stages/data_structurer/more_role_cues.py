"""Cues of the other roles: detection, response, scope, actors, findings; see `role_cues`."""

from __future__ import annotations

from stages.data_structurer.role_cues import Cues

_MEASURES = (
    r"(?:updat|upgrad|patch|appl|disabl|block|restrict|limit|remov|rotat|reset|chang|install|enabl"
    r"|us|configur|validat|verif|check|ensur|avoid|implement|encrypt|review|isolat|segment|monitor"
    r"|requir|set|turn|train|educat|encod|prevent|enforc|consider|follow|keep|store|design|perform"
    r"|adher|assum|run|replac|delet|revok|uninstall|migrat|deploy|allow|audit|protect|minimi[sz]"
    r"|sanitiz|escap|test|choos|select|add|provid|clear|lock|make|do)(?:e|y|ie)?"
)
# That a flaw was found does not tell how to notice an attack.
_OF_A_FLAW = r"(?:vulnerabilit\w+|flaws?|bugs?|weakness(?:es)?|overflows?|issues?) "

DETECT: Cues = (
    (
        2.4,
        (
            r"^(?:detects?|identif(?:y|ies)|correlat\w+|monitor\w*|look for|hunt for|alert on)\b",
            r"^(?:watch for|detection|anomalous|unusual|unexpected|suspicious|search for)\b",
        ),
    ),
    (
        2.2,
        (
            r"(?:defenders?|analysts?|operators?|administrators?|teams?) (?:can|should|may|could) "
            r"(?:\w+ )?(?:look|monitor|detect|alert|hunt|search|watch|check (?:the |their )?logs?"
            r"|find it|find them)\b",
        ),
    ),
    (
        1.2,
        (
            r"indicators? of compromise\b",
            r"iocs?\b",
            r"event (?:ids?|\d{3,5})\b",
            r"log (?:entries|lines|files?)\b",
            r"in the logs?\b",
            r"access log\b",
            r"telemetry\b",
            r"signatures?\b",
            r"baseline\b",
            r"false positives?\b",
        ),
    ),
    (
        1.8,
        (
            rf"^(?!.*\b{_OF_A_FLAW}).*\b(?:was|were|been) (?:noticed|detected|discovered|spotted"
            r"|uncovered) (?:when|after|by|during|because|on|in|through)\b",
            r"were found (?:when|after|during)\b",
            r"came to light\b",
            r"raised an? (?:alarm|alert)\b",
            r"became aware\b",
            r"(?<!i )(?<!we )noticed (?:that|when|unusual|strange)\b",
            r"can be (?:detected|found|recognised|recognized|spotted|uncovered)\b",
            r"(?:may|can|could) (?:indicate|point to|be a sign)\b",
            r"signs? of\b",
        ),
    ),
    (2.6, (r"(?:became|grew|got) suspicious\b",)),
    (
        1.3,
        (
            r"(?:static|dynamic) analysis\b",
            r"fuzzing\b",
            r"(?:black|white) box\b",
            r"manual review\b",
        ),
    ),
)
RESPOND: Cues = (
    (
        2.0,
        (
            rf"^(?:please |always |never |do not |don't |(?:where|if) possible, )?{_MEASURES}"
            r" (?!of\b|for\b|in\b|by\b|is\b|was\b|from\b)",
        ),
    ),
    (
        2.2,
        (
            r"(?:updat|upgrad)(?:e|es|ed|ing) to\b",
            r"(?:fix(?:ed)?|patch(?:ed)?|resolved|addressed|corrected|remediated) (?:in|by|with)\b",
            r"(?:patch|update|hotfix|fix|version)(?:es|s)? (?:is|are|was) (?:available|released)",
            r"(?:has|have) (?:released|published|issued|provided) (?:\w+ ){0,4}?(?:patch|updat|fix"
            r"|firmware|version|hotfix|release|guidance)",
        ),
    ),
    (
        2.0,
        (
            r"(?:users?|administrators?|organi[sz]ations?|developers?|customers?|operators?"
            r"|companies|owners?|everyone) (?:should|must|need to)\b",
            r"are (?:advised|urged|encouraged|recommended) to\b",
        ),
    ),
    (1.3, (r"should (?:also |always |never |only |immediately )?(?:be )?[a-z]{3,}\b",)),
    (
        1.2,
        (
            r"workarounds?\b",
            r"mitigat\w+",
            r"countermeasures?\b",
            r"remediation\b",
            r"recommend\w*",
            r"advises? (?:to|that|customers|users)\b",
            r"(?:removed|closed|replaced|shut down|disabled|took down) the\b",
            r"put (?:\w+ ){1,3}behind\b",
            r"now (?:requires?|checks?|confirms?|scans?|uses?|verif\w+|demands?|signs?)\b",
            r"^since (?:then|january|february|march|april|may|june|july|august|september|october"
            r"|november|december),? ",
        ),
    ),
    (
        1.1,
        (
            r"(?:reset|rebuilt|restored|isolated|disconnected|taken offline|locked|revoked)\b",
            r"took (?:\w+ ){1,4}offline\b",
            r"(?:rotated|blocked|notified|informed|called in|hired|switched off|shut off)\b",
            r"(?:did not pay|refused to pay|brought in)\b",
        ),
    ),
)
AFFECTED: Cues = (
    (
        1.8,
        (
            r"(?:is|are|not) (?:not )?(?:affected|vulnerable(?! to)|impacted)\b",
            r"affects? (?:the |all |only |version|some |\w+ versions?)",
            r"^(?:the )?(?:affected|vulnerable) (?:versions?|products?|packages?|systems?)\b",
        ),
    ),
    (0.8, (r"versions? (?:up to|before|prior to|from|through|\d[\w.]* (?:to|through|and))",)),
    (
        1.3,
        (
            r"(?:targets?|targeted|targeting|victims?) (?:are|were|include[sd]?|in|of|is)\b",
            r"(?:targets?|targeted|targeting) \w+ (?:in|and)\b",
            r"sectors?\b",
            r"(?:runs? on|available for|applies to) (?:windows|linux|macos|android|ios|all)\b",
        ),
    ),
)
WHO: Cues = (
    (
        2.0,
        (
            r"attribut\w+ (?:\w+ ){0,4}?to\b",
            r"attribute (?:the|it|this)\b",
            r"(?:linked to|links? (?:the|it|them)|on behalf of|believed to be|state-sponsored)\b",
            r"(?:claimed responsibility|claimed by|is tracked as|also known as|ties to)\b",
            r"associated with\b",
        ),
    ),
    (
        1.0,
        (
            r"active since\b",
            r"since at least\b",
            r"(?:gang|apt ?\d+|threat actor|crew|operators? of)\b",
        ),
    ),
    (
        1.2,
        (
            r"(?:arrested|accused|indicted|charged|prosecutors?|suspects?|demanded)\b",
            r"(?:is sold|is offered|exploited in the wild)\b",
        ),
    ),
)
FINDING: Cues = (
    (
        2.4,
        (
            r"(?:our|the) (?:results?|evaluation|experiments?|findings?|analysis|measurements?) "
            r"(?:show|suggest|indicate|confirm|demonstrate|reveal)s?\b",
        ),
    ),
    (1.9, (r"we (?:find|found|show|showed|observed?|conclude|demonstrate|discover\w*)\b",)),
    (
        0.9,
        (
            r"(?:outperform\w*|accuracy|precision|recall|overhead|percent|per cent|median)\b",
            r"(?:on average|participants|compared (?:with|to))\b",
            r"\d+(?:\.\d+)? ?%",
        ),
    ),
    (
        1.6,
        (
            r"lessons?\b",
            r"review concludes\b",
            r"investigation (?:showed|shows|found|revealed)\b",
            r"in hindsight\b",
            r"would have\b",
        ),
    ),
)
ASIDE: Cues = (
    (
        3.0,
        (
            r"(?:warranty|copyright|all rights reserved|liability|terms of use|tlp:)",
            r"(?:distributed freely|licen[cs]ed under|disclaimer|trademarks?)\b",
        ),
    ),
    (
        1.8,
        (
            r"see (?:also|below|the)\b",
            r"references?\b",
            r"(?:more information|further (?:details|information)|for (?:more )?details)\b",
            r"(?:click here|read more|subscribe|newsletter|full report|contact (?:us|\S+@))",
            r"available (?:at|on request)\b",
            r"we (?:would like to )?thank\b",
            r"(?:acknowledg\w+|credits?|reported by|grant|supported by)\b",
            r"^(?:note|disclaimer|update|editor's note)\s*:",
            r"(?:the term|terminology|identifier \S+ was assigned|awaiting analysis)\b",
            r"(?:has been disclosed to the public|might be split|more research)\b",
        ),
    ),
    (
        1.6,
        (
            r"(?:the rest of this|is organi[sz]ed as follows|this entry|this page|this document)\b",
            r"(?:this section|table \d|figure \d|revision|initial (?:version|release))\b",
        ),
    ),
    (1.1, (r"(?:declined to comment|employees|inhabitants|headquartered|based in|founded in)\b",)),
)
