"""awareness.yaml: the templates of the security-aware examples that the aligner adds.

Knows templates and draws none.  Invariant: every slot of a text has its values, in `slots` or in
each of `cases`, and every domain exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stages.recipe.nodes import Node
from stages.recipe.templates import PLACEHOLDER, with_placeholders

RISKS = ("high_risk", "medium_risk", "compliance_check")
_NAME = r"[a-z][a-z0-9_]{0,63}"


@dataclass(frozen=True)
class Flags:
    """How an example is to be handled before it may be used."""

    risk: str
    review_required: bool
    isolation_required: bool


@dataclass(frozen=True)
class PairTemplate:
    """One way to put a question and its answer, with slots."""

    instruction: str
    response: str


@dataclass(frozen=True)
class Template:
    """One kind of example: wordings, the values of their slots, flags and domains."""

    kind: str
    flags: Flags
    domains: tuple[str, ...]
    wordings: tuple[PairTemplate, ...]
    slots: Mapping[str, tuple[str, ...]]
    cases: tuple[Mapping[str, str], ...] = field(default=({},))


def read_templates(root: Node, domains: tuple[str, ...]) -> tuple[Template, ...]:
    """The templates of a file, about these domains; raises RecipeError."""
    found: dict[str, Template] = {}
    for node in root.fields("templates")["templates"].list():
        template = _template(node, domains)
        if template.kind in found:
            raise node.wrong(f"kind {template.kind}: is there already")
        found[template.kind] = template
    return tuple(found.values())


def _template(node: Node, domains: tuple[str, ...]) -> Template:
    found = node.fields("kind", "flags", "domains", "wordings", optional=("slots", "cases"))
    slots = _slots(found["slots"]) if "slots" in found else {}
    cases = _cases(found["cases"]) if "cases" in found else ({},)
    known = (*slots, *cases[0])
    return Template(
        found["kind"].matching(_NAME, "lower-case letters, digits and underscores"),
        _flags(found["flags"]),
        tuple(one.one_of(domains, "domain") for one in found["domains"].list()),
        tuple(_wording(one, known) for one in found["wordings"].list()),
        slots,
        cases,
    )


def _flags(node: Node) -> Flags:
    found = node.fields("risk", "review_required", "isolation_required")
    return Flags(
        found["risk"].one_of(RISKS, "risk"),
        found["review_required"].flag(),
        found["isolation_required"].flag(),
    )


def _wording(node: Node, slots: tuple[str, ...]) -> PairTemplate:
    found = node.fields("instruction", "response")
    return PairTemplate(
        with_placeholders(found["instruction"], (), slots),
        with_placeholders(found["response"], (), slots),
    )


def _slots(node: Node) -> Mapping[str, tuple[str, ...]]:
    entries = node.entries()
    _check_names(entries)
    return {name: one.texts() for name, one in entries.items()}


def _cases(node: Node) -> tuple[Mapping[str, str], ...]:
    """All cases, which have the same slots."""
    first, *others = node.list()
    _check_names(first.entries())
    return tuple(
        {name: one.text() for name, one in case.fields(*first.entries()).items()}
        for case in (first, *others)
    )


def _check_names(entries: Mapping[str, Node]) -> None:
    for name, one in entries.items():
        if not PLACEHOLDER.fullmatch(f"{{{name}}}") or not name.islower():
            raise one.wrong(f"{name!r}: a slot has lower-case letters and underscores only")
