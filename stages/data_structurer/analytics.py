"""What a detection looks for, in sentences with a subject: "Detects X" says who detects it.

Knows how analytics are written: notes that begin with a verb, an order or a noun.  Asks nothing.
Invariant: a sentence stays whole, but for a label in front of it and its first letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stages.data_structurer.articles import article
from stages.text.sentences import sentence_ends

_DEFENDERS = "Defenders should"
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
    r"|surfaces|evaluates|considers|requires|emphasi[sz]es|distinguishes)"
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
_MODAL = r"(?:can|may|might|could|should|must|will|would)"
_TELLS = re.compile(rf"\b{_MODAL}\b")
_MAIN_VERB = re.compile(
    rf"(?<!to )\b(?:is|are|was|were|has|have|had|{_MODAL}|does|do"
    r"|indicates?|reveals?|provides?|suggests?|shows?|includes?|occurs?|appears?|requires?|enables?"
    r"|allows?|involves?|highlights?|helps?|correlates?|points?|signals?|contains?|deviates?"
    r"|creates|modifies|executes|opens|runs|spawns|loads|invokes|generates|enters|becomes|exploits"
    r"|destroys|deletes|disables|adds|installs|leverages|renames|attaches|initiates|performs"
    r"|uses|follows|results in|receives|constructs|sends|launches|establishes|connects"
    r"|encodes|decodes|emits|compresses|enumerates|injects|allocates|registers"
    r"|implement|execute|receive|perform|generate|fail to|fails to|lead to|leads to|occur|exceed"
    r"|initiate|manifest|include|(?:often|repeatedly|frequently|periodically|subsequently)"
    r" (?!\w+(?:ed|ing|ly)\b|(?:from|by|to|in|with|and|or|after|before|as|seen|run)\b)|deviate"
    r"|originate|bypass|invoke|exhibit|reach|attempt to|begin|start|starts)\b"
    r"|(?<=s )(?:use|install|write|read|run|open|load|call|spawn|update|access|trigger|focus on)\b"
    r"(?! of\b)"
    r"|\b(?:process|script|user|binary|application) (?:writes|reads)\b"
)
# A verb by its place: "a macro circumvents old filters"; no plural, as in "odd jobs from a host".
_NO_OBJECT = (
    r"(?:of|in|by|on|with|from|to|and|or|for|via|that|which|who|where|when|as|at|into|through|after"
    r"|before|during|across|within|without|outside|under|over|against|between|whose|while|not"
    r"|than|such|like|above|below|per|are|were|is|near|around|towards?|if|but|based|then|prior"
    r"|followed|inconsistent|indicative|consistent|related|[\w-]+ing|[\w-]+ly)\b"
)
_ACTS = re.compile(
    r"(?<![\w/-])(?!(?:and|or|of|with|in|on|by|from|for|to|as|via|new|unusual)\b)\w*[a-rt-z]"
    rf" [a-z]{{2,}}(?<![sui])s (?!{_NO_OBJECT})"
    rf"(?:[\w-]+ed (?!{_NO_OBJECT})[a-z]"
    r"|(?:the|an?|its|their|[a-z-]+(?:al|ic|ive)|old|new|many|other|no|any|all) )"
)
# "usage to create keys or generate new ones": a second infinitive is no verb of the sentence.
_INFINITIVES = re.compile(r"(\bto [a-z]+(?:/[a-z]+)* [^,;]*?\b(?:or|and)) [a-z]+\b")
_RELATIVE = re.compile(r" (?:that|which|who|whose|where|when|while|if|because)\b")
_MAY_BE = re.compile(rf"\b{_MODAL} (?:also |then )?[a-z]+\b")
# "Frequently seen in cron jobs", "Observable via unified logs", "Often paired with escalation".
_SEEN = re.compile(
    r"(?:frequently|often|commonly|typically|usually) (?:\w+ed|found|driven|run|done)\b"
    r"|(?:(?:frequently|often|commonly|typically|usually|sometimes|also) )?"
    r"(?:seen|paired|observed|observable|detected|detectable|visible|driven|combined|followed"
    r"|accompanied|associated|triggered|used|correlated)\b (?=in|with|by|via|through|as|on|from)",
    re.IGNORECASE,
)
_MAY = re.compile(rf"{_MODAL} (?:also )?\w+", re.IGNORECASE)
# What needs an article: "a behavioral chain of", "a sudden spike in".
_ONE = re.compile(
    r"(?:[\w-]+ ){0,5}(?:chain|sequence|burst|spike|surge|flood|pattern|combination|variety)"
    r"(?: (?:of|in|that|with|where)\b|:)",
    re.IGNORECASE,
)
# Where the first clause of a sentence begins, and what its main verb says behind one.
_CLAUSE = re.compile(r",|;| \(| (?:that|which|who|where|when|while|if|indicating|especially)\b")
_REMARK = re.compile(r" \([^()]*\)")
_TOLD = re.compile(
    r"\b(?:is|are) (?:\w+ )?(?:suspicious|unusual|anomalous|key|critical|important|monitored"
    r"|flagged|correlated|observed|detected)\b|\bshould be\b"
)
# Of what is found by a method: "Correlation of X, Y and Z reveals W".
_FINDS = re.compile(r"\b(?:provides?|reveals?|highlights?|indicates?|enables?|helps?|suggests?)\b")
# What is done to detect something, and isn't detected itself.
_AND_METHOD = re.compile(r", (?:and )?(?:correlation|monitoring|analysis|inspection) of\b")
_ARROW = re.compile(r"\s*(?:→|->|=>|➔|⇒)\s*")
_NUMBER_OF_STEP = re.compile(r"\(?\d[.)] ")
_PERSPECTIVE = re.compile(r"Defender (?:perspective|view|observations?)\b")
_ACTOR = re.compile(
    r"(Adversary|Attacker|Defender|Developer)(?= (?:\w+ly )?\w+s\b| with\b| or\b| running\b)"
)
_NOTES = re.compile(r"\w+ (?:tools?|scripts?|accounts?|logs?|activity|teams?)\b")
_ACTING_USER = re.compile(
    r"User(?= (?:opens|clicks|executes|runs|installs|downloads|is|launches|receives|visits|enters"
    r"|interacts|pastes|mounts|grants|approves|authenticates|logs|or)\b)"
)
# Things that do something, and what somebody does with one.
_ACTING_THING = re.compile(
    r"(?:Cloud-hosted |Virtualized )?(?:Process|Application|Script|Service|Host|Binary|Container"
    r"|VM(?: or container)?|Program|Browser|Command|Executable|Driver|Daemon|Device|Malware sample)"
    r"(?= (?:creates|modifies|executes|opens|runs|spawns|loads|invokes|generates|writes|reads|sends"
    r"|receives|attempts|initiates|connects|uses|performs|deletes|disables|launches|accesses)\b)"
)
_ACTS_SO = re.compile(r"an? (?:adversary|attacker|user|developer|defender)\b(?! account)")
_ONE_THING = re.compile(
    r"(?:(?!(?:and|or|of|by|in|via|to|from|with|for|on|all|any|no|multiple|several|many|some)\b)"
    r"[\w/.-]+ ){0,4}(?:utility|process|tool|script|binary|application|command|account|service|user"
    r"|host|file|executable|container|instance|session|program|device|module|library|extension)"
    r" (?:invoked|executed|launched|spawned|started|created|loaded|running|spawning|executing"
    r"|writing|accessing|initiating|making|used|modified|written|connecting|performing|opening"
    r"|loading|dropped|registered|that)\b",
    re.IGNORECASE,
)
_HAS_ONE = re.compile(r"(?:an?|the|its|their|this|each|every|one) ", re.IGNORECASE)
# First words that are no names: those of kinds and of doings, and what qualifies them.
_PLAIN = re.compile(
    r"(?:[A-Z][a-z]+(?:-[a-z]+)*(?:ions?|ery|ments?|ings?|ance|ence|ures?|esses|ness|ity|ed|al"
    r"|matic|ive|ous|ly|ant|ent)"
    r"|Abuse|Access|Attempts?|Use|Usage|Misuse|Unusual|Abnormal|Suspicious|Anomal\w+|High|Low|Rapid"
    r"|Sudden|Burst|Bursts|Spike|Spikes|Series|Multiple|Changes|Deletes|Process(?:es)?|Users?"
    r"|Adversary|Attacker|Adversaries|Attackers|Applications?|Scripts?|Files?|Remote|Local|New|Non"
    r"|Multi|Accounts?|Services?|Network|Traffic|Login|Logins|Logon|Session|Shell"
    r"|Cloud|Container|Containers|Host|Command|Commands|Registry|Firmware|Domain|Password|Token"
    r"|Tokens|Web|Email|Browser|Kernel|Binaries|Executables?|Tools|Links|Large|Long|Short|Same"
    r"|A|An|The|Inbound|Outbound|Automated|Bulk|Flood|Mass|Off|Direct|Failed|Forged|Role|Log|Logs)"
    r"(?:-[a-z]+)*(?=[\s,/])"
)


@dataclass(frozen=True)
class _Subject:
    """Who looks for something: its name at the beginning, and what stands for it behind."""

    name: str
    detects: str  # what it does with what "Detects ..." names

    def looks(self, who: str) -> str:
        return f"also {self.detects}" if who == "It" else self.detects


def with_subjects(texts: Sequence[str], name: str, analytic: bool) -> str:
    """Notes on what to look for as sentences, each with its subject; the texts follow each other.

    name: what looks for it, at the beginning of a sentence.  analytic: whether it is one analytic,
    whose every sentence tells what it looks for, and no chapter on detection.
    """
    subject = _Subject(name, "detects" if analytic else "looks for")
    said: list[str] = []
    for text in texts:
        for number, sentence in enumerate(_sentences(text)):
            known = any(one.startswith(name) for one in said)
            who = "It" if known else name
            said.append(_said(sentence, subject, who, bool(said), analytic and number == 0))
    return " ".join(_once(said))


def _once(said: Sequence[str]) -> list[str]:
    """Sentences that begin with the defenders, named once where they follow each other."""
    orders = [one.startswith(_DEFENDERS) for one in said]
    return [
        f"They{one[len('Defenders') :]}" if number and all(orders[number - 1 : number + 1]) else one
        for number, one in enumerate(said)
    ]


def _sentences(text: str) -> list[str]:
    ends = [0, *sentence_ends(text), len(text)]
    pieces = (text[a:b].strip() for a, b in zip(ends, ends[1:], strict=False))
    return [piece for piece in pieces if piece]


def _said(sentence: str, subject: _Subject, who: str, begun: bool, opens: bool) -> str:
    if not _CHAIN.match(sentence):
        sentence = _without_arrows(sentence)
    label = _LABEL.match(sentence)
    shown = sentence[label.end() :] if label else sentence
    also = "also " if begun else ""
    for pattern, frame in _FRAMES:
        if match := pattern.match(shown):
            if said := frame(shown, match, who, subject):
                return said
    stands = _STANDS.match(shown) or (_METHOD.match(shown) and _FINDS.search(shown))
    if (stands and not label) or _TELLS.search(_head(shown)) or _TOLD.search(shown):
        return _with_article(sentence)
    rest = _small(_with_article(shown))
    if _ACTS_SO.match(rest):
        return f"{who} {also}looks for signs that {rest}"
    if _is_noun_phrase(shown):
        return f"{who} {also}looks for {_one(rest)}"
    behavior = opens or label or (rest != shown and not begun)
    return f"{who} {also}looks for the following: {rest}" if behavior else _with_article(sentence)


def _does(shown: str, _: re.Match[str], who: str, subject: _Subject) -> str:
    verb, rest = shown.split(" ", 1)
    if verb.lower() not in ("detects", "identifies") or rest.startswith(("when ", "where ", "if ")):
        return f"{who} {verb.lower()} {rest}"
    looks = subject.looks(who)
    looks = looks.replace("detects", "looks for") if _AND_METHOD.search(rest) else looks
    return f"{who} {looks} {rest}"


def _order(shown: str, _: re.Match[str], who: str, subject: _Subject) -> str:
    return f"{_DEFENDERS} {shown[:1].lower()}{shown[1:]}"


def _chain(shown: str, match: re.Match[str], who: str, subject: _Subject) -> str:
    word = "sequence" if "sequence" in match[0].lower() else "chain"
    return f"{who} looks for the following {word}: {_steps(shown[match.end() :])}"


def _steps(shown: str) -> str:
    """ "(1) a process, (2) a file, and (3) a connection" of steps with arrows between them."""
    steps = [_small_step(one.strip(" ;,")) for one in _ARROW.split(shown.rstrip("."))]
    if len(steps) < 2:
        return shown
    mark = ";" if any("," in one for one in steps) else ","
    return f"{f'{mark} '.join(steps[:-1])}{mark} and {steps[-1]}."


def _without_arrows(shown: str) -> str:
    """ "a script, followed by a connection" of "a script → a connection"."""
    shown = _ARROW_BEFORE.sub(", ", shown)
    return _ARROW.sub(lambda _: ", followed by ", shown)


_ARROW_BEFORE = re.compile(
    r"\s*(?:→|->|=>|➔|⇒)\s*(?=(?:shortly |closely |then |immediately )*(?:followed|leading|then)\b)"
)


def _small_step(step: str) -> str:
    """A step whose first word behind its number is no name, without its capital."""
    number = _NUMBER_OF_STEP.match(step)
    begin = number.end() if number else 0
    return step[:begin] + _small(step[begin:])


def _detecting(shown: str, match: re.Match[str], who: str, subject: _Subject) -> str:
    rest = shown[match.end() :]
    return f"{who} {subject.looks(who)} {rest}" if _is_noun_phrase(shown) else ""


def _method(shown: str, _: re.Match[str], who: str, subject: _Subject) -> str:
    told = _FINDS.search(shown) or not _is_noun_phrase(shown)
    return "" if told else f"{who} relies on {_small(shown)}"


def _seen(shown: str, _: re.Match[str], who: str, subject: _Subject) -> str:
    return f"This is {shown[:1].lower()}{shown[1:]}" if who != subject.name else ""


def _may(shown: str, _: re.Match[str], who: str, subject: _Subject) -> str:
    return f"{'This' if who == 'It' else who} {shown[:1].lower()}{shown[1:]}"


_Frame = Callable[[str, re.Match[str], str, _Subject], str]
_FRAMES: tuple[tuple[re.Pattern[str], _Frame], ...] = (
    (_CHAIN, _chain),
    (_DOES, _does),
    (_ORDER, _order),
    (_OF_DETECTING, _detecting),
    (_METHOD, _method),
    (_SEEN, _seen),
    (_MAY, _may),
)


def _head(shown: str) -> str:
    """What stands before the first clause of a piece, without remarks in brackets."""
    shown = _REMARK.sub("", shown)
    return shown[: match.start()] if (match := _CLAUSE.search(shown)) else shown


def _is_noun_phrase(shown: str) -> bool:
    """Whether a piece has no verb of its own: none stands before its first clause."""
    actor = _ACTOR.match(shown) and not _NOTES.match(shown)
    acts = actor or _ACTING_USER.match(shown) or re.match(r"An? |The ", shown)
    plain = _RELATIVE.split(shown, maxsplit=1)[0]
    acts = acts or _ACTS.search(plain) or _MAY_BE.search(_REMARK.sub("", plain))
    head = _INFINITIVES.sub(r"\1", _head(shown))
    return not (acts or _MAIN_VERB.search(head) or _TOLD.search(shown))


def _with_article(shown: str) -> str:
    """ "An adversary opens" of "Adversary opens"."""
    if _PERSPECTIVE.match(shown):
        return f"The d{shown[1:]}"
    if (match := _ACTOR.match(shown)) and not _NOTES.match(shown):
        return f"{article(match[1]).capitalize()} {match[1].lower()}{shown[match.end() :]}"
    if match := _ACTING_THING.match(shown):
        return f"{article(match[0]).capitalize()} {shown[:1].lower()}{shown[1:]}"
    return f"A user{shown[4:]}" if _ACTING_USER.match(shown) else shown


def _one(rest: str) -> str:
    """ "a burst of" for "burst of", "a process that" for "process that"."""
    one = _ONE.match(rest) or _ONE_THING.match(rest)
    return f"{article(rest)} {rest}" if one and not _HAS_ONE.match(rest) else rest


def _small(shown: str) -> str:
    """A first word that is no name without its capital."""
    return shown[:1].lower() + shown[1:] if _PLAIN.match(shown) else shown
