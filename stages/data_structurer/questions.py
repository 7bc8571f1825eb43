"""The questions asked about each kind of record, and the facts its fields can answer them with.

This is the place to edit what the dataset asks.  A question's `{name}` is the record's own
name; `facts` names the fields whose values belong to the answer.  Invariant: every kind has
three questions, the first of which the record's text itself answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from stages.base import Prompt, Shot
from stages.text import kinds
from stages.text.sentences import PLAIN

# The shots show a small model what a plain answer is.  Nothing in them is about a real product,
# and none begins as an answer to QUESTIONS does: a small model would go on with the shot.
_SHOWN = (
    "Text: Unlimited Window Titles\nThe program shows the title that a document gives itself"
    " without a limit on its length or its characters. A document from outside can take a title"
    " that looks like a message of the system."
)
ANSWER_PROMPT = Prompt(
    system="You answer questions about security texts in one or two plain sentences."
    " You use only what the text says.",
    # The text comes before the question, so that a record's questions share its KV.
    user="Text: {text}{facts}\n\nQuestion: {question}",
    max_tokens=130,  # room for the longest answer the schema allows, and for closing it
    shots=(
        Shot(
            f"{_SHOWN}\n\nQuestion: What do users see?",
            '{"answer":"Users see a title that looks like a message of the system, although a'
            ' document from outside has given it to itself."}',
        ),
        Shot(
            f"{_SHOWN}\nFix: Cut titles at forty characters. Remove control characters."
            "\n\nQuestion: How was it fixed?",
            '{"answer":"Titles are cut at forty characters, and control characters are removed'
            ' from them."}',
        ),
    ),
)
LONGEST_ANSWER = 260  # characters after the opening
SHORTEST_ANSWER = 20


def answer_schema(opening: str) -> dict[str, Any]:
    """An answer in prose that begins with these words, or with a capital letter or digit."""
    first = re.escape(opening) if opening else "[A-Z0-9]"
    pattern = f"^{first}{PLAIN}{{{SHORTEST_ANSWER},{LONGEST_ANSWER}}}$"
    return {
        "type": "object",
        "properties": {"answer": {"type": "string", "pattern": pattern}},
        "required": ["answer"],
        "additionalProperties": False,
    }


@dataclass(frozen=True)
class KindQuestion:
    """A question, the type its pair gets, and the labels of FACTS that answer it.

    `opening`: the words an answer begins with; a small model keeps to the point after them.
    `needs_facts`: asked only of records that state one, since their text does not answer it.
    """

    type: str
    instruction: str
    facts: tuple[str, ...] = ()
    opening: str = ""
    needs_facts: bool = False


QUESTIONS: dict[str, tuple[KindQuestion, ...]] = {
    kinds.VULNERABILITY: (
        KindQuestion(
            "vulnerability_explanation", "What is {name}?", opening="It is a flaw in which "
        ),
        KindQuestion(
            "vulnerability_impact",
            "What can an attacker achieve with {name}, and what is affected?",
            ("Severity", "Base score", "Affected", "Weakness"),
            "An attacker can ",
        ),
        KindQuestion(
            "vulnerability_response",
            "How should {name} be dealt with?",
            ("Solution",),
            "Administrators should ",
            needs_facts=True,
        ),
    ),
    kinds.WEAKNESS: (
        KindQuestion(
            "weakness_explanation", "Explain {name}.", opening="It is a weakness in which "
        ),
        KindQuestion(
            "weakness_consequences",
            "What are the consequences of {name}?",
            ("Consequences", "Likelihood of exploit"),
            "An attacker can ",
        ),
        KindQuestion(
            "weakness_prevention",
            "How can developers avoid {name}?",
            ("Mitigations", "Solution"),
            "Developers should ",
            needs_facts=True,
        ),
    ),
    kinds.TECHNIQUE: (
        KindQuestion(
            "technique_explanation", "How do adversaries use {name}?", opening="Adversaries "
        ),
        KindQuestion(
            "technique_purpose",
            "What do adversaries gain from {name}, and on which platforms?",
            ("Tactics", "Platforms"),
            "It allows adversaries to ",
        ),
        KindQuestion(
            "technique_detection",
            "What should defenders look for to notice {name}?",
            ("Detection",),
            "Defenders should look for ",
            needs_facts=True,
        ),
    ),
    kinds.PATTERN: (
        KindQuestion(
            "pattern_explanation",
            "How does an attack by {name} proceed?",
            opening="The attacker ",
        ),
        KindQuestion(
            "pattern_prerequisites",
            "What has to be the case for {name} to succeed?",
            ("Prerequisites", "Likelihood of exploit", "Severity"),
        ),
        KindQuestion(
            "pattern_prevention",
            "How can {name} be prevented?",
            ("Mitigations", "Solution"),
            "Defenders should ",
            needs_facts=True,
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
