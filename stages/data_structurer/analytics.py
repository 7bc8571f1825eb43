"""What a detection looks for, in sentences with a subject: "Detects X" says who detects it.

Knows how analytics are written: notes that begin with a verb, an order or a noun.  Asks nothing.
Invariant: a sentence stays whole, but for a label in front of it and its first letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from stages.data_structurer.note_words import (
    DEFENDERS,
    MODAL,
    TOLD,
    head,
    is_noun_phrase,
    one_of,
    small,
    with_article,
)
from stages.text.sentences import sentence_ends

# Words that a subject may bring along: known to the gates, as those of a form are.
FRAME = (
    "it looks for signs that followed by also following a an detection detects relies on defenders"
    " should"
)

_LABEL = re.compile(
    r"(?:defender(?:'s)? (?:perspective|view|sees|observes)|sees|optional(?: enrichment| step)?): ",
    re.IGNORECASE,
)
_CHAIN = re.compile(
    r"(?:(?:the )?(?:behaviou?r(?:al)? |cause\W{1,3}effect |event )?(?:chain|sequence)"
    r"(?: is| includes| of events)?|the behaviou?r chain includes): (?=\S)",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"(?:also |additionally,? |often |typically |primarily |further |then )?"
    r"(?:detects|monitors|correlates|identifies|looks|focuses|tracks|flags|observes|highlights"
    r"|alerts|captures|examines|searches|checks|analy[sz]es|inspects|hunts|watches|finds|uncovers"
    r"|links|ties|compares|relies|combines|leverages|includes|involves|covers|targets|reveals"
    r"|surfaces|evaluates|considers|requires|emphasi[sz]es|distinguishes|uses)"
    r" (?!(?:is|are|was|were)\b)",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"(?:monitor|correlate|detect|look for|look at|identify|inspect|track|alert on|alert when|hunt"
    r"|watch for|search for|check|review|analy[sz]e|consider|audit (?!logs?\b|trails?\b|events?\b)"
    r"|use (?!of\b)|compare|investigate|collect|flag|examine|validate|ensure|focus on|cross-check"
    r"|observe|verify|baseline (?=[a-z]+ing\b|normal\b|the\b)|establish|implement|leverage|enable"
    r"|pay attention|scan|query|profile|map)\b",
    re.IGNORECASE,
)
_OF_DETECTING = re.compile(r"(?:behaviou?ral )?(?:detection|identification) of (?=\S)", re.I)
# What is said of a detection, and no longer what is detected.
_OF_ITSELF = re.compile(
    rf"\b(?:is|are|{MODAL}|requires?|relies|involves?|depends?|focuses|includes?|correlates?|combines?"
    r"|leverages?|begins?|starts?|hinges?|centers?)\b"
)
_METHOD = re.compile(
    r"(?:correlation|monitoring|correlating|tracking|analysis|inspection|observing|observation"
    r"|detecting|identifying|auditing)\b",
    re.IGNORECASE,
)
# What speaks of the detection itself, or of what was said before: it is a sentence as it stands.
_STANDS = re.compile(
    r"(?:defenders?|detections?|analysts?|indicators?|this|these|that|those|it|its|they|such|much"
    r"|many|some|most|once|if|when|while|although|after|because|behaviou?r|note|events?|signs"
    r"|the (?:analytic|detection|strategy|chain|goal|focus|rule)|there|both|each|all|key"
    r"|multi-event|in (?:some|many|other|addition)|false positives?|visibility|no|not|other"
    r"|(?:on|upon|during|within|before|under|from|immediately|shortly|soon) )\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    rf"\b{MODAL}\b|\b(?:often|typically|usually|commonly) "
    r"(?:manifests?|appears?|occurs?|involves?|includes?|shows?)\b"
)
# A step that may be missing, of which a note does not say who takes it: "Optional: injects code".
_NOBODY_ACTS = re.compile(
    r"optional(?: step)?: (?:(?:\w+ly )?[a-z]+s (?:an?|the|its) |(?:create|use|run|load) )", re.I
)
# "Frequently seen in cron jobs", "Observable via unified logs", "Often paired with escalation".
_SEEN = re.compile(
    r"(?:frequently|often|commonly|typically|usually|sometimes|generally|mostly|occasionally)"
    r" (?:\w+ed|found|driven|run|done)\b"
    r"|(?:(?:frequently|often|commonly|typically|usually|sometimes|also) )?"
    r"(?:seen|paired|observed|observable|detected|detectable|visible|driven|combined|followed"
    r"|accompanied|associated|triggered|used|correlated)\b (?=in|with|by|via|through|as|on|from)",
    re.IGNORECASE,
)
_MAY = re.compile(rf"{MODAL} (?:also )?\w+", re.IGNORECASE)
_FOR_EXAMPLE = re.compile(r"for (?:example|instance), ", re.IGNORECASE)
# Of what is found by a method: "Correlation of X, Y and Z reveals W".
_FINDS = re.compile(r"\b(?:provides?|reveals?|highlights?|indicates?|enables?|helps?|suggests?)\b")
# What is done to detect something, and isn't detected itself.
_AND_METHOD = re.compile(r", (?:and )?(?:correlation|monitoring|analysis|inspection) of\b")
_ARROW = re.compile(r"\s*(?:→|->|=>|➔|⇒)\s*")
_NUMBERED = re.compile(r"(\(\d\) )([A-Z][\w-]*[ ,/])")
_NUMBER_OF_STEP = re.compile(r"\(?\d[.)] ")
# Steps that an end of a sentence in their midst has torn apart.
_PART_OF_A_CHAIN = re.compile(r"^(?=.*\(1\))(?!.*\(2\))|^(?=.*\([2-9]\))(?!.*\(1\))", re.DOTALL)
_ACTS_SO = re.compile(
    r"an? (?:adversary|attacker|user|developer)\b(?! account)"
    r"|(?:adversaries|attackers|users) (?:\w+ly )?"
    r"(?!(?:of|in|who|that|with|from|on|and|or|as|via|for|to|at|by)\b|\w+(?:ing|ed|ly)\b)[a-z]+ "
)


@dataclass(frozen=True)
class _Subject:
    """Who looks for something: its name at the beginning, and what stands for it behind."""

    name: str
    detects: str  # what it does with what "Detects ..." names
    begun: bool = False  # whether something was said before

    @property
    def looks(self) -> str:
        return f"also {self.detects}" if self.begun else self.detects


def with_subjects(texts: Sequence[str], name: str, analytic: bool) -> str:
    """Notes on what to look for as sentences, each with its subject; the texts follow each other.

    name: what looks for it, at the beginning of a sentence.  analytic: whether it is one analytic,
    whose every sentence tells what it looks for, and no chapter on detection.
    """
    subject = _Subject(name, "detects" if analytic else "looks for")
    said: list[str] = []
    for text in texts:
        every = _sentences(text)
        whole = [one for one in every if len(every) == 1 or not _PART_OF_A_CHAIN.search(one)]
        for number, sentence in enumerate(whole):
            told = replace(subject, begun=bool(said))
            who = "It" if said and said[-1].startswith((f"{name} ", "It ", "This ")) else name
            if len(whole) == 1 or not _NOBODY_ACTS.match(sentence):
                said.append(_said(sentence, told, who, number == 0 and (analytic or bool(said))))
    return " ".join(_once(said))


def _once(said: Sequence[str]) -> list[str]:
    """Sentences that begin with the defenders, named once where they follow each other."""
    orders = [one.startswith(DEFENDERS) for one in said]
    return [
        f"They{one[len('Defenders') :]}" if number and all(orders[number - 1 : number + 1]) else one
        for number, one in enumerate(said)
    ]


def _sentences(text: str) -> list[str]:
    ends = [0, *sentence_ends(text), len(text)]
    pieces = (text[a:b].strip() for a, b in zip(ends, ends[1:], strict=False))
    return [piece for piece in pieces if piece]


def _said(sentence: str, subject: _Subject, who: str, opens: bool) -> str:
    sentence = _NUMBERED.sub(lambda step: step[1] + small(step[2]), sentence)
    if not _CHAIN.match(sentence):
        sentence = _without_arrows(sentence)
    label = _LABEL.match(sentence)
    shown = sentence[label.end() :] if label else sentence
    also = "also " if subject.begun else ""
    for pattern, frame in _FRAMES:
        if match := pattern.match(shown):
            if said := frame(shown, match, who, subject):
                return said
    stands = _STANDS.match(shown) or (_METHOD.match(shown) and _FINDS.search(shown))
    if (stands and not label) or _TELLS.search(head(shown)) or TOLD.search(shown):
        return with_article(sentence)
    rest = small(with_article(shown))
    if _ACTS_SO.match(rest):
        return f"{who} {also}looks for signs that {rest}"
    if is_noun_phrase(shown):
        return f"{who} {also}looks for {one_of(rest)}"
    behavior = opens or label or (rest != shown and not subject.begun)
    if not behavior:
        return with_article(sentence)
    return f"{who} {also}looks for the following: {_MAY_BE_LAST.sub('. This ', rest)}"


def _does(shown: str, _: re.Match[str], who: str, subject: _Subject) -> str:
    verb, rest = shown.split(" ", 1)
    if verb.lower() not in ("detects", "identifies") or rest.startswith(("when ", "where ", "if ")):
        return f"{who} {verb.lower()} {rest}"
    looks = subject.looks
    looks = looks.replace("detects", "looks for") if _AND_METHOD.search(rest) else looks
    return f"{who} {looks} {rest}"


def _order(shown: str, _: re.Match[str], who: str, subject: _Subject) -> str:
    return f"{DEFENDERS} {shown[:1].lower()}{shown[1:]}"


def _chain(shown: str, match: re.Match[str], who: str, subject: _Subject) -> str:
    word = "sequence" if "sequence" in match[0].lower() else "chain"
    also = "also " if subject.begun else ""
    return f"{who} {also}looks for the following {word}: {_steps(shown[match.end() :])}"


def _steps(shown: str) -> str:
    """ "(1) a process, (2) a file, and (3) a connection" of steps with arrows between them."""
    steps = [_small_step(one.strip(" ;,")) for one in _ARROW.split(shown.rstrip("."))]
    if len(steps) < 2:
        return shown
    mark = ";" if any("," in one for one in steps) else ","
    return f"{f'{mark} '.join(steps[:-1])}{mark} and {steps[-1]}."


def _without_arrows(shown: str) -> str:
    """ "a script, followed by a connection" of "a script → a connection", and "from one to the
    other" of two words in brackets behind a change."""
    shown = _CHANGE.sub(r"\1 to ", _ARROW_BEFORE.sub(", ", shown))
    return _ARROW.sub(lambda _: ", followed by ", shown)


# "changes to roles (e.g., Viewer -> Owner)", "(0 → 1)": one value and the next.
_CHANGE = re.compile(
    r"(\((?:(?:e\.g\.|i\.e\.|such as|for example),? )?[\w.'\"-]+)\s*(?:→|->|=>|➔|⇒)\s*"
    r"(?=[\w.'\"-]+(?:[,;] [^()]*)?\))"
)
# A clause of its own behind a list: "..., may also involve ...".
_MAY_BE_LAST = re.compile(rf", (?:and )?(?={MODAL} (?:also )?[a-z]+ [^,;]*$)")
_ARROW_BEFORE = re.compile(
    r"\s*(?:→|->|=>|➔|⇒)\s*(?=(?:shortly |closely |then |immediately )*(?:followed|leading|then)\b)"
)


def _small_step(step: str) -> str:
    """A step whose first word behind its number is no name, without its capital."""
    number = _NUMBER_OF_STEP.match(step)
    begin = number.end() if number else 0
    return step[:begin] + small(step[begin:])


def _detecting(shown: str, match: re.Match[str], who: str, subject: _Subject) -> str:
    rest = shown[match.end() :]
    return "" if _OF_ITSELF.search(head(shown)) else f"{who} {subject.looks} {rest}"


def _method(shown: str, _: re.Match[str], who: str, subject: _Subject) -> str:
    told = _FINDS.search(shown) or not is_noun_phrase(shown)
    return "" if told else f"{who} relies on {small(shown)}"


def _seen(shown: str, _: re.Match[str], who: str, subject: _Subject) -> str:
    seen = f"{shown[:1].lower()}{shown[1:]}"
    return f"This is {seen}" if subject.begun else f"{who} looks for what is {seen}"


def _for_example(shown: str, match: re.Match[str], who: str, subject: _Subject) -> str:
    rest = shown[match.end() :]
    return f"{who} looks, for example, for {one_of(small(rest))}" if is_noun_phrase(rest) else shown


def _may(shown: str, _: re.Match[str], who: str, subject: _Subject) -> str:
    return f"{'This' if subject.begun else who} {shown[:1].lower()}{shown[1:]}"


_Frame = Callable[[str, re.Match[str], str, _Subject], str]
_FRAMES: tuple[tuple[re.Pattern[str], _Frame], ...] = (
    (_CHAIN, _chain),
    (_DOES, _does),
    (_ORDER, _order),
    (_OF_DETECTING, _detecting),
    (_METHOD, _method),
    (_SEEN, _seen),
    (_MAY, _may),
    (_FOR_EXAMPLE, _for_example),
)
