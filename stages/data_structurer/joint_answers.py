"""Several ways' answers to one question as one: what one says, another does not say again.

Knows the kinds of ways and which of them go together; asks nothing.  Invariant: the answers stay
in the order of their ways, and none is changed but for the name behind a colon.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from stages.data_structurer.answers import RECORD, Answer, combined
from stages.data_structurer.articles import lacks_article
from stages.data_structurer.clauses import OF_ANY_PRODUCT
from stages.data_structurer.notes import CONCERNS
from stages.data_structurer.repairs import WORKAROUND
from stages.gates.words import content_words
from stages.recipe.asks import (
    CLAUSE,
    FIELDS,
    FIX,
    FORM,
    HARM,
    LEAD,
    LEANED_ON,
    ROLE,
    KindQuestion,
    Way,
)
from stages.text.workarounds import MARK


def joint(question: KindQuestion, found: Mapping[Way, Answer]) -> Answer | None:
    """All answers as one; what a clause says is not said again by the sentence it stands in, nor
    what a field says by sentences.  A question that a lead and a form answer together asks for
    both; a form in front of sentences is what these explain."""
    kinds = {way.kind for way in found}
    clause_told = any(way.kind == CLAUSE and way.of not in (HARM, FIX) for way in found)
    repaired = any(way.kind == FIELDS and way.of != WORKAROUND for way in found)
    asked = {way.kind for way in question.ways}
    explained = question.ways[0].kind == FORM
    if (asked == {LEAD, FORM} or explained) and not kinds >= asked - {ROLE}:
        return None
    if explained and not _explains(
        *(found[way] for way in question.ways if way.kind in (FORM, LEAD))
    ):
        return None

    if (asked == {LEAD, FORM} or explained) and _says_the_name_again([*found.values()]):
        return None

    def is_spare(way: Way) -> bool:
        if way.of == LEANED_ON:
            return not _is_leaned_on(found[way], [one for of, one in found.items() if of != way])
        if way.of == HARM:
            return clause_told or ROLE in kinds
        if way.of == FIX:
            return repaired or FORM in kinds or (ROLE in kinds and FIELDS not in kinds)
        if way.kind == FORM:
            return any(_is_said_by(found[way], one) for one in found.values())
        told = clause_told or (FIELDS in kinds and not _IN_ORDER.match(found[way].text))
        return way.kind == ROLE and told

    if any(way.kind == FIELDS for way in found):
        found = _with_product(found)
    said = [one for way, one in found.items() if not is_spare(way)]
    if said and all(way.of == LEANED_ON for way in found):
        return None
    if said and (all(map(_is_version, said)) or all(map(_works_around, said))):
        return None
    return combined(_announced(said))


_WEAKNESS = re.compile(r"CWE-\d+ \(([^)]+)\)(?::|\. Its entry reads:)$")


def _says_the_name_again(answers: Sequence[Answer]) -> bool:
    """Whether a lead behind the name of a weakness begins with the same words, and so explains
    nothing by it."""
    if len(answers) < 2 or not (named := _WEAKNESS.search(answers[0].text)):
        return False
    words = content_words(named[1])
    begun = content_words(" ".join(answers[1].text.split()[: len(words) + 4]))
    return set(words) <= set(begun)


_THE = re.compile(
    rf"\bthe (?:[a-z][\w-]* )??(?!(?:{'|'.join(sorted(OF_ANY_PRODUCT))})\b)([a-z]{{4,}})\b"
)
LEAST_FORMED = 12  # words of a form that is worth its question


def _is_leaned_on(definition: Answer, others: Sequence[Answer]) -> bool:
    """Whether answers speak of "the channel" that a definition brings in, or are a form alone,
    which says nothing of how it comes about; not where they end as the definition does."""
    if any(one.text.split()[-3:] == definition.text.split()[-3:] for one in others):
        return False
    text = " ".join(one.text for one in others)
    if definition.text in text:
        return False
    brought = set(content_words(definition.text))
    leans = any(set(content_words(one[1])) & brought for one in _THE.finditer(text))
    formed = all(one.by == FORM for one in others) and len(text.split()) >= LEAST_FORMED
    return formed or leans


LEAST_EXPLAINED = 4  # content words of a note beyond the name of the weakness that it is on


def _explains(form: Answer, *notes: Answer) -> bool:
    """Whether notes on an example of a weakness say more than the weakness's name does, in
    sentences or in quotation marks."""
    known = set(content_words(form.text))
    more = {word for one in notes for word in content_words(one.text)} - known
    plain = all(one.text.startswith('"') or not lacks_article(one.text) for one in notes)
    return not notes or (plain and len(more) >= LEAST_EXPLAINED)


def _works_around(answer: Answer) -> bool:
    """Whether it only says what can be done as long as nothing is repaired."""
    return answer.by == RECORD and answer.text.startswith(MARK)


# What has to be done before or after what a field says: "Upgrade the agents before the server."
_IN_ORDER = re.compile(
    r"(?:Upgrade|Update|Restart|Stop|Migrate|Back up|Rotate) the "
    r"(?:[^.]|\.(?=\d))*?\b(?:before|after|first)\b"
)
# The order that a reader of feeds makes of a package and its version.
_UPDATE = re.compile(r"Update (?P<name>\S+) to (?P<version>\S+)\.")


_VERSION_IN_ORDER = re.compile(r"Update [^.]+ to (\S+?)(?: or \S+)*\.")
_OTHER_NAMES = re.compile(r".* is also known as (.+)\.")


def _is_said_by(form: Answer, other: Answer) -> bool:
    """Whether an order to update, and no more, names the version that a form calls repaired, or
    another answer all the other names that it tells."""
    if form is not other and (told := _OTHER_NAMES.fullmatch(form.text)):
        names = re.split(", | and ", told[1])
        return all(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", other.text) for one in names)
    order = _VERSION_IN_ORDER.fullmatch(other.text)
    return order is not None and f" in version {order[1]}" in form.text


def _with_product(found: Mapping[Way, Answer]) -> Mapping[Way, Answer]:
    """The text's own order to update with the package's name, in place of the feed's bare one:
    the text says what else is to be done."""
    stated = next((way for way in found if way.kind == FIELDS and way.of != WORKAROUND), None)
    told = next((way for way in found if way.kind == ROLE), None)
    order = _UPDATE.fullmatch(found[stated].text) if stated else None
    if told is None or stated is None or order is None:
        return found
    own = re.match(
        rf"((?:Upgrade|Update) )to (?:version )?{re.escape(order['version'])}(?![.\w]*\w)",
        found[told].text,
    )
    if own is None:
        return found
    text = f"{own[1]}{order['name']} {found[told].text[own.end(1) :]}"
    rest = {way: one for way, one in found.items() if way != told}
    return rest | {stated: replace(found[told], text=text)}


_FIXED_IN = re.compile(r"\S+ is (?:fixed|resolved|patched|corrected|addressed) in [^;]*?\d\S*\.")


def _is_version(answer: Answer) -> bool:
    """Whether it only says in which version a flaw is fixed, which no order is."""
    return _FIXED_IN.fullmatch(answer.text) is not None


def _announced(answers: list[Answer]) -> list[Answer]:
    """Without "CVE-1 concerns" where the answer before ends with a colon."""
    return [
        replace(one, text=one.text.partition(f" {CONCERNS} ")[2] or one.text)
        if number and answers[number - 1].text.endswith(":") and one.allowed == CONCERNS
        else one
        for number, one in enumerate(answers)
    ]
