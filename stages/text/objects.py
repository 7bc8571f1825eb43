"""What an object of a record says: the headline over its details, and the text that it wraps.

Knows the shapes of OSV, GitHub and of XML that became JSON.  Objects come by the plain names of
their fields.  Invariant: nothing here raises, whatever an object holds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from stages.text.chats import turns_of

MOST_SPOKEN = 400  # items of a list that is read as a text
MOST_NUMBER = 10**12  # more is no number of a slide or a second
LONGEST_HEADLINE = 120  # characters
_BY_THE_FILTER = frozenset(
    "technicaldescription language relevance risklevel affectedsystems mitigations fieldsfrom"
    " ownfields reviewrequired flags".split()
)
LEAST_PROSE = 80  # characters of a field whose name says nothing
_WHEN = "ts t time timestamp datetime date at when start posted sent".split()
_WHO = "speaker user u username author from sender who nick poster handle by name".split()
_HEADS = "heading head header title slide section headline topic number".split()
_SAID = (
    "text message body content said msg comment note notes discussion entry event paragraph"
    " bullets says said wrote what line".split()
)
_ACCEPTED = "accepted isaccepted acceptedanswer markedsolution solution bestanswer best".split()
ACCEPTED_MARK = " (accepted answer)"
_VOTES = "votes score points".split()
_NOTED = frozenset("note notes discussion decision minutes".split())  # under a topic
_SENTENCE = re.compile(
    r"(?<![\w'’-])(?:[A-Za-z][\w'’-]*[,;:]? ){4}[^\n]{0,400}?[a-z)\"'”’][.!?](?:\s|$)"
)


_BELOW = "details description worknotes worklog notes comments narrative".split()  # a headline


def headline(plain: Mapping[str, Any]) -> str:
    """The summary over a description or a ticket's notes, where it is a title in all but name;
    else empty."""
    summary = plain.get("summary") or plain.get("shortdescription")
    details = next((plain[one] for one in _BELOW if plain.get(one)), None)
    told = details.strip() if isinstance(details, str) else _are_objects(details)
    if not isinstance(summary, str) or not told:
        return ""
    title = summary.strip()
    short = len(title) <= LONGEST_HEADLINE and "\n" not in title
    return title if short and not title.endswith((".", "!", "?")) else ""


def _are_objects(details: Any) -> bool:
    listed = details if isinstance(details, list) else [details]
    return all(isinstance(one, Mapping) and one for one in listed)


_NAMES = "displayname displayvalue name value".split()
_OF_A_NAME = frozenset(
    "self id key link href iconurl avatarurl avatarurls active accountid accounttype emailaddress"
    " timezone color colorname statuscategory".split()
)


def is_reference(plain: Mapping[str, Any]) -> bool:
    """Whether an object of a tracker stands for another one, by its address: a status, a person, a
    linked issue.  A comment has an address too, and a text."""
    address = plain.get("self")
    own = "body" in plain or "comment" in plain
    return isinstance(address, str) and address.startswith("http") and not own


def name_of_reference(plain: Mapping[str, Any]) -> str:
    """What such an object is called, or one that has nothing but a name, ids and icons; else
    empty."""
    names = [one for one in _NAMES if isinstance(plain.get(one), str) and plain[one].strip()]
    alone = names[:2] != ["name", "value"] and plain.keys() <= _OF_A_NAME.union(_NAMES)
    known = is_reference(plain) or (alone and len(plain) > 1)
    return plain[names[0]].strip() if names and known else ""


def name_of_person(value: Mapping[str, Any]) -> str:
    """The name of whoever an object stands for; empty where it has none."""
    plain = {_plain(key): one for key, one in value.items()}
    named = (plain[one] for one in _PEOPLE if isinstance(plain.get(one), str))
    return name_of_reference(plain) or next(named, "").strip()


_PEOPLE = "displayname name username login nick".split()


def told_in(plain: Mapping[str, Any]) -> Any:
    """Its description, value or name, or what is the only thing in it: {"mitigation": []}."""
    for name in ("description", "value", "name", "impact"):
        if plain.get(name) is not None:
            return plain[name]
    (only,) = plain.values() if len(plain) == 1 else (None,)
    return only if isinstance(only, dict | list) else plain.get("text")


def prose_in(plain: Mapping[str, Any], skipped: Collection[str]) -> Iterator[str]:
    """The values of an object that are sentences, but for those of skipped fields."""
    for key, value in plain.items():
        text = value.strip() if isinstance(value, str) and key not in skipped else ""
        if len(text) >= LEAST_PROSE and _SENTENCE.search(" ".join(text.split())):
            yield text


def text_of_list(items: Sequence[Any]) -> str:
    """A list of paragraphs, messages, slides or sections as one text in its order, with who says
    what and what it stands under; empty where it is none.  A chat with a model has its turns
    alone."""
    if not 2 <= len(items) <= MOST_SPOKEN:
        return ""
    if all(isinstance(one, str) for one in items):
        return "\n\n".join(one.strip() for one in items)
    if turns := turns_of(items):
        return "\n\n".join(one.text for one in turns)
    headed = _are_headed(items)
    said = [_spoken(one, headed) if isinstance(one, dict) else "" for one in items]
    if not all(said):
        return ""
    heads = [one.split("\n")[0] for one in said if "\n" in one]
    if len(heads) > 1 == len({*heads}):  # of a sort of things, and no headings
        return ""
    apart = "\n\n" if any("\n" in one for one in said) else "\n"
    return apart.join(said)


_OF_A_RECORD = frozenset(
    "id guid uuid title name headline subject description summary url link cve kind type".split()
)


def is_log(items: Sequence[Any]) -> bool:
    """Whether a list of objects is a log or a talk, whose entries are no records of their own."""
    return all(map(may_be_entry, items)) and bool(text_of_list(items))


def may_be_entry(item: Any) -> bool:
    """Whether an object says when or who and what, or what was noted on a topic, and has no name
    or id of its own; what is no object may stand among entries."""
    if not isinstance(item, dict):
        return True
    keys = {_plain(key) for key in item}
    noted = "topic" in keys and keys & _NOTED
    return bool(keys & {*_WHEN, *_WHO} or noted) and not keys & _OF_A_RECORD


def _are_headed(items: Sequence[Any]) -> bool:
    """Whether objects of a list have a name each that is a heading: all differ, and much is said
    under each."""
    plain = [
        {_plain(key): one for key, one in item.items()} for item in items if type(item) is dict
    ]
    names = {one["name"] for one in plain if isinstance(one.get("name"), str)}
    texts = [text for one in plain for name in _SAID if (text := _lines_of(one.get(name)))]
    apart = len(names) == len(items) == len(texts)
    return apart and sum(map(len, texts)) >= LEAST_PROSE * len(texts)


def _spoken(item: Mapping[str, Any], headed: bool) -> str:
    """One message, "suri: not me", or one section below its heading; empty if it is neither.

    headed: a name is a heading, and nobody's.
    """
    plain = {_plain(key): value for key, value in item.items()}
    text = next((found for name in _SAID if (found := _lines_of(plain.get(name)))), _rest(plain))
    named = {name: one for name, value in plain.items() if (one := _name(value))}
    who, head = (
        next((named[name] for name in names if name in named), "")
        for names in ((_WHO[:-1], ["name", *_HEADS]) if headed else (_WHO, _HEADS))
    )
    who = who or (named.get("owner", "") if plain.keys() & {*_ACCEPTED, *_VOTES} else "")
    when = next((named[one] for one in _WHEN if one in named), "")
    if not text or not (who or head or when) or "lang" in plain or "language" in plain:
        return ""
    if not who:
        return f"{head}:\n{text}" if head else f"{when}: {text}"
    return f"{f'[{when}] ' if when else ''}{who}{mark_of(plain)}: {text}"


def mark_of(plain: Mapping[str, Any]) -> str:
    """What those who read an answer have made of it: " (accepted answer)", " (voted down)"."""
    accepted = [str(plain[one]).strip().lower() for one in _ACCEPTED if one in plain]
    if any(one in ("true", "yes", "1", "accepted") for one in accepted):
        return ACCEPTED_MARK
    votes = next((plain[one] for one in _VOTES if one in plain), 0)
    return " (voted down)" if re.fullmatch(r"-\d+", str(votes)) else ""


def _rest(plain: Mapping[str, Any]) -> str:
    """The only string besides when, who and under what, beside when and who; else empty."""
    other = [one for key, one in plain.items() if key not in {*_WHEN, *_WHO, *_HEADS}]
    alone = len(other) == 1 and bool(plain.keys() & {*_WHEN}) and bool(plain.keys() & {*_WHO})
    return _lines_of(other[0]) if alone else ""


def _name(value: Any) -> str:
    """A string, a small number or what an object stands for as a name; anything else is empty."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        return name_of_person(value)
    return str(value) if type(value) is int and 0 <= value < MOST_NUMBER else ""


def _lines_of(value: Any) -> str:
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return "\n".join(f"- {one.strip()}" for one in value)
    return value.strip() if isinstance(value, str) else ""


def prose_in_lists(plain: Mapping[str, Any], skipped: Collection[str]) -> Iterator[str]:
    """The lists of an object that are texts, but for those of skipped fields."""
    for key, value in plain.items():
        text = text_of_list(value) if isinstance(value, list) and key not in skipped else ""
        if len(text) >= LEAST_PROSE and _SENTENCE.search(" ".join(text.split())):
            yield text


def any_prose(
    record: Mapping[str, Any], plain: Mapping[str, Any], skipped: Collection[str]
) -> list[str]:
    """The prose of a record's own fields, whatever they are called, or of the objects in them; what
    the data filter has made of it only where there is nothing else."""
    own = {key: value for key, value in record.items() if _plain(key) not in _BY_THE_FILTER}
    known = {key: value for key, value in plain.items() if key not in _BY_THE_FILTER}
    inner = _unwrapped(own)
    if inner is not own:
        known = {_plain(key): value for key, value in inner.items()}
    prose = [*prose_in(known, skipped), *prose_in_lists(known, skipped)]
    return prose or [*prose_within(inner, skipped)] or [*prose_in(plain, skipped)]


def prose_within(fields: Mapping[str, Any], skipped: Collection[str]) -> Iterator[str]:
    """The objects of a record that say something, each as a text of its fields behind their names:
    findings of an audit, answers to a form, an analyst's notes."""
    for key, value in fields.items():
        if _plain(key) in skipped:
            continue
        for one in value if isinstance(value, list) else [value]:
            told = one.items() if isinstance(one, Mapping) else ()
            texts = ((name, text) for name, text in told if isinstance(text, str) and text.strip())
            lines = [_named(name, text) for name, text in texts if _plain(name) not in skipped]
            text = "\n".join(lines)
            if len(text) >= LEAST_PROSE and _SENTENCE.search(" ".join(text.split())):
                yield text


def _unwrapped(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an object is that holds nothing but another one: {"report": {...}}."""
    (only,) = fields.values() if len(fields) == 1 else (None,)
    return only if isinstance(only, Mapping) else fields


def _plain(key: str) -> str:
    return re.sub(r"[\W_]", "", key.lower())


def _named(key: str, text: str) -> str:
    name = "number" if _plain(key) == "no" else " ".join(key.replace("_", " ").split())
    return f"{name[:1].upper()}{name[1:]}{'' if name.endswith('?') else ':'} {text.strip()}"
