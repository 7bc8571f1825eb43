"""A full stop of an abbreviation ends no sentence; the word that it also is may."""

from __future__ import annotations

import pytest

from stages.text.sentences import sentence_ends


@pytest.mark.parametrize(
    "text",
    [
        "The gang hit St. Vincent Hospital in Mt. Airy, says Lt. Col. Foo Jr. of the police.",
        "It found 12 bugs, w.r.t. the spec, in locks of Foo Co. Ltd. and others.",
        "The server of Oakland, Calif. was hit on Fri. Jan. 5 at 5 p.m. by them.",
        "Set the max. length to approx. 5 min. or more as in Sec. 3 and Eq. 2 of it.",
        "The fix (see the approx. date in No. 5.) was late.",
        "He said \"Stop.\" and left; it hides ... then runs.",
        "Arbitrary files may be read via .. (dot dot) sequences or a .... in a request.",
        "Am 3. Januar wurde z.B. der Dienst bzw. die Firma angegriffen.",
        "Es betrifft z. B. Foo, d. h. alle, i. d. R. auch p. ex. Bar u. a. Programme.",
        "Хакеры атаковали банк на ул. ленина, т.е. центр.",
    ],
)  # fmt: skip
def test_one_sentence(text: str) -> None:
    assert sentence_ends(text) == [len(text)]


@pytest.mark.parametrize(
    "text",
    [
        "That is the max. The end is here.",
        "It took them 5 min. The end is here.",
        "It is on the web. nginx is safe from it.",
        "Attackers read the file. They left.",
        "It is read as option b. The rest is safe.",
        "It ends at 3. The rest is safe.",
        'He said "Stop." The rest is safe.',
        "It hides in memory... Then it runs.",
    ],
)
def test_two_sentences(text: str) -> None:
    assert len(sentence_ends(text)) == 2
