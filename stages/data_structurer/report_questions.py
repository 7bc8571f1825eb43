"""The questions asked about records that tell of something: incidents, malware, groups, papers.

Data only; the other half of `questions`.  A wording's `{name}` is what the record is called,
with its noun: the incident "...", the malware X.
"""

from __future__ import annotations

from stages.data_structurer.asks import (
    FIELDS,
    FIRST_PARAGRAPH,
    FORM,
    LEAD,
    OWN_WORK,
    ROLE,
    KindQuestion,
    Way,
)
from stages.data_structurer.fitting import (
    ATTACKERS_ACT,
    ATTACKERS_GAIN,
    CAME_TO_LIGHT,
    IS_A_CAUSE,
    IS_A_FINDING,
    IS_A_MEASURE,
    OWN_METHOD,
    SAYS_WHAT_IS_AFFECTED,
    SAYS_WHAT_TO_LOOK_FOR,
    SAYS_WHO,
    TELLS_OF_AN_ATTACK,
)
from stages.data_structurer.roles import (
    AFFECTED,
    CAUSE,
    DETECT,
    EFFECT,
    FINDING,
    HOW,
    RESPOND,
    WHAT,
    WHO,
)
from stages.text import kinds

# Kinds of text that an id or a type names, beside those of `stages.text.kinds`.
MALWARE, TOOL, GROUP, CAMPAIGN = "malware", "tool", "threat_group", "campaign"
MITIGATION, DETECTION, REPORT = "mitigation", "detection", "threat_report"


def _by_role(
    type_: str,
    role: str,
    *wordings: str,
    most: int = 3,
    by_model: bool = False,
    fits: str = "",
    about: str = "",
    each: str = "",
) -> KindQuestion:
    ways = (Way(ROLE, role, most, each),)
    return KindQuestion(type_, wordings, ways, role, by_model=by_model, fits=fits, about=about)


_INCIDENT = (
    KindQuestion(
        "incident_summary",
        ("What happened in {name}?", "Summarize {name}."),
        (Way(LEAD, most=4),),
        WHAT,
    ),
    _by_role(
        "incident_method", HOW, "How did the attackers proceed in {name}?",
        "How did {name} unfold?", each=ATTACKERS_ACT,
    ),
    _by_role(
        "incident_effect", EFFECT, "What damage did {name} cause?",
        "What were the consequences of {name}?", by_model=True,
    ),
    _by_role(
        "incident_cause", CAUSE, "What made {name} possible?", "What was the cause of {name}?",
        most=2, each=IS_A_CAUSE,
    ),
    _by_role(
        "incident_detection", DETECT, "How was {name} noticed?", most=2, each=CAME_TO_LIGHT,
    ),
    _by_role(
        "incident_response", RESPOND, "What was done in response to {name}?",
        "How did those affected respond to {name}?",
    ),
    KindQuestion(
        "incident_actors",
        ("Who was behind {name}?", "What is known about the attackers in {name}?"),
        (Way(FORM, "actor and victim"), Way(ROLE, WHO, 2)),
        WHO,
        by_model=False,
    ),
    _by_role("incident_scope", AFFECTED, "Who or what was affected by {name}?"),
    _by_role("incident_lessons", FINDING, "What did the investigation of {name} find?", most=2),
)  # fmt: skip

_MALWARE = (
    KindQuestion(
        "malware_explanation", ("What is {name}?", "Describe {name}."), (Way(LEAD),), WHAT
    ),
    _by_role("malware_method", HOW, "How does {name} work?", "How does {name} operate?"),
    _by_role("malware_effect", EFFECT, "What does {name} do to its victims?", by_model=True),
    _by_role("malware_actors", WHO, "Who uses {name}, as far as is known?", most=2, fits=SAYS_WHO),
    _by_role("malware_scope", AFFECTED, "What does {name} target?"),
    _by_role("malware_detection", DETECT, "How can {name} be detected?"),
    _by_role("malware_response", RESPOND, "What should be done against {name}?"),
    KindQuestion(
        "malware_platforms",
        ("On which platforms does {name} run, and by which other names is it known?",),
        (Way(FORM, "platforms and aliases"),),
        AFFECTED,
        by_model=False,
    ),
)

_GROUP = (
    KindQuestion("group_profile", ("Who is {name}?", "Describe {name}."), (Way(LEAD),), WHAT),
    _by_role(
        "group_attribution",
        WHO,
        "What is known about the origin of {name}?",
        most=2,
        fits=SAYS_WHO,
    ),
    _by_role("group_method", HOW, "How does {name} operate?"),
    _by_role("group_targets", AFFECTED, "Whom does {name} target?"),
    _by_role("group_effect", EFFECT, "What damage has {name} done?"),
    KindQuestion(
        "group_aliases",
        ("By which other names is {name} known?",),
        (Way(FORM, "aliases"),),
        WHO,
        by_model=False,
    ),
)

_CAMPAIGN = (
    KindQuestion("campaign_summary", ("What was {name}?", "Summarize {name}."), (Way(LEAD),), WHAT),
    _by_role("campaign_method", HOW, "How did the attackers proceed in {name}?"),
    _by_role("campaign_effect", EFFECT, "What were the consequences of {name}?"),
    KindQuestion(
        "campaign_period",
        ("During which period was {name} active?",),
        (Way(FORM, "first and last seen"),),
        WHO,
        by_model=False,
    ),
    _by_role("campaign_actors", WHO, "Who was behind {name}?", most=2),
    _by_role("campaign_targets", AFFECTED, "Whom did {name} target?"),
)

_MITIGATION = (
    KindQuestion(
        "mitigation_explanation",
        ("What does {name} consist of?", "Explain the mitigation {name}."),
        (Way(LEAD),),
        WHAT,
    ),
    _by_role("mitigation_measures", RESPOND, "Which measures belong to {name}?"),
    _by_role("mitigation_effect", EFFECT, "What is {name} good for?"),
)

_DETECTION = (
    KindQuestion(
        "detection_explanation",
        ("What does {name} look for?", "Explain what {name} detects."),
        (Way(LEAD, FIRST_PARAGRAPH),),
        DETECT,
    ),
)

_PAPER = (
    KindQuestion(
        "paper_summary",
        ("What is {name} about?", "Summarize {name}."),
        (Way(LEAD, OWN_WORK, 2),),
        WHAT,
    ),
    _by_role("paper_method", HOW, "Which method does {name} use?", each=OWN_METHOD),
    _by_role(
        "paper_findings", FINDING, "What does {name} find?", "Which results does {name} report?"
    ),
    _by_role(
        "paper_problem",
        CAUSE,
        "Which cause of the problem does {name} name?",
        most=2,
        each=IS_A_CAUSE,
    ),
    _by_role(
        "paper_effect",
        EFFECT,
        "Which consequences of the attack does {name} describe?",
        most=2,
        each=ATTACKERS_GAIN,
    ),
    KindQuestion(
        "paper_authors",
        ("Who wrote {name}, and when?",),
        (Way(FORM, "authors and date"),),
        WHO,
        by_model=False,
    ),
)

_CTF = (
    KindQuestion("ctf_summary", ("Describe {name}.", "What is {name} about?"), (Way(LEAD),), WHAT),
    KindQuestion(
        "ctf_schedule",
        ("When does {name} take place?",),
        (Way(FORM, "start and finish"),),
        WHO,
        by_model=False,
    ),
    KindQuestion(
        "ctf_format",
        ("How is {name} played and rated, and who organizes it?",),
        (Way(FORM, "format and organizers"), Way(FORM, "format and weight"), Way(ROLE, HOW)),
        HOW,
        by_model=False,
    ),
)

_REPORT = (
    KindQuestion(
        "text_summary", ("What does {name} describe?", "Summarize {name}."), (Way(LEAD),), WHAT
    ),
    _by_role(
        "text_method",
        HOW,
        "How does the attack described in {name} work?",
        about=TELLS_OF_AN_ATTACK,
        each=ATTACKERS_ACT,
    ),
    _by_role("text_risk", EFFECT, "Which consequences does {name} describe?", by_model=True),
    _by_role("text_cause", CAUSE, "Which cause does {name} name?", most=2, each=IS_A_CAUSE),
    _by_role(
        "text_detection",
        DETECT,
        "How did the case described in {name} come to light?",
        most=2,
        each=CAME_TO_LIGHT,
    ),
    _by_role(
        "text_detection",
        DETECT,
        "Which signs of an attack does {name} name?",
        about=TELLS_OF_AN_ATTACK,
        each=SAYS_WHAT_TO_LOOK_FOR,
    ),
    KindQuestion(
        "text_advice",
        ("Which measures does {name} mention?",),
        (
            Way(FIELDS, "Solution"),
            Way(FIELDS, "Mitigations"),
            Way(ROLE, RESPOND, each=IS_A_MEASURE),
        ),
        RESPOND,
        facts=("Solution",),
        by_model=False,
    ),
    _by_role(
        "text_scope",
        AFFECTED,
        "Who or what is affected according to {name}?",
        fits=SAYS_WHAT_IS_AFFECTED,
    ),
    _by_role("text_actors", WHO, "What does {name} say about those behind it?", most=2),
    _by_role("text_findings", FINDING, "Which findings does {name} report?", each=IS_A_FINDING),
)

REPORT_QUESTIONS: dict[str, tuple[KindQuestion, ...]] = {
    kinds.INCIDENT: _INCIDENT,
    kinds.PAPER: _PAPER,
    kinds.CTF: _CTF,
    kinds.OTHER: _REPORT,
    REPORT: _REPORT,
    MALWARE: _MALWARE,
    TOOL: _MALWARE,
    GROUP: _GROUP,
    CAMPAIGN: _CAMPAIGN,
    MITIGATION: _MITIGATION,
    DETECTION: _DETECTION,
}
