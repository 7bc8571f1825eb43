"""The questions asked about each kind of record, and the facts its fields can answer them with.

This is the place to edit what the dataset asks.  A question's `{name}` is the record's own
name; `facts` names the fields' answers used when no model is asked.  Invariant: every kind
has three questions, the first of which the record's text itself answers.
"""

from __future__ import annotations

from dataclasses import dataclass

from stages import kinds
from stages.base import Prompt

# All words of ours come before the record's, so that every record shares them as a prefix.
ANSWER_PROMPT = Prompt(
    system="You answer questions about security texts in two or three full sentences."
    " You use only what the text says and add nothing.",
    user="Read the text and answer the question.\n\nText: {text}\n\nQuestion: {question}",
    max_tokens=96,
)


@dataclass(frozen=True)
class KindQuestion:
    """A question, the type its pair gets, and the labels of FACTS that answer it."""

    type: str
    instruction: str
    facts: tuple[str, ...] = ()


# Label -> names of fields, as `record_text.plain_key` spells them; the first that is there counts.
FACTS: dict[str, tuple[str, ...]] = {
    "Severity": ("baseseverity", "severity"),
    "Base score": ("basescore", "cvssscore"),
    "Affected": ("affectedproducts", "products", "product", "vendorproject", "packagename"),
    "Weakness": ("cweid", "cwes", "cweids"),
    "Solution": ("requiredaction", "solution", "solutions", "remediation", "workarounds"),
    "Platforms": ("platforms", "xmitreplatforms"),
    "Tactics": ("tactics", "phasename"),
    "Detection": ("xmitredetection", "detectionmethods", "detection"),
    "Consequences": ("commonconsequences", "consequences"),
    "Mitigations": ("potentialmitigations", "coursesofaction"),
    "Likelihood of exploit": ("likelihoodofexploit", "likelihoodofattack"),
    "Prerequisites": ("prerequisites", "xcapecprerequisites"),
    "Authors": ("authors", "author"),
    "Published": ("published", "publicationdate", "year"),
    "Categories": ("categories", "primarycategory"),
    "Format": ("format",),
    "Start": ("start", "startdate"),
    "Finish": ("finish", "enddate"),
    "Weight": ("weight",),
    "Organizers": ("organizers",),
    "Actor": ("threatactor", "threatactors", "actor", "actors", "attacker"),
    "Victim": ("victim", "victims", "target", "targets"),
    "Date": ("incidentdate", "date"),
    "Tags": ("tags", "keywords", "category"),
}

QUESTIONS: dict[str, tuple[KindQuestion, ...]] = {
    kinds.VULNERABILITY: (
        KindQuestion("vulnerability_explanation", "What is {name}?"),
        KindQuestion(
            "vulnerability_impact",
            "What can an attacker achieve with {name}, and what is affected?",
            ("Severity", "Base score", "Affected", "Weakness"),
        ),
        KindQuestion("vulnerability_response", "How should {name} be dealt with?", ("Solution",)),
    ),
    kinds.WEAKNESS: (
        KindQuestion("weakness_explanation", "Explain {name}."),
        KindQuestion(
            "weakness_consequences",
            "What are the consequences of {name}?",
            ("Consequences", "Likelihood of exploit"),
        ),
        KindQuestion(
            "weakness_prevention", "How can developers avoid {name}?", ("Mitigations", "Solution")
        ),
    ),
    kinds.TECHNIQUE: (
        KindQuestion("technique_explanation", "How do adversaries use {name}?"),
        KindQuestion(
            "technique_purpose",
            "What do adversaries gain from {name}, and on which platforms?",
            ("Tactics", "Platforms"),
        ),
        KindQuestion(
            "technique_detection",
            "What should defenders look for to notice {name}?",
            ("Detection", "Mitigations"),
        ),
    ),
    kinds.PATTERN: (
        KindQuestion("pattern_explanation", "How does an attack by {name} proceed?"),
        KindQuestion(
            "pattern_prerequisites",
            "What has to be the case for {name} to succeed?",
            ("Prerequisites", "Likelihood of exploit", "Severity"),
        ),
        KindQuestion(
            "pattern_prevention", "How can {name} be prevented?", ("Mitigations", "Solution")
        ),
    ),
    kinds.ADVISORY: (
        KindQuestion("advisory_summary", "Summarize {name}."),
        KindQuestion(
            "advisory_scope",
            "Who is affected by what {name} describes, and how badly?",
            ("Affected", "Severity", "Base score"),
        ),
        KindQuestion("advisory_action", "What does {name} advise to do?", ("Solution",)),
    ),
    kinds.PAPER: (
        KindQuestion("paper_summary", "What is {name} about?"),
        KindQuestion("paper_method", "Which problem and approach does {name} describe?"),
        KindQuestion(
            "paper_context", "Who wrote {name}, and when?", ("Authors", "Published", "Categories")
        ),
    ),
    kinds.CTF: (
        KindQuestion("ctf_summary", "What kind of event is {name}?"),
        KindQuestion("ctf_schedule", "When does {name} take place?", ("Start", "Finish")),
        KindQuestion(
            "ctf_format", "How is {name} played and rated?", ("Format", "Weight", "Organizers")
        ),
    ),
    kinds.INCIDENT: (
        KindQuestion("incident_summary", "What happened in {name}?"),
        KindQuestion(
            "incident_actors",
            "Who attacked whom in {name}, and when?",
            ("Actor", "Victim", "Date"),
        ),
        KindQuestion("incident_lessons", "What can be learned from {name}?", ("Solution",)),
    ),
    kinds.OTHER: (
        KindQuestion("text_summary", "Summarize {name}."),
        KindQuestion("text_risk", "Which risk does {name} describe?", ("Severity", "Tags")),
        KindQuestion("text_advice", "What should be done about {name}?", ("Solution",)),
    ),
}

# What a record is called in a question when it has neither name nor id.
NOUNS: dict[str, str] = {
    kinds.VULNERABILITY: "the vulnerability",
    kinds.WEAKNESS: "the weakness",
    kinds.TECHNIQUE: "the attack technique",
    kinds.PATTERN: "the attack pattern",
    kinds.ADVISORY: "the advisory",
    kinds.PAPER: "the paper",
    kinds.CTF: "the event",
    kinds.INCIDENT: "the incident",
    kinds.OTHER: "the text",
}
