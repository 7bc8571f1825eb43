"""forms.yaml: sentences made of a record's fields, and how values are worded.

Knows slots and the names of wordings; what a wording does is the structurer's.  Invariant: each
placeholder of a form is the record's name or a slot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stages.recipe.nodes import Node
from stages.recipe.templates import with_placeholders

IMPACTS, HARM = "impacts", "harm"
CVSS_VERSION, CVSS_SCORE, SEVERITY = "cvss version", "cvss score", "severity"
LEVEL, RATINGS, SCORES = "cvss level", "cvss ratings", "cvss scores"
REASON, CALLED, DISPUTE = "reason for a rating", "rating in the text", "dispute"
OF_THE_RATING = (
    *(CVSS_VERSION, CVSS_SCORE, SEVERITY, LEVEL, RATINGS, SCORES),
    *(REASON, CALLED, DISPUTE),
)
VERSION, VERSIONS, UPSTREAM = "version", "versions in the text", "versions upstream"
OF_NO_FIELDS = (*OF_THE_RATING, VERSIONS, UPSTREAM)
PERIOD, PLATFORMS = "period", "platforms"
WEAKNESS, NAMED_WEAKNESS, PRODUCTS = "weakness", "named weakness", "products"
WORDINGS = (
    *("plain", "as it is", "names", "one", "one in lower case", "date", "time"),
    *(WEAKNESS, NAMED_WEAKNESS, PRODUCTS, VERSION),
    *("other names", PERIOD, PLATFORMS, IMPACTS, HARM, *OF_NO_FIELDS),
)
_NAMES = ("name", "Name")


@dataclass(frozen=True)
class Placeholder:
    """Names of fields, as `record_text.plain_key` spells them, and how a value is worded."""

    fields: tuple[str, ...]
    worded: str


@dataclass(frozen=True)
class Forms:
    """The sentences of each form, the best first, and all that fills them.

    `most_values`: of a list; `longest_value`: in characters.  `impacts` and `harm` are what
    consequences of CWE and CAPEC mean, `platforms` how kinds of platforms are called in a sentence,
    `weaknesses` what the numbers of CWE stand for.
    """

    sentences: Mapping[str, tuple[str, ...]]
    slots: Mapping[str, Placeholder]
    most_values: int
    longest_value: int
    say_nothing: frozenset[str]
    impacts: Mapping[str, str]
    harm: Mapping[str, str]
    platforms: Mapping[str, str]
    weaknesses: Mapping[str, str]


def read_forms(root: Node) -> Forms:
    """The forms of a file; raises RecipeError."""
    found = root.fields(
        *("forms", "slots", "most_values", "longest_value", "say_nothing", "impacts", "harm"),
        optional=("platforms", "weaknesses"),
    )
    slots = {name: _slot(one) for name, one in found["slots"].entries().items()}
    return Forms(
        {name: _sentences(one, slots) for name, one in found["forms"].entries().items()},
        slots,
        found["most_values"].whole(1, 1000),
        found["longest_value"].whole(1, 10_000),
        frozenset(found["say_nothing"].texts(0)),
        *(_phrases(found, name) for name in ("impacts", "harm", "platforms", "weaknesses")),
    )


def _phrases(found: Mapping[str, Node], name: str) -> dict[str, str]:
    entries = found[name].entries(0) if name in found else {}
    return {value: one.text() for value, one in entries.items()}


def _slot(node: Node) -> Placeholder:
    found = node.fields("fields", "worded")
    worded = found["worded"].one_of(WORDINGS, "wording")
    for one in found["fields"].list(0 if worded in OF_NO_FIELDS else 1):
        one.matching("[a-z0-9]+", "a field's name, in lower case and without blanks or signs")
    return Placeholder(found["fields"].texts(0), worded)


def _sentences(node: Node, slots: Mapping[str, Placeholder]) -> tuple[str, ...]:
    return tuple(with_placeholders(one, (), (*_NAMES, *slots)) for one in node.list())
