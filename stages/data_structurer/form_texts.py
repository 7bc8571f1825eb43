"""The fixed forms that make a sentence of a record's fields, and how values are worded.

Data only.  `{name}` is what the record is called, `{Name}` the same at the beginning of a
sentence; every other slot is a key of SLOTS.  A form is used when all its slots have values;
of the forms under one name the first that can be used is.
"""

from __future__ import annotations

FORMS: dict[str, tuple[str, ...]] = {
    "tactics and platforms": ("Adversaries use {name} for {tactics}, on {platforms}.",),
    "tactics": ("Adversaries use {name} for {tactics}.",),
    "rating": (
        "{Name} has a CVSS {cvss_version} base score of {score}, and its severity is rated"
        " {severity}.",
        "{Name} has a CVSS base score of {score}, and its severity is rated {severity}.",
        "{Name} has a CVSS {cvss_version} base score of {score}.",
        "{Name} has a CVSS base score of {score}.",
        "The severity of {name} is rated {severity}.",
    ),
    "rating and weakness": (
        "{Name} has a CVSS {cvss_version} base score of {score}, its severity is rated"
        " {severity}, and the underlying weakness is classified as {weakness}.",
        "{Name} has a CVSS base score of {score}, its severity is rated {severity}, and the"
        " underlying weakness is classified as {weakness}.",
        "The severity of {name} is rated {severity}, and the underlying weakness is classified"
        " as {weakness}.",
    ),
    "affected": ("{Name} affects {affected}.",),
    "consequences": (
        "Through {name}, an attacker may be able to {impacts}. It may also {harm}.",
        "Through {name}, an attacker may be able to {impacts}.",
        "{Name} may {harm}.",
    ),
    "likelihood and severity": (
        "The likelihood of an attack by {name} is {likelihood}, and its typical severity is"
        " {severity}.",
    ),
    "actor and victim": (
        "The attack is attributed to {actor}. The victim was {victim}, and the incident is dated"
        " {date}.",
        "The attack is attributed to {actor}. The victim was {victim}.",
    ),
    "platforms and aliases": ("{Name} runs on {platforms} and is also known as {aliases}.",),
    "aliases": ("{Name} is also known as {aliases}.",),
    "first and last seen": ("{Name} was first seen on {first_seen} and last seen on {last_seen}.",),
    "authors and date": (
        "{Name} was written by {authors} and published on {published}.",
        "{Name} was written by {authors} and published in {year}.",
    ),
    "start and finish": ("{Name} begins on {start} and ends on {finish}.",),
    "format and organizers": (
        "{Name} is played in the format {format}, has a weight of {weight}, and is organized by"
        " {organizers}.",
        "{Name} is played in the format {format} and is organized by {organizers}.",
    ),
    "format and weight": ("{Name} is played in the format {format} and has a weight of {weight}.",),
}

# Slot -> names of fields, as `record_text.plain_key` spells them, and how a value is worded.
SLOTS: dict[str, tuple[tuple[str, ...], str]] = {
    "tactics": (("tactics", "phasename"), "plain"),
    "platforms": (("platforms", "xmitreplatforms"), "as it is"),
    "cvss_version": ((), "cvss version"),
    "score": (("basescore", "cvssscore"), "one"),
    "severity": (("baseseverity", "severity", "typicalseverity"), "one in lower case"),
    "weakness": (("cweid", "cwes", "cweids"), "weakness"),
    "affected": (("affected", "affectedproducts", "affectedversions"), "as it is"),
    "impacts": (("commonconsequences", "consequences"), "impacts"),
    "harm": (("commonconsequences", "consequences"), "harm"),
    "likelihood": (("likelihoodofattack", "likelihoodofexploit"), "one in lower case"),
    "actor": (("threatactor", "threatactors", "actor", "actors", "attacker"), "names"),
    "victim": (("victim", "victims", "target", "targets"), "names"),
    "date": (("incidentdate", "date"), "date"),
    "aliases": (("aliases",), "other names"),
    "first_seen": (("firstseen",), "date"),
    "last_seen": (("lastseen",), "date"),
    "authors": (("authors", "author"), "as it is"),
    "published": (("published", "publicationdate"), "date"),
    "year": (("published", "year"), "one"),
    "start": (("start", "startdate"), "time"),
    "finish": (("finish", "enddate"), "time"),
    "format": (("format",), "one"),
    "weight": (("weight",), "one"),
    "organizers": (("organizers",), "as it is"),
}
MOST_VALUES = 14  # of a list; a longer one is not put into a sentence
LONGEST_VALUE = 90  # characters: more is prose

# Values that say nothing.
SAY_NOTHING = frozenset(
    """pre other unknown n/a na none not specified unspecified varies by context - -- ? null tbd
    undetermined anonymous various multiple""".split()
) | {"not specified", "varies by context", "n / a"}

# What a consequence of CWE and CAPEC lets an attacker do, and what it does to a product.
IMPACTS: dict[str, str] = {
    "Execute Unauthorized Code or Commands": "execute unauthorized code or commands",
    "Execute Unauthorized Commands": "execute unauthorized commands",
    "Read Application Data": "read application data",
    "Read Memory": "read memory",
    "Read Files or Directories": "read files or directories",
    "Read Data": "read data",
    "Modify Application Data": "modify application data",
    "Modify Memory": "modify memory",
    "Modify Files or Directories": "modify files or directories",
    "Modify Data": "modify data",
    "Bypass Protection Mechanism": "bypass protection mechanisms",
    "Gain Privileges or Assume Identity": "gain privileges or assume the identity of others",
    "Gain Privileges": "gain privileges",
    "Hide Activities": "hide activities",
    "Alter Execution Logic": "alter the execution logic",
    "DoS: Crash, Exit, or Restart": "make the product crash, exit or restart",
    "DoS: Resource Consumption (CPU)": "exhaust the CPU",
    "DoS: Resource Consumption (Memory)": "exhaust memory",
    "DoS: Resource Consumption (Other)": "exhaust other resources",
    "DoS: Amplification": "amplify a denial of service",
    "DoS: Instability": "make the product unstable",
    "Resource Consumption": "exhaust resources",
}
HARM: dict[str, str] = {
    "Unexpected State": "bring the product into an unexpected state",
    "Unreliable Execution": "make execution unreliable",
    "Quality Degradation": "degrade the quality of the product",
    "Reduce Maintainability": "make the product harder to maintain",
    "Reduce Performance": "reduce the performance of the product",
    "Reduce Reliability": "reduce the reliability of the product",
}
