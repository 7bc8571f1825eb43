"""Answers as they are said: catalogs without their numbers, names as they are written."""

from __future__ import annotations

import asyncio

import pytest

from stages.base import Record
from stages.data_structurer.answers import RECORD, Answer
from stages.data_structurer.finished import finished
from stages.data_structurer.reading import read
from stages.recipe.asks import FORM
from stages.recipe.recipe import shipped

FLAW = {"id": "CVE-2099-0001", "description": "Lark 2.1 reads names (CWE-20) of guests."}
TOOL = {"type": "malware", "name": "netpeel", "description": "netpeel is modular backdoor of May."}


@pytest.mark.parametrize(
    ("record", "text", "said"),
    [
        (FLAW, "Lark 2.1 reads names (CWE-20) of guests.", "Lark 2.1 reads names of guests."),
        (TOOL, "Netpeel is modular backdoor of May.", "netpeel is a modular backdoor of May."),
        (TOOL, "Netpeel is malware of May.", "netpeel is malware of May."),
    ],
)
def test_an_answer_as_it_is_said(record: Record, text: str, said: str) -> None:
    reading = asyncio.run(read(record, shipped(), None))
    found = finished(Answer(text, RECORD), reading)
    assert found is not None and found.text == said
    assert finished(None, reading) is None
    form = Answer("CVE-2099-0001 is an example of X (CWE-20).", FORM)
    assert finished(form, reading) == form


@pytest.mark.parametrize(
    ("field", "who"),
    [
        ({"manufacturer": "Rope Works"}, "makers"),
        ({"vendor": "Rope Works"}, "makers"),
        ({"aliases": ["GHSA-2222-3333-4444"]}, "maintainers"),
        ({"note": "Rope Works"}, "advisory's authors"),
    ],
)
def test_who_speaks_of_himself_is_called_by_what_he_does(field: Record, who: str) -> None:
    """Else those who make a crane, or ship a library, are called its maintainers."""
    reading = asyncio.run(read({**FLAW, **field}, shipped(), None))
    found = finished(Answer("We have found a flaw in Lark.", RECORD), reading)
    assert found is not None and found.text == f"The {who} have found a flaw in Lark."
