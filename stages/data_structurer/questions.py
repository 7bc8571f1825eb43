"""The questions asked about records with an id of their own: flaws, weaknesses, techniques.

Data only; this is the place to edit what the dataset asks.  A wording's `{name}` is what the
record is called.  Invariant: the first question of a kind is answered by the text itself.
"""

from __future__ import annotations

from stages.data_structurer.asks import (
    CLAUSE,
    FIELDS,
    FORM,
    LEAD,
    PURPOSE,
    RATING,
    ROLE,
    KindQuestion,
    Way,
)
from stages.data_structurer.fitting import (
    ATTACKERS_ACT,
    IS_A_CAUSE,
    SAYS_WHAT_IS_AFFECTED,
    SAYS_WHAT_TO_LOOK_FOR,
)
from stages.data_structurer.report_questions import REPORT_QUESTIONS
from stages.data_structurer.roles import AFFECTED, CAUSE, DETECT, EFFECT, HOW, RESPOND, WHAT
from stages.text import kinds

_VULNERABILITY = (
    KindQuestion(
        "vulnerability_explanation",
        ("What is {name}?", "Describe {name}.", "Explain the vulnerability {name}."),
        (Way(LEAD),),
        WHAT,
        opening="It is a flaw in which ",
    ),
    KindQuestion(
        "vulnerability_impact",
        (
            "What can an attacker achieve by exploiting {name}?",
            "What is the impact of {name}?",
        ),
        (Way(CLAUSE), Way(ROLE, EFFECT)),
        EFFECT,
        facts=("Severity", "Base score", "Affected", "Weakness"),
        opening="An attacker can ",
    ),
    KindQuestion(
        "vulnerability_cause",
        ("What causes {name}?", "Why does {name} exist?"),
        (Way(ROLE, CAUSE, 2),),
        CAUSE,
        opening="It is caused by ",
    ),
    KindQuestion(
        "vulnerability_rating",
        ("How is {name} rated and classified?", "How severe is {name}, and how is it classified?"),
        (Way(FORM, "rating and weakness"),),
        RATING,
        by_model=False,
    ),
    KindQuestion(
        "vulnerability_rating",
        ("How severe is {name}?", "How is the severity of {name} rated?"),
        (Way(FORM, "rating"),),
        RATING,
        by_model=False,
    ),
    KindQuestion(
        "vulnerability_scope",
        ("Which products or versions does {name} affect?", "What is affected by {name}?"),
        (Way(FORM, "affected"), Way(ROLE, AFFECTED)),
        AFFECTED,
        by_model=False,
        fits=SAYS_WHAT_IS_AFFECTED,
    ),
    KindQuestion(
        "vulnerability_response",
        ("How should {name} be fixed or mitigated?", "What should be done about {name}?"),
        (Way(FIELDS, "Solution"), Way(FIELDS, "Mitigations"), Way(ROLE, RESPOND)),
        RESPOND,
        facts=("Solution",),
        opening="Administrators should ",
    ),
    KindQuestion(
        "vulnerability_detection",
        ("How can attempts to exploit {name} be noticed?",),
        (Way(ROLE, DETECT, each=SAYS_WHAT_TO_LOOK_FOR),),
        DETECT,
        by_model=False,
    ),
)

_WEAKNESS = (
    KindQuestion(
        "weakness_explanation",
        ("Explain {name}.", "What is {name}?", "Describe the weakness {name}."),
        (Way(LEAD),),
        WHAT,
        opening="It is a weakness in which ",
    ),
    KindQuestion(
        "weakness_consequences",
        ("What are the consequences of {name}?", "What can happen as a result of {name}?"),
        (Way(ROLE, EFFECT, 2), Way(FORM, "consequences")),
        EFFECT,
        joined=True,
        facts=("Consequences", "Likelihood of exploit"),
        opening="An attacker can ",
    ),
    KindQuestion(
        "weakness_prevention",
        (
            "How can developers avoid {name}?",
            "How can {name} be prevented or mitigated?",
        ),
        (Way(FIELDS, "Mitigations"), Way(FIELDS, "Solution"), Way(ROLE, RESPOND)),
        RESPOND,
        facts=("Mitigations", "Solution"),
        opening="Developers should ",
    ),
    KindQuestion(
        "weakness_detection",
        ("How can {name} be detected?", "Which methods help to find {name} in a product?"),
        (Way(FIELDS, "Detection"), Way(ROLE, DETECT)),
        DETECT,
        facts=("Detection",),
    ),
    KindQuestion(
        "weakness_cause",
        ("Why does {name} occur?", "What leads to {name}?"),
        (Way(ROLE, CAUSE, 2),),
        CAUSE,
        by_model=False,
    ),
)

_TECHNIQUE = (
    KindQuestion(
        "technique_explanation",
        (
            "How do adversaries use {name}?",
            "Explain the attack technique {name}.",
            "What is {name}?",
        ),
        (Way(LEAD),),
        WHAT,
        opening="Adversaries ",
    ),
    KindQuestion(
        "technique_purpose",
        (
            "For which tactics and on which platforms do adversaries use {name}?",
            "Which tactics does {name} serve, and which platforms does it concern?",
        ),
        (Way(FORM, "tactics and platforms"),),
        PURPOSE,
        joined=True,
        facts=("Tactics", "Platforms"),
        opening="It allows adversaries to ",
    ),
    KindQuestion(
        "technique_purpose",
        ("What do adversaries use {name} for?", "Which tactics does {name} serve?"),
        (Way(FORM, "tactics"),),
        PURPOSE,
        joined=True,
        facts=("Tactics",),
        opening="It allows adversaries to ",
    ),
    KindQuestion(
        "technique_detection",
        (
            "What should defenders look for to notice {name}?",
            "How can defenders detect {name}?",
        ),
        (Way(FIELDS, "Detection"), Way(ROLE, DETECT)),
        DETECT,
        facts=("Detection",),
        opening="Defenders should look for ",
    ),
    KindQuestion(
        "technique_mitigation",
        ("How can organizations mitigate {name}?", "What protects against {name}?"),
        (Way(FIELDS, "Mitigations"), Way(ROLE, RESPOND)),
        RESPOND,
        facts=("Mitigations",),
        by_model=False,
    ),
)

_PATTERN = (
    KindQuestion(
        "pattern_explanation",
        ("How does an attack by {name} proceed?", "Explain the attack pattern {name}."),
        (Way(LEAD),),
        WHAT,
        opening="The attacker ",
    ),
    KindQuestion(
        "pattern_prerequisites",
        ("What has to be the case for {name} to succeed?", "What does {name} require?"),
        (Way(FIELDS, "Prerequisites"), Way(ROLE, CAUSE, 2)),
        CAUSE,
        facts=("Prerequisites",),
        by_model=False,
    ),
    KindQuestion(
        "pattern_consequences",
        ("What are the consequences of {name}?",),
        (Way(ROLE, EFFECT, 2), Way(FORM, "consequences")),
        EFFECT,
        joined=True,
        facts=("Consequences",),
        opening="An attacker can ",
    ),
    KindQuestion(
        "pattern_prevention",
        ("How can {name} be prevented?", "What protects against {name}?"),
        (Way(FIELDS, "Mitigations"), Way(FIELDS, "Solution"), Way(ROLE, RESPOND)),
        RESPOND,
        facts=("Mitigations", "Solution"),
        opening="Defenders should ",
    ),
    KindQuestion(
        "pattern_rating",
        ("How likely and how severe is an attack by {name}?",),
        (Way(FORM, "likelihood and severity"),),
        RATING,
        by_model=False,
    ),
)

_ADVISORY = (
    KindQuestion(
        "advisory_summary",
        ("What does {name} describe?", "Summarize {name}."),
        (Way(LEAD, most=4),),
        WHAT,
    ),
    KindQuestion(
        "advisory_impact",
        ("What can attackers achieve through the flaws described in {name}?",),
        (Way(ROLE, EFFECT),),
        EFFECT,
        opening="An attacker can ",
    ),
    KindQuestion(
        "advisory_scope",
        ("What is affected according to {name}?",),
        (Way(FORM, "affected"), Way(ROLE, AFFECTED)),
        AFFECTED,
        by_model=False,
        fits=SAYS_WHAT_IS_AFFECTED,
    ),
    KindQuestion(
        "advisory_cause",
        ("What causes the problem described in {name}?",),
        (Way(ROLE, CAUSE, 2, IS_A_CAUSE),),
        CAUSE,
        by_model=False,
    ),
    KindQuestion(
        "advisory_method",
        ("How does an attack described in {name} work?",),
        (Way(ROLE, HOW, each=ATTACKERS_ACT),),
        HOW,
        by_model=False,
    ),
    KindQuestion(
        "advisory_detection",
        ("How can an attack be noticed according to {name}?",),
        (Way(ROLE, DETECT),),
        DETECT,
        by_model=False,
    ),
    KindQuestion(
        "advisory_action",
        ("What does {name} advise to do?", "Which measures does {name} recommend?"),
        (Way(FIELDS, "Solution"), Way(FIELDS, "Mitigations"), Way(ROLE, RESPOND)),
        RESPOND,
        facts=("Solution",),
        opening="Administrators should ",
    ),
)

QUESTIONS: dict[str, tuple[KindQuestion, ...]] = {
    kinds.VULNERABILITY: _VULNERABILITY,
    kinds.WEAKNESS: _WEAKNESS,
    kinds.TECHNIQUE: _TECHNIQUE,
    kinds.PATTERN: _PATTERN,
    kinds.ADVISORY: _ADVISORY,
    **REPORT_QUESTIONS,
}
