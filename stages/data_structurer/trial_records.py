"""The fixed questions by which a model shows which kinds of answer it writes well.

Data only, all invented.  Each task is a record, the type of a question about it, the answer a
person would give, what a right answer has to hold, and what only a wrong one holds.  The first
half of the tasks decides whether the second is asked at all.  Nothing here may come from a
record that pairs are judged on.
"""

from __future__ import annotations

from dataclasses import dataclass

from stages.base import Record


@dataclass(frozen=True)
class Task:
    """A question of a type about a record; `must` and `never` are patterns, case ignored."""

    record: str
    type: str
    answer: str
    must: tuple[str, ...]
    never: tuple[str, ...] = ()


RECORDS: dict[str, Record] = {
    "parcel": {
        "id": "CVE-2098-10001",
        "description": "Parcelgate is a web application for mail rooms. Its label service builds"
        " a shell command from the name of the recipient. Version 2.0.7 fixes the problem, which"
        " was introduced in 2.0.5; the fix of 2.0.6 was incomplete. A recipient name that holds a"
        " semicolon runs commands as the user of the print spooler. Whoever can hand in a parcel"
        " can choose the name. Until the update is installed, sites should turn off the label"
        " service. Those who use the hosted edition have the update already.",
    },
    "tickets": {
        "id": "CWE-9901",
        "name": "Reuse of a Ticket After Logout",
        "description": "The product does not invalidate the ticket of a session when a user logs"
        " out.",
        "extended_description": "Users believe that nobody can act in their name after they have"
        " logged out. On a shared computer the next person can take the ticket from the history"
        " of the browser and go on with the session. The danger grows with the lifetime of"
        " tickets.",
        "common_consequences": "::SCOPE:Access Control:IMPACT:Gain Privileges or Assume Identity::",
        "potential_mitigations": "::PHASE:Implementation:DESCRIPTION:Consider"
        " the whole life of a ticket, from login to logout. Delete the ticket on the server at"
        " logout.::PHASE:Operation:DESCRIPTION:Shorten the lifetime of tickets. Shared computers"
        " deserve the most care.::",
    },
    "clock": {
        "stix_id": "attack-pattern--00000000-0000-4000-8000-000000009901",
        "external_id": "T9901",
        "name": "Clock Shifting",
        "description": "Adversaries may set back the clock of a host so that licences, tickets or"
        " certificates that have run out are accepted again. Log entries then carry a time at"
        " which nobody was watching, which makes it harder to put events in order. The clock is"
        " often changed with tools of the operating system, such as w32tm or date.",
        "tactics": ["defense-evasion"],
        "platforms": ["Windows", "Linux"],
        "detection": [
            "Look for changes of the system time that are not made by the time service. A jump"
            " of more than five minutes on one host alone is suspicious.",
            "Collect the events of all hosts in one place. Virtual machines that wake up may jump"
            " as well.",
        ],
    },
    "valve": {
        "advisory_id": "VLV-2098-2",
        "title": "Valve controllers accept unsigned settings",
        "description": "Controllers of the series V4 with firmware before 6.1 accept a settings"
        " file without checking who made it. Someone who can reach the maintenance port over the"
        " network can so open or close valves at any time. Controllers of the series V2 are not"
        " affected, since they have no such port. Firmware 6.1 demands a signature. Operators"
        " should install it and, until then, unplug the maintenance port. Attempts show as code"
        " 71 in the event memory of the controller.",
    },
    "library": {
        "id": "CVE-2098-10002",
        "description": "In the picture library Lumen before 4.4, a width of zero in a header"
        " makes the decoder divide by zero. An application that shows pictures from outside"
        " crashes when it meets such a file. Code can't be run this way. The flaw exists because"
        " only the height was checked. Update to 4.4, or refuse files whose width is zero."
        " Distributions will follow with packages of their own.",
    },
    "secrets": {
        "id": "CWE-9902",
        "name": "Secrets in Crash Reports",
        "description": "The product copies passwords or keys into reports that it writes after a"
        " crash.",
        "extended_description": "Crash reports are sent to developers or kept in folders that"
        " many users can read. An attacker who reads them learns the secrets, although the place"
        " in which they are normally kept is well protected. This often happens because the"
        " whole memory of the process is written out.",
        "common_consequences": "::SCOPE:Confidentiality:IMPACT:Read Application Data::",
        "potential_mitigations": "::PHASE:Implementation:DESCRIPTION:Overwrite secrets in memory"
        " after use. It helps to keep them in one place.::PHASE:Operation:DESCRIPTION:Leave the"
        " pages that hold keys out of the report. Reports should be short.::",
    },
    "proxy": {
        "stix_id": "attack-pattern--00000000-0000-4000-8000-000000009902",
        "external_id": "T9902",
        "name": "Neighbour Relay",
        "description": "Adversaries may send their traffic through the home routers of people who"
        " live near their target, so that sign-ins seem to come from an expected region. The"
        " routers are taken over through old flaws and rented by the hour. Blocking addresses by"
        " country does not help against this.",
        "tactics": ["command-and-control", "defense-evasion"],
        "platforms": ["Network Devices"],
        "detection": [
            "Compare sign-ins with the addresses that an account has used before. Consumer lines"
            " that appear for one hour only deserve a look.",
            "Lists of known proxies are incomplete. Providers can name the routers of a region.",
        ],
    },
    "badge": {
        "advisory_id": "BDG-2098-7",
        "title": "Unencrypted memory in R10",
        "description": "Badge readers of the type R10 keep the last 500 badges in a memory that is"
        " not encrypted. A thief who unscrews a reader from a wall can read the badges out and"
        " copy them. The reader keeps them in order to work when the network is down. A new"
        " firmware encrypts the memory; readers of the type R8 can't get it and have to be"
        " replaced. Stolen readers are noticed by a loss of the tamper line.",
    },
}

FIRST_HALF: tuple[Task, ...] = (
    Task(
        "parcel", "vulnerability_explanation",
        "It is a flaw in which the label service builds a shell command from the name of the"
        " recipient, so that a name that holds a semicolon runs commands.",
        ("label|name", "command"), ("2\\.0\\.7 (?:is|was) (?:affected|vulnerable)",),
    ),
    Task(
        "parcel", "vulnerability_impact",
        "An attacker can run commands as the user of the print spooler by handing in a parcel.",
        ("command", "spooler"), ("as (?:root|administrator)",),
    ),
    Task(
        "parcel", "vulnerability_response",
        "Administrators should install version 2.0.7 and turn off the label service until then.",
        ("turn off|2\\.0\\.7",), ("(?:to|install) (?:version )?2\\.0\\.[56]", "turn on"),
    ),
    Task(
        "tickets", "weakness_explanation",
        "It is a weakness in which the ticket of a session is not invalidated when a user logs"
        " out.",
        ("ticket", "log(?:s|ged|ging)? ?out"), ("invalidates the ticket", "before .{0,20}log"),
    ),
    Task(
        "tickets", "weakness_consequences",
        "An attacker can take the ticket from the browser's history and go on with the session of"
        " a user who has logged out.",
        ("ticket|session",), ("nobody can act", "can not|cannot"),
    ),
    Task(
        "tickets", "weakness_prevention",
        "Developers should delete the ticket on the server at logout and shorten the lifetime of"
        " tickets.",
        ("delet|shorten",), ("at login\\b(?!.*logout)", "lengthen"),
    ),
    Task(
        "clock", "technique_explanation",
        "Adversaries set back a host's clock so that expired licences, tickets or certificates are"
        " accepted again.",
        ("clock", "accepted|licen|ticket|certificat"), ("forward", "expire sooner"),
    ),
    Task(
        "clock", "technique_purpose",
        "It allows adversaries to use licences, tickets or certificates that have run out and to"
        " blur the order of events in logs.",
        ("run out|expired|accepted|order|log",), ("easier to put",),
    ),
    Task(
        "clock", "technique_detection",
        "Defenders should look for changes of the system time that are not made by the time"
        " service, such as a jump of more than five minutes on one host alone.",
        ("time",), ("that are made by the time service", "less than five"),
    ),
    Task(
        "valve", "advisory_impact",
        "An attacker can open or close valves over the network at any time.",
        ("valve",), ("V2",),
    ),
    Task(
        "valve", "advisory_action",
        "Administrators should install firmware 6.1 and unplug the maintenance port until then.",
        ("6\\.1|unplug",), ("plug in", "remove the signature"),
    ),
    Task(
        "library", "vulnerability_cause",
        "It is caused by a decoder for which only the height in a header was checked.",
        ("height|width",), ("only the width", "neither"),
    ),
)  # fmt: skip

SECOND_HALF: tuple[Task, ...] = (
    Task(
        "library", "vulnerability_explanation",
        "The decoder of Lumen before 4.4 divides by zero when a header gives a width of zero.",
        ("zero",), ("height of zero", "4\\.4 (?:is|and earlier)"),
    ),
    Task(
        "library", "vulnerability_impact",
        "An attacker can crash an application that shows pictures from outside, but can't run"
        " code.",
        ("crash",), ("(?:can|to) (?:run|execute)",),
    ),
    Task(
        "library", "vulnerability_response",
        "Administrators should update to 4.4 or refuse files whose width is zero.",
        ("4\\.4|refuse",), ("accept files",),
    ),
    Task(
        "secrets", "weakness_explanation",
        "Passwords or keys are copied into the reports that are written after a crash.",
        ("password|key|secret", "report|crash"), ("does not copy",),
    ),
    Task(
        "secrets", "weakness_consequences",
        "An attacker who reads crash reports learns the passwords or keys in them.",
        ("secret|password|key", "read|learn"), ("is well protected from",),
    ),
    Task(
        "secrets", "weakness_prevention",
        "Developers should overwrite secrets in memory after use and leave pages with keys out of"
        " the report.",
        ("overwrit|leave|out of",), ("(?:add|include|keep) .{0,30}keys in", "before use"),
    ),
    Task(
        "proxy", "technique_explanation",
        "Adversaries send their traffic through home routers near their target, so that sign-ins"
        " seem to come from an expected region.",
        ("router", "target|region|near"), ("blocking addresses by country helps",),
    ),
    Task(
        "proxy", "technique_purpose",
        "It allows adversaries to make sign-ins seem to come from an expected region.",
        ("region|expected|seem",), ("block",),
    ),
    Task(
        "proxy", "technique_detection",
        "Defenders should look for sign-ins from consumer lines that appear for one hour only, and"
        " compare them with the addresses that an account has used before.",
        ("address|consumer|line",), ("appear for (?:many|several)",),
    ),
    Task(
        "badge", "advisory_impact",
        "An attacker can read the badges out of a reader from a wall and copy them.",
        ("badge", "cop|read"), ("encrypted badges", "over the network"),
    ),
    Task(
        "badge", "advisory_action",
        "Administrators should install the new firmware and replace readers of the type R8.",
        ("firmware|replac",), ("replace .{0,20}R10", "R8 .{0,30}firmware(?! )"),
    ),
    Task(
        "parcel", "vulnerability_cause",
        "It is caused by a shell command that is built from the name of the recipient.",
        ("name|command",), ("2\\.0\\.7",),
    ),
)  # fmt: skip
