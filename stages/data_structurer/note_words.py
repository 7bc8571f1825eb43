"""The words of notes on detections: whether one has a verb, which article it lacks, what is small.

Knows how such notes call processes and people, and no product.  Invariant: no word is changed but
for its first letter, and none but an article is added.
"""

from __future__ import annotations

import re

from stages.data_structurer.articles import article

DEFENDERS = "Defenders should"
MODAL = r"(?:can|may|might|could|should|must|will|would)"
_MAIN_VERB = re.compile(
    rf"(?<!to )\b(?:is|are|was|were|has|have|had|{MODAL}|does|do"
    r"|indicates?|reveals?|provides?|suggests?|shows?|includes?|occurs?|appears?|requires?|enables?"
    r"|allows?|involves?|highlights?|helps?|correlates?|points? to|signals?|contains?|deviates?"
    r"|creates|modifies|executes|opens|runs|spawns|loads|invokes|generates|enters|becomes|exploits"
    r"|destroys|deletes|disables|adds|installs(?!\.)|leverages|renames|attaches|initiates|performs"
    r"|uses|follows|results in|receives|constructs|sends|launches|establishes|connects"
    r"|encodes|decodes|emits|compresses|enumerates|injects|allocates|registers"
    r"|implement|execute|receive|perform|generate|fail to|fails to|lead to|leads to|occur|exceed"
    r"|initiate|manifest|include|(?:often|repeatedly|frequently|periodically|subsequently)"
    r" (?!\w+(?:ed|ing|ly)\b|(?:from|by|to|in|with|and|or|after|before|as|seen|run)\b)|deviate"
    r"|originate|bypass|invoke|exhibit|reach|attempt to|begins?|starts?)\b"
    r"|(?<=s )(?:use|install|write|read|run|open|load|call|spawn|update|access(?! to\b)|trigger"
    r"|focus on|encode|decode|send|create|modify|delete|connect|establish|initiate)\b"
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
_MAY_BE = re.compile(rf"\b{MODAL} (?:also |then )?[a-z]+\b")
# What needs an article: "a behavioral chain of", "a sudden spike in".
_ONE = re.compile(
    r"(?:[\w-]+ ){0,7}(?:chain|sequence|burst|spike|surge|flood|pattern|combination|variety)"
    r"(?: (?:of|in|that|with|where)\b|:)",
    re.IGNORECASE,
)
# Where the first clause of a sentence begins, and what its main verb says behind one.
_CLAUSE = re.compile(r",|;| \(| (?:that|which|who|where|when|while|if|indicating|especially)\b")
_REMARK = re.compile(r" \([^()]*\)")
TOLD = re.compile(
    r"\b(?:is|are) (?:\w+ )?(?:suspicious|unusual|anomalous|key|critical|important|monitored"
    r"|flagged|correlated|observed|detected)\b|\bshould be\b"
    # A verb behind a list that its subject is: "use of a, b, or c suggests".
    r"|(?<!that )(?<!which )(?<!may )(?<!might )(?<!can )(?<!could )(?<!would )"
    rf"\b(?:{MODAL} )?(?:suggests?|indicates?)\b"
    r"|, (?:and|or) (?:(?!(?:that|which|who|not)\b)[^\s,;.]+ )*"
    r"(?:often|typically|frequently|commonly|usually) "
    r"(?!\w+(?:ed|ing|ly)\b|(?:in|by|from|with|on|as|via|to|for|seen|run|done)\b)[a-z]+ "
)
_PERSPECTIVE = re.compile(r"Defender (?:perspective|view|observations?)\b")
_ACTOR = re.compile(
    r"(Adversary|Attacker|Defender|Developer)(?= (?:\w+ly )?\w+s\b| with\b| or\b| running\b)"
)
_DEFENDER = re.compile(r"Defender (correlate|observe|detect|monitor|track|see|look)s\b")
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
    r"(?:[A-Z][a-z]+(?:-[a-z]+)*(?:ions?|ery|ments?|ings?|ies|ance|ence|ures?|esses|ness|ity|ed|al"
    r"|matic|ive|ous|ly|ant|ent)"
    r"|Abuse|Access|Attempts?|Use|Usage|Misuse|Unusual|Abnormal|Suspicious|Anomal\w+|High|Low|Rapid"
    r"|Sudden|Burst|Bursts|Spike|Spikes|Series|Chains?|Sequences?|Patterns?|Surge|Multiple|Changes|Deletes|Process(?:es)?|Users?"
    r"|Adversary|Attacker|Adversaries|Attackers|Applications?|Scripts?|Files?|Remote|Local|New|Non"
    r"|Multi|Accounts?|Services?|Network|Traffic|Login|Logins|Logon|Session|Shell"
    r"|Cloud|Container|Containers|Host|Command|Commands|Registry|Firmware|Domain|Password|Token"
    r"|Tokens|Web|Email|Browser|Kernel|Binaries|Executables?|Tools|Links|Large|Long|Short|Same"
    r"|A|An|The|Inbound|Outbound|Automated|Bulk|Flood|Mass|Off|Direct|Failed|Forged|Role|Log|Logs|Sign|Custom)"
    r"(?:-[a-z]+)*(?=[\s,/])"
)


def head(shown: str) -> str:
    """What stands before the first clause of a piece, without remarks in brackets."""
    shown = _REMARK.sub("", shown)
    return shown[: match.start()] if (match := _CLAUSE.search(shown)) else shown


def is_noun_phrase(shown: str) -> bool:
    """Whether a piece has no verb of its own: none stands before its first clause."""
    actor = _ACTOR.match(shown) and not _NOTES.match(shown)
    acts = actor or _ACTING_USER.match(shown) or re.match(r"An? |The ", shown)
    plain = _RELATIVE.split(shown, maxsplit=1)[0]
    acts = acts or _ACTS.search(plain) or _MAY_BE.search(_REMARK.sub("", plain))
    begun = _INFINITIVES.sub(r"\1", head(shown))
    return not (acts or _MAIN_VERB.search(begun) or TOLD.search(shown))


def with_article(shown: str) -> str:
    """ "An adversary opens" of "Adversary opens"."""
    if _PERSPECTIVE.match(shown):
        return f"The d{shown[1:]}"
    if shown.startswith("Defender ") and (told := _DEFENDER.match(shown)):
        return f"{DEFENDERS} {told[1]}{shown[told.end() :]}"
    if (match := _ACTOR.match(shown)) and not _NOTES.match(shown):
        return f"{article(match[1]).capitalize()} {match[1].lower()}{shown[match.end() :]}"
    if match := _ACTING_THING.match(shown):
        return f"{article(match[0]).capitalize()} {shown[:1].lower()}{shown[1:]}"
    return f"A user{shown[4:]}" if _ACTING_USER.match(shown) else shown


def one_of(rest: str) -> str:
    """ "a burst of" for "burst of", "a process that" for "process that"."""
    one = _ONE.match(rest) or _ONE_THING.match(rest)
    return f"{article(rest)} {rest}" if one and not _HAS_ONE.match(rest) else rest


def small(shown: str) -> str:
    """A first word that is no name without its capital."""
    return shown[:1].lower() + shown[1:] if _PLAIN.match(shown) else shown
