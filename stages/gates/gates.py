"""Every gate a pair passes before it may be kept, and what is said of a pair that does.

A gate is a cheap check without a model; all of them are asked, whatever the record says.
Knows nothing of how an answer came about.  Invariant: the same pair, source and bounds get
the same verdict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from typing import Any

from stages.gates import measures
from stages.gates.bounds import Bounds
from stages.gates.exchanged import exchanged
from stages.gates.finished import is_finished
from stages.gates.instructions import is_instruction
from stages.gates.measures import SourceText
from stages.gates.numbers import moved_numbers
from stages.gates.quality import Quality, digest_of
from stages.gates.quotations import quotations, without_quotations
from stages.gates.unmasked import found, unmasked
from stages.gates.wording import Wording
from stages.gates.words import tokens
from stages.text.blobs import SHORTENED

Figures = dict[str, Any]


@dataclass(frozen=True)
class Pair:
    """An instruction, its answer, and what the instruction calls the record it is about."""

    instruction: str
    response: str
    name: str = ""


@dataclass(frozen=True)
class GateInput:
    """All that a gate looks at: the pair, its source, the bounds, and what prompts showed."""

    pair: Pair
    source: SourceText
    bounds: Bounds
    shown: Collection[str]


@dataclass(frozen=True)
class Failure:
    """A gate that a pair did not pass, and the figures that decided."""

    gate: str
    reason: str
    figures: Figures


@dataclass(frozen=True)
class Verdict:
    """What the gates say of a pair; it may be kept if none failed."""

    failures: tuple[Failure, ...]
    quality: Quality

    @property
    def passed(self) -> bool:
        """Whether every gate was passed."""
        return not self.failures

    def figures(self) -> Figures:
        """The figures behind the failures, and the pair's shares, for removed.jsonl."""
        failed = [asdict(failure) for failure in self.failures]
        shares = {"grounded": round(self.quality.grounded, 3)}
        return {"failed": failed, **shares, "verbatim": round(self.quality.verbatim, 3)}


def judge(pair: Pair, source: SourceText, bounds: Bounds, shown: Collection[str] = ()) -> Verdict:
    """Ask every gate.

    Parameters
        shown: texts that the prompts show a model, none of which may come back in an answer.
    """
    asked = GateInput(pair, source, bounds, shown)
    said = {name: gate(asked) for name, gate in GATES.items()}
    failures = tuple(Failure(name, *failed) for name, failed in said.items() if failed is not None)
    return Verdict(
        failures,
        Quality(
            measures.grounded_share(pair.response, source),
            measures.verbatim_share(pair.response, source.text),
            tuple(measures.verbatim_spans(pair.response, source.text)),
            tuple(name for name, failed in said.items() if failed is None),
            digest_of(pair.instruction, pair.response, source.text),
        ),
    )


_Failed = tuple[str, Figures] | None


def _grounded(asked: GateInput) -> _Failed:
    share = measures.grounded_share(asked.pair.response, asked.source)
    if share >= asked.bounds.min_grounded:
        return None
    return "too many words are not in the source", {"grounded": round(share, 3)}


def _verbatim(asked: GateInput) -> _Failed:
    if asked.bounds.min_verbatim <= 0:
        return None
    share = measures.verbatim_share(asked.pair.response, asked.source.text)
    if share >= asked.bounds.min_verbatim:
        return None
    return "too little is copied from the source", {"verbatim": round(share, 3)}


def _literals(asked: GateInput) -> _Failed:
    text = f"{asked.pair.instruction}\n{asked.pair.response}"
    invented = [one.text for one in measures.invented_literals(text, asked.source)]
    invented += measures.unquoted_code(text, asked.source)
    invented += SHORTENED.findall(text)
    if not invented:
        return None
    return "literals are not in the source", {"literals": invented[:5]}


def _versions(asked: GateInput) -> _Failed:
    moved = [one.text for one in measures.moved_versions(asked.pair.response, asked.source)]
    if not moved:
        return None
    return "versions stand in another context than in the source", {"versions": moved[:5]}


def _numbers(asked: GateInput) -> _Failed:
    moved = moved_numbers(asked.pair.response, asked.source.known)
    if not moved:
        return None
    return "numbers count other things than in the source", {"numbers": moved[:5]}


def _exchanged(asked: GateInput) -> _Failed:
    found = exchanged(asked.pair.response, asked.source.text, asked.source.allowed)
    if not found:
        return None
    return "words stand where the source has others", {"exchanged": found[:5]}


def _negations(asked: GateInput) -> _Failed:
    other = measures.other_negations(asked.pair.response, asked.source)
    if not other:
        return None
    return "negations differ from the source's", {"negations": other[:5]}


def _new_words(asked: GateInput) -> _Failed:
    added = measures.new_words(asked.pair.response, asked.pair.instruction)
    if added >= asked.bounds.min_new_words:
        return None
    return "says little more than the instruction", {"new_words": added}


def _echo(asked: GateInput) -> _Failed:
    pair = asked.pair
    share = measures.echoed_share(pair.response, pair.instruction, pair.name)
    if share <= asked.bounds.max_echo and not pair.response.rstrip().endswith("?"):
        return None
    return "echoes the instruction", {"echo": round(share, 3)}


def _finished(asked: GateInput) -> _Failed:
    if is_finished(asked.pair.response, asked.source.text):
        return None
    return "unfinished", {"end": asked.pair.response.rstrip()[-40:]}


def _loops(asked: GateInput) -> _Failed:
    if measures.loops(asked.pair.response, asked.source.known):
        return "goes round in circles", {}
    return None


def _instruction(asked: GateInput) -> _Failed:
    if is_instruction(asked.pair.instruction, asked.bounds.wording):
        return None
    return "the instruction is not a question or an order", {}


def _refusal(asked: GateInput) -> _Failed:
    wording = asked.bounds.wording
    found = (wording.refusals.search(one) for one in _each_said(asked.pair.response))
    match = next(filter(None, found), None) or _opening(asked.pair.response, asked.source, wording)
    return ("refuses, or speaks as a model", {"words": match.group()[:60]}) if match else None


def _opening(text: str, source: SourceText, wording: Wording) -> re.Match[str] | None:
    """How an answer begins as in a chat, where its source does not tell it so."""
    said = unmasked(text)
    match = wording.openings.match(said)
    words = tokens(said)[: max(measures.RUN, len(tokens(match.group())))] if match else []
    told = f" {' '.join(words)} " in f" {' '.join(tokens(source.text))} "
    return None if told else match


def _each_said(text: str) -> list[str]:
    """The sentences of a text line by line, and unmasked, in which case lines part none; without
    what they quote."""
    said = without_quotations(text)
    return list(dict.fromkeys([*measures.sentences(said), *measures.sentences(unmasked(said))]))


def _template(asked: GateInput) -> _Failed:
    for text in (asked.pair.instruction, asked.pair.response):
        if match := found(asked.bounds.wording.template_tokens, text):
            return "holds tokens of a chat template", {"words": match.group()[:60]}
    return None


_QUOTED = re.compile(r'"([^"\n]{3,})"')  # the title that a record has given itself


def _injection(asked: GateInput) -> _Failed:
    asks = asked.pair.instruction
    titles = _QUOTED.findall(asks)
    wording, response = asked.bounds.wording, asked.pair.response
    quoted = (one for one, near in quotations(response) if not wording.told_of.search(near))
    said = [said for one in (response, *quoted) for said in _each_said(one)]
    for text in (asks, unmasked(asks), *titles, *said):
        if match := wording.injections.search(text):
            return "gives orders to a model", {"words": match.group()[:60]}
    return None


# What no reviewer keeps all the same: a model that is trained on it refuses, or obeys its data.
NEVER_WAIVED = frozenset({"template", "refusal", "injection"})


def is_clean(text: str, wording: Wording) -> bool:
    """Whether a text has no tokens of a template, no refusal and no orders to a model."""
    said = without_quotations(text)
    unwanted = any(found(pattern, said) for pattern in (wording.refusals, wording.injections))
    return not (unwanted or found(wording.template_tokens, text))


def _leak(asked: GateInput) -> _Failed:
    run = measures.leaked_run(asked.pair.response, asked.shown, asked.source.known)
    return ("copies an example of the prompt", {"words": run}) if run else None


def _language(asked: GateInput) -> _Failed:
    asks, says = (_latin_share(text) for text in (asked.pair.instruction, asked.pair.response))
    if abs(asks - says) <= 0.5:
        return None
    return "instruction and answer are in different scripts", {}


def _latin_share(text: str) -> float:
    letters = [letter for letter in text if letter.isalpha()]
    return sum(ord(letter) < 0x250 for letter in letters) / len(letters) if letters else 1.0


GATES: dict[str, Callable[[GateInput], _Failed]] = {
    "instruction": _instruction,
    "finished": _finished,
    "template": _template,
    "refusal": _refusal,
    "injection": _injection,
    "leak": _leak,
    "literals": _literals,
    "versions": _versions,
    "numbers": _numbers,
    "exchanged": _exchanged,
    "grounded": _grounded,
    "verbatim": _verbatim,
    "negations": _negations,
    "new_words": _new_words,
    "echo": _echo,
    "loops": _loops,
    "language": _language,
}
