"""What a record answers in its own words, and records to ask."""

from __future__ import annotations

import asyncio
from typing import Any

from stages.base import Record
from stages.data_structurer.own_answers import own_answer
from stages.data_structurer.reading import read
from stages.recipe.recipe import shipped
from stages.recipe.role_names import ROLES
from tests.stage_help import ScriptedModel


def answer(record: Record, type_: str, roles: dict[str, str] | None = None) -> str | None:
    """What a record answers; `roles` by the beginnings of its sentences, as a model sees them."""

    def chances(question: Any, text: str) -> dict[str, float]:
        named = next((r for start, r in (roles or {}).items() if text.startswith(start)), "what")
        return {role: 1.0 if role == named else 0.0 for role in ROLES}

    reading = asyncio.run(
        read(record, shipped(), ScriptedModel(chances=chances) if roles else None)
    )
    for question in shipped().questions.of_kind[reading.subject.kind]:
        if question.type == type_ and (found := own_answer(reading, question)):
            return found.text
    return None


def flaw(text: str) -> Record:
    return {"id": "CVE-2099-0001", "description": text}


def report(text: str) -> Record:
    return {"incident_id": "I-9", "title": "Break-in at the harbour", "text": text}
